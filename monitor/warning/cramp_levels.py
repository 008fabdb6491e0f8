"""What is rest and what is strong for this calf, channel by channel: the yardsticks of a sustained contraction."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.levels import LN_LEVELS

_LEVELS = [*np.exp(LN_LEVELS).tolist(), math.exp(LN_LEVELS[-1])]  # of each bin, and beyond
_LEAST_FRAMES = 100  # of 100 ms, of each kind: ten seconds
_UNKNOWN = -1

Floats = NDArray[np.float64]


class _Percentile:
    """A percentile of values counted in bins, followed as they come."""

    def __init__(self, percent: float) -> None:
        self._share = percent / 100
        self._counts = [0] * (len(LN_LEVELS) + 1)
        self._counted = self._bin = self._below = 0  # below: counted in the bins before

    def add(self, bins: list[int]) -> None:
        """Count some more."""
        counts, below, at = self._counts, self._below, self._bin
        for each in bins:
            counts[each] += 1
            if each < at:
                below += 1
        self._counted += len(bins)
        wanted = self._counted * self._share
        while at and below >= wanted:
            at -= 1
            below -= counts[at]
        while below + counts[at] < wanted:
            below += counts[at]
            at += 1
        self._below, self._bin = below, at

    @property
    def level(self) -> float:
        """In uV; NaN = too few yet."""
        return math.nan if self._counted < _LEAST_FRAMES else _LEVELS[self._bin]


class OwnLevels:
    """Levels of each channel, learnt from frames of 100 ms in the first minutes and then frozen.

    rest : 10th percentile of all frames; strong : 95th percentile of those in contraction, uV; NaN = not known yet.
    learn_s : for so long, and until both are known.
    """

    def __init__(self, n_channels: int, learn_s: float) -> None:
        self._learn_frames = round(10 * learn_s)
        self._all = [_Percentile(10) for _ in range(n_channels)]
        self._working = [_Percentile(95) for _ in range(n_channels)]
        self._frames = 0
        self.rest = [math.nan] * n_channels
        self.strong = [math.nan] * n_channels

    def push(self, rms: Floats, contracting: list[bool]) -> None:
        """Learn from the frames of a second. rms : (n, C), NaN = unknown; contracting : of each frame."""
        if self._frames >= self._learn_frames and not any(map(math.isnan, self.strong)):
            return
        self._frames += len(rms)
        known = rms > 0
        bins = np.where(known, LN_LEVELS.searchsorted(np.log(np.where(known, rms, 1.0))), _UNKNOWN)
        works = any(contracting)
        for column, every, working in zip(bins.T.tolist(), self._all, self._working, strict=True):
            every.add([each for each in column if each != _UNKNOWN])
            if works:
                pairs = zip(column, contracting, strict=True)
                working.add([each for each, contracts in pairs if contracts and each != _UNKNOWN])
        self.rest = [each.level for each in self._all]
        self.strong = [each.level for each in self._working]
