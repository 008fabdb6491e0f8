"""What is noted in a recording: during the session and afterwards, without what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def effective(
    recorded: Sequence[tuple[float, str]], records: Sequence[dict[str, Any]]
) -> tuple[list[tuple[float, str]], list[tuple[str, float, str]]]:
    """What is noted now, in order of time, and the changes that have not been undone, oldest first.

    recorded : the stream of annotations, additions included; records : of the session stream, in order.
    """
    changes: list[tuple[str, float, str]] = []
    for record in records:
        kind, time_s, text = record.get("annotation"), record.get("time_s"), record.get("text")
        if not isinstance(time_s, int | float) or not isinstance(text, str):
            continue
        if kind == "undone" and changes:
            last = changes.pop()
            recorded = _without(recorded, last[1:]) if last[0] == "added" else recorded
        elif kind in ("added", "removed"):
            changes.append((str(kind), float(time_s), text))
    for kind, time_s, text in changes:
        recorded = _without(recorded, (time_s, text)) if kind == "removed" else recorded
    return sorted(recorded), changes


def _without(notes: Sequence[tuple[float, str]], one: tuple[float, str]) -> list[tuple[float, str]]:
    kept = list(notes)
    if one in kept:
        kept.remove(one)
    return kept
