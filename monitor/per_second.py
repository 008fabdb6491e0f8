"""What the stages have in common that say one thing about each second."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.chunk import Chunk, Stream
from monitor.grid import closes_second, second_end_s


class PerSecond:
    """Gathers the ticks or frames of a second and hands them to `_second` when it is complete.

    Output at 1 Hz, stamped with the end of the second.
    """

    def __init__(self, source: Stream, output: Stream) -> None:
        self.input, self.output = source, output
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept = Chunk.empty(self.input)

    def push(self, chunk: Chunk) -> Chunk:
        """Take ticks or frames; give the seconds that they close."""
        rows = Chunk.joined([self._kept, chunk]) if len(self._kept) else chunk
        ends = np.flatnonzero(closes_second(rows.time_s, 1 / self.input.rate_hz))
        out = np.empty((len(ends), len(self.output.channels)))
        start = 0
        for i, end in enumerate(ends.tolist()):
            out[i] = self._second(np.asarray(rows.samples[start : end + 1], dtype=np.float64))
            start = end + 1
        self._kept = rows[start:]
        return Chunk(self.output, second_end_s(rows.time_s[ends]), out)

    def _second(self, rows: NDArray[np.float64]) -> ArrayLike:
        """One complete second. rows: (n, n_channels) of the input; gives the row of the output."""
        raise NotImplementedError
