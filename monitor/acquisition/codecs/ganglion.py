"""What both Ganglion firmwares share: 18- and 19-bit numbers in a row, the acceleration byte, answers as text.

Plain records, little-endian, told apart by their first byte:
  01 | index u8 | 2 samples x 4 channels      the EMG; the type of the numbers is the firmware's
  02 | x y z i8                               acceleration, each time that all three axes of a decade of ids were there
  03 | input u8 | ohm_raw u32                 impedance; inputs 1 to 4, 5 is the reference
  04 | more u8 | text 19 x u8                 a part of an answer, zero-padded; more = 1 if another part follows
Source: OpenBCI/OpenBCI_Ganglion_Library@b6058e6, OpenBCI/OpenBCI_NodeJS_Utilities@33168c6.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.framing import Framed
from monitor.errors import PacketError

EMG, ACC, IMPEDANCE, TEXT, ABSOLUTE = 1, 2, 3, 4, 5
LENGTH = 20  # bytes of every packet with samples
TEXT_BYTES = LENGTH - 1
AXES = 3
ANSWERS = range(0xC9, 0xD0)
_MORE, _LAST_PART = 0xCE, 0xCF
_OHM = re.compile(rb"(\d{1,9})Z")


def unpack(packets: Sequence[bytes], bits: int) -> NDArray[np.int64]:
    """The 8 numbers of each packet as they stand in its bits, highest bit first: (packets, 2 samples, 4 channels)."""
    payload = np.frombuffer(b"".join(packets), np.uint8).reshape(-1, LENGTH)[:, 1 : 1 + bits]
    each = np.unpackbits(payload, axis=1).reshape(-1, 8, bits)
    return (each.astype(np.int64) @ (1 << np.arange(bits - 1, -1, -1))).reshape(-1, 2, 4)


def pack(numbers: NDArray[np.int64], bits: int) -> bytes:
    """The inverse of `unpack` for one packet, without its id: (2, 4) numbers of `bits` bits."""
    each = numbers.reshape(8, 1) >> np.arange(bits - 1, -1, -1) & 1
    return np.packbits(each.astype(np.uint8)).tobytes()


def asked(frame: bytes) -> bytes:
    """The packet that a board sends for the record of an answer. Raises: PacketError if it is none."""
    if frame[:1] == bytes([TEXT]) and len(frame) == 2 + TEXT_BYTES and frame[1] < 2:
        return bytes([_MORE if frame[1] else _LAST_PART]) + frame[2:].rstrip(b"\0")
    number = int.from_bytes(frame[2:], "little")
    if frame[:1] == bytes([IMPEDANCE]) and len(frame) == 6 and 1 <= frame[1] <= 5 and number < 10**9:
        return bytes([ANSWERS[0] + frame[1] - 1]) + b"%dZ" % number
    raise PacketError(f"{len(frame)} bytes that begin with {frame[:2].hex(' ')} are no record of a Ganglion")


class Axes:
    """The three axes come one after the other, with ids that end in 1, 2 and 3; at other ids the byte is stale."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._decade: int | None = None
        self._next = bytes(AXES)
        self._sent = bytes(AXES)

    def reset(self) -> None:
        """Forget axes that wait for the others."""
        self._seen, self._decade = {}, None

    def push(self, number: int, byte: int) -> bytes:
        """The record when an id completes its decade, else nothing."""
        decade, axis = divmod(number, 10)
        if not 1 <= axis <= AXES:
            return b""
        if decade != self._decade or axis == 1:
            self._seen, self._decade = {}, decade
        self._seen[axis] = byte
        if axis < AXES or len(self._seen) < AXES:
            return b""
        seen, self._seen = self._seen, {}
        return bytes([ACC, *(seen[axis] for axis in range(1, AXES + 1))])

    def take(self, frame: bytes) -> None:
        """A record that is to be sent. Raises: PacketError if it is none."""
        if len(frame) != 1 + AXES or frame[0] != ACC:
            raise PacketError(f"{len(frame)} bytes are no acceleration")
        self._next = frame[1:]

    def byte(self, number: int) -> int:
        """The byte that goes with a packet of that id: its axis, or the last one once more."""
        axis = number % 10
        if axis == 1:
            self._sent = self._next
        return self._sent[min(max(axis, 1), AXES) - 1]


class Ganglion(ABC):
    """The part of both codecs that knows packets, not samples. ids: of the packets of each resolution in bits.

    bits: what a virtual board sends. held: always empty, since every packet is a notification.
    """

    held = b""

    def __init__(self, ids: Mapping[int, range], bits: int) -> None:
        self._ids = ids
        self._bits = bits
        self._axes = Axes()

    def reset(self) -> None:
        """The link was lost."""
        self._axes.reset()

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """The records of each notification; the bits of all packets are unpacked together."""
        numbers = {}
        for bits, ids in self._ids.items():
            places = [at for at, piece in enumerate(pieces) if len(piece) == LENGTH and piece[0] in ids]
            if places:
                raw = unpack([pieces[at] for at in places], bits)
                numbers |= dict(zip(places, self.signed(raw, bits), strict=True))
        return [framed for at, piece in enumerate(pieces) for framed in self._framed(at, piece, numbers.get(at))]

    def _framed(self, at: int, piece: bytes, numbers: NDArray[np.int64] | None) -> list[Framed]:
        try:
            record = self.samples(piece, numbers) or _answer(piece)
        except PacketError as reason:
            return [Framed(0, b"", at, str(reason))]
        acc = b""
        if numbers is not None and piece[0] in self._ids[18]:
            acc = self._axes.push(piece[0], piece[-1])
        return [Framed(0, found, at) for found in (record, acc) if found]

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """The packets that a record completes; an acceleration goes with the samples that follow, and gives none.

        Raises: PacketError if it is no record, or a packet does not fit.
        """
        if frame[:1] == bytes([ACC]):
            self._axes.take(frame)
            return []
        packets = self.packets(frame) if frame[:1] in (bytes([EMG]), bytes([ABSOLUTE])) else [asked(frame)]
        if packets and max(map(len, packets)) > room:
            raise PacketError(f"a packet of {LENGTH} bytes does not fit a notification of {room}")
        return packets

    def packet(self, number: int, numbers: NDArray[np.int64]) -> bytes:
        """The packet of that number in the ids of its resolution, with the acceleration byte if there is room."""
        first = self._ids[self._bits][0]
        body = pack(numbers & ((1 << self._bits) - 1), self._bits)
        acc = bytes([self._axes.byte(first + number)]) if self._bits == 18 else b""
        return bytes([first + number]) + body + acc

    @abstractmethod
    def signed(self, raw: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
        """What the numbers of many packets mean: (packets, 2, 4), as `raw`."""

    @abstractmethod
    def samples(self, piece: bytes, numbers: NDArray[np.int64] | None) -> bytes:
        """The record of a packet of samples; empty if it is none. numbers: its 2 x 4, if it has any."""

    @abstractmethod
    def packets(self, frame: bytes) -> list[bytes]:
        """The packets of samples that a record completes. Raises: PacketError."""


def _answer(packet: bytes) -> bytes:
    """The record of a packet that holds text. Raises: PacketError."""
    if not packet or packet[0] not in ANSWERS or len(packet) > LENGTH:
        known = f"{len(packet)} bytes with the id {packet[0] if packet else None}"
        raise PacketError(f"{known} are a cut packet or none; packets with samples have {LENGTH}")
    if packet[0] >= _MORE:
        return bytes([TEXT, packet[0] == _MORE]) + packet[1:].ljust(TEXT_BYTES, b"\0")
    ohm = _OHM.match(packet, 1)
    if not ohm:
        raise PacketError(f"{packet.hex(' ')} is no impedance")
    return bytes([IMPEDANCE, packet[0] - ANSWERS[0] + 1]) + int(ohm[1]).to_bytes(4, "little")
