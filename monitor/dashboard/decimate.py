"""Many samples in few pixels without losing a peak: smallest and largest per bin, on bins that stand still in time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def decimate(time_s: Array, values: NDArray[np.floating], bin_s: float, gap_s: float) -> tuple[Array, Array]:
    """Smallest and largest value of every time bin; a spike of one sample survives.

    time_s: (n,) rising, s; values: (n,) or (n, c); bin_s: width of a bin (one pixel), s, > 0; bins begin at multiples
    of it, so a scrolling curve does not shimmer. gap_s: a longer hole in time breaks the curve by a NaN row.
    Returns time (m,), values (m,) or (m, c), m <= 4 * bins + 2; a bin of NaN alone is NaN. Where bins are no
    wider than two samples, the samples themselves come back.
    """
    if len(time_s) == 0:
        return time_s.astype(np.float64), values.astype(np.float64)
    starts = _starts(time_s, bin_s)
    if len(time_s) <= 2 * len(starts):
        return _broken(time_s, values.astype(np.float64), gap_s)
    ends = np.append(starts[1:], len(time_s)) - 1
    centre_s, low, high = extremes(time_s, values, bin_s)
    holes = time_s[starts[1:]] - time_s[ends[:-1]] > gap_s
    time_out, out = np.repeat(centre_s, 2), np.repeat(low, 2, axis=0)
    out[1::2] = high
    return _with_nan(time_out, out, 2 * (np.flatnonzero(holes) + 1))


def extremes(time_s: Array, values: NDArray[np.floating], bin_s: float) -> tuple[Array, Array, Array]:
    """Middle (m,), smallest and largest value (m,) or (m, c) of every time bin that holds a sample."""
    if len(time_s) == 0:
        return time_s.astype(np.float64), values.astype(np.float64), values.astype(np.float64)
    starts = _starts(time_s, bin_s)
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    return (np.floor(time_s[starts] / bin_s) + 0.5) * bin_s, low.astype(np.float64), high.astype(np.float64)


def columns(values: Array) -> Array:
    """Values as (n, c), also where there is one channel (n,)."""
    return values[:, None] if values.ndim == 1 else values


def _starts(time_s: Array, bin_s: float) -> NDArray[np.intp]:
    """The first sample of every bin."""
    return np.flatnonzero(np.diff(np.floor(time_s / bin_s), prepend=-np.inf))


def spans(time_s: Array, active: NDArray[np.floating]) -> Array:
    """Start and end of every stretch where `active` is above one half, (k, 2) in s; NaN counts as not active."""
    flags = np.concatenate(([False], active > 0.5, [False]))
    edges = np.flatnonzero(flags[1:] != flags[:-1])
    starts, ends = edges[0::2], edges[1::2]
    return (
        np.column_stack((time_s[starts], time_s[np.minimum(ends, len(time_s) - 1)]))
        if len(starts)
        else np.empty((0, 2))
    )


def _broken(time_s: Array, values: Array, gap_s: float) -> tuple[Array, Array]:
    return _with_nan(time_s, values, np.flatnonzero(np.diff(time_s) > gap_s) + 1)


def _with_nan(time_s: Array, values: Array, at: NDArray[np.intp]) -> tuple[Array, Array]:
    """The curve with a NaN row before each index of `at`, so that it is drawn broken there."""
    if len(at) == 0:
        return time_s, values
    return np.insert(time_s, at, time_s[at]), np.insert(values, at, np.nan, axis=0)
