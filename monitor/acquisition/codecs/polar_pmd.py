"""Polar measurement data (PMD): raw frames and frames of differences become the same plain records.

Record, little-endian:
  kind u8 = the measurement type, 2 acceleration, 5 gyroscope, with the top bit set (82, 85) where differences came
  | format u8 = the frame type | time_ns u64 of the last sample, since 2000-01-01 | n x (x y z i16)
Raw acceleration of format 1 is in mg. Differences: one sample as it is, then groups `bits u8, count u8` and count x 3
signed numbers of so many bits, lowest bit first, each added to the sample before.
Formats that are read: acceleration 1 raw, 0 and 1 as differences; gyroscope 0 as differences.
Source: polarofficial/polar-ble-sdk@8fb5311c (AccData, GyrData, unit tests), online_measurement.pdf.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.codecs.alone import Alone
from monitor.acquisition.codecs.parameters import known
from monitor.errors import PacketError

DIFFERENCES = 0x80
AXES = 3
FORMATS = {0x02: (1,), 0x82: (0, 1), 0x85: (0,)}  # of each kind of record
WIDEST = 17  # bits of a difference between two numbers of 16
_HEAD = struct.Struct("<BQB")  # measurement type, time, frame type with the bit for differences
_PLAIN = struct.Struct("<BBQ")


def polar_pmd(params: Mapping[str, object]) -> PolarPmd:
    """The codec; it has no parameters. Raises: ProfileError."""
    known("polar_pmd", params)
    return PolarPmd()


class PolarPmd(Alone):
    """A frame is a notification, and stands for itself."""

    def records(self, piece: bytes) -> list[bytes]:
        """One record for each frame."""
        if len(piece) <= _HEAD.size:
            raise PacketError(f"{len(piece)} bytes are a cut measurement frame; its head alone has {_HEAD.size}")
        type_, time_ns, frame_type = _HEAD.unpack_from(piece)
        kind, format_ = type_ | frame_type & DIFFERENCES, frame_type & ~DIFFERENCES
        if format_ not in FORMATS.get(kind, ()) or type_ & DIFFERENCES:
            raise PacketError(f"measurement type {type_} with frame type {frame_type:#04x} is not known")
        body = piece[_HEAD.size :]
        samples = summed(body) if kind & DIFFERENCES else _raw(body)
        return [_PLAIN.pack(kind, format_, time_ns) + samples.astype("<i2").tobytes()]

    def payload(self, frame: bytes) -> bytes:
        """The frame for a record."""
        n, rest = divmod(len(frame) - _PLAIN.size, 2 * AXES)
        if n < 1 or rest:
            raise PacketError(f"{len(frame)} bytes are no record of a measurement")
        kind, format_, time_ns = _PLAIN.unpack_from(frame)
        if format_ not in FORMATS.get(kind, ()):
            raise PacketError(f"no sensor sends the kind {kind:#04x} in the format {format_}")
        body = frame[_PLAIN.size :]
        if kind & DIFFERENCES:
            body = differences(np.frombuffer(body, "<i2").reshape(n, AXES).astype(np.int64))
        return _HEAD.pack(kind & ~DIFFERENCES, time_ns, format_ | kind & DIFFERENCES) + body


def _raw(body: bytes) -> NDArray[np.int16]:
    if len(body) % (2 * AXES):
        raise PacketError(f"{len(body)} bytes are no whole number of samples: the frame is cut")
    return np.frombuffer(body, "<i2")


def summed(body: bytes) -> NDArray[np.int64]:
    """The samples (n, 3) of a body of differences. Raises: PacketError if it is cut or leaves 16 bits."""
    if len(body) < 2 * AXES:
        raise PacketError(f"{len(body)} bytes hold no first sample: the frame is cut")
    rows = [np.frombuffer(body[: 2 * AXES], "<i2").astype(np.int64).reshape(1, AXES)]
    at = 2 * AXES
    while at < len(body):
        group, at = _group(body, at)
        rows.append(group)
    samples = np.cumsum(np.concatenate(rows), axis=0)
    if np.abs(samples + 0.5).max() > 1 << 15:
        raise PacketError("differences lead out of the range of 16 bits")
    return samples


def _group(body: bytes, at: int) -> tuple[NDArray[np.int64], int]:
    """The differences of the group at `at`, and where the next one begins."""
    bits, count = body[at], body[at + 1] if at + 1 < len(body) else 0
    end = at + 2 + (bits * count * AXES + 7) // 8
    if not 1 <= bits <= WIDEST or not count or end > len(body):
        raise PacketError(f"a group of {count} x {AXES} differences of {bits} bits does not fit: the frame is cut")
    each = np.unpackbits(np.frombuffer(body[at + 2 : end], np.uint8), bitorder="little")[: bits * count * AXES]
    numbers = each.reshape(-1, bits).astype(np.int64) @ (1 << np.arange(bits))
    return (numbers - (numbers >> (bits - 1) << bits)).reshape(count, AXES), end


def differences(samples: NDArray[np.int64]) -> bytes:
    """The inverse of `summed`, in groups of one width."""
    steps = np.diff(samples, axis=0)
    bits = max((int(max(step, ~step)).bit_length() + 1 for step in steps.ravel()), default=1)
    body = samples[0].astype("<i2").tobytes()
    for group in (steps[at : at + 0xFF] for at in range(0, len(steps), 0xFF)):
        each = (group.reshape(-1, 1) >> np.arange(bits) & 1).astype(np.uint8)
        body += bytes([bits, len(group)]) + np.packbits(each, bitorder="little").tobytes()
    return body
