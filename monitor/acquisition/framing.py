"""A byte stream cut into frames of one length: notifications may hold parts of frames, several frames, or rubbish."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class SyncFramer:
    """Finds frames of `frame_len` bytes that begin with one of the sync marks, across the borders of notifications.

    Without a checksum a mark may also occur inside a frame. So a frame that is not followed by a mark gives way to one
    that begins inside it and is followed by a mark or ends with the bytes at hand: that heals a cut frame at once.
    held: the bytes of the frame that is not finished.
    """

    def __init__(self, sync: tuple[bytes, ...], frame_len: int) -> None:
        self._sync, self._longest = sync, max(map(len, sync))
        self._frame_len = frame_len
        self._mark = re.compile(b"|".join(re.escape(mark) for mark in sync), re.DOTALL)
        self.held = b""

    def reset(self) -> None:
        """Forget an unfinished frame: the link was lost."""
        self.held = b""

    def push(self, pieces: Sequence[bytes]) -> list[tuple[int, bytes, int]]:
        """Take consecutive notifications, cut as one stream.

        Gives in order (bytes skipped before, frame, number of the piece in which it ends); a frame of no bytes ends
        with a skip.
        """
        bytes_ = self.held + b"".join(pieces)
        ends = list(accumulate(map(len, pieces), initial=len(self.held)))[1:]
        frames: list[tuple[int, bytes, int]] = []
        at = skipped = 0
        while len(bytes_) - at >= self._frame_len:
            start = self._start(bytes_, at)
            skipped += start - at
            at = start
            if len(bytes_) - at >= self._frame_len:
                end = at + self._frame_len
                frames.append((skipped, bytes_[at:end], bisect_left(ends, end)))
                skipped, at = 0, end
        tail = self._tail(bytes_, at)
        if skipped + tail - at:
            frames.append((skipped + tail - at, b"", len(pieces) - 1))
        self.held = bytes_[tail:]
        return frames

    def _start(self, bytes_: bytes, at: int) -> int:
        """Where the next frame begins, at or after `at`; beyond the last full frame if none does."""
        first = at if bytes_.startswith(self._sync, at) else self._next_mark(bytes_, at)
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
        follow = bytes_[start + self._frame_len : start + self._frame_len + self._longest]
        return follow.startswith(self._sync) or any(mark.startswith(follow) for mark in self._sync)

    def _next_mark(self, bytes_: bytes, at: int) -> int | None:
        found = self._mark.search(bytes_, at)
        return found.start() if found else None

    def _tail(self, bytes_: bytes, at: int) -> int:
        """Where the unfinished rest begins that may become a frame."""
        for start in range(at, len(bytes_)):
            rest = bytes_[start : start + self._longest]
            if rest.startswith(self._sync) or any(mark.startswith(rest) for mark in self._sync):
                return start
        return len(bytes_)
