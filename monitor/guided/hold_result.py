"""What a recorded shortened hold tells: how long, when it cramped, and how soon after that the state said so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import monitor
from monitor.analysis import plain
from monitor.errors import RecordingError
from monitor.events import Marker
from monitor.guided.hold import Span, hold_spans
from monitor.keeping import session_from_header
from monitor.recording.replay import RecordingSource
from monitor.warning.state import StateChange
from monitor.warning.texts import DISCLAIMER

_EARLY_S = 10.0  # so long before the key the state may have said it


def hold_result(path: Path) -> dict[str, Any]:
    """The result as plain data. Raises: RecordingError if the recording holds no such test."""
    with RecordingSource(path) as source:
        session, header = session_from_header(source.header, file=str(path)), source.header
        markers: list[tuple[float, str]] = []
        changes: list[StateChange] = []
        for event in source:
            if isinstance(event, Marker):
                markers.append((event.time_s, event.text))
            changes += session.feed(event).changes
        changes += session.finish().changes
        end_s = source.duration_s
    holds, cramps, leg = hold_spans(markers, end_s)
    if not holds:
        raise RecordingError(f"{path} holds no shortened hold; record one with `crampwatch test shortened-hold`")
    athlete = header.get("test", {}).get("athlete") or session.team.athletes[0].name
    own = [change.time_s for change in changes if (change.athlete, change.leg, change.state) == (athlete, leg, "CRAMP")]
    made = {
        "crampwatch": monitor.__version__,
        "config_hash": session.settings.hash,
        "test": "shortened-hold",
        "file": str(path),
        "athlete": athlete,
        "leg": leg,
        "simulated": bool(header.get("simulated")),
        "held_s": sum(end - begin for begin, end in holds),
        "cramps": [_cramp(span, own) for span in cramps],
    }
    return plain(made)


def cramp_spans(result: Mapping[str, Any]) -> list[Span]:
    """The cramps of a result, for the labels."""
    return [(cramp["start_s"], cramp["end_s"]) for cramp in result["cramps"]]


def lines(result: Mapping[str, Any], labels: Path | None) -> Iterator[str]:
    """For people."""
    head = "SIMULATED: " if result["simulated"] else ""
    count = len(result["cramps"])
    told = "no cramp" if not count else "one cramp" if count == 1 else f"{count} cramps"
    yield f"{head}shortened hold, {result['athlete']} {result['leg']}: held {result['held_s']:.0f} s, {told} noted"
    for cramp in result["cramps"]:
        after = cramp["state_after_key_s"]
        said = "the state CRAMP did not come" if after is None else f"the state CRAMP came {after:+.1f} s after the key"
        yield f"cramp noted from {cramp['start_s']:.1f} to {cramp['end_s']:.1f} s; {said}"
    if labels is not None:
        yield f"labels for `crampwatch evaluate` are in {labels}"
    yield DISCLAIMER


def _cramp(span: Span, states_s: Sequence[float]) -> dict[str, Any]:
    begin_s, end_s = span
    said_s = next((time_s for time_s in states_s if begin_s - _EARLY_S <= time_s <= end_s), None)
    return {"start_s": begin_s, "end_s": end_s, "state_after_key_s": None if said_s is None else said_s - begin_s}
