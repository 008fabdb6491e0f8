"""Samples cut into whole 20 ms ticks: what every stage does that gives one row per tick."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.grid import TICK_S, complete_steps, step_of


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Whole ticks in a row, some of them perhaps without samples.

    samples : (n, n_channels)      their samples, float64
    counts : (n_ticks,)            how many samples fell into each tick
    starts : first rows of the ticks that hold samples; filled: which ticks these are, None = all
    """

    samples: NDArray[np.float64]
    counts: NDArray[np.int64]
    ends_s: NDArray[np.float64]
    starts: NDArray[np.int64]
    filled: NDArray[np.int64] | None

    def per_tick(self, fold: np.ufunc, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each tick's rows of `values` (n, m) folded into one row; 0 for a tick without samples."""
        folded = fold.reduceat(values, self.starts, axis=0)
        if self.filled is None:
            return folded
        out = np.zeros((len(self.counts), *folded.shape[1:]))
        out[self.filled] = folded
        return out

    def before(self, previous: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sample before each tick that holds samples. previous: (1, n_channels), the one before the first row."""
        return np.concatenate([previous, self.samples[self.starts[1:] - 1]])


def cut_ticks(time_s: NDArray[np.float64], samples: NDArray[np.float64], tick: int) -> Cut | None:
    """The complete ticks from number `tick` on, which the rows begin with; None if there is none."""
    ends_s, stops = complete_steps(time_s, tick, TICK_S)
    if not len(stops):
        return None
    starts, filled = np.empty_like(stops), None
    starts[0], starts[1:] = 0, stops[:-1]
    counts = stops - starts
    if not counts.all():
        filled = np.flatnonzero(counts)
        starts = starts[filled]
    return Cut(samples[: int(stops[-1])], counts, ends_s, starts, filled)


class TickCutter:
    """Gives the ticks that are complete; the last one stays open until a sample after it comes."""

    def __init__(self) -> None:
        self._open: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None  # times and samples
        self._tick = 0  # that is open

    def push(self, chunk: Chunk) -> Cut | None:
        """Take samples; None where they close no tick."""
        if not len(chunk):
            return None
        time_s, samples = chunk.time_s, np.asarray(chunk.samples, dtype=np.float64)
        if self._open is None:
            self._tick = step_of(float(time_s[0]), TICK_S)
        else:
            time_s = np.concatenate([self._open[0], time_s])
            samples = np.concatenate([self._open[1], samples])
        cut = cut_ticks(time_s, samples, self._tick)
        closed = 0 if cut is None else len(cut.samples)
        self._open = time_s[closed:], samples[closed:]
        self._tick += 0 if cut is None else len(cut.counts)
        return cut
