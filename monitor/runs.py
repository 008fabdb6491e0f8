"""Runs of rows in arrays whose past is carried from chunk to chunk."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LONG_AGO = 10**12  # rows
SHORT_HOLE = 2  # lost samples in a row that a straight line bridges: of EMG at 1 kHz it misses 4 % of their power


def rows_since(flags: NDArray[np.bool_], before: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many rows ago each column of `flags` (n, m) was last true, 0 = in this row.

    before : (m,) the same for the row before the first; LONG_AGO = never.
    """
    rows = np.arange(len(flags))[:, None]
    last = np.maximum.accumulate(np.where(flags, rows, -1 - before), axis=0)
    return rows - last


def latched(on: NDArray[np.bool_], off: NDArray[np.bool_], before: bool) -> NDArray[np.bool_]:
    """A hysteresis: true from where `on` is true until `off` is; where both are, `on` wins. before: as it stood."""
    if not (off if before else on).any():
        return np.full(len(on), before)
    rows = np.arange(1, len(on) + 1)
    last_decision = np.maximum.accumulate(np.where(on | off, rows, 0))
    return np.concatenate(([before], on))[last_decision]


def in_long_holes(lost: NDArray[np.bool_], before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows (n, m) that are lost, as all of the `SHORT_HOLE` rows before them. before : (SHORT_HOLE, m) of the past."""
    rows = np.concatenate([before, lost])
    return np.logical_and.reduce([rows[shift : shift + len(lost)] for shift in range(SHORT_HOLE + 1)])


def bridged(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Windows (..., n) with short holes of lost samples (NaN) filled by straight lines; longer holes stay."""
    if math.isfinite(np.add.reduce(windows, axis=None)):
        return windows
    out, at = windows.copy(), np.arange(windows.shape[-1])
    for window in out.reshape(-1, len(at)):  # a view
        lost = np.isnan(window)
        if lost.any() and not lost.all():
            none = np.zeros((SHORT_HOLE, 1), dtype=bool)
            if not in_long_holes(lost[:, None], none).any():
                window[lost] = np.interp(at[lost], at[~lost], window[~lost])
    return out
