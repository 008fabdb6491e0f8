"""How much of a stream was lost lately, seen and unseen."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

LOSS_WINDOW_S = 10.0
SILENCE_S = 1.0  # silence counts as loss beyond this
ENTRY_S = 1.0  # an entry reaches back no further, unless something was lost before it
SAG_WINDOW_S = 20.0
FEWEST_SAG_S = 5.0


class _Entry(NamedTuple):
    time_s: float  # of arrival
    came: int
    lost: int  # before it, in all
    seen: int  # of these, what a counter, a turn or the sensor's time tells


class LossLog:
    """Counts what came and what was missing in the last seconds."""

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque()

    def note(self, time_s: float, came: int, lost: int, seen: int) -> None:
        """Packets that arrived within ENTRY_S until time_s brought so many samples; so many were missing."""
        self._entries.append(_Entry(time_s, came, lost, seen))
        while self._entries[0].time_s < time_s - SAG_WINDOW_S:
            self._entries.popleft()

    def broken(self) -> None:
        """The link was lost: what comes later is not measured against what came before."""
        self._entries = deque(entry._replace(seen=-1) for entry in self._entries)

    def fraction(self, now_s: float, newest_s: float, rate_hz: float) -> float:
        """Part lost in the last 10 s, silence included. newest_s: when the sensor was last heard."""
        recent = [entry for entry in self._entries if entry.time_s >= now_s - LOSS_WINDOW_S]
        got = sum(entry.came for entry in recent)
        silence_s = min(now_s - newest_s, LOSS_WINDOW_S)
        silent = silence_s * rate_hz if silence_s > SILENCE_S else 0.0
        missing = max(0.0, (LOSS_WINDOW_S + ENTRY_S) * rate_hz - got)  # no more can be missing in the window
        lost = min(sum(entry.lost for entry in recent), missing) + silent
        return float(np.clip(lost / (lost + got), 0.0, 1.0)) if lost + got > 0 else 0.0

    def sag(self, rate_hz: float) -> float | None:
        """How far the rate of the last 20 s lies below the one first fitted, as a part of it; None: too early to say.

        What is known to be lost counts as come: what sags the rate is lost unseen.
        """
        entries = [entry for entry in self._entries if entry.seen >= 0]
        seconds = entries[-1].time_s - entries[0].time_s if entries else 0.0
        if seconds < FEWEST_SAG_S:
            return None
        return 1.0 - sum(entry.came + entry.seen for entry in entries[1:]) / (seconds * rate_hz)
