"""The fixed 20 ms grid in session time on which everything is computed, whatever the size of the chunks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TICK_S = 0.02
TICK_RATE_HZ = 50.0
TICKS_PER_SECOND = 50
_EARLY_S = 1e-6  # a stamp this little before a tick's end belongs to the next tick: stamps carry rounding errors


def tick_of(time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the tick that each instant falls into; tick k covers [k, k + 1) x 20 ms."""
    return np.floor((time_s + _EARLY_S) * TICK_RATE_HZ).astype(np.int64)


def tick_end_s(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """The instant at which each tick ends."""
    return (ticks + 1) * TICK_S


def second_of(tick_ends_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """The second that each tick, given by its end, belongs to; second k covers (k, k + 1]."""
    return np.floor(tick_ends_s - TICK_S / 2).astype(np.int64)


HOP_TICKS = 3
HOP_S = HOP_TICKS * TICK_S  # contraction frames end every 60 ms


def frame_second_of(frame_ends_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """The second that each frame, given by its end, belongs to; second k covers (k, k + 1]."""
    return np.floor(frame_ends_s - _EARLY_S).astype(np.int64)


def closes_second(frame_ends_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a frame is the last one of its second."""
    return frame_second_of(frame_ends_s + HOP_S) > frame_second_of(frame_ends_s)
