"""Heart Rate Measurement (0x2A37) of the Bluetooth SIG: fields that come and go by flags become plain records.

Records, little-endian:
  01 | bpm f64 | energy_kj f64 | contact f64   25 bytes, one per notification; NaN = not sent; contact 1 on skin, 0 off
  02 | n x u16                                 RR intervals in 1/1024 s, oldest first; only where there are any
Source: polarofficial/polar-ble-sdk@8fb5311c, client and unit tests.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from fractions import Fraction

from monitor.acquisition.codecs.alone import Alone
from monitor.acquisition.codecs.parameters import known
from monitor.errors import PacketError

HEART_RATE, RR = 1, 2
_WIDE, _CONTACT, _CONTACT_SUPPORTED, _ENERGY, _INTERVALS = 1, 2, 4, 8, 16
_MEASUREMENT = struct.Struct("<B3d")


def sig_hr(params: Mapping[str, object]) -> SigHeartRate:
    """The codec; it has no parameters. Raises: ProfileError."""
    known("sig_hr", params)
    return SigHeartRate()


class SigHeartRate(Alone):
    """Heart rate, energy, skin contact and RR intervals."""

    def records(self, piece: bytes) -> list[bytes]:
        """One record of the measurement, one of the RR intervals if there are any."""
        if not piece:
            raise PacketError("a heart rate measurement of 0 bytes")
        flags = piece[0]
        fixed = 1 + (2 if flags & _WIDE else 1) + (2 if flags & _ENERGY else 0)
        rest = len(piece) - fixed
        if rest < 0 or (rest % 2 if flags & _INTERVALS else rest):
            raise PacketError(f"a heart rate measurement of {len(piece)} bytes does not fit its flags {flags:#04x}")
        bpm = int.from_bytes(piece[1:3], "little") if flags & _WIDE else piece[1]
        energy = int.from_bytes(piece[fixed - 2 : fixed], "little") if flags & _ENERGY else math.nan
        contact = float(bool(flags & _CONTACT)) if flags & _CONTACT_SUPPORTED else math.nan
        records = [_MEASUREMENT.pack(HEART_RATE, bpm, energy, contact)]
        return [*records, bytes([RR]) + piece[fixed:]] if rest else records

    def payload(self, frame: bytes) -> bytes:
        """The measurement; RR intervals come with the heart rate that they mean."""
        if len(frame) == _MEASUREMENT.size and frame[0] == HEART_RATE:
            return _measurement(*_MEASUREMENT.unpack(frame)[1:])
        if len(frame) > 1 and len(frame) % 2 and frame[0] == RR:
            return _intervals(frame[1:])
        raise PacketError(f"{len(frame)} bytes are no heart rate record")


def counted(what: str, number: float, high: int) -> int:
    """The number as a sensor counts it. Raises: PacketError if it is none from 0 to high."""
    if not -0.5 <= number < high + 0.5:  # also refuses NaN
        raise PacketError(f"{what} must be 0 to {high}, got {number}")
    return round(number)


def _measurement(bpm: float, energy_kj: float, contact: float) -> bytes:
    beats = counted("the heart rate", bpm, 0xFFFF)
    flags = _WIDE if beats > 0xFF else 0
    if not math.isnan(contact):
        flags |= _CONTACT_SUPPORTED | (_CONTACT if contact else 0)
    body = beats.to_bytes(2 if flags & _WIDE else 1, "little")
    if not math.isnan(energy_kj):
        flags |= _ENERGY
        body += counted("the energy", energy_kj, 0xFFFF).to_bytes(2, "little")
    return bytes([flags]) + body


def _intervals(body: bytes) -> bytes:
    intervals = [number for (number,) in struct.iter_unpack("<H", body)]
    mean_s = Fraction(sum(intervals), 1024 * len(intervals))
    bpm = min(round(60 / mean_s), 0xFF) if mean_s else 0
    return bytes([_INTERVALS, bpm]) + body
