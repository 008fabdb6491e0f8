"""Stamps that other recorders wrote: which samples stand in one order of time, and what their stamps are worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.scatter import SCATTER_S, on_lines, scatter_s
from monitor.recording.replay import LONGEST_PAUSE_S

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def placed(time_s: Floats) -> tuple[Rows, Floats, bool]:
    """The rows that can be kept in their order, their rising stamps, and whether those are of their arrival.

    time_s : (n,) as written, in seconds. Left out is what is no number and what contradicts more of the other stamps.
    Stamps of arrival are put on a straight line from one gap of 0.2 s to the next; those of the samples themselves
    stay as they are, and so does each gap between them.
    """
    rows = in_order(time_s, SCATTER_S)
    late_s = scatter_s(time_s[rows])
    stamps_s = on_lines(time_s[rows], late_s)
    rising = in_order(stamps_s)
    return rows[rising], stamps_s[rising], late_s >= SCATTER_S


def in_order(time_s: Floats, back_s: float = 0.0) -> Rows:
    """Rows whose stamps rise (or fall by less than back_s): of two stretches that contradict each other one goes.

    Where a stamp goes back, either those before it that are later are wrong, or those from it on that are earlier: the
    fewer, and of as many the latter. So with what lies more than six hours apart, and what is no number goes at once.
    """
    finite = np.flatnonzero(np.isfinite(time_s))
    time_s = time_s[finite]
    step_s = np.diff(time_s)
    cuts = np.flatnonzero((step_s <= -back_s) | (step_s > LONGEST_PAUSE_S)) + 1
    kept, newest_s, n = np.empty(len(time_s), np.int64), np.empty(len(time_s)), 0
    for stretch in np.split(np.arange(len(time_s)), cuts) if len(time_s) else ():
        high_s = np.maximum.accumulate(time_s[stretch])
        later = n - int(np.searchsorted(newest_s[:n], high_s[0]))
        earlier = int(np.searchsorted(high_s, newest_s[n - 1], "right")) if n else 0
        if n and high_s[0] - newest_s[n - 1] > LONGEST_PAUSE_S:
            later, earlier = n, len(stretch)
        if later < earlier:
            n, earlier = n - later, 0
        end = n + len(stretch) - earlier
        kept[n:end], newest_s[n:end], n = stretch[earlier:], high_s[earlier:], end
    return finite[kept[:n]]
