"""OpenBCI Ganglion, firmware 3: absolute 18- or 19-bit samples.

Records as in `ganglion`, where 01 is: index u8 = 0..99, the number of the packet whatever its resolution | 2 x 4 i32
counts of 24 bits. Ids 0..99 are 18-bit packets with an acceleration byte, 100..199 19-bit packets without; each number
is the reading without its low 6 (5) bits, its last bit is the sign and means nothing.
params: bits = 18 or 19 (default), what a virtual board sends.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.codecs.ganglion import EMG, Ganglion
from monitor.acquisition.codecs.parameters import known, whole
from monitor.errors import PacketError

FULL_BITS = 24
CYCLE = 100  # packets before the ids begin again
IDS = {18: range(CYCLE), 19: range(CYCLE, 2 * CYCLE)}
_RECORD = struct.Struct("<BB8i")


def ganglion_v3(params: Mapping[str, object]) -> GanglionV3:
    """The codec. Raises: ProfileError."""
    known("ganglion_v3", params, "bits")
    return GanglionV3(IDS, whole("ganglion_v3", params, "bits", 18, 19, 19))


class GanglionV3(Ganglion):
    """Nothing but the axes of one acceleration is carried from packet to packet."""

    def signed(self, raw: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
        """Two's complement without its last bit, as counts of 24 bits."""
        return (raw - ((raw >> (bits - 1)) << bits) & ~1) << (FULL_BITS - bits)

    def samples(self, piece: bytes, numbers: NDArray[np.int64] | None) -> bytes:
        """The samples as they are."""
        if numbers is None:
            return b""
        return _RECORD.pack(EMG, piece[0] % CYCLE, *numbers.ravel().tolist())

    def packets(self, frame: bytes) -> list[bytes]:
        """One packet for each record."""
        if len(frame) != _RECORD.size or frame[0] != EMG or frame[1] >= CYCLE:
            raise PacketError(f"{len(frame)} bytes that begin with {frame[:2].hex(' ')} are no samples of a Ganglion")
        counts = np.array(_RECORD.unpack(frame)[2:], dtype=np.int64)
        if np.abs(counts + 0.5).max() > 1 << (FULL_BITS - 1):
            raise PacketError(f"a sample does not fit {FULL_BITS} bits")
        kept = counts >> (FULL_BITS - self._bits)
        return [self.packet(frame[1], kept & ~1 | (kept < 0))]
