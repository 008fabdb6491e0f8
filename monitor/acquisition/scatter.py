"""Stamps of arrival and stamps of samples: which of the two a file has, and lines through the former."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.sampling import LONGEST_BRIDGED_S

Floats = NDArray[np.float64]

SCATTER_S = 0.2  # stamps of arrival scatter with the network, by less; a longer pause is a gap
_LATE, _EARLY = 1.75, 0.5  # median steps: beyond, something is missing or came late; below, what was late catches up
_CAUGHT_UP = 0.1  # of the lateness: from there on stamps scatter
_SPARSE = 20  # mean steps as long as so many median ones are pauses between bursts
_FEW = 30  # late steps that are no pattern yet
_BURSTS = 0.25  # of the time late: nobody loses so much and goes on
_WINDOW, _EVEN = 5, 1.5  # late steps that a stretch holds on average, and by how many even ones differ at most


def settled(time_s: Floats) -> Floats:
    """Rising stamps, (n,) in seconds: those of samples as they are, those of arrival on straight lines."""
    line_s = on_lines(time_s, scatter_s(time_s))
    return line_s if (np.diff(line_s) > 0).all() else time_s


def scatter_s(time_s: Floats) -> float:
    """By how many seconds stamps come late without a sample missing; 0 = long steps are gaps.

    What came late catches up; bursts leave much of the time between them; and where the stamps within a chunk run
    faster than the samples came, every stretch is as late as every other. time_s : (n,), all but rising.
    """
    if len(time_s) < 3:
        return SCATTER_S
    step_s = np.diff(time_s)
    bridged_s = step_s[step_s <= LONGEST_BRIDGED_S]
    step_s = step_s[~_gaps(step_s, SCATTER_S)]
    period_s = float(np.median(step_s))
    late_s = step_s[step_s > _LATE * period_s] - period_s
    early_s = period_s - step_s[step_s < _EARLY * period_s]
    is_sparse = period_s <= 0 or bridged_s.sum() > _SPARSE * period_s * len(time_s)
    if is_sparse or early_s.sum() > _CAUGHT_UP * late_s.sum():
        return SCATTER_S
    if len(late_s) <= _FEW:
        return 0.0
    if late_s.sum() > _BURSTS * step_s.sum():
        return SCATTER_S
    usual_s = float(np.median(late_s))
    run_s = np.cumsum(step_s)
    lag = _WINDOW * len(run_s) // len(late_s)
    low_s, high_s = np.percentile(run_s[lag:] - run_s[:-lag], [10, 90])
    return _EVEN * usual_s if high_s - low_s < _EVEN * usual_s else 0.0


def on_lines(time_s: Floats, scatter_s: float) -> Floats:
    """Stamps that scatter by so many seconds: each stretch without a gap on its own straight line."""
    if not scatter_s or len(time_s) < 3:
        return time_s
    edges = [0, *(np.flatnonzero(_gaps(np.diff(time_s), scatter_s)) + 1), len(time_s)]
    settled_s = time_s.copy()
    for first, end in itertools.pairwise(edges):
        if end - first > 2:
            row = np.arange(end - first, dtype=np.float64)
            slope, start = np.polyfit(row, time_s[first:end], 1)
            settled_s[first:end] = start + slope * row
    return settled_s


def _gaps(step_s: Floats, scatter_s: float) -> NDArray[np.bool_]:
    """Which steps are longer than scatter."""
    return step_s > scatter_s + 2 * float(np.median(step_s))
