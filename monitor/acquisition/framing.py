"""A byte stream cut into frames of one length: notifications may hold parts of frames, several frames, or rubbish."""

from __future__ import annotations

import re


class SyncFramer:
    """Finds frames of `frame_len` bytes that begin with one of the sync marks, across the borders of notifications.

    Without a checksum a mark may also occur inside a frame. So a frame that is not followed by a mark gives way to one
    that begins inside it and is followed by a mark or ends with the bytes at hand: that heals a cut frame at once.
    held: the bytes of the frame that is not finished.
    """

    def __init__(self, sync: tuple[bytes, ...], frame_len: int) -> None:
        self._sync = sync
        self._frame_len = frame_len
        self._mark = re.compile(b"|".join(re.escape(mark) for mark in sync), re.DOTALL)
        self.held = b""

    def reset(self) -> None:
        """Forget an unfinished frame: the link was lost."""
        self.held = b""

    def push(self, piece: bytes) -> list[tuple[int, bytes]]:
        """Take a notification; give (bytes skipped before, frame) in order; a frame of no bytes ends with a skip."""
        bytes_ = self.held + piece
        frames: list[tuple[int, bytes]] = []
        at = skipped = 0
        while len(bytes_) - at >= self._frame_len:
            start = self._start(bytes_, at)
            skipped += start - at
            at = start
            if len(bytes_) - at >= self._frame_len:
                frames.append((skipped, bytes_[at : at + self._frame_len]))
                skipped, at = 0, at + self._frame_len
        tail = self._tail(bytes_, at)
        if skipped + tail - at:
            frames.append((skipped + tail - at, b""))
        self.held = bytes_[tail:]
        return frames

    def _start(self, bytes_: bytes, at: int) -> int:
        """Where the next frame begins, at or after `at`; beyond the last full frame if none does."""
        first = self._next_mark(bytes_, at)
        if first is None:
            return self._tail(bytes_, at)
        if self._continued(bytes_, first):
            return first
        inside = self._next_mark(bytes_, first + 1)
        while inside is not None and inside < first + self._frame_len:
            if self._continued(bytes_, inside):
                return inside
            inside = self._next_mark(bytes_, inside + 1)
        return first

    def _continued(self, bytes_: bytes, start: int) -> bool:
        """Whether what follows a frame at `start` does not speak against it."""
        follow = bytes_[start + self._frame_len :]
        return not follow or any(follow.startswith(mark) or mark.startswith(follow) for mark in self._sync)

    def _next_mark(self, bytes_: bytes, at: int) -> int | None:
        found = self._mark.search(bytes_, at)
        return found.start() if found else None

    def _tail(self, bytes_: bytes, at: int) -> int:
        """Where the unfinished rest begins that may become a frame."""
        for start in range(at, len(bytes_)):
            rest = bytes_[start : start + max(map(len, self._sync))]
            if any(rest.startswith(mark) or mark.startswith(rest) for mark in self._sync):
                return start
        return len(bytes_)
