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
        known = rms > 0
        places = np.searchsorted(_BINS, np.log(np.where(known, rms, 1.0)))
        places += (len(_BINS) + 1) * np.arange(rms.shape[1])
        for counts, chosen in zip(self._counts, (known, known & contracting[:, None]), strict=True):
            counts += np.bincount(places[chosen], minlength=counts.size).reshape(counts.shape)
        self.rest, self.strong = _percentile(self._counts[0], 10), _percentile(self._counts[1], 95)


def _percentile(histograms: Floats, percent: float) -> Floats:
    """Of each channel; histograms: (n_channels, n_bins)."""
    totals = np.cumsum(histograms, axis=1)
    counted = totals[:, -1:]
    bins = np.count_nonzero(totals < counted * percent / 100, axis=1)
    return np.where(counted[:, 0] < _LEAST_FRAMES, np.nan, np.exp(_BINS[np.minimum(bins, len(_BINS) - 1)]))
