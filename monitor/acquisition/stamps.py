"""Stamps of consecutive packets: strictly rising, evenly spaced from call to call, gently following the clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.clock import Clock

LONGEST_FILL_S = 60.0  # a longer gap stays a hole in time
SLEW = 0.1  # spacing differs from the stream's rate by no more than this part,
BRAKE = 0.5  # and by this where the stamps lead the clock by more than LEAD_S: a sample cannot come from the future
LEAD_S = 0.2


class Stamper:
    """Stamps one stream. A lost sample gets a stamp too, so that NaN can stand there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_index: int | None = None
        self.last_s: float | None = None
        self._skipped_s = 0.0
        self.lost_total = 0  # samples that are missing so far, filled in or not

    def restart(self) -> None:
        """Another count begins: the next packet is placed by time alone."""
        self._last_index = None

    def skip(self, seconds: float) -> None:
        """The clock has found that samples for so long were neither sent nor counted."""
        self._skipped_s += seconds

    def stamp(self, index: NDArray[np.int64]) -> tuple[int, NDArray[np.float64]]:
        """Stamps of the samples with these rising indices, and of all lost samples before and between them.

        Gives (lost before the first of them, times).
        """
        period_s = 1.0 / (self._clock.rate_hz or np.nan)
        begin, end = int(index[0]), int(index[-1]) + 1
        lost = self._lost(begin, end, period_s)
        self.lost_total += lost + end - begin - len(index)
        if self.last_s is None or lost * period_s > LONGEST_FILL_S:
            lost, times_s = 0, self._clock.time_s(np.arange(begin, end))
            if self.last_s is not None:
                times_s = times_s + max(0.0, self.last_s + period_s - float(times_s[0]))
        else:
            times_s = self._next_times(lost + end - begin, end, period_s, self.last_s)
        self._last_index, self.last_s = end - 1, float(times_s[-1])
        return lost, times_s

    def _next_times(self, steps: int, end: int, period_s: float, last_s: float) -> NDArray[np.float64]:
        """So many evenly spaced stamps that end where the clock says, as nearly as they may."""
        ahead_s = float(self._clock.time_s(end - 1)) - last_s
        slowest = BRAKE if steps * period_s - ahead_s > LEAD_S else SLEW
        step_s = min(max(ahead_s / steps, (1.0 - slowest) * period_s), (1.0 + SLEW) * period_s)
        return last_s + step_s * np.arange(1, steps + 1, dtype=np.float64)

    def _lost(self, begin: int, end: int, period_s: float) -> int:
        """Samples between the last packet and these: by their count and what was skipped; in a new count by time."""
        if self.last_s is None:
            return 0
        skipped, self._skipped_s = round(self._skipped_s / period_s), 0.0
        if self._last_index is not None:
            return begin - self._last_index - 1 + skipped
        missing_s = float(self._clock.time_s(end - 1)) - self.last_s - (end - begin) * period_s
        return max(0, round(missing_s / period_s))
