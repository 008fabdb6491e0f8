"""Finding what is good in a file that nobody vouches for: power cuts tear files, disks flip bits, people send files.

A sealed file (Crampwatch's own) is good where a seal proves it, append by append; what no seal proves is not read. In
any other XDF file every whole chunk is taken as good. After damage reading goes on behind the next boundary chunk.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import RecordingError
from monitor.recording import xdf
from monitor.recording.xdf import Place, Tag
from monitor.recording.xdf_write import SEALED_MARKS

_WINDOW_BYTES = 1_000_000
_MAX_CHUNKS = 50_000  # in one run; no append comes near it
_NO_SAMPLES = (0, float("nan"))
_SEAL = re.compile(rb"(\d{1,19}) ([0-9a-f]{8})")


class FileBytes:
    """A file on disk, read in pieces. Raises: RecordingError when it cannot be opened or has become shorter."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb", buffering=0)
            self.n_bytes = self._file.seek(0, 2)
        except OSError as error:
            raise RecordingError(f"cannot open {path}: {error.strerror or error}") from error

    def read(self, start: int, end: int) -> bytes:
        """The bytes [start, end)."""
        pieces: list[bytes] = []
        missing = end - start
        try:
            self._file.seek(start)
            while missing > 0 and (piece := self._file.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
        except OSError as error:
            raise RecordingError(f"cannot read {self.path}: {error.strerror or error}") from error
        if missing > 0:
            raise RecordingError(f"{self.path} has become shorter while it was read")
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def find(self, needle: bytes, start: int) -> int:
        """Where the needle stands at or after start; -1 where it does not."""
        while start + len(needle) <= self.n_bytes:
            end = min(start + _WINDOW_BYTES, self.n_bytes)
            at = self.read(start, end).find(needle)
            if at >= 0:
                return start + at
            start = end if end == self.n_bytes else end - len(needle) + 1
        return -1

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Run:
    """Good chunks in one piece: one append of a sealed file, a boundary chunk, or up to about 1 MB of another file."""

    start: int
    end: int
    places: tuple[Place, ...]  # absolute
    firsts: tuple[tuple[int, float], ...]  # of each chunk: its number of samples, its first stamp (NaN: none)


@dataclass(frozen=True, slots=True)
class Hole:
    """Bytes that are not read. torn: nothing good comes after them."""

    start: int
    end: int
    torn: bool


class Scanner:
    """Goes through a file once and gives its good runs and its holes, in order. Memory stays flat.

    start : where to begin, just behind a boundary or at the first chunk.
    Raises: RecordingError if the file is no XDF at all.
    """

    def __init__(self, file: FileBytes, start: int = len(xdf.MAGIC)) -> None:
        self._file, self._start = file, start
        head = file.read(0, min(file.n_bytes, 4096))
        if not head.startswith(xdf.MAGIC):
            raise RecordingError(f"{file.path} is no recording: an XDF file begins with 'XDF:'")
        self.sealed = any(mark in head for mark in SEALED_MARKS)
        self._base, self._window = 0, head

    def __iter__(self) -> Iterator[Run | Hole]:
        at = self._start
        while at < self._file.n_bytes:
            run, intact = self._run(at)
            if run.places:
                yield run
            at = run.end
            if not intact:
                mark = self._file.find(xdf.BOUNDARY, at)
                end = mark + len(xdf.BOUNDARY) if mark >= 0 else self._file.n_bytes
                yield Hole(at, end, torn=mark < 0)
                at = end

    def _run(self, start: int) -> tuple[Run, bool]:
        """The run that begins at start, and whether the next one can follow at its end."""
        places: list[Place] = []
        firsts: list[tuple[int, float]] = []
        at, crc = start, 0
        while at < self._file.n_bytes and len(places) < _MAX_CHUNKS:
            place = self._place(at)
            if place is None:
                return self._broken(start, places, firsts)
            if place.tag == Tag.BOUNDARY:
                if self.sealed and places:
                    return self._broken(start, places, firsts)
                return Run(start, place.end, (*places, place), (*firsts, _NO_SAMPLES)), True
            if self.sealed and self._is_seal(place):
                seen = self._seal(place) == (at, crc)
                return (
                    (Run(start, place.end, tuple(places), tuple(firsts)), True)
                    if seen
                    else self._broken(start, places, firsts)
                )
            places.append(place)
            firsts.append(self._first(place))
            crc = zlib.crc32(self._bytes(at, place.end), crc) if self.sealed else 0
            at = place.end
            if not self.sealed and at - start >= _WINDOW_BYTES:
                break
        if self.sealed:
            return self._broken(start, places, firsts)
        return Run(start, at, tuple(places), tuple(firsts)), True

    def _broken(self, start: int, places: list[Place], firsts: list[tuple[int, float]]) -> tuple[Run, bool]:
        """What a run is worth that ends in damage: nothing without a seal, else its whole chunks."""
        if self.sealed or not places:
            return Run(start, start, (), ()), False
        return Run(start, places[-1].end, tuple(places), tuple(firsts)), False

    def _place(self, at: int) -> Place | None:
        """The whole chunk at `at`, in absolute places; None where there is none."""
        head = self._bytes(at, min(at + xdf.LONGEST_HEAD, self._file.n_bytes))
        try:
            place = xdf.place_at(head, 0)
        except RecordingError:
            return None
        place = Place(place.tag, place.sid, at, at + place.body, at + place.end)
        if place.end > self._file.n_bytes:
            return None
        broken = place.tag == Tag.BOUNDARY and self._bytes(at, place.end) != xdf.BOUNDARY_CHUNK
        return None if self.sealed and broken else place

    def _is_seal(self, place: Place) -> bool:
        return place.tag == Tag.SAMPLES and place.sid == xdf.INTEGRITY_SID

    def _seal(self, place: Place) -> tuple[int, int] | None:
        """The place and the CRC that a seal names."""
        try:
            texts = list(xdf.read_strings(self._bytes(place.body, place.end), 1, 0.0, 0.0))
        except RecordingError:
            return None
        match = _SEAL.fullmatch(texts[0][1].encode()) if len(texts) == 1 else None
        return (int(match[1]), int(match[2], 16)) if match else None

    def _first(self, place: Place) -> tuple[int, float]:
        if place.tag != Tag.SAMPLES:
            return _NO_SAMPLES
        try:
            return xdf.first_stamp(self._bytes(place.body, min(place.end, place.body + 18)), 0)
        except RecordingError:
            return _NO_SAMPLES

    def _bytes(self, start: int, end: int) -> bytes:
        """The bytes [start, end), out of a window that is read ahead."""
        if start < self._base or end > self._base + len(self._window):
            self._base = start
            self._window = self._file.read(start, min(max(end, start + _WINDOW_BYTES), self._file.n_bytes))
        return self._window[start - self._base : end - self._base]
