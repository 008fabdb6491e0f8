"""Movesense with the GSP firmware: two half-arrays in one packet, continued in a second notification if it is long.

Records, little-endian:
  01 | ref u8 | status u16 | rest to the end                              a reply, as it is
  02 | ref u8 | time_ms u32 | n x (acc x y z f32 in m/s^2, gyro x y z f32 in deg/s)
The sensor sends all n accelerations, then all n rates of turn. Only packets of `samples` are taken: a packet whose
continuation is lost would mix the two.
params: samples = n of a whole packet, 1..16.
Source: sensein/movesense-py@800da2a, EvanKat/movesense_bleak@fe303ee (third parties; the vendor's own was not read).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from monitor.acquisition.codecs.parameters import known, whole
from monitor.acquisition.framing import Framed
from monitor.errors import PacketError

REPLY, BEGIN, CONTINUED = 1, 2, 3
SAMPLE = 24  # bytes: 2 x 3 f32
_HEAD, _TIME, _SHORTEST_REPLY = 2, 4, 4


def movesense_gsp(params: Mapping[str, object]) -> MovesenseGsp:
    """The codec. Raises: ProfileError."""
    known("movesense_gsp", params, "samples")
    return MovesenseGsp(whole("movesense_gsp", params, "samples", 1, 16))


class MovesenseGsp:
    """held: a packet that is not continued yet."""

    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._length = _HEAD + _TIME + SAMPLE * samples
        self.held = b""

    def reset(self) -> None:
        """The link was lost."""
        self.held = b""

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """The records that end in each notification."""
        return [framed for at, piece in enumerate(pieces) for framed in self._framed(at, bytes(piece))]

    def _framed(self, at: int, piece: bytes) -> list[Framed]:
        code = piece[0] if len(piece) >= _HEAD else None
        if code == REPLY and len(piece) >= _SHORTEST_REPLY:
            return [Framed(0, piece, at)]
        if code == BEGIN:
            broken = self._broken(at)
            self.held = piece
            return [*broken, *self._finished(at)]
        if code == CONTINUED and self.held[1:_HEAD] == piece[1:_HEAD]:
            self.held += piece[_HEAD:]
            return self._finished(at)
        what = "a continuation without its beginning" if code == CONTINUED else "no reply and no measurement"
        return [*self._broken(at), Framed(0, b"", at, f"{len(piece)} bytes {piece[:_HEAD].hex(' ')} are {what}")]

    def _finished(self, at: int) -> list[Framed]:
        if len(self.held) < self._length:
            return []
        if len(self.held) > self._length:
            return self._broken(at)
        packet, self.held = self.held, b""
        halves = np.frombuffer(packet[_HEAD + _TIME :], np.uint8).reshape(2, self._samples, SAMPLE // 2)
        return [Framed(0, packet[: _HEAD + _TIME] + halves.swapaxes(0, 1).tobytes(), at)]

    def _broken(self, at: int) -> list[Framed]:
        """What is held is no packet of this many samples, and will be none."""
        n, self.held = len(self.held), b""
        if not n:
            return []
        reason = f"a measurement of {n} bytes was not continued or is none; {self._samples} samples have {self._length}"
        return [Framed(0, b"", at, reason)]

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """A reply, or a measurement with its continuations. Raises: PacketError."""
        if frame[:1] == bytes([REPLY]) and _SHORTEST_REPLY <= len(frame) <= room:
            return [frame]
        if frame[:1] != bytes([BEGIN]) or len(frame) != self._length or room <= _HEAD:
            raise PacketError(f"{len(frame)} bytes are no record of {self._samples} samples, or do not fit {room}")
        samples = np.frombuffer(frame[_HEAD + _TIME :], np.uint8).reshape(self._samples, 2, SAMPLE // 2)
        body, size = frame[_HEAD : _HEAD + _TIME] + samples.swapaxes(0, 1).tobytes(), room - _HEAD
        parts = [body[at : at + size] for at in range(0, len(body), size)]
        return [bytes([CONTINUED if at else BEGIN, frame[1]]) + part for at, part in enumerate(parts)]
