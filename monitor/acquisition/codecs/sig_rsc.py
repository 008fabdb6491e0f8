"""Running Speed and Cadence Measurement (0x2A53) of the Bluetooth SIG: optional fields become one plain record.

Record, 40 bytes, little-endian, numbers as sent, NaN = not sent:
  speed f64 (1/256 m/s) | cadence f64 (1/min) | stride f64 (cm) | distance f64 (0.1 m) | running f64 (1 runs, 0 walks)
Source: polarofficial/polar-ble-sdk@8fb5311c, client and unit tests; the units are general knowledge, not looked up.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping

from monitor.acquisition.codecs.alone import Alone
from monitor.acquisition.codecs.parameters import known
from monitor.acquisition.codecs.sig_hr import counted
from monitor.errors import PacketError

_STRIDE, _DISTANCE, _RUNNING = 1, 2, 4
_RECORD = struct.Struct("<5d")


def sig_rsc(params: Mapping[str, object]) -> SigRunning:
    """The codec; it has no parameters. Raises: ProfileError."""
    known("sig_rsc", params)
    return SigRunning()


class SigRunning(Alone):
    """Speed, cadence, stride length, distance, and whether the athlete runs."""

    def records(self, piece: bytes) -> list[bytes]:
        """One record for each notification."""
        flags = piece[0] if piece else 0
        length = 4 + (2 if flags & _STRIDE else 0) + (4 if flags & _DISTANCE else 0)
        if len(piece) != length:
            raise PacketError(f"a running measurement of {len(piece)} bytes does not fit its flags {flags:#04x}")
        speed, cadence = struct.unpack_from("<HB", piece, 1)
        stride = int.from_bytes(piece[4:6], "little") if flags & _STRIDE else math.nan
        distance = int.from_bytes(piece[-4:], "little") if flags & _DISTANCE else math.nan
        return [_RECORD.pack(speed, cadence, stride, distance, bool(flags & _RUNNING))]

    def payload(self, frame: bytes) -> bytes:
        """The measurement with the fields that are known."""
        if len(frame) != _RECORD.size:
            raise PacketError(f"{len(frame)} bytes are no running record")
        speed, cadence, stride, distance, running = _RECORD.unpack(frame)
        flags, tail = _RUNNING if running == 1 else 0, b""
        if not math.isnan(stride):
            flags |= _STRIDE
            tail += counted("the stride", stride, 0xFFFF).to_bytes(2, "little")
        if not math.isnan(distance):
            flags |= _DISTANCE
            tail += counted("the distance", distance, 0xFFFFFFFF).to_bytes(4, "little")
        head = struct.pack("<BHB", flags, counted("the speed", speed, 0xFFFF), counted("the cadence", cadence, 0xFF))
        return head + tail
