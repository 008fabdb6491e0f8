"""What each recording of a season says of each leg, and what is one session: computers may have recorded it beside
each other, and a copy may lie in the folder. Nobody is in two sessions at once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.errors import CrampwatchError
from monitor.settings import Settings

Row = dict[str, Any]
NOT_SAID = "not said"
DICTIONARY: dict[str, tuple[str, str]] = {  # of the table: column: unit, meaning
    "athlete": ("", "pseudonym"),
    "leg": ("", "left or right"),
    "file": ("", "the recording, with its folder: each is a session of its own"),
    "epoch_s": ("s", "when it began, Unix time; of a recording that does not say, when the file was written"),
    "hours": ("h", "how long the leg had a signal"),
    "fatigue_pct_per_min": ("%/min", "slope of the median frequency, mean of the channels; below 0 = tiring"),
    "end_reading_pct": ("%", "fatigue reading at the end against the own baseline; below 0 = tiring"),
    "watches": ("1", "how often WATCH was entered"),
    "warnings": ("1", "how often WARN was entered"),
    "cramps": ("1", "how often CRAMP was entered"),
    "condition": ("", "what the journal says of the field that is compared; empty = nothing"),
}


def session_rows(call: Mapping[str, Path], settings: Settings | None) -> dict[str, Any]:
    """One recording: its file and a row for each leg, or its error. settings : None = as recorded."""
    from monitor.analysis import analyse_recording
    from monitor.recording.replay import RecordingSource

    (path,) = call.values()
    try:
        answer = analyse_recording(path, settings=settings)
        with RecordingSource(path) as source:
            began = _began(source.header, answer["to_s"])
    except CrampwatchError as error:
        return {"file": str(path), "error": str(error)}
    return {"file": str(path), "rows": [_row(leg, answer, path, *began) for leg in answer["legs"]]}


def _began(header: Mapping[str, Any], to_s: float) -> tuple[float | None, float | None]:
    """Unix times of beginning and end, as far as the recording tells them."""
    epoch_s, speed = header.get("epoch_s"), header.get("speed")
    if not isinstance(epoch_s, int | float) or not 0 < epoch_s < math.inf:
        return None, None
    return float(epoch_s), epoch_s + to_s / (speed if isinstance(speed, int | float) and speed > 0 else 1.0)


def _row(leg: dict[str, Any], answer: dict[str, Any], path: Path, epoch_s: float | None, until_s: float | None) -> Row:
    """until_s : Unix time of the end; None = not known. first_warning_h, first_cramp_h : hours of signal before it."""
    from monitor.context.journal import Journal

    said = Journal.from_dict(answer["journal"]).of(leg["athlete"]) if answer["journal"] else {}
    end = _mean(leg, "compression_end")
    span_s, states = (answer["from_s"], answer["to_s"]), leg["states"]
    return {
        "athlete": leg["athlete"] or NOT_SAID,
        "leg": leg["leg"] or NOT_SAID,
        "file": str(path),
        "epoch_s": path.stat().st_mtime if epoch_s is None else epoch_s,
        "until_s": until_s,
        "hours": _seen_h(states, *span_s),
        "fatigue_pct_per_min": _mean(leg, "slope_pct_per_min"),
        "end_reading_pct": None if end is None else 100 * (end - 1),
        "watches": entries(states, "WATCH"),
        "warnings": entries(states, "WARN"),
        "cramps": entries(states, "CRAMP"),
        "first_warning_h": _first_h(states, "WARN", span_s[0]),
        "first_cramp_h": _first_h(states, "CRAMP", span_s[0]),
        "journal": {key: list(chosen) for key, chosen in said.items()},
    }


def _seen_h(states: Sequence[Mapping[str, Any]], from_s: float, to_s: float) -> float:
    """Hours with a signal."""
    ends_s = [*(each["time_s"] for each in states[1:]), to_s]
    lost_s = sum(
        max(0.0, min(end_s, to_s) - max(each["time_s"], from_s))
        for each, end_s in zip(states, ends_s, strict=False)
        if each["state"] == "NO_SIGNAL"
    )
    return max(0.0, to_s - from_s - lost_s) / 3600


def _first_h(states: Sequence[Mapping[str, Any]], state: str, from_s: float) -> float | None:
    """Hours with a signal before a state was entered first; None = never."""
    first_s = next((each["time_s"] for each in states if each["state"] == state), None)
    return None if first_s is None else _seen_h([e for e in states if e["time_s"] < first_s], from_s, first_s)


def _mean(leg: dict[str, Any], name: str) -> float | None:
    """Of the channels that know it."""
    known = [channel[name] for channel in leg["channels"] if channel[name] is not None]
    return sum(known) / len(known) if known else None


def entries(states: Sequence[Mapping[str, Any]], state: str) -> int:
    """How often a state was entered; one that comes back after a lost signal is the same."""
    told = [each["state"] for each in states if each["state"] != "NO_SIGNAL"]
    return sum(now == state != before for before, now in itertools.pairwise(["", *told]))


def in_time(rows: Sequence[Row]) -> list[Row]:
    """The rows by when their sessions began."""
    return sorted(rows, key=lambda row: (row["epoch_s"], row["file"]))


def once_each(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Each leg of each session once, in time, with its `session`; and rows that say the same again, or nothing.

    Of two recordings of a leg at the same time the one counts that saw more of it; one that had no signal never does.
    """
    kept: dict[str, list[Row]] = {}
    left: list[Row] = []
    for row in in_time(rows):
        mine = kept.setdefault(row["athlete"], [])
        beside = [one for one in mine if _at_once(one, row)]
        row["session"] = beside[0]["session"] if beside else row["file"]
        twin = next((one for one in beside if one["leg"] == row["leg"]), None)
        if row["hours"] <= 0 or (twin is not None and twin["hours"] >= row["hours"]):
            left.append(row)
            continue
        if twin is not None:
            mine.remove(twin)
            left.append(twin)
        mine.append(row)
    return in_time([row for mine in kept.values() for row in mine]), left


def _at_once(one: Row, other: Row) -> bool:
    """Whether two rows of one athlete are of one time: more than half of the shorter."""
    if one["file"] == other["file"]:
        return one["leg"] != other["leg"]
    if one["athlete"] == NOT_SAID or one["until_s"] is None or other["until_s"] is None:
        return False
    both_s = min(one["until_s"], other["until_s"]) - max(one["epoch_s"], other["epoch_s"])
    return both_s > 0.5 * min(each["until_s"] - each["epoch_s"] for each in (one, other))
