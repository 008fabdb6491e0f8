"""How much of a stream was lost lately, seen and unseen."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from math import inf
from typing import NamedTuple

LOSS_WINDOW_S = 10.0
SILENCE_S = 1.0  # silence counts as loss beyond this
ENTRY_S = 1.0  # an entry reaches back no further, unless something was lost before it
SAG_WINDOW_S = 20.0
FEWEST_SAG_S = 5.0


class _Entry(NamedTuple):
    """Counts are totals up to and with this entry."""

    time_s: float  # of arrival
    came: int
    lost: int
    seen: int  # of these, what a counter, a turn or the sensor's time tells


class LossLog:
    """Counts what came and what was missing in the last seconds. Asked for each picture, so it adds nothing up then."""

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque([_Entry(-inf, 0, 0, 0)])  # one before the oldest that counts
        self._n_whole = 0  # entries since the link was lost

    def note(self, time_s: float, came: int, lost: int, seen: int) -> None:
        """Packets that arrived within ENTRY_S until time_s brought so many samples; so many were missing before it."""
        before = self._entries[-1]
        self._entries.append(_Entry(time_s, before.came + came, before.lost + lost, before.seen + seen))
        while self._entries[1].time_s < time_s - SAG_WINDOW_S:
            self._entries.popleft()
        self._n_whole = min(self._n_whole + 1, len(self._entries) - 1)

    def broken(self) -> None:
        """The link was lost: what comes later is not measured against what came before."""
        self._n_whole = 0

    def fraction(self, now_s: float, newest_s: float, rate_hz: float) -> float:
        """Part lost in the last 10 s, silence included. newest_s: when the sensor was last heard."""
        entries = self._entries
        last, before = entries[-1], entries[bisect_left(entries, (now_s - LOSS_WINDOW_S,), lo=1) - 1]
        got = last.came - before.came
        silence_s = min(now_s - newest_s, LOSS_WINDOW_S)
        silent = silence_s * rate_hz if silence_s > SILENCE_S else 0.0
        missing = max(0.0, (LOSS_WINDOW_S + ENTRY_S) * rate_hz - got)  # no more can be missing in the window
        lost = min(last.lost - before.lost, missing) + silent
        return min(max(lost / (lost + got), 0.0), 1.0) if lost + got > 0 else 0.0

    def sag(self, rate_hz: float) -> float | None:
        """How far the rate of the last 20 s lies below the one first fitted, as a part of it; None: too early to say.

        What is known to be lost counts as come: what sags the rate is lost unseen.
        """
        last, first = self._entries[-1], self._entries[-self._n_whole] if self._n_whole else self._entries[-1]
        seconds = last.time_s - first.time_s if self._n_whole else 0.0
        if seconds < FEWEST_SAG_S:
            return None
        return 1.0 - (last.came + last.seen - first.came - first.seen) / (seconds * rate_hz)
