"""The fixed 20 ms grid in session time on which everything is computed, whatever the size of the chunks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

TICK_S = 0.02
TICK_RATE_HZ = 50.0
HOP_TICKS = 3
HOP_S = HOP_TICKS * TICK_S  # contraction frames end every 60 ms
_EARLY_S = 1e-6  # a stamp this little before a tick's end belongs to the next tick: stamps carry rounding errors


def tick_of(time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the tick that each instant falls into; tick k covers [k, k + 1) x 20 ms."""
    return np.floor((time_s + _EARLY_S) * TICK_RATE_HZ).astype(np.int64)


def tick_end_s(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """The instant at which each tick ends."""
    return np.multiply(ticks + 1, TICK_S, dtype=np.float64)


def second_of(ends_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """The second that each tick or frame, given by its end, belongs to; second k covers (k, k + 1]."""
    return np.floor(ends_s - _EARLY_S).astype(np.int64)


def closes_second(ends_s: NDArray[np.float64], step_s: float) -> NDArray[np.bool_]:
    """Whether a tick or frame, given by its end, is the last one of its second; the next one ends `step_s` later."""
    return second_of(ends_s + step_s) > second_of(ends_s)


def second_end_s(last_ends_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The end of the second that each tick or frame, given by its end, belongs to."""
    return np.ceil(last_ends_s - _EARLY_S)


def second_spans(ends_s: NDArray[np.float64]) -> list[tuple[int, int, int]]:
    """The rows of each second in turn: its number, its first row and the row after its last."""
    seconds = second_of(ends_s)
    if not len(seconds):
        return []
    edges = [0, *(np.flatnonzero(seconds[1:] > seconds[:-1]) + 1).tolist(), len(seconds)]
    return [(int(seconds[first]), first, end) for first, end in pairwise(edges)]
