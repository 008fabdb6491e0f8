"""What the screens draw since the start, kept small: MDF of each channel and the fatigue reading, a row a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_S = 3 * 3600
_FIRST = 256


class TrendMemory:
    """Three hours at most; then the oldest quarter makes room."""

    def __init__(self) -> None:
        self._rows = np.empty((0, 0))
        self._n = 0

    def append(self, time_s: float, mdf_hz: NDArray[np.float64], reading: float) -> None:
        """The second that ends at `time_s`. mdf_hz : of each channel, (C,)."""
        row = np.concatenate(([time_s, reading], mdf_hz))
        if self._rows.shape[1] != len(row):
            self._rows, self._n = np.empty((_FIRST, len(row))), 0
        if self._n == MOST_S:
            kept = self._rows[MOST_S // 4 : self._n].copy()
            self._rows[: len(kept)], self._n = kept, len(kept)
        if self._n == len(self._rows):
            larger = np.empty((min(2 * len(self._rows), MOST_S), len(row)))
            larger[: self._n] = self._rows
            self._rows = larger
        self._rows[self._n] = row
        self._n += 1

    def thinned(self, most: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """At most so many rows: times (n,), MDF (n, C), readings (n,)."""
        rows = self._rows[: self._n : max(1, -(-self._n // most))].copy()
        return rows[:, 0], rows[:, 2:], rows[:, 1]

    def __len__(self) -> int:
        return self._n
