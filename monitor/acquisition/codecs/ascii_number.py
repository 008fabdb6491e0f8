"""One decimal number as text in each notification becomes a plain f64.

Record, 8 bytes, little-endian: number f64. Spaces, line ends and zero bytes around the number mean nothing.
Source: the Advancer MyoWare library and its examples (sparkfun/SparkFun_MyoWare_Code_Examples@2493e63).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

import numpy as np

from monitor.acquisition.codecs.alone import Alone
from monitor.acquisition.codecs.parameters import known
from monitor.errors import PacketError

LONGEST = 32  # bytes of a notification that may be one number
_NUMBER = re.compile(rb"[+-]?(\d+(\.\d*)?|\.\d+)")
_RECORD = struct.Struct("<d")


def ascii_number(params: Mapping[str, object]) -> AsciiNumber:
    """The codec; it has no parameters. Raises: ProfileError."""
    known("ascii_number", params)
    return AsciiNumber()


class AsciiNumber(Alone):
    """Numbers such as `512` or `-1.25`; no exponents, no names for infinity."""

    def records(self, piece: bytes) -> list[bytes]:
        """One record for each notification."""
        text = piece.strip(b" \t\r\n\0")
        if len(piece) > LONGEST or not _NUMBER.fullmatch(text):
            raise PacketError(f"{piece[:LONGEST]!r} is no decimal number")
        return [_RECORD.pack(float(text))]

    def payload(self, frame: bytes) -> bytes:
        """The shortest decimal text that means this number."""
        if len(frame) != _RECORD.size:
            raise PacketError(f"{len(frame)} bytes are no number")
        (number,) = _RECORD.unpack(frame)
        text = np.format_float_positional(number, trim="-").encode()
        if len(text) > LONGEST or not _NUMBER.fullmatch(text):
            raise PacketError(f"{number} cannot be sent as a decimal number of at most {LONGEST} characters")
        return text
