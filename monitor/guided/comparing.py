"""A heel-rise test beside the person's own earlier ones and beside published counts, in sentences with their source."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError
from monitor.guided.texts import rises_of
from monitor.unfinished import drafts

RESULT_SUFFIX = ".heel-rise.json"
_UNKNOWN_S = 2.0  # the time of one rise
_NORMS = Path(__file__).parent / "norms.toml"


@cache
def norms() -> dict[str, Any]:
    """The data file as it stands."""
    return tomllib.loads(_NORMS.read_text(encoding="utf-8"))


def norm_sentences() -> Iterator[str]:
    """The published counts, one sentence each."""
    for norm in norms()["norm"]:
        if "median_men" in norm:
            told = f"median {norm['median_men']} (men) and {norm['median_women']} (women)"
        elif "mean" in norm:
            told = f"mean {norm['mean']:g}"
        else:
            told = f"median {norm['median']} ({norm['low']} to {norm['high']})"
        yield f"{norm['group']}: {told} rises [{norm['source']}]"


def earlier_tests(folders: Iterable[Path], result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Results of the same person in these folders before this one, oldest first; those of unknown time are left out.

    A virtual athlete may bear a person's pseudonym: simulated tests are compared with simulated ones alone.

    Raises: RecordingError naming a result that cannot be read.
    """
    before = result["begun"]
    if before is None:
        return []
    found = [load_result(path) for path in _results_in(folders)]
    same = [one for one in found if (one["athlete"], _simulated(one)) == (result["athlete"], _simulated(result))]
    return sorted((one for one in same if (one["begun"] or before) < before), key=lambda one: one["begun"])


def _simulated(result: Mapping[str, Any]) -> bool:
    return bool(result.get("simulated"))


def _results_in(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        yield from sorted(folder.glob(f"*{RESULT_SUFFIX}"))


def results_beside(recordings: Iterable[Path], athletes: Collection[str]) -> list[dict[str, Any]]:
    """Results of these people in the folders of these recordings, oldest first. Raises: RecordingError as above."""
    found = [load_result(path) for path in _results_in(path.parent for path in recordings)]
    return sorted((one for one in found if one["athlete"] in athletes), key=lambda one: one["begun"] or "")


def load_result(path: Path) -> dict[str, Any]:
    """One result file. Raises: RecordingError."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(result, dict) or not {"athlete", "begun", "legs"} <= result.keys():
            raise ValueError("it lacks athlete, begun or legs")
    except (OSError, ValueError) as error:
        raise RecordingError(f"{path} is no result of a heel-rise test: {error}") from error
    return result


def save_result(path: Path, result: Mapping[str, Any]) -> None:
    """A new result file; one that is there is never overwritten. Raises: RecordingError."""
    try:
        with drafts(path, new=True) as (written,):
            written.write_text(json.dumps(result, indent=1, allow_nan=False), encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"cannot write the result to {path}: {error.strerror or error}") from error


def is_whole(unknown_s: float) -> bool:
    """Whether the signal of a leg's test was there to count every rise. unknown_s: for so long it was not, s."""
    return unknown_s < _UNKNOWN_S


def change_sentences(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """What has changed against one earlier test, and whether that is more than repeats of an unchanged leg differ."""
    for leg, result in now["legs"].items():
        old = before["legs"].get(leg)
        if old is None:
            continue
        if all(is_whole(each.get("unknown_s", 0.0)) for each in (result, old)):
            yield _counts(leg, result, old, before["begun"][:10])
        else:
            yield f"{leg}: rises are not compared with {before['begun'][:10]}: the signal was lost in one of the tests"
        yield from _spectral(leg, result, old)


def _counts(leg: str, result: Mapping[str, Any], old: Mapping[str, Any], day: str) -> str:
    apart, repeat = result["repetitions"] - old["repetitions"], norms()["repeat"]
    limit = repeat["repetitions"]
    word = "more than two days differ by chance" if abs(apart) > limit else "within what two days differ by chance"
    return (
        f"{leg}: {old['repetitions']} -> {rises_of(result['repetitions'])} since {day}, {word}"
        f" (limit {limit:g}) [{repeat['source']}]"
    )


def _spectral(leg: str, result: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[str]:
    if result["mdf_change_pct"] is None or old["mdf_repeat_ci"] is None:
        return
    low, high = old["mdf_repeat_ci"]
    inside = low <= result["mdf_change_pct"] <= high
    word = "as in a repeat of the same leg" if inside else "beyond a repeat of the same leg"
    yield (
        f"{leg}: MDF change {old['mdf_change_pct']:+.1f} -> {result['mdf_change_pct']:+.1f} %, {word}"
        f" (95 % of repeats lie in {low:+.1f} .. {high:+.1f})"
    )
