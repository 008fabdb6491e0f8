"""Samples that wait for their second to close."""

from __future__ import annotations

import numpy as np

from monitor.chunk import Chunk, Stream


class Waiting:
    """Chunks of one stream in order, taken off up to an instant."""

    def __init__(self, stream: Stream) -> None:
        self._rows = Chunk.empty(stream)
        self._new: list[Chunk] = []

    def push(self, chunk: Chunk) -> None:
        """Add the next samples."""
        if len(chunk):
            self._new.append(chunk)

    def take(self, until_s: float) -> Chunk:
        """The samples with stamps up to `until_s`, which are then gone from here."""
        if self._new:
            self._rows, self._new = Chunk.joined([self._rows, *self._new]), []
        end = int(np.searchsorted(self._rows.time_s, until_s + 1e-6, side="right"))
        out, self._rows = self._rows[:end], self._rows[end:]
        return out
