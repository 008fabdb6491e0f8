"""Samples that wait for their second to close."""

from __future__ import annotations

import math

from monitor.chunk import Chunk, Stream


class Waiting:
    """Chunks of one stream in order, taken off up to an instant."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._chunks: list[Chunk] = []

    def push(self, chunk: Chunk) -> None:
        """Add the next samples."""
        if len(chunk):
            self._chunks.append(chunk)

    def take(self, until_s: float = math.inf) -> Chunk:
        """The samples with stamps up to `until_s`, which are then gone from here."""
        if not self._chunks:
            return Chunk.empty(self.stream)
        rows = Chunk.joined(self._chunks)
        if rows.time_s[-1] <= until_s:
            self._chunks = []
            return rows
        end = int(rows.time_s.searchsorted(until_s + 1e-6, side="right"))
        self._chunks = [rows[end:]] if end < len(rows) else []
        return rows[:end]
