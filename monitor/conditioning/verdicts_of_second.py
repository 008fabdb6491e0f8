"""What was wrong with each channel in a second, from the ticks of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.conditioning.faults import Quality


def second_verdict(codes: NDArray[np.floating]) -> NDArray[np.float64]:
    """The fault of each channel that was bad in more than half of the ticks: the one that it had most often."""
    n_ticks, n_channels = map(int, codes.shape)
    if n_ticks and not codes.any():
        return np.zeros(n_channels)
    shares: NDArray[np.int64] = np.array([(codes == fault).sum(axis=0) for fault in Quality if fault != Quality.GOOD])
    worst: NDArray[np.float64] = 1.0 + np.argmax(shares, axis=0)
    lost = np.full(n_channels, float(Quality.LOST))
    often: NDArray[np.bool_] = 2 * shares.sum(axis=0) > n_ticks
    found: NDArray[np.float64] = np.where(often, worst, 0.0)
    return found if n_ticks else lost
