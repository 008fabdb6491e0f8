"""What the codecs share whose notifications are one stream of bytes, cut anywhere, with frames of one length in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.framing import Framed

CONFIRMED = 3  # frames in a row that end a search: one that fits may be chance
UNFINISHED = -1


class FrameStream(ABC):
    """Cuts a stream into frames. A codec says what fits a frame, and which frame may follow which.

    frame_len: bytes of a frame. held: bytes that may become frames, of CONFIRMED frames or of a message at most.
    """

    def __init__(self, frame_len: int) -> None:
        self._frame_len = frame_len
        self._stop()

    def _stop(self) -> None:
        self.held = b""
        self._before: int | None = None  # the count of the frame before; None = the stream begins
        self._in_step = True  # nothing was skipped since then

    def reset(self) -> None:
        """The link was lost: the stream begins again."""
        self._stop()

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """The records of the frames that end in each piece, the messages between them, and how much is neither."""
        stream = self.held + b"".join(pieces)
        ends = np.array(list(accumulate(map(len, pieces), initial=len(self.held)))[1:], dtype=np.int64)
        fits, counts = self._every_place(stream)
        framed: list[Framed] = []
        at = skipped = 0
        while at < len(stream):
            found, length = self._next(stream, at, fits, counts, ends)
            if length == UNFINISHED:
                break
            if found:
                framed += [found[0]._replace(skipped=skipped), *found[1:]]
            skipped = 0 if found else skipped + length
            at += length
        if skipped:
            framed.append(Framed(skipped, b"", len(pieces) - 1))
        self.held = stream[at:]
        return framed

    def _every_place(self, stream: bytes) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Whether a frame may begin at each byte, and its count."""
        if len(stream) < self._frame_len:
            return np.zeros(0, bool), np.zeros(0, np.int64)
        windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(stream, np.uint8), self._frame_len)
        return self.fits(windows), self.counts(windows)

    def _next(
        self, stream: bytes, at: int, fits: NDArray[np.bool_], counts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[list[Framed], int]:
        """What begins at a byte, and its length: frames, a message, or one byte of rubbish."""
        length = self.aside(stream, at) if self._in_step else 0
        if length > 0:
            message, piece = stream[at : at + length], int(np.searchsorted(ends, at + length))
            return [
                Framed(0, message, piece),
                *(Framed(0, b"", piece, fault) for fault in self.faults(message)),
            ], length
        run = self._run(at, fits, counts)
        told = at + (run + 1) * self._frame_len <= len(stream)  # what comes after the run is there, and is no frame
        if run and self._believed(run, told, int(counts[at])):
            taken = run * self._frame_len
            rows = np.frombuffer(stream[at : at + taken], np.uint8).reshape(run, self._frame_len)
            return self._taken(rows, counts[at : at + taken : self._frame_len], at, ends), taken
        if length == UNFINISHED or not told:
            return [], UNFINISHED
        self._in_step = False
        return [], 1

    def _run(self, at: int, fits: NDArray[np.bool_], counts: NDArray[np.int64]) -> int:
        """How many frames begin here, each of which follows the one before."""
        if at >= len(fits) or not fits[at]:
            return 0
        own = counts[at :: self._frame_len]
        going_on = fits[at + self._frame_len :: self._frame_len] & self.follows(own[:-1], own[1:])
        return len(own) if going_on.all() else int(np.argmin(going_on)) + 1

    def _believed(self, run: int, told: bool, count: int) -> bool:
        if run >= CONFIRMED:
            return True
        if self._before is None:
            return self._in_step and not told
        return self._in_step and self.comes_later(self._before, count)

    def _taken(
        self, rows: NDArray[np.uint8], counts: NDArray[np.int64], at: int, ends: NDArray[np.int64]
    ) -> list[Framed]:
        """One record for the frames that are joined and end in the same piece."""
        pieces = np.searchsorted(ends, at + self._frame_len * np.arange(1, len(rows) + 1))
        cuts = np.flatnonzero((np.diff(pieces) != 0) | ~self.joined(counts[:-1], counts[1:])) + 1
        self._before, self._in_step = int(counts[-1]), True
        spans = pairwise([0, *cuts.tolist(), len(rows)])
        return [Framed(0, self.record(rows[a:b]), int(pieces[a])) for a, b in spans]

    def aside(self, stream: bytes, at: int) -> int:
        """The length of a message between frames that begins here; 0 = none, UNFINISHED = more bytes must come."""
        return 0

    def faults(self, message: bytes) -> list[str]:
        """What a message says that the profile does not expect."""
        return []

    @abstractmethod
    def fits(self, windows: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Which rows of `frame_len` bytes may be a frame."""

    @abstractmethod
    def counts(self, windows: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The count or time of each row."""

    @abstractmethod
    def follows(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Where a frame with the count `after` may stand behind one with the count `before`."""

    def comes_later(self, before: int, after: int) -> bool:
        """Whether a frame may be the next one though others were lost; asked where no byte was."""
        return bool(self.follows(np.array([before]), np.array([after]))[0])

    def joined(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Where two frames that end in the same piece belong into one record: if no frame is missing between them."""
        return self.follows(before, after)

    @abstractmethod
    def record(self, rows: NDArray[np.uint8]) -> bytes:
        """The plain record of frames without a gap."""
