"""A stream on an even grid, as formats need it that have a rate and no stamps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.sampling import regular
from monitor.chunk import Chunk
from monitor.errors import TableError

_EVEN_S = 1e-6  # stamps that keep so close to the line are the line
_LONGEST_S = 24 * 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """start_s : of the first row; rate_hz : measured; samples : (n, n_channels), NaN = lost.

    knots : (row, stamp) about every second, where the stamps wander about the even grid; empty where they do not.
    """

    start_s: float
    rate_hz: float
    samples: NDArray[np.floating]
    knots: tuple[tuple[int, float], ...] = ()

    def lost_runs(self, column: int | None = None) -> list[tuple[int, int]]:
        """[first, end) of the rows that are lost: in every channel, or (column) in this one but not in every one."""
        missing = np.isnan(self.samples)
        whole = missing.all(axis=1)
        flags = whole if column is None else missing[:, column] & ~whole
        edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
        return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def on_grid(chunk: Chunk) -> Grid:
    """One row per period from the first sample on; every gap is filled with NaN. Raises: TableError if it is too long.

    A stamp is kept to within its scatter about the line through all of them.
    """
    rate_hz, time_s, samples = regular(chunk.time_s, chunk.samples, chunk.stream.source_id)
    step_s = np.diff(time_s)
    if time_s[-1] - time_s[0] > _LONGEST_S:
        raise TableError(
            f"{chunk.stream.source_id} spans {(time_s[-1] - time_s[0]) / 3600:.1f} h; cut it into sessions"
        )
    steps = np.where(step_s * rate_hz > 1.75, np.round(step_s * rate_hz), 1).astype(np.int64)
    place = np.concatenate(([0], np.cumsum(steps)))
    full = np.full((int(place[-1]) + 1, samples.shape[1]), np.nan, dtype=samples.dtype)
    full[place] = samples
    line = np.polyfit(place.astype(np.float64), time_s - time_s[0], 1)
    start_s, rate_hz = float(time_s[0] + line[1]), 1.0 / float(line[0])
    return Grid(start_s, rate_hz, full, _knots(place, time_s, start_s, rate_hz))


def _knots(
    place: NDArray[np.int64], time_s: NDArray[np.float64], start_s: float, rate_hz: float
) -> tuple[tuple[int, float], ...]:
    if float(np.abs(time_s - start_s - place / rate_hz).max()) < _EVEN_S:
        return ()
    rows = np.unique([*range(0, len(place), max(1, round(rate_hz))), len(place) - 1])
    return tuple((int(place[row]), float(time_s[row])) for row in rows)
