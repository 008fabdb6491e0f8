"""What was wrong with each channel in a second, from the ticks of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.conditioning.faults import Quality


def second_verdict(codes: NDArray[np.floating]) -> NDArray[np.float64]:
    """The fault of each channel that was bad in more than half of the ticks: the one that it had most often."""
    if len(codes) and not codes.any():
        return np.zeros(codes.shape[1])
    shares = np.array([(codes == fault).sum(axis=0) for fault in Quality if fault != Quality.GOOD])
    worst = 1.0 + np.argmax(shares, axis=0)
    lost = np.full(codes.shape[1], float(Quality.LOST))
    return np.where(2 * shares.sum(axis=0) > len(codes), worst, 0.0) if len(codes) else lost
