"""Runs of rows in arrays whose past is carried from chunk to chunk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONG_AGO = 10**12  # rows


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
