"""The clock of a live session."""

from __future__ import annotations

import time


class SessionClock:
    """Seconds since it was made, running `speed` times as fast as the wall clock; it never goes back.

    speed : 1 for real sensors; virtual sensors may run faster, and everything that waits for them then does so too.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._start_s = time.monotonic()

    def now_s(self) -> float:
        """Session seconds."""
        return (time.monotonic() - self._start_s) * self.speed
