"""The numbers that packets hold, and how numpy reads and writes them: here alone numpy is taught 24 bits."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

NumberType = Literal["u8", "i8", "u16", "i16", "u24", "i24", "u32", "i32", "u64", "i64", "f32", "f64"]
Endian = Literal["little", "big"]

_NUMPY = {
    "u8": "u1",
    "i8": "i1",
    "u16": "u2",
    "i16": "i2",
    "u32": "u4",
    "i32": "i4",
    "u64": "u8",
    "i64": "i8",
    "f32": "f4",
    "f64": "f8",
}
_THREE_BYTES = ("u24", "i24")


def size_of(number: NumberType) -> int:
    """Bytes of one number."""
    return int(number[1:]) // 8


def limits_of(number: NumberType) -> tuple[int, int] | None:
    """The smallest and the largest whole number that fit; None for floats, which are not counted."""
    bits = int(number[1:])
    if number[0] == "f":
        return None
    return (0, 2**bits - 1) if number[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def dtype_of(number: NumberType, endian: Endian, shape: int) -> np.dtype[Any]:
    """`shape` numbers as a field of a record; numbers of 24 bits are (shape, 3) bytes there."""
    if number in _THREE_BYTES:
        return np.dtype((np.dtype("u1"), (shape, 3)))
    return np.dtype((np.dtype(("<" if endian == "little" else ">") + _NUMPY[number]), (shape,)))


def read(stored: NDArray[Any], number: NumberType, endian: Endian) -> NDArray[Any]:
    """Numbers of a record's field (..., shape): int64, uint64 of u64, float64."""
    if number not in _THREE_BYTES:
        if number[0] != "f":
            return stored.astype(np.uint64 if number == "u64" else np.int64)
        with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
            return stored.astype(np.float64)
    four = np.zeros((*stored.shape[:-1], 4), np.uint8)
    if endian == "little":  # the three bytes stand on top of four, and the shift brings the sign down
        four[..., 1:] = stored
    else:
        four[..., :3] = stored
    order = "<" if endian == "little" else ">"
    return (four.view(f"{order}{number[0]}4")[..., 0] >> 8).astype(np.int64)


def write(stored: NDArray[Any], number: NumberType, endian: Endian, values: NDArray[Any]) -> None:
    """The inverse of `read`, in place; the values must fit."""
    if number not in _THREE_BYTES:
        with np.errstate(over="ignore", invalid="ignore"):
            stored[...] = values
        return
    order = "<" if endian == "little" else ">"
    four = values.astype(np.int64).astype(f"{order}i4")[..., np.newaxis].view(np.uint8)
    stored[...] = four[..., :3] if endian == "little" else four[..., 1:]
