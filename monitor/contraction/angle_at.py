"""The ankle angle at the instants of another stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def angle_at(
    time_s: NDArray[np.float64], angle_s: NDArray[np.float64], angle_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The angle at some instants: NaN where it is unknown."""
    if not len(angle_s) or not len(time_s):
        return np.full(len(time_s), np.nan)
    out = np.interp(time_s, angle_s, angle_deg)
    known_s = (angle_s[0] - 0.05, angle_s[-1] + 0.05)
    if time_s[0] < known_s[0] or time_s[-1] > known_s[1]:
        out[(time_s < known_s[0]) | (time_s > known_s[1])] = np.nan
    return out
