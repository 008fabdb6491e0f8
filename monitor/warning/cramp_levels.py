"""What is rest and what is strong for this calf, channel by channel: the yardsticks of a sustained contraction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BINS = np.arange(-6.0, 16.0, 0.02)  # ln of the RMS in uV; 2 % steps
_LEAST_FRAMES = 100  # of 100 ms, of each kind: ten seconds

Floats = NDArray[np.float64]


class OwnLevels:
    """Levels of each channel, learnt from frames of 100 ms in the first minutes and then frozen.

    rest : 10th percentile of all frames; strong : 95th percentile of those in contraction, uV; NaN = not known yet.
    learn_s : for so long, and until both are known.
    """

    def __init__(self, n_channels: int, learn_s: float) -> None:
        self._learn_frames = round(10 * learn_s)
        self._counts = np.zeros((2, n_channels, len(_BINS) + 1))
        self._frames = 0
        self.rest = np.full(n_channels, np.nan)
        self.strong = np.full(n_channels, np.nan)

    def push(self, rms: Floats, contracting: NDArray[np.bool_]) -> None:
        """Learn from the frames of a second. rms : (n, C), NaN = unknown; contracting : (n,)."""
        if self._frames >= self._learn_frames and np.isfinite(self.strong).all():
            return
        self._frames += len(rms)
        for channel, column in enumerate(rms.T):
            for kind, chosen in enumerate((column > 0, (column > 0) & contracting)):
                places = np.searchsorted(_BINS, np.log(column[chosen]))
                self._counts[kind, channel] += np.bincount(places, minlength=len(_BINS) + 1)
            self.rest[channel] = _percentile(self._counts[0, channel], 10)
            self.strong[channel] = _percentile(self._counts[1, channel], 95)


def _percentile(histogram: Floats, percent: float) -> float:
    total = np.cumsum(histogram)
    if total[-1] < _LEAST_FRAMES:
        return np.nan
    return float(np.exp(_BINS[min(int(np.searchsorted(total, total[-1] * percent / 100)), len(_BINS) - 1)]))
