"""How a link's notifications arrive: in bursts, one per connection event, when the link is slower than they are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

BURST_S = 0.003  # what comes within it came in one connection event
_KEPT = 256
_FEWEST_BURSTS = 20
_HELD_BACK = 1.5  # notifications per burst from which on the link, and not the sensor, sets the pace
_LOOK_S = 1.0  # an interval is looked for so often
_PAUSE_S = 0.5  # a longer silence is a gap, no interval (Core 5.4 allows 4 s, nothing that streams can live with it)


class ArrivalPattern:
    """The newest notifications of one sensor, and the connection interval that they betray.

    speed : session seconds per wall second; a link keeps wall time.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._times_s: deque[float] = deque(maxlen=_KEPT)
        self._looked_s = -np.inf
        self._interval_s: float | None = None

    def push(self, times_s: Iterable[float]) -> None:
        """Take the arrival times of notifications, session seconds, never falling."""
        self._times_s.extend(times_s)

    def forget(self) -> None:
        """Another link: it has an interval of its own."""
        self._times_s.clear()
        self._looked_s, self._interval_s = -np.inf, None

    @property
    def interval_s(self) -> float | None:
        """Wall seconds between connection events; None while unknown or where the sensor sends less often than that."""
        if self._times_s and self._times_s[-1] >= self._looked_s + _LOOK_S * self._speed:
            self._looked_s, self._interval_s = self._times_s[-1], self._look()
        return self._interval_s

    def _look(self) -> float | None:
        times_s = np.array(self._times_s) / self._speed
        starts_s = times_s[np.diff(times_s, prepend=-np.inf) > BURST_S]
        if len(starts_s) < _FEWEST_BURSTS or len(times_s) < _HELD_BACK * len(starts_s):
            return None
        gaps_s = np.diff(starts_s)
        gaps_s = gaps_s[gaps_s < _PAUSE_S]
        return float(np.median(gaps_s)) if len(gaps_s) else None
