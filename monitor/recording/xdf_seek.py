"""Reading a recording from a moment on, without going through what lies before: by halving, between boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.recording import xdf
from monitor.recording.xdf import Tag
from monitor.recording.xdf_header import StreamInfo, from_xml
from monitor.recording.xdf_read import open_recording
from monitor.recording.xdf_scan import FileBytes, Run, Scanner

_HEAD_BYTES = 8_000_000  # a stream that is not introduced so early is looked for in the whole file
_NEAR_BYTES = 2_000_000  # so near before the moment everything is read


def chunks_from(path: Path, name: str, from_s: float) -> Iterator[Chunk]:
    """A numeric stream ("SENSOR emg") of one of Crampwatch's recordings from session second from_s on.

    The first chunk may begin a little earlier. Raises: RecordingError.
    """
    with closing(FileBytes(path)) as file:
        info = _introduced(file, name)
        if info is not None and info.is_text:
            raise RecordingError(f"the stream {name!r} of {path} holds texts, not samples")
        if info is not None:
            yield from _read(file, info, from_s, _start(file, info.sid, from_s))
            return
    with open_recording(path, mend=False) as recording:
        yield from (c for c in recording.chunks(name) if len(c) and c.time_s[-1] >= from_s)


def _introduced(file: FileBytes, name: str) -> StreamInfo | None:
    """The stream, if it is Crampwatch's file and introduces it in its beginning."""
    scanner = Scanner(file)
    if not scanner.sealed:
        return None
    for found in scanner:
        if found.end > _HEAD_BYTES:
            return None
        for place in found.places if isinstance(found, Run) else ():
            if place.tag == Tag.STREAM_HEADER:
                info = from_xml(place.sid, file.read(place.body, place.end).decode("utf-8", "replace"))
                if info.name == name:
                    return info
    return None


def _start(file: FileBytes, sid: int, from_s: float) -> int:
    """A place after a boundary, not far before the first chunk of from_s."""
    low, high = len(xdf.MAGIC), file.n_bytes
    while high - low > _NEAR_BYTES:
        middle = (low + high) // 2
        mark = file.find(xdf.BOUNDARY, middle)
        after = mark + len(xdf.BOUNDARY)
        if mark < 0 or after >= high or _first_s(file, sid, after, high) >= from_s:
            high = middle
        else:
            low = after
    return low


def _first_s(file: FileBytes, sid: int, start: int, end: int) -> float:
    """The first stamp of the stream behind `start`; infinite where there is none before `end`."""
    for found in Scanner(file, start):
        if found.start >= end:
            break
        pairs = zip(found.places, found.firsts, strict=True) if isinstance(found, Run) else ()
        for place, (_, stamp_s) in pairs:
            if place.tag == Tag.SAMPLES and place.sid == sid and stamp_s == stamp_s:
                return stamp_s
    return float("inf")


def _read(file: FileBytes, info: StreamInfo, from_s: float, start: int) -> Iterator[Chunk]:
    last_s, number, n_channels = 0.0, xdf.FORMATS[info.number], len(info.stream.channels)
    for found in Scanner(file, start):
        for place in found.places if isinstance(found, Run) else ():
            if place.tag == Tag.SAMPLES and place.sid == info.sid:
                content = file.read(place.body, place.end)
                time_s, samples = xdf.read_samples(content, number, n_channels, last_s, info.step_s)
                last_s = float(time_s[-1]) if len(time_s) else last_s
                if len(time_s) and last_s >= from_s:
                    yield Chunk(info.stream, time_s, samples)
