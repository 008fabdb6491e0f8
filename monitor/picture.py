"""A leg's signals of the last seconds, kept for a screen."""

from __future__ import annotations

from collections import defaultdict, deque

from monitor.chunk import Chunk

_KEPT_S = 10.0


class Picture:
    """Signals by name: as much of each as a screen shows. chunks : what is kept, by name."""

    def __init__(self) -> None:
        self.chunks: defaultdict[str, deque[Chunk]] = defaultdict(deque)

    def add(self, name: str, chunk: Chunk) -> None:
        """The next samples of a signal."""
        if not len(chunk):
            return
        kept = self.chunks[name]
        kept.append(chunk)
        while kept[0].time_s[-1] < chunk.time_s[-1] - _KEPT_S:
            kept.popleft()

    def shown(self, name: str) -> Chunk | None:
        """The last ten seconds of a signal, None = nothing yet; kept joined: a screen asks 30 times a second."""
        chunks = self.chunks[name]
        if not chunks:
            return None
        rows = Chunk.joined(chunks)
        chunks.clear()
        chunks.append(rows[int(rows.time_s.searchsorted(rows.time_s[-1] - _KEPT_S)) :])
        return chunks[0]
