"""The part of the profile language that describes bytes: fields, repetitions, packets, frames, counters.

A number type that numpy lacks (24 bits) would be added here alone: in `NUMBER`, and where `columns` reads it.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

NumberType = Literal["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"]
Endian = Literal["little", "big"]

NUMBER: dict[str, str] = {
    "u8": "u1",
    "i8": "i1",
    "u16": "u2",
    "i16": "i2",
    "u32": "u4",
    "i32": "i4",
    "f32": "f4",
    "f64": "f8",
}


SAMPLES = "@samples"  # the repeated part in the dtype of a packet; no field can have this name


def _hex(text: str) -> str:
    try:
        return bytes.fromhex(text).hex()
    except ValueError:
        raise ValueError(f"{text!r} is no even number of hexadecimal digits") from None


Hex = Annotated[str, AfterValidator(_hex)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]


class Strict(BaseModel):
    """Every part of a profile: read-only, and a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class FieldSpec(Strict):
    """`shape` consecutive numbers of one type. offset: bytes from the start of the packet, or of the sample."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: NumberType
    offset: int = Field(ge=0)
    shape: int = Field(default=1, ge=1, le=256)
    endian: Endian | None = None

    def dtype(self, packet_endian: Endian) -> np.dtype:
        """The numbers as numpy sees them, with this field's own byte order if it has one."""
        order = "<" if (self.endian or packet_endian) == "little" else ">"
        return np.dtype((np.dtype(order + NUMBER[self.type]), (self.shape,)))

    @property
    def end(self) -> int:
        """The first byte after the field."""
        return self.offset + self.shape * np.dtype(NUMBER[self.type]).itemsize

    @property
    def limits(self) -> tuple[int, int] | None:
        """The smallest and the largest count that fit; None for floats, which are not counted."""
        kind = np.dtype(NUMBER[self.type])
        if kind.kind == "f":
            return None
        return int(np.iinfo(kind).min), int(np.iinfo(kind).max)


class Repeat(Strict):
    """Where the samples of a packet lie: `count` (or as many as fit) of `stride` bytes from `offset` on."""

    offset: int = Field(ge=0)
    stride: int = Field(ge=1)
    count: int | Literal["to_end"]

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if self.count != "to_end" and self.count < 1:
            raise ValueError('count must be at least 1, or "to_end"')
        return self

    def n_samples(self, length: int) -> int | None:
        """The samples in a packet of `length` bytes; None if they do not fit it exactly."""
        n, rest = divmod(length - self.offset, self.stride)
        if self.count == "to_end":
            return n if n > 0 and rest == 0 else None
        return self.count if self.count <= n else None


def _record_dtype(fields: list[tuple[str, np.dtype, int]], size: int) -> np.dtype:
    """A structured dtype of `size` bytes with the fields (name, type, offset) inside it."""
    names, formats, offsets = zip(*fields, strict=True) if fields else ((), (), ())
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


def columns(records: NDArray[np.void], names: tuple[str, ...]) -> NDArray:
    """The named fields of records side by side, (number of records, total of the shapes), in native byte order."""
    table = records[names[0]] if len(names) == 1 else np.concatenate([records[name] for name in names], axis=-1)
    whole = table.astype(np.float64) if table.dtype.kind == "f" else table.astype(np.int64)
    return whole.reshape(-1, whole.shape[-1])


class Framing(Strict):
    """packet: a notification is a packet. sync: a byte stream, cut into frames of `frame_len` at the sync bytes."""

    mode: Literal["packet", "sync"] = "packet"
    chars: tuple[str, ...] = ()
    sync: tuple[Hex, ...] = ()
    frame_len: int = Field(default=0, ge=0, le=512)


class Tag(Strict):
    """Bytes that a packet of this kind has at `at`."""

    at: int = Field(ge=0)
    hex: Hex = Field(min_length=2)


class Select(Strict):
    """A packet is of this kind if its length is `length` and it carries every tag."""

    length: int = Field(ge=1, le=512)
    tags: tuple[Tag, ...] = ()


class PacketSpec(Strict):
    """One kind of packet. header_fields: once per packet; sample_fields: once per repetition.

    cycle: the packets come on `chars` in turn, and a break of the turn is a loss. unverified: announced by the vendor,
    or old; never seen by us or in a source that decodes it.
    """

    id: Identifier
    chars: tuple[str, ...] = Field(min_length=1)
    select: Select
    endian: Endian
    header_fields: tuple[FieldSpec, ...] = ()
    repeat: Repeat | None = None
    sample_fields: tuple[FieldSpec, ...] = ()
    cycle: bool = False
    unverified: bool = False

    @property
    def n_samples(self) -> int:
        """Repetitions in one packet (0 = it has header fields only)."""
        return (self.repeat.n_samples(self.select.length) or 0) if self.repeat else 0

    @property
    def dtype(self) -> np.dtype:
        """The whole packet as one record: its header fields, and the samples (if any) as a sub-array of records."""
        fields = [(field.name, field.dtype(self.endian), field.offset) for field in self.header_fields]
        if self.repeat:
            samples = [(field.name, field.dtype(self.endian), field.offset) for field in self.sample_fields]
            sample = _record_dtype(samples, self.repeat.stride)
            fields.append((SAMPLES, np.dtype((sample, (self.n_samples,))), self.repeat.offset))
        return _record_dtype(fields, self.select.length)

    def field(self, name: str) -> FieldSpec | None:
        """The field of that name, wherever it stands."""
        return next((field for field in (*self.header_fields, *self.sample_fields) if field.name == name), None)


class Counter(Strict):
    """A header field that counts the samples of `stream`; it holds the index of the packet's first sample.

    wrap: first and last value before it starts again. loss_multiple: losses come in multiples of this many samples.
    """

    field: str
    scope: Literal["sample"]
    stream: str
    wrap: tuple[int, int]
    loss_multiple: int = Field(default=1, ge=1)
    resets: Literal["power", "start", "connect", "never", "unknown"]
