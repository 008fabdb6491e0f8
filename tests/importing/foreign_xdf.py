"""XDF files as other recorders write them, sample by sample with its stamp."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_PER_CHUNK = 100


@dataclass(frozen=True, eq=False)
class Foreign:
    """A stream of one channel. time_s : (n,) as written; numbers : (n,), by default each sample's place."""

    time_s: np.ndarray
    numbers: np.ndarray | None = None
    name: str = "EMG"
    source_id: str = "a"
    label: str = "GM"


def write(path: Path, *streams: Foreign) -> Path:
    """The file."""
    with path.open("wb") as file:
        file.write(b"XDF:" + _chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>"))
        for sid, stream in enumerate(streams, start=1):
            file.write(_chunk(2, _header(stream), sid))
        for sid, stream in enumerate(streams, start=1):
            numbers = np.arange(len(stream.time_s)) if stream.numbers is None else stream.numbers
            row = np.dtype([("flag", "u1"), ("time_s", "<f8"), ("sample", "<f8")])
            rows = np.rec.fromarrays([np.full(len(numbers), 8), stream.time_s, numbers], dtype=row)
            for first in range(0, len(rows), _PER_CHUNK):
                part = rows[first : first + _PER_CHUNK]
                file.write(_chunk(3, _length(len(part)) + part.tobytes(), sid))
    return path


def _header(stream: Foreign) -> bytes:
    channel = f"<channel><label>{stream.label}</label><unit>uV</unit><type>EMG</type></channel>"
    return (
        f"<?xml version='1.0'?><info><name>{stream.name}</name><type>EMG</type><channel_count>1</channel_count>"
        "<nominal_srate>1000</nominal_srate><channel_format>double64</channel_format>"
        f"<source_id>{stream.source_id}</source_id><desc><channels>{channel}</channels></desc></info>"
    ).encode()


def _chunk(tag: int, content: bytes, sid: int | None = None) -> bytes:
    head = struct.pack("<H", tag) + (b"" if sid is None else struct.pack("<I", sid))
    return _length(len(head) + len(content)) + head + content


def _length(number: int) -> bytes:
    return struct.pack("<BI", 4, number)
