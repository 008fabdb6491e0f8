"""A dense curve as a picture: every pixel column from its smallest to its largest value, made by numpy.

Sixteen channels of 1000 Hz cost about a millisecond, ten times less than as many curves of a plotting library.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Column = tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]


def column_extremes(
    time_s: NDArray[np.float64], values: NDArray[np.floating], from_s: float, to_s: float, width: int
) -> Column:
    """Columns (k,) that hold samples, smallest and largest value of each (k,); NaN where all are lost.

    A curve through few samples spans its steps: each column also holds the value before it.
    """
    first, last = np.searchsorted(time_s, [from_s, to_s])
    if last <= first or width < 1:
        return np.empty(0, np.intp), np.empty(0), np.empty(0)
    at = ((time_s[first:last] - from_s) * (width / (to_s - from_s))).astype(np.intp)
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    part = values[first:last]
    low, high = np.fmin.reduceat(part, starts), np.fmax.reduceat(part, starts)
    before = part[np.maximum(starts - 1, 0)]
    joined = np.isfinite(before) & (np.diff(at[starts], prepend=at[starts[0]]) <= 1)
    low = np.where(joined, np.fmin(low, before), low)
    high = np.where(joined, np.fmax(high, before), high)
    return at[starts], low.astype(np.float64), high.astype(np.float64)


def stroke(mask: NDArray[np.uint8], column: Column, low: float, high: float, value: int) -> None:
    """Paint the columns into `mask` (height, width), row 0 = `high`. value: the palette's number of the colour."""
    at, smallest, largest = column
    height = mask.shape[0]
    keep = np.isfinite(smallest) & np.isfinite(largest) & (at < mask.shape[1])
    at, smallest, largest = at[keep], smallest[keep], largest[keep]
    if not len(at):
        return
    scale = (height - 1) / (high - low)
    top = np.clip(np.rint((high - largest) * scale), 0, height - 1)
    bottom = np.clip(np.rint((high - smallest) * scale), 0, height - 1)
    rows = np.arange(height)[:, None]
    part = mask[:, at]
    part[(rows >= top) & (rows <= bottom)] = value
    mask[:, at] = part
