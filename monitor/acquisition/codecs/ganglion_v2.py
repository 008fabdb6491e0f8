"""OpenBCI Ganglion, firmware 2: one absolute sample in every 201, between them 18- or 19-bit differences.

Records as in `ganglion`, where 01 is: index u8 of the first sample in the cycle of 201 | 2 x 4 f64 counts of 24 bits;
and 05 is: index u8 = 0 | 4 f64, the absolute sample. Id 0 is the absolute packet, 1..100 are 18-bit packets with an
acceleration byte (inferred from firmware 3), 101..200 19-bit packets without. Packet k of the cycle holds the samples
2k - 1 and 2k. A value is the previous one minus the difference, whose last bit is its sign. After a lost packet nothing
is known until the next absolute one: NaN. A loss of exactly a whole cycle cannot be seen here.
params: bits = 18 or 19 (default), what a virtual board sends.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.codecs.ganglion import ABSOLUTE, EMG, LENGTH, Ganglion
from monitor.acquisition.codecs.parameters import known, whole
from monitor.errors import PacketError

CYCLE = 101  # packets, the absolute one among them
IDS = {18: range(1, CYCLE), 19: range(CYCLE, 2 * CYCLE - 1)}
CHANNELS = 4
HIGHEST = (1 << 23) - 1
_PAIR, _ONE = struct.Struct("<BB8d"), struct.Struct("<BB4d")


def ganglion_v2(params: Mapping[str, object]) -> GanglionV2:
    """The codec. Raises: ProfileError."""
    known("ganglion_v2", params, "bits")
    return GanglionV2(IDS, whole("ganglion_v2", params, "bits", 18, 19, 19))


class GanglionV2(Ganglion):
    """Carries the last sample, known or not, and the number of the packet that must come next."""

    def __init__(self, ids: Mapping[int, range], bits: int) -> None:
        super().__init__(ids, bits)
        self._sent = np.zeros(CHANNELS, np.int64)
        self._odd: tuple[int, NDArray[np.int64]] | None = None
        self._forget()

    def _forget(self) -> None:
        self._value = np.full(CHANNELS, np.nan)
        self._next: int | None = None
        self._latest = (b"", b"")

    def reset(self) -> None:
        """The link was lost: nothing is known until the next absolute packet."""
        super().reset()
        self._forget()

    def signed(self, raw: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
        """Differences: where the last bit is set, the number is negative."""
        return raw - ((raw & 1) << bits)

    def samples(self, piece: bytes, numbers: NDArray[np.int64] | None) -> bytes:
        """One absolute sample, or two by their differences. A packet that comes twice means the same twice."""
        if numbers is None and (len(piece) != LENGTH or piece[0]):
            return b""
        if piece != self._latest[0]:
            record = self._absolute(piece) if numbers is None else self._pair(piece[0], numbers)
            self._latest = (piece, record)
        return self._latest[1]

    def _absolute(self, piece: bytes) -> bytes:
        each = [int.from_bytes(piece[at : at + 3], "big", signed=True) for at in range(1, 1 + 3 * CHANNELS, 3)]
        self._value, self._next = np.array(each, np.float64), 1
        return _ONE.pack(ABSOLUTE, 0, *each)

    def _pair(self, id_: int, differences: NDArray[np.int64]) -> bytes:
        number = (id_ - 1) % (CYCLE - 1) + 1
        if number != self._next:
            self._value = np.full(CHANNELS, np.nan)
        self._next = number + 1
        pair = self._value - np.cumsum(differences, axis=0)
        self._value = pair[1]
        return _PAIR.pack(EMG, 2 * number - 1, *pair.ravel().tolist())

    def packets(self, frame: bytes) -> list[bytes]:
        """A record is two samples anywhere in the cycle, or one; the packets are those that they complete."""
        layout = _PAIR if frame[0] == EMG else _ONE
        if len(frame) != layout.size or frame[1] > 2 * CYCLE - 2:
            raise PacketError(f"{len(frame)} bytes that begin with {frame[:2].hex(' ')} are no samples of a Ganglion")
        counts = np.rint(layout.unpack(frame)[2:]).reshape(-1, CHANNELS)
        if not (np.abs(counts + 0.5) <= HIGHEST + 0.5).all():
            raise PacketError("a sample is not known or does not fit 24 bits")
        places = [(frame[1] + row) % (2 * CYCLE - 1) for row in range(len(counts))]
        sent = [self._send(place, row) for place, row in zip(places, counts.astype(np.int64), strict=True)]
        return [packet for packet in sent if packet]

    def _send(self, place: int, sample: NDArray[np.int64]) -> bytes:
        """The packet that the sample at that place of the cycle completes."""
        odd, self._odd = self._odd, (place, sample)
        if place == 0:
            self._sent = sample
            body = b"".join(int(count).to_bytes(3, "big", signed=True) for count in sample)
            return (b"\0" + body).ljust(LENGTH, b"\0")
        if place % 2 or odd is None or odd[0] != place - 1:
            return b""
        numbers = np.array([self._difference(odd[1]), self._difference(sample)])
        return self.packet(place // 2 - 1, numbers)

    def _difference(self, sample: NDArray[np.int64]) -> NDArray[np.int64]:
        """What leads from the sample sent last to this one, as near as the resolution lets."""
        low, high = 1 - (1 << self._bits), (1 << self._bits) - 2
        wanted = np.clip(self._sent - sample, low, high)
        difference = np.where(wanted < 0, wanted | 1, wanted & ~1)
        self._sent = self._sent - difference
        return difference
