"""Is what the window shows still true? A frozen picture must never be taken for a quiet calf."""

from __future__ import annotations

import math
from collections.abc import Iterable

from monitor.dashboard import words
from monitor.snapshot import LegView, LinkView, Snapshot

FROZEN_AFTER_S = 1.0  # wall seconds without a step of session time
STALE_AFTER_S = 2.0  # session seconds without a packet
PARTS = ("emg", "angle", "trend")


class Freshness:
    """Counts the wall seconds since session time last moved."""

    def __init__(self) -> None:
        self._time_s = math.nan
        self._moved_wall_s = math.nan

    def frozen_s(self, time_s: float, wall_s: float) -> float:
        """Wall seconds for which `time_s` has stood still. wall_s: a monotonic clock."""
        if time_s != self._time_s:
            self._time_s, self._moved_wall_s = time_s, wall_s
        return wall_s - self._moved_wall_s


def standing_still(snapshot: Snapshot, frozen_s: float | None) -> str:
    """Why the picture does not move, in a sentence; empty = it moves. frozen_s: how old it is, None = not."""
    if frozen_s is not None:
        why = f" {words.sentences(snapshot.notes)}" if snapshot.notes else ""
        return f"Nothing new for {words.duration(frozen_s)}: what you see is old.{why}"
    if snapshot.ended:
        return "The recording has ended." if snapshot.source == "replay" else "The session has ended."
    return ""


def stale_after_s(snapshot: Snapshot) -> float:
    """The age in session seconds from which a sensor counts as silent: 2 s, or half a wall second when sped up live."""
    if snapshot.source == "replay" or not math.isfinite(snapshot.speed):
        return STALE_AFTER_S
    return max(STALE_AFTER_S, 0.5 * snapshot.speed)


def links_of(athlete: str, links: Iterable[LinkView]) -> list[LinkView]:
    """The links whose role names this athlete, and those that name nobody we could tell."""
    return [link for link in links if link.role.startswith(f"{athlete} ") or ":" not in link.role]


def stale_parts(leg: LegView, links: Iterable[LinkView], limit_s: float) -> dict[str, str]:
    """The live plots of a leg whose sensor is silent, with a plain sentence each: "emg" or "angle" -> sentence."""
    stale: dict[str, str] = {}
    for link in links:
        who, _, tasks = link.role.partition(":")
        if who.strip() not in (f"{leg.athlete} {leg.leg}", link.role.strip()):
            continue
        if link.age_s is not None and link.age_s <= limit_s:
            continue
        what = tasks.strip() or link.sensor
        silent = "Waiting for data" if link.age_s is None else f"No data for {words.duration(link.age_s)}"
        for part in _parts(tasks):
            stale.setdefault(part, f"{silent} ({what})")
    return stale


def _parts(tasks: str) -> tuple[str, ...]:
    lower = tasks.lower()
    emg = ("emg",) if "emg" in lower else ()
    angle = ("angle",) if "shank" in lower or "foot" in lower else ()
    return emg + angle or ("emg", "angle")
