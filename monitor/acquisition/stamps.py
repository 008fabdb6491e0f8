"""Stamps of consecutive packets: strictly rising, evenly spaced within a packet, gently following the clock."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

LONGEST_FILL_S = 5.0  # a longer gap stays a hole in time
SLEW = 0.1  # spacing differs from the stream's rate by no more than this part


class Clock(Protocol):
    """Tells the time of a sample by its index."""

    @property
    def rate_hz(self) -> float | None:
        """Samples per second."""
        ...

    def time_s(self, index: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Session time of samples."""
        ...


class Stamper:
    """Stamps one stream. A lost sample gets a stamp too, so that NaN can stand there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_index: int | None = None
        self.last_s: float | None = None

    def restart(self) -> None:
        """Another count begins: the next packet is placed by time alone."""
        self._last_index = None

    def stamp(self, first: int, n: int) -> tuple[int, NDArray[np.float64]]:
        """Stamps of a packet of n samples and of the lost ones before it: (lost samples, times of lost + n)."""
        period_s = 1.0 / (self._clock.rate_hz or np.nan)
        lost = self._lost(first, period_s)
        if self.last_s is None or lost is None:
            times_s = self._clock.time_s(np.arange(first, first + n))
            lost = 0
        else:
            steps = lost + n
            wanted_s = (float(self._clock.time_s(first + n - 1)) - self.last_s) / steps
            step_s = min(max(wanted_s, (1.0 - SLEW) * period_s), (1.0 + SLEW) * period_s)
            times_s = self.last_s + step_s * np.arange(1, steps + 1)
        self._last_index, self.last_s = first + n - 1, float(times_s[-1])
        return lost, times_s

    def _lost(self, first: int, period_s: float) -> int | None:
        """Samples between the last packet and this one; None if they are too many to fill in."""
        if self.last_s is None:
            return 0
        if self._last_index is not None:
            lost = first - self._last_index - 1
        else:
            lost = max(0, round((float(self._clock.time_s(first)) - self.last_s) / period_s) - 1)
        return None if lost * period_s > LONGEST_FILL_S else lost
