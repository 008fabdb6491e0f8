"""A byte stream cut into frames, pieces put together to packets: notifications may hold parts, several, or rubbish."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from monitor.errors import PacketError


class Framed(NamedTuple):
    """A frame, and what lay before it.

    skipped: bytes before it that belong to no frame. frame: empty = there is only the skip or the error. piece: the
    number of the notification in which it ends. error: what is wrong before it.
    """

    skipped: int
    frame: bytes
    piece: int
    error: str = ""


class Framer(Protocol):
    """Makes packets of the notifications of one characteristic, and notifications of packets.

    held: the bytes of a frame that is not finished.
    """

    held: bytes

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """Take consecutive notifications. Never raises on bytes."""
        ...

    def reset(self) -> None:
        """Forget what is unfinished: the link was lost."""
        ...

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """The notifications, each of at most `room` bytes, that a sensor sends for it. Raises: PacketError."""
        ...


class PartialFramer:
    """Puts pieces `[tag][remaining][chunk]` together; a notification without the tag is a packet as it is."""

    def __init__(self, tag: bytes, remaining_at: int) -> None:
        self._tag, self._at = tag, remaining_at
        self.reset()

    def reset(self) -> None:
        """Forget an unfinished packet."""
        self.held = b""
        self._remaining: int | None = None

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """Take consecutive notifications: whole packets, and the errors between them."""
        return [framed for number, piece in enumerate(pieces) for framed in self._take(piece, number)]

    def _take(self, piece: bytes, number: int) -> list[Framed]:
        if not piece.startswith(self._tag):
            return [*self._broken(number), Framed(0, piece, number, "" if piece else "a notification without bytes")]
        if len(piece) <= self._at:
            return [*self._broken(number), Framed(len(piece), b"", number, "a piece without its number")]
        remaining, chunk = piece[self._at], piece[self._at + 1 :]
        broken = self._broken(number) if self._remaining not in (None, remaining + 1) else []
        self.held += chunk
        self._remaining = remaining
        if remaining:
            return broken
        whole = self.held
        self.reset()
        return [*broken, Framed(0, whole, number)]

    def _broken(self, number: int) -> list[Framed]:
        """What is held cannot be finished any more."""
        lost, remaining = len(self.held), self._remaining
        self.reset()
        return [] if remaining is None else [Framed(lost, b"", number, f"{remaining} pieces of a packet did not come")]

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """A packet that fits as it is, or its pieces. Raises: PacketError if there is no room or it looks like one."""
        if len(frame) <= room and not frame.startswith(self._tag):
            return [frame]
        size = room - self._at - 1
        n = -(-len(frame) // size) if size > 0 else 0
        if not 0 < n <= 256:
            raise PacketError(f"{len(frame)} bytes cannot be sent in pieces of {room} bytes")
        head = self._tag.ljust(self._at, b"\0")
        return [head + bytes([n - 1 - i]) + frame[i * size : (i + 1) * size] for i in range(n)]


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

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """The frame, cut where it does not fit: it is a stream."""
        return [frame[at : at + room] for at in range(0, len(frame), room)]

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """Take consecutive notifications, cut as one stream: the frames in order."""
        bytes_ = self.held + b"".join(pieces)
        ends = list(accumulate(map(len, pieces), initial=len(self.held)))[1:]
        frames: list[Framed] = []
        at = skipped = 0
        while len(bytes_) - at >= self._frame_len:
            start = self._start(bytes_, at)
            skipped += start - at
            at = start
            if len(bytes_) - at >= self._frame_len:
                end = at + self._frame_len
                frames.append(Framed(skipped, bytes_[at:end], bisect_left(ends, end)))
                skipped, at = 0, end
        tail = self._tail(bytes_, at)
        if skipped + tail - at:
            frames.append(Framed(skipped + tail - at, b"", len(pieces) - 1))
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
