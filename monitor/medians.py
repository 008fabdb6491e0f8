"""The median over channels of which some may be unknown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def channel_median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median of each row's known values. values: (n, n_channels), NaN = unknown; (n,), NaN where all are unknown."""
    ordered = np.sort(values, axis=1)  # NaN go last
    n_known = np.isfinite(values).sum(axis=1)
    rows = np.arange(len(values))
    middle = 0.5 * (
        ordered[rows, np.maximum(n_known - 1, 0) // 2] + ordered[rows, np.minimum(n_known // 2, values.shape[1] - 1)]
    )
    return np.where(n_known > 0, middle, np.nan)
