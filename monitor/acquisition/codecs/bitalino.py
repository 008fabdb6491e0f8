"""BITalino: frames of 3 to 8 bytes with a sequence number and a CRC of 4 bits each, as one stream of bytes.

Record, little-endian: index u32 of the first sample | n x (digital u8, the four digital inputs with the first one
highest | one u16 for each channel). Channels 1 to 4 have 10 bits, 5 and 6 have 6. The samples of a record have no gap
between them. The index is the sequence number made endless: a loss of a multiple of 16 frames cannot be seen.
params: channels = 1..6.
Source: BITalinoWorld/revolution-python-api@7128b3b.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.codecs.parameters import known, whole
from monitor.acquisition.codecs.stream import FrameStream
from monitor.errors import PacketError

FRAME_LEN = {1: 3, 2: 4, 3: 6, 4: 7, 5: 8, 6: 8}  # by channels
WIDTHS = (10, 10, 10, 10, 6, 6)  # bits of each channel
SEQUENCES = 16
INDICES = 1 << 32
_INDEX_BYTES = 4
_HEAD_BITS = 12  # sequence, CRC, digital inputs
_POLYNOMIAL = 0b10011  # x^4 + x + 1


def bitalino(params: Mapping[str, object]) -> Bitalino:
    """The codec. Raises: ProfileError."""
    known("bitalino", params, "channels")
    return Bitalino(whole("bitalino", params, "channels", 1, 6))


def _divided(state: int, byte: int) -> int:
    for bit in range(7, -1, -1):
        state = state << 1 | byte >> bit & 1
        if state > 0xF:
            state ^= _POLYNOMIAL
    return state


_DIVIDED = np.array([[_divided(state, byte) for byte in range(256)] for state in range(16)], dtype=np.uint8)


def crc4(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The CRC of each row, whose own CRC counts as 0."""
    state = np.zeros(len(frames), np.uint8)
    for column in frames.T[:-1]:
        state = _DIVIDED[state, column]
    return _DIVIDED[state, frames[:, -1] & 0xF0]


class Bitalino(FrameStream):
    """A frame is told by its CRC, and by its sequence number after the one before; each may be chance."""

    def __init__(self, channels: int) -> None:
        super().__init__(FRAME_LEN[channels])
        self._widths = WIDTHS[:channels]
        self._sample = np.dtype([("digital", "u1"), ("channels", "<u2", (channels,))])

    def _stop(self) -> None:
        super()._stop()
        self._index = 0

    def fits(self, windows: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """The CRC is right."""
        return crc4(windows) == windows[:, -1] & 0xF

    def counts(self, windows: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The sequence number."""
        return (windows[:, -1] >> 4).astype(np.int64)

    def follows(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """The next number."""
        return (after - before) % SEQUENCES == 1

    def record(self, rows: NDArray[np.uint8]) -> bytes:
        """The bits of a frame in order: from its last byte to its first."""
        bits = np.unpackbits(rows[:, ::-1], axis=1)
        samples = np.zeros(len(rows), self._sample)
        samples["digital"] = rows[:, -2] >> 4
        at = _HEAD_BITS
        for channel, width in enumerate(self._widths):
            samples["channels"][:, channel] = bits[:, at : at + width] @ (1 << np.arange(width - 1, -1, -1))
            at += width
        index = self._index + (int(rows[0, -1] >> 4) - self._index) % SEQUENCES
        self._index = index + len(rows)
        return (index % INDICES).to_bytes(_INDEX_BYTES, "little") + samples.tobytes()

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """One frame for each sample, as many whole ones as fit; how many a real board sends together is not known.

        Raises: PacketError if it is no record, or no frame fits.
        """
        stream, size = self._stream(frame), room // self._frame_len * self._frame_len
        if not size:
            raise PacketError(f"a frame of {self._frame_len} bytes does not fit a notification of {room}")
        return [stream[at : at + size] for at in range(0, len(stream), size)]

    def _stream(self, frame: bytes) -> bytes:
        if len(frame) <= _INDEX_BYTES or (len(frame) - _INDEX_BYTES) % self._sample.itemsize:
            raise PacketError(f"{len(frame)} bytes are no samples of a BITalino")
        samples = np.frombuffer(frame[_INDEX_BYTES:], self._sample)
        if (samples["digital"] > 0xF).any() or (samples["channels"] >> self._widths).any():
            raise PacketError("a sample does not fit the bits of its channel")
        bits = np.zeros((len(samples), 8 * self._frame_len), np.uint8)
        at = _HEAD_BITS
        for channel, width in enumerate(self._widths):
            bits[:, at : at + width] = samples["channels"][:, channel, None] >> np.arange(width - 1, -1, -1) & 1
            at += width
        frames = np.packbits(bits, axis=1)[:, ::-1].copy()
        frames[:, -2] |= samples["digital"] << 4
        frames[:, -1] = (frame[0] + np.arange(len(frames))) % SEQUENCES << 4
        frames[:, -1] |= crc4(frames)
        return frames.tobytes()
