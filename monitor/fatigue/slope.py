"""A robust straight line through few and noisy values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FEWEST = 4
_Z95 = 1.959964


def robust_slope(at: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Theil-Sen slope per unit of `at`, and the ends of its 95 % interval; None from fewer than 4 values.

    Source: Sen 1968, J. Am. Stat. Assoc. 63:1379-1389: median of the pairwise slopes, interval by their ranks.
    """
    n_values = len(values)
    if n_values < _FEWEST:
        return None
    left, right = np.triu_indices(n_values, k=1)
    slopes = np.sort((values[right] - values[left]) / (at[right] - at[left]))
    spread = _Z95 * np.sqrt(n_values * (n_values - 1) * (2 * n_values + 5) / 18)
    low = max(0, int(np.floor((len(slopes) - spread) / 2)))
    high = min(len(slopes) - 1, int(np.ceil((len(slopes) + spread) / 2)))
    return float(np.median(slopes)), float(slopes[low]), float(slopes[high])


def relative_slope(
    at: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[float | None, tuple[float, float] | None]:
    """The robust slope and its interval in % of the line's value at 0 per unit of `at`; None from fewer than 4."""
    found = robust_slope(at, values)
    if found is None:
        return None, None
    slope, low, high = found
    percent = 100 / float(np.median(values - slope * at))
    return slope * percent, (low * percent, high * percent)
