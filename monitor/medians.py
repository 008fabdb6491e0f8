"""Medians of small arrays, and of channels of which some may be unknown."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def channel_median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median of each row's known values. values: (n, n_channels), NaN = unknown; (n,), NaN where all are unknown."""
    ordered = np.sort(values, axis=1)  # NaN go last
    n_channels = values.shape[1]
    if math.isfinite(values.sum()):
        return 0.5 * (ordered[:, (n_channels - 1) // 2] + ordered[:, n_channels // 2])
    n_known = np.isfinite(values).sum(axis=1)
    rows = np.arange(len(values))
    low, high = np.maximum(n_known - 1, 0) // 2, np.minimum(n_known // 2, n_channels - 1)
    return np.where(n_known > 0, 0.5 * (ordered[rows, low] + ordered[rows, high]), np.nan)


def middle(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median of each column (n, n_channels), NaN where one of its rows is unknown."""
    ordered = np.sort(rows, axis=0)  # NaN go last
    return 0.5 * (ordered[(len(rows) - 1) // 2] + ordered[len(rows) // 2]) + 0.0 * ordered[-1]


def quantiles(rows: NDArray[np.float64], *shares: float) -> list[NDArray[np.float64]]:
    """The value of each column that each of `shares` (0..1) of the rows do not exceed, straight between rows.

    rows : (n, n_channels) or (n,), all known.
    """
    ordered = np.sort(rows, axis=0)
    found = []
    for share in shares:
        place = share * (len(rows) - 1)
        low = int(place)
        high = min(low + 1, len(rows) - 1)
        found.append(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
    return found


def quantile(rows: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """One of the `quantiles`."""
    return quantiles(rows, share)[0]
