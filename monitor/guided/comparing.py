"""A heel-rise test beside the person's own earlier ones and beside published counts, in sentences with their source."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError

RESULT_SUFFIX = ".heel-rise.json"
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


def earlier_tests(folder: Path, athlete: str, before: str | None) -> list[dict[str, Any]]:
    """Results of the same person in a folder, oldest first; those of unknown time are left out.

    before : the test that they are compared with, by its time; None = unknown.

    Raises: RecordingError naming a result that cannot be read.
    """
    if before is None:
        return []
    found = [load_result(path) for path in sorted(folder.glob(f"*{RESULT_SUFFIX}"))]
    own = [result for result in found if result["athlete"] == athlete and (result["begun"] or before) < before]
    return sorted(own, key=lambda result: result["begun"])


def results_beside(recordings: Iterable[Path], athletes: Collection[str]) -> list[dict[str, Any]]:
    """Results of these people in the folders of these recordings, oldest first. Raises: RecordingError as above."""
    folders = dict.fromkeys(path.parent for path in recordings)
    found = [load_result(path) for folder in folders for path in sorted(folder.glob(f"*{RESULT_SUFFIX}"))]
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
        with path.open("x", encoding="utf-8") as file:
            json.dump(result, file, indent=1, allow_nan=False)
    except OSError as error:
        raise RecordingError(f"cannot write the result to {path}: {error}") from error


def change_sentences(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """What has changed against one earlier test, and whether that is more than repeats of an unchanged leg differ."""
    limit = norms()["repeat"]["repetitions"]
    for leg, result in now["legs"].items():
        old = before["legs"].get(leg)
        if old is None:
            continue
        apart = result["repetitions"] - old["repetitions"]
        word = "more than two days differ by chance" if abs(apart) > limit else "within what two days differ by chance"
        yield (
            f"{leg}: {old['repetitions']} -> {result['repetitions']} rises since {before['begun'][:10]}, {word}"
            f" (limit {limit:g}) [{norms()['repeat']['source']}]"
        )
        yield from _spectral(leg, result, old)


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
