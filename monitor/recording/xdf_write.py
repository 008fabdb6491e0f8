"""Writing XDF: chunks are gathered into appends, and every append ends with a seal that proves it.

An append is what goes to the disk in one write. Its last chunk is the seal, a sample of the stream "integrity": the
place of the seal in the file and the CRC-32 of all bytes since the seal (or boundary) before. About every second a
boundary chunk follows, where any XDF reader can take hold again after damage. No file and no clock here: bytes only.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.recording import xdf
from monitor.recording.xdf import Tag
from monitor.recording.xdf_header import StreamInfo, text_stream, to_xml

INTEGRITY = text_stream(xdf.INTEGRITY_SID, "integrity", "Integrity")
FILE_HEADER = b'<?xml version="1.0"?><info><version>1.0</version><writer>Crampwatch</writer></info>'
SEALED_MARKS = (b"<writer>Crampwatch</writer>", b"<type>Integrity</type>")
_ROWS_BYTES = 1_000_000  # samples of one stream in one append are cut into chunks of about this size


@dataclass(slots=True)
class _Tally:
    """What a stream's footer will say."""

    info: StreamInfo
    n_samples: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    offsets: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    def count(self, n_samples: int, first_s: float, last_s: float) -> None:
        self.first_s = self.first_s if self.n_samples else first_s
        self.n_samples += n_samples
        self.last_s = last_s

    def to_xml(self) -> str:
        offsets = "".join(f"<offset><time>{at!r}</time><value>{by!r}</value></offset>" for at, by in self.offsets)
        return (
            f'<?xml version="1.0"?><info><first_timestamp>{self.first_s!r}</first_timestamp>'
            f"<last_timestamp>{self.last_s!r}</last_timestamp><sample_count>{self.n_samples}</sample_count>"
            f"<clock_offsets>{offsets}</clock_offsets></info>"
        )


class XdfEncoder:
    """Turns streams and samples into the bytes of an XDF file, append by append.

    Every stream gets a clock offset with its header or its first samples: without one readers complain.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = [xdf.pack_chunk(Tag.FILE_HEADER, FILE_HEADER)]
        self._tallies: dict[int, _Tally] = {}
        self._begin, self._at = xdf.MAGIC, len(xdf.MAGIC)
        self._newest_s = 0.0
        self.declare(INTEGRITY)

    def declare(self, info: StreamInfo) -> None:
        """Introduce a stream: once, before its first samples."""
        self._parts.append(xdf.pack_chunk(Tag.STREAM_HEADER, to_xml(info).encode(), info.sid))
        self._tallies[info.sid] = _Tally(info)

    def samples(
        self,
        sid: int,
        time_s: NDArray[np.float64],
        samples: NDArray[np.floating],
        told: NDArray[np.bool_] | None = None,
    ) -> None:
        """Add samples, at least one. time_s: (n,); samples: (n, n_channels), cast to the stream's number type.

        told : which samples have a stamp of their own, None = those that need it; see `xdf.stamped`.
        """
        info = self._tallies[sid].info
        number, most = xdf.FORMATS[info.number], self.most_rows(sid)
        told = xdf.stamped(time_s, info.step_s, most) if told is None else told
        begin = 0
        while begin < len(time_s):
            end = min(begin + most, len(time_s))
            while end < len(time_s) and not told[end]:
                end -= 1
            span = slice(begin, end)
            content = xdf.pack_samples(time_s[span], samples[span], number, told[span])
            self._parts += (xdf.chunk_head(Tag.SAMPLES, len(content), sid), content)
            begin = end
        self._count(sid, len(time_s), float(time_s[0]), float(time_s[-1]))

    def most_rows(self, sid: int) -> int:
        """Samples of a stream in one chunk at most, and from one stamp to the next."""
        return max(1, _ROWS_BYTES // (9 + 8 * len(self._tallies[sid].info.stream.channels)))

    def texts(self, sid: int, packed: Sequence[bytes]) -> None:
        """Add texts, at least one, each as `xdf.pack_text` gives it."""
        content = b"".join((xdf.pack_length(len(packed)), *packed))
        self._parts += (xdf.chunk_head(Tag.SAMPLES, len(content), sid), content)
        self._count(sid, len(packed), xdf.stamp_of(packed[0]), xdf.stamp_of(packed[-1]))

    def clock_offset(self, sid: int, time_s: float, offset_s: float) -> None:
        """Say that at the stream's time time_s the session clock shows time_s + offset_s."""
        self._parts.append(xdf.pack_chunk(Tag.CLOCK_OFFSET, struct.pack("<dd", time_s, offset_s), sid))
        self._tallies[sid].offsets.append((time_s, offset_s))

    def footers(self) -> None:
        """Add what closes a file: every stream's footer. Readers do without."""
        for sid, tally in self._tallies.items():
            self._parts.append(xdf.pack_chunk(Tag.STREAM_FOOTER, tally.to_xml().encode(), sid))

    def take(self, boundary: bool) -> bytes:
        """All that was added since the last call as one sealed append, ready to be written."""
        parts, self._parts = self._parts, []
        check = 0
        for part in parts:
            check = zlib.crc32(part, check)
        n_bytes = sum(map(len, parts))
        # The clock offset that may come with the first seal belongs to the next append: a seal ends its own.
        self.texts(INTEGRITY.sid, [xdf.pack_text(self._newest_s, f"{self._at + n_bytes} {check:08x}".encode())])
        ending = b"".join(self._parts[:2]) + (xdf.BOUNDARY_CHUNK if boundary else b"")
        del self._parts[:2]
        append = b"".join((self._begin, *parts, ending))
        self._begin, self._at = b"", self._at + n_bytes + len(ending)
        return append

    def _count(self, sid: int, n_samples: int, first_s: float, last_s: float) -> None:
        tally = self._tallies[sid]
        tally.count(n_samples, first_s, last_s)
        self._newest_s = max(self._newest_s, last_s)
        if not tally.offsets:
            self.clock_offset(sid, first_s, 0.0)
