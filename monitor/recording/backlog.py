"""What waits to be written: it grows while the disk is slow, and counts what it must refuse when memory is full."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from monitor.chunk import Chunk
from monitor.events import Decoded, Event, Notification

_ENTRY_BYTES = 500  # what an event weighs in memory besides its payload


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with what came of it; changes as lines of JSON, packed with their stamps."""

    event: Event
    chunks: tuple[Chunk, ...]
    changes: tuple[bytes, ...]

    @property
    def start_s(self) -> float:
        """The event's time."""
        return self.event.time_s

    @property
    def n_bytes(self) -> int:
        """About how much memory it holds."""
        payload = len(self.event.payload) if isinstance(self.event, Notification) else 0
        chunks = (self.event.chunk, *self.chunks) if isinstance(self.event, Decoded) else self.chunks
        signals = sum(chunk.time_s.nbytes + chunk.samples.nbytes for chunk in chunks)
        return _ENTRY_BYTES + payload + signals + sum(map(len, self.changes))


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of events that found no room: how many, first and last session second."""

    n_events: int
    start_s: float
    end_s: float


class Backlog:
    """A queue between two threads that never makes the giver wait.

    memory_bytes : entries beyond this are refused; a `Lost` stands in their place.
    """

    def __init__(self, memory_bytes: int) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Entry | Lost, int]] = deque()
        self._memory_bytes = memory_bytes
        self._lost: Lost | None = None
        self.n_bytes = 0
        self.n_lost = 0

    def put(self, entry: Entry) -> None:
        """Queue an entry, or count it as lost."""
        n_bytes = entry.n_bytes
        with self._lock:
            if self.n_bytes + n_bytes > self._memory_bytes:
                self._lose(1, entry.event.time_s, entry.event.time_s)
                return
            self._settle()
            self._waiting.append((entry, n_bytes))
            self.n_bytes += n_bytes

    def take(self, max_bytes: int, max_s: float) -> list[Entry | Lost]:
        """The oldest entries, about max_bytes and max_s of session time at most; empty if nothing waits."""
        taken: list[Entry | Lost] = []
        size, end_s = 0, None
        with self._lock:
            if not self._waiting:
                self._settle()
            while self._waiting and size < max_bytes:
                item, n_bytes = self._waiting[0]
                end_s = item.start_s + max_s if end_s is None else end_s
                if taken and item.start_s > end_s:
                    break
                self._waiting.popleft()
                taken.append(item)
                size += n_bytes
            self.n_bytes -= size
        return taken

    def give_up(self, n_more: int) -> None:
        """The session ends and the disk still fails: all that waits is lost, and n_more events that did not wait."""
        with self._lock:
            self.n_lost += n_more
            for item, _ in self._waiting:
                if isinstance(item, Entry):
                    self._lose(1, item.event.time_s, item.event.time_s)
            self._waiting.clear()
            self.n_bytes = 0

    def _lose(self, n_events: int, start_s: float, end_s: float) -> None:
        self.n_lost += n_events
        before = self._lost or Lost(0, start_s, end_s)
        self._lost = Lost(before.n_events + n_events, before.start_s, end_s)

    def _settle(self) -> None:
        """Put what was lost in its place, before what comes next."""
        if self._lost:
            self._waiting.append((self._lost, 0))
            self._lost = None
