"""From the stamps of an imported table to a rate that was measured and gaps that stay gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.errors import TableError

Floats = NDArray[np.float64]

LONGEST_BRIDGED_S = 5.0  # a longer gap stays a hole in time, without rows of NaN
_FEWEST_ROWS = 3
_LAG = 20  # stamps so many rows apart average their rounding
_DECIMALS = range(1, 7)


def regular(time_s: Floats, samples: NDArray[np.floating], place: str) -> tuple[float, Floats, NDArray[np.floating]]:
    """The measured rate (Hz), and the rows with NaN rows in every gap of up to 5 s.

    time_s : (n,) rising; samples : (n, n_channels); place : the file, for the text of errors.
    The rate is that of one line through all gap-free parts. Raises: TableError where there are too few rows for one.
    """
    if len(time_s) < _FEWEST_ROWS:
        raise TableError(f"{place} has {len(time_s)} rows, too few to measure a sampling rate; it needs at least 3")
    gap = _gaps(time_s)
    rate_hz = _line_rate_hz(time_s, gap)
    step_s = np.diff(time_s)
    at = np.flatnonzero(gap & (step_s <= LONGEST_BRIDGED_S))
    missing = np.maximum(np.round(step_s[at] * rate_hz).astype(np.int64) - 1, 0)
    before = np.repeat(at, missing)
    number = np.arange(len(before)) - np.repeat(np.cumsum(missing) - missing, missing) + 1
    stamps_s = time_s[before] + step_s[before] * number / np.repeat(missing + 1, missing)
    lost = np.full((len(before), samples.shape[1]), np.nan, dtype=samples.dtype)
    return rate_hz, np.insert(time_s, before + 1, stamps_s), np.insert(samples, before + 1, lost, axis=0)


def _line_rate_hz(time_s: Floats, gap: NDArray[np.bool_]) -> float:
    """One slope for all gap-free parts, each with an offset of its own, by least squares."""
    part = np.concatenate([[0], np.cumsum(gap)])
    size = np.bincount(part)
    row = np.arange(len(time_s), dtype=np.float64)
    row -= (np.bincount(part, row) / size)[part]
    since_s = time_s - time_s[0]
    since_s -= (np.bincount(part, since_s) / size)[part]
    spread = float(np.sum(row**2))
    return spread / float(np.sum(row * since_s)) if spread else 1.0 / float(np.median(np.diff(time_s)))


def _gaps(time_s: Floats) -> NDArray[np.bool_]:
    """Which steps between rows are too long to be one period, (n - 1,)."""
    step_s = np.diff(time_s)
    period_s = float(np.median(step_s))
    rounding_s, rounded_period_s = _rounding(time_s)
    if rounding_s:
        return step_s > 1.5 * rounded_period_s + rounding_s
    return step_s > 1.75 * period_s


def _rounding(time_s: Floats) -> tuple[float, float]:
    """Stamps rounded to a power of ten that the period is no multiple of: that step and the period, else (0, 0).

    900 Hz written in milliseconds steps by 1, 1, 1, 2: no sample is lost. Over 20 rows such steps are all but equal,
    which those of a lossy table are not.
    """
    lag = min(_LAG, len(time_s) - 1)
    over_lag_s = time_s[lag:] - time_s[:-lag]
    step_s = _stamp_step_s(time_s)
    low_s, middle_s, high_s = np.percentile(over_lag_s, [5, 50, 95])
    periods = middle_s / lag / step_s if step_s else 0.0
    if not step_s or high_s - low_s > 1.01 * step_s or abs(periods - round(periods)) < 0.01:
        return 0.0, 0.0
    return step_s, float(middle_s) / lag


def _stamp_step_s(time_s: Floats) -> float:
    """The power of ten in seconds to which the stamps were rounded; 0 = none to be seen."""
    some_s = time_s[:10_000] - time_s[0]
    for decimals in _DECIMALS:
        scaled = some_s * 10.0**decimals
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-3):
            return 10.0**-decimals
    return 0.0
