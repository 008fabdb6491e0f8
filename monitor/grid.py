"""The fixed 20 ms grid in session time on which everything is computed, whatever the size of the chunks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

TICK_S = 0.02
TICK_RATE_HZ = 50.0
HOP_TICKS = 3
HOP_S = HOP_TICKS * TICK_S  # contraction frames end every 60 ms
EARLY_S = 1e-6  # a stamp this little before a tick's end belongs to the next tick: stamps carry rounding errors


def step_of(time_s: float, step_s: float) -> int:
    """The number of the step that an instant falls into; step k covers [k, k + 1) x step_s."""
    return math.floor((time_s + EARLY_S) / step_s)


def complete_steps(
    time_s: NDArray[np.float64], first: int, step_s: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The steps from `first` on that rising instants have passed: their ends, and the row after the last of each.

    The step of the last instant is not complete.
    """
    ends_s = np.arange(first + 1, step_of(float(time_s[-1]), step_s) + 1, dtype=np.float64) * step_s
    stops = time_s.searchsorted(ends_s - EARLY_S)
    if len(stops) and stops[-1] == len(time_s):  # by a rounding error
        return ends_s[:-1], stops[:-1]
    return ends_s, stops


def last_complete_step(time_s: float, step_s: float) -> int:
    """The last step that an instant has passed, by the same reckoning as `complete_steps`."""
    last = step_of(time_s, step_s) - 1
    return last if time_s >= (last + 1) * step_s - EARLY_S else last - 1  # by a rounding error


def second_of(end_s: float) -> int:
    """The second that a tick or frame, given by its end, belongs to; second k covers (k, k + 1]."""
    return math.floor(end_s - EARLY_S)


def second_spans(ends_s: NDArray[np.float64]) -> list[tuple[int, int, int]]:
    """The rows of each second in turn, of ticks or frames given by their ends: second, first row, the row after."""
    if not len(ends_s):
        return []
    first, last = second_of(float(ends_s[0])), second_of(float(ends_s[-1]))
    if first == last:
        return [(first, 0, len(ends_s))]
    seconds = np.arange(first, last + 1)
    rows = ends_s.searchsorted(seconds + EARLY_S).tolist()
    spans = zip(seconds.tolist(), [0, *rows[1:]], [*rows[1:], len(ends_s)], strict=True)
    return [(second, start, stop) for second, start, stop in spans if stop > start]
