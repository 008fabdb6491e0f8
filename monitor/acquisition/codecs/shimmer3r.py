"""Shimmer3R: answers and frames of data as one stream of bytes.

Records, little-endian where they are ours:
  ff | fe                                   a command was done, or refused
  02 | divider u16 | settings 7 bytes | n u8 | buffer u8 | n x channel u8     the answer to an inquiry, as it is
  00 | ticks u24 of the first frame | n x the channels of a frame, as they are     frames in a row without a gap
A frame is 00, u24 ticks of 32768 Hz and the channels. The marks are weak: a frame is believed if its ticks come a whole
number of steps after the one before, within a second; after a break, if three in a row do, within a few steps.
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

    def steady(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.bool_]:
        """One step later."""
        return (after - before) % TICKS < self._step + self._step // 2

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
        """The head of the first frame, the channels of all."""
        return rows[0, :HEAD].tobytes() + rows[:, HEAD:].tobytes()

    def stream(self, frame: bytes) -> bytes:
        """Frames with ticks of their own; messages as they are."""
        if frame and self.aside(frame, 0) == len(frame):
            return frame
        n, rest = divmod(len(frame) - HEAD, self._frame_len - HEAD)
        if n < 1 or rest or frame[0]:
            raise PacketError(f"{len(frame)} bytes that begin with {frame[:1].hex()} are no record of a Shimmer3R")
        ticks = int.from_bytes(frame[1:HEAD], "little") + self._step * np.arange(n)
        rows = np.zeros((n, self._frame_len), np.uint8)
        rows[:, 1:HEAD] = ticks[:, None] % TICKS >> (8 * np.arange(HEAD - 1)) & 0xFF
        rows[:, HEAD:] = np.frombuffer(frame[HEAD:], np.uint8).reshape(n, -1)
        return rows.tobytes()

    def cut(self, room: int) -> int:
        """About 42 bytes, whatever they are."""
        return min(room, NOTIFICATION)
