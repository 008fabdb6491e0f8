"""What the stages have in common that say one thing about each second."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.chunk import Chunk, Stream
from monitor.grid import second_of, second_spans


class PerSecond:
    """Gathers the ticks or frames of a second and hands them to `_second` when it is complete.

    Output at 1 Hz, stamped with the end of the second.
    """

    def __init__(self, source: Stream, output: Stream) -> None:
        self.input, self.output = source, output
        self._step_s, self._nothing = 1 / source.rate_hz, Chunk.empty(output)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._open: Chunk | None = None  # the second that is not complete

    def push(self, chunk: Chunk) -> Chunk:
        """Take ticks or frames; give the seconds that they close."""
        rows = chunk if self._open is None else Chunk.joined([self._open, chunk])
        self._open = None
        spans = second_spans(rows.time_s)
        if spans and second_of(float(rows.time_s[-1]) + self._step_s) == spans[-1][0]:
            self._open = rows[spans.pop()[1] :]
        if not spans:
            return self._nothing
        samples = np.asarray(rows.samples, dtype=np.float64)
        out = np.empty((len(spans), len(self.output.channels)))
        for i, (_, start, stop) in enumerate(spans):
            out[i] = self._second(samples[start:stop])
        return Chunk(self.output, np.array([second + 1.0 for second, _, _ in spans]), out)

    def _second(self, rows: NDArray[np.float64]) -> ArrayLike:
        """One complete second. rows: (n, n_channels) of the input; gives the row of the output."""
        raise NotImplementedError
