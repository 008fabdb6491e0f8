"""The XDF 1.0 container: chunks of `[length][tag][content]`, and the samples inside them. Little-endian throughout.

Source: XDF 1.0 specification, github.com/sccn/xdf/wiki/Specifications.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.errors import RecordingError

MAGIC = b"XDF:"
BOUNDARY = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
FORMATS = {
    "int8": "i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "float32": "<f4",
    "double64": "<f8",
    "string": "",
}
# Streams of a Crampwatch recording whose meaning does not hang on their header, so that one lost block loses no more.
INTEGRITY_SID, SESSION_SID, JOURNAL_SID, STATES_SID, ANNOTATIONS_SID, FIRST_SIGNAL_SID = 1, 2, 3, 4, 5, 16
MAX_CHUNK_BYTES = 64_000_000  # far above what any recorder writes in one piece; more is a broken length
STAMP_ERROR_S = 50e-6  # a stamp may be left out where the one before gives it so closely
_MOST_RESTARTS = 8  # of a line of stamps, in one piece; where they scatter more, each sample has its own
LONGEST_HEAD = 15  # bytes: 1 + 8 of the length, 2 of the tag, 4 of the stream id


_STAMP = struct.Struct("<Bd").pack
_SHORT_TEXT, _LONG_TEXT = struct.Struct("<BdBB").pack, struct.Struct("<BdBI").pack  # stamp and length of a text


class Tag(IntEnum):
    """What a chunk holds."""

    FILE_HEADER = 1
    STREAM_HEADER = 2
    SAMPLES = 3
    CLOCK_OFFSET = 4
    BOUNDARY = 5
    STREAM_FOOTER = 6


OF_A_STREAM = frozenset({Tag.STREAM_HEADER, Tag.SAMPLES, Tag.CLOCK_OFFSET, Tag.STREAM_FOOTER})
_TAGS = frozenset(int(tag) for tag in Tag)


class Place(NamedTuple):
    """Where a chunk stands: its first byte, its content [body, end) and whose it is (sid 0 where it is no stream's)."""

    tag: int
    sid: int
    start: int
    body: int
    end: int


def pack_length(length: int) -> bytes:
    """A length in the shortest of XDF's three forms."""
    if length < 0x100:
        return struct.pack("<BB", 1, length)
    if length < 0x1_0000_0000:
        return struct.pack("<BI", 4, length)
    return struct.pack("<BQ", 8, length)


def read_length(buffer: bytes, at: int) -> tuple[int, int]:
    """The length that stands at `at`, and where what follows begins. Raises: RecordingError where there is none."""
    n_bytes = buffer[at] if at < len(buffer) else 0
    after = at + 1 + n_bytes
    if n_bytes not in (1, 4, 8) or after > len(buffer):
        raise RecordingError(f"no length where one must stand (byte {at} of a piece of {len(buffer)})")
    return int.from_bytes(buffer[at + 1 : after], "little"), after


def chunk_head(tag: Tag, n_bytes: int, sid: int = 0) -> bytes:
    """What stands before a chunk's content of so many bytes."""
    head = struct.pack("<HI", tag, sid) if tag in OF_A_STREAM else struct.pack("<H", tag)
    return pack_length(len(head) + n_bytes) + head


def pack_chunk(tag: Tag, content: bytes, sid: int = 0) -> bytes:
    """A whole chunk."""
    return chunk_head(tag, len(content), sid) + content


BOUNDARY_CHUNK = pack_chunk(Tag.BOUNDARY, BOUNDARY)


def place_at(buffer: bytes, at: int) -> Place:
    """The chunk that begins at `at`; its end may lie beyond the buffer. Raises: RecordingError where there is none."""
    length, after = read_length(buffer, at)
    tag = int.from_bytes(buffer[after : after + 2], "little")
    head = 6 if tag in OF_A_STREAM else 2
    if tag not in _TAGS or length < head or length > MAX_CHUNK_BYTES or after + head > len(buffer):
        raise RecordingError(f"no XDF chunk where one must stand (byte {at} of a piece of {len(buffer)})")
    sid = int.from_bytes(buffer[after + 2 : after + 6], "little") if head == 6 else 0
    return Place(tag, sid, at, after + head, after + length)


def walk(buffer: bytes) -> Iterator[Place]:
    """All chunks of a buffer that holds whole chunks only. Raises: RecordingError where it does not."""
    at = 0
    while at < len(buffer):
        place = place_at(buffer, at)
        if place.end > len(buffer):
            raise RecordingError(f"an XDF chunk is cut (byte {at} of a piece of {len(buffer)})")
        yield place
        at = place.end


def stamped(time_s: NDArray[np.float64], step_s: float, most: int) -> NDArray[np.bool_]:
    """Which samples need a stamp of their own, so that none is read more than 50 us off; the first always does.

    step_s : seconds from sample to sample where stamps are left out, 0 = none is. most : rows between two stamps.
    """
    told = np.zeros(len(time_s), dtype=bool)
    told[::most] = True
    ramp = _ramp(step_s, 1 << len(time_s).bit_length())
    first, restarts = 0, 0
    while first < len(time_s):
        off_s = ramp[: len(time_s) - first] + time_s[first]
        off_s -= time_s[first:]
        np.abs(off_s, out=off_s)
        if off_s.max() <= STAMP_ERROR_S:
            break
        wrong = np.flatnonzero(~(off_s <= STAMP_ERROR_S))
        first, restarts = first + max(1, int(wrong[0])), restarts + 1
        if not step_s or restarts > _MOST_RESTARTS:
            told[:] = True
            break
        told[first] = True
    return told


@lru_cache(maxsize=64)
def _ramp(step_s: float, n: int) -> NDArray[np.float64]:
    """Seconds since the first of n rows; at most 64 such are kept."""
    return np.arange(n, dtype=np.float64) * step_s


def as_read(time_s: NDArray[np.float64], told: NDArray[np.bool_], step_s: float) -> NDArray[np.float64]:
    """The stamps that a reader gets, where only the `told` ones are written; the first one is."""
    starts = np.flatnonzero(told)
    lengths = np.diff(np.append(starts, len(time_s)))
    since = np.arange(len(time_s)) - np.repeat(starts, lengths)
    return np.where(told, time_s, np.repeat(time_s[starts], lengths) + step_s * since)


def pack_samples(
    time_s: NDArray[np.float64], samples: NDArray[np.floating], number: str, told: NDArray[np.bool_]
) -> bytes:
    """Content of a Samples chunk. samples: (n, n_channels); number: its numpy type.

    told : (n,) which samples have their stamp; the first one has.
    """
    starts = np.flatnonzero(told).tolist()
    if len(starts) == len(told) > 1:
        return pack_length(len(samples)) + _rows(samples, number, time_s).tobytes()
    bare = _rows(samples, number)
    width, content = bare.itemsize, memoryview(bare.tobytes())
    parts: list[bytes | memoryview] = [pack_length(len(samples))]
    for first, end in zip(starts, [*starts[1:], len(samples)], strict=True):
        parts += (_STAMP(8, time_s[first]), content[first * width + 1 : end * width])
    return b"".join(parts)


def _rows(samples: NDArray[np.floating], number: str, time_s: NDArray[np.float64] | None = None) -> NDArray[np.void]:
    """Rows `[0][values]`, or `[8][stamp][values]` with time_s."""
    rows = np.zeros(len(samples), _row_of(number, samples.shape[1], time_s is not None))
    if time_s is not None:
        rows["flag"], rows["time_s"] = 8, time_s
    if samples.dtype == number:
        rows["sample"] = samples
    else:
        with np.errstate(over="ignore"):  # beyond float32 is infinite there, which is what it must say
            rows["sample"] = samples
    return rows


@lru_cache(maxsize=64)
def _row_of(number: str, n_channels: int, has_stamp: bool) -> np.dtype[np.void]:
    """What a sample's row in a Samples chunk holds."""
    stamp = [("time_s", "<f8")] if has_stamp else []
    return np.dtype([("flag", "u1"), *stamp, ("sample", number, (n_channels,))])


def pack_text(time_s: float, text: bytes) -> bytes:
    """One sample of a one-channel string stream: its stamp and its UTF-8."""
    if len(text) < 0x100:
        return _SHORT_TEXT(8, time_s, 1, len(text)) + text
    return _LONG_TEXT(8, time_s, 4, len(text)) + text


def stamp_of(packed: bytes) -> float:
    """The stamp of what `pack_text` has packed."""
    return struct.unpack_from("<d", packed, 1)[0]


def pack_strings(items: Sequence[tuple[float, bytes]]) -> bytes:
    """Content of a Samples chunk of one-channel strings: (stamp, UTF-8) each."""
    return pack_length(len(items)) + b"".join(pack_text(*item) for item in items)


def first_stamp(buffer: bytes, body: int) -> tuple[int, float]:
    """How many samples a Samples chunk says to hold, and the stamp of its first one (NaN: it has none of its own)."""
    n_samples, at = read_length(buffer, body)
    stamped = n_samples > 0 and buffer[at : at + 1] == b"\x08" and at + 9 <= len(buffer)
    return n_samples, struct.unpack_from("<d", buffer, at + 1)[0] if stamped else float("nan")


def read_samples(
    content: bytes, number: str, n_channels: int, last_s: float, step_s: float
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Stamps (n,) and samples (n, n_channels) of a numeric Samples chunk.

    last_s : stamp of the stream's sample before; one without stamp comes step_s after its predecessor.
    Raises: RecordingError where count, flags and size do not agree.
    """
    n_samples, at = read_length(content, 0)
    n_bytes = np.dtype(number).itemsize * n_channels
    if n_samples * (1 + n_bytes) > len(content) - at:
        raise RecordingError(f"a chunk of {len(content)} bytes says that it holds {n_samples} samples")
    time_s, samples = np.empty(n_samples), np.empty((n_samples, n_channels), number)
    done = 0
    while done < n_samples:
        rows = _run_of_rows(content, at, n_samples - done, number, n_channels)
        span = slice(done, done + len(rows))
        samples[span] = rows["sample"]
        time_s[span] = (
            rows["time_s"] if "time_s" in (rows.dtype.names or ()) else last_s + step_s * np.arange(1, len(rows) + 1)
        )
        done, at, last_s = span.stop, at + rows.nbytes, float(time_s[span.stop - 1])
    if at != len(content):
        raise RecordingError(f"a chunk of {len(content)} bytes is {len(content) - at} bytes too long for its samples")
    return time_s, samples


def _run_of_rows(content: bytes, at: int, n_left: int, number: str, n_channels: int) -> NDArray[np.void]:
    """The longest run of rows from `at` that all have a stamp, or all have none."""
    flag = content[at] if at < len(content) else -1
    kind = _row_of(number, n_channels, flag == 8)
    fitting = min(n_left, (len(content) - at) // kind.itemsize)
    if flag not in (0, 8) or fitting < 1:
        raise RecordingError("a sample's stamp is neither there nor left out")
    rows = np.frombuffer(content, kind, fitting, at)
    other = np.flatnonzero(rows["flag"] != flag)
    return rows[: other[0]] if len(other) else rows


def read_strings(content: bytes, n_channels: int, last_s: float, step_s: float) -> Iterator[tuple[float, str]]:
    """Stamp and text (first channel) of each sample in a Samples chunk of strings; see `read_samples`."""
    n_samples, at = read_length(content, 0)
    if n_samples * (1 + 2 * n_channels) > len(content) - at:
        raise RecordingError(f"a chunk of {len(content)} bytes says that it holds {n_samples} texts")
    for _ in range(n_samples):
        flag = content[at] if at < len(content) else -1
        if flag not in (0, 8) or at + 1 + flag > len(content):
            raise RecordingError("a text's stamp is neither there nor left out")
        last_s = struct.unpack_from("<d", content, at + 1)[0] if flag else last_s + step_s
        text, at = _read_texts(content, at + 1 + flag, n_channels)
        yield last_s, text


def _read_texts(content: bytes, at: int, n_channels: int) -> tuple[str, int]:
    first = ""
    for channel in range(n_channels):
        length, begin = read_length(content, at)
        at = begin + length
        if at > len(content):
            raise RecordingError("a text is longer than its chunk")
        if channel == 0:
            first = content[begin:at].decode("utf-8", "replace")
    return first, at
