"""Counts of the last seconds, and their total."""

from __future__ import annotations

from collections import deque


class Lately:
    """push() takes one whole number a second; `total` is that of the last `n_seconds`."""

    def __init__(self, n_seconds: int) -> None:
        self._counts: deque[int] = deque([0] * n_seconds, maxlen=n_seconds)
        self.total = 0

    def push(self, count: int) -> None:
        """The next second's."""
        self.total += count - self._counts[0]
        self._counts.append(count)
