"""Shimmer3R: answers and frames of data as one stream of bytes.

Records are the messages as they are sent, one by one:
  ff | fe                                                                   a command was done, or refused
  02 | divider u16 | settings 7 bytes | n u8 | buffer u8 | n x channel u8   the answer to an inquiry
  00 | ticks u24 | channels                                                 a frame
Ticks are those of 32768 Hz, little-endian as the divider. The marks are weak: a frame is believed if its ticks come a
whole number of steps after the one before, within a second; after a break, if three in a row do, within a few steps.
params: channels = the ids that the inquiry must answer (hex), which give the length of a frame; step = ticks per frame.
Source: ShimmerResearch/shimmer-web-sdk@4ae69dc, channel ids and widths also there (channelFormats.ts).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.codecs.parameters import known, whole
from monitor.acquisition.codecs.stream import UNFINISHED, FrameStream
from monitor.errors import PacketError, ProfileError

ACK, NACK, INQUIRY = 0xFF, 0xFE, 0x02
TICKS = 1 << 24
SECOND = 32768
FEW = 8  # steps between frames that stand one behind the other
HEAD = 4  # bytes before the channels of a frame
WIDTH = {**dict.fromkeys((0x1D, 0x20), 1), **dict.fromkeys((0x1E, 0x1F, 0x21, 0x22, 0x1A, 0x1B), 3)}  # others 2
HIGHEST_CHANNEL = 0x28
NOTIFICATION = 42  # bytes, about
_N_AT, _IDS_AT, _MOST = 10, 12, 32  # in the answer to an inquiry


def shimmer3r(params: Mapping[str, object]) -> Shimmer3R:
    """The codec. Raises: ProfileError."""
    known("shimmer3r", params, "channels", "step")
    channels = params.get("channels")
    try:
        ids = bytes.fromhex(channels) if isinstance(channels, str) else b""
    except ValueError:
        ids = b""
    if not ids or len(ids) > _MOST or max(ids) > HIGHEST_CHANNEL:
        raise ProfileError(f"the codec shimmer3r needs channels as hexadecimal ids up to 28, got {channels!r}")
    return Shimmer3R(ids, whole("shimmer3r", params, "step", 4, SECOND))


class Shimmer3R(FrameStream):
    """Frames are told by their first byte and the steps of their ticks; messages stand between frames."""

    def __init__(self, channels: bytes, step: int) -> None:
        super().__init__(HEAD + sum(WIDTH.get(channel, 2) for channel in channels))
        self._channels, self._step = channels, step

    def _stop(self) -> None:
        super()._stop()
        self._unsent = b""

    def fits(self, windows: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """The first byte is 00."""
        return windows[:, 0] == 0

    def counts(self, windows: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The ticks."""
        return windows[:, 1:HEAD].astype(np.int64) @ np.array([1, 1 << 8, 1 << 16])

    def follows(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """A few steps later. A frame read one byte too early comes 256 steps later, and is not believed."""
        return self._steps_later(before, after) & ((after - before) % TICKS <= FEW * self._step)

    def comes_later(self, before: int, after: int) -> bool:
        """Any number of steps later, within a second."""
        return (after - before) % TICKS <= SECOND and bool(self._steps_later(np.array(before), np.array(after)))

    def _steps_later(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        ticks = (after - before) % TICKS
        off = (ticks + self._step // 2) % self._step - self._step // 2
        return (ticks > self._step // 2) & (np.abs(off) <= self._step // 8)

    def joined(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Nowhere: each frame has its ticks."""
        return np.zeros(len(before), bool)

    def aside(self, stream: bytes, at: int) -> int:
        """An acknowledgement, or the answer to an inquiry if its channels can be some."""
        if stream[at] in (ACK, NACK):
            return 1
        if stream[at] != INQUIRY:
            return 0
        message = stream[at : at + _IDS_AT + _MOST]
        if len(message) < _IDS_AT:
            return UNFINISHED
        n = message[_N_AT]
        if n > _MOST or any(channel > HIGHEST_CHANNEL for channel in message[_IDS_AT : _IDS_AT + n]):
            return 0
        return _IDS_AT + n if len(message) >= _IDS_AT + n else UNFINISHED

    def faults(self, message: bytes) -> list[str]:
        """The sensor sends other channels, or at another rate."""
        if message[0] != INQUIRY:
            return []
        divider, ids = int.from_bytes(message[1:3], "little"), message[_IDS_AT:]
        told = []
        if ids != self._channels:
            told.append(f"the sensor sends the channels {ids.hex(' ')}; expected are {self._channels.hex(' ')}")
        if divider != self._step:
            told.append(f"the sensor sends a frame every {divider} ticks; expected are {self._step}")
        return told

    def record(self, rows: NDArray[np.uint8]) -> bytes:
        """The frame as it is."""
        return rows.tobytes()

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """Notifications of about 42 bytes, sent when they are full; a message goes out at once, with what waits.

        Raises: PacketError if it is no record.
        """
        message = bool(frame) and self.aside(frame, 0) == len(frame)
        if not message and (len(frame) != self._frame_len or frame[0]):
            raise PacketError(f"{len(frame)} bytes that begin with {frame[:1].hex()} are no record of a Shimmer3R")
        stream, size = self._unsent + frame, min(room, NOTIFICATION)
        end = len(stream) if message else len(stream) // size * size
        self._unsent = stream[end:]
        return [stream[at : min(at + size, end)] for at in range(0, end, size)]
