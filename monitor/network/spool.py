"""Blocks that no hub has confirmed yet. They stay until all hubs have them, or until memory is full."""

from __future__ import annotations

from collections import deque

MEMORY_BYTES = 256_000_000  # eight minutes of 30 sensors of 8 x 1000 Hz; the gateway's recording has the rest


class Spool:
    """A window of blocks by counter: `oldest` up to, but without, `next`.

    memory_bytes : what is beyond it is given up, oldest first. lost : blocks given up before a hub had them.
    """

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._blocks: deque[bytes] = deque()
        self._memory_bytes = memory_bytes
        self.oldest = self.n_bytes = self.lost = 0

    @property
    def next(self) -> int:
        """The counter of the next block."""
        return self.oldest + len(self._blocks)

    def __getitem__(self, counter: int) -> bytes:
        return self._blocks[counter - self.oldest]

    def add(self, content: bytes) -> None:
        """Keep the next block."""
        self._blocks.append(content)
        self.n_bytes += len(content)
        while self.n_bytes > self._memory_bytes and len(self._blocks) > 1:
            self._drop()
            self.lost += 1

    def confirm(self, before: int) -> None:
        """All hubs have every block before this one."""
        while self.oldest < min(before, self.next):
            self._drop()

    def _drop(self) -> None:
        self.n_bytes -= len(self._blocks.popleft())
        self.oldest += 1
