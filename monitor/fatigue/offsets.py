"""How far each channel's reading lies from the leg's, so that the leg's does not jump when a channel drops out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.medians import channel_median

_FEWEST = 150.0  # frames with all channels: as for a first reading
_MEMORY = 1000.0  # frames


class ChannelOffsets:
    """The leg's reading is the median over its channels; with fewer of them it is that of what they would have said.

    While all channels are known each one's distance from their median is remembered (mean over the last thousand frames
    or so). Where some are missing, the median is taken of the others less their distances. What the missing channel
    does meanwhile is unknown: the leg follows those that are left. Too few frames together, and there is no correction.
    """

    def __init__(self, n_channels: int) -> None:
        self._sums = np.zeros(n_channels)
        self._weight = 0.0

    def together(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) the leg's reading from the channels' (n, n_channels), NaN = unknown."""
        if self._weight < _FEWEST or np.isfinite(u.sum()):
            return channel_median(u)
        missing = ~np.all(np.isfinite(u), axis=1, keepdims=True)
        return channel_median(np.where(missing, u - self._sums / self._weight, u))

    def learn(self, u: NDArray[np.float64]) -> None:
        """Remember the distances of one second's frames."""
        whole = u[np.isfinite(u).all(axis=1)]
        if len(whole) and u.shape[1] > 1:
            keep = np.exp(-len(whole) / _MEMORY)
            self._sums = keep * self._sums + (whole - channel_median(whole)[:, None]).sum(axis=0)
            self._weight = keep * self._weight + len(whole)
