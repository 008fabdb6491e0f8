"""The part of the profile language that describes packets: fields, repetitions, and how kinds are told apart."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from monitor.acquisition.numbers import Endian, NumberType, dtype_of, limits_of, size_of

SAMPLES = "@samples"  # the repeated part in the dtype of a packet; no field can have this name
LONGEST = 514  # bytes of a packet: what the largest MTU lets through


def _hex(text: str) -> str:
    try:
        return bytes.fromhex(text).hex()
    except ValueError:
        raise ValueError(f"{text!r} is no even number of hexadecimal digits") from None


Hex = Annotated[str, AfterValidator(_hex)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
VariantId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
When = dict[Identifier, Annotated[tuple[str, ...], Field(min_length=1)]]


class Strict(BaseModel):
    """Every part of a profile: read-only, and a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class FieldSpec(Strict):
    """`shape` consecutive numbers of one type. offset: bytes from the start of the packet, or of the sample.

    type `pad`: `shape` bytes that mean nothing.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: Literal[NumberType, "pad"]
    offset: int = Field(ge=0)
    shape: int = Field(default=1, ge=1, le=LONGEST)
    endian: Endian | None = None

    @property
    def end(self) -> int:
        """The first byte after the field."""
        return self.offset + self.shape * (1 if self.type == "pad" else size_of(self.type))

    @property
    def limits(self) -> tuple[int, int] | None:
        """The smallest and the largest count that fit; None for floats and pads, which are not counted."""
        return None if self.type == "pad" else limits_of(self.type)


class Column(Strict):
    """A field that means something, with its byte order settled."""

    name: str
    type: NumberType
    offset: int
    shape: int
    endian: Endian

    @property
    def dtype(self) -> np.dtype:
        """As a field of a record."""
        return dtype_of(self.type, self.endian, self.shape)


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
            return n if n >= 0 and rest == 0 else None
        return self.count if self.count <= n else None


class Tag(Strict):
    """Bytes that a packet of this kind has at `at`, negative: from its end. mask: the bits of them that count."""

    at: int = Field(ge=-LONGEST, le=LONGEST)
    hex: Hex = Field(min_length=2)
    mask: Hex | None = None

    @property
    def mark(self) -> bytes:
        """The bytes."""
        return bytes.fromhex(self.hex)

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        if self.mask is not None and len(self.mask) != len(self.hex):
            raise ValueError("the mask must be as long as the tag")
        if self.at < 0 and len(self.mark) > -self.at:
            raise ValueError("the tag ends beyond the packet")
        return self


class Select(Strict):
    """A packet is of this kind if it has `length` bytes, or at least `min_length`, and carries every tag."""

    length: int | None = Field(default=None, ge=1, le=LONGEST)
    min_length: int | None = Field(default=None, ge=1, le=LONGEST)
    tags: tuple[Tag, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.length is None) == (self.min_length is None):
            raise ValueError("needs either length or min_length")
        return self


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
    when: When = Field(default_factory=dict)

    @property
    def shortest(self) -> int:
        """Bytes of the shortest packet of this kind."""
        return self.select.length or self.select.min_length or 0

    def n_samples_in(self, length: int) -> int | None:
        """Repetitions in a packet of so many bytes (0: it has header fields only); None: it cannot have that length."""
        if length < self.shortest or (self.select.length is not None and length != self.select.length):
            return None
        return self.repeat.n_samples(length) if self.repeat else 0 if length == self.shortest else None

    def length_with(self, repetitions: int) -> int:
        """Bytes of a packet with so many repetitions; a packet of one length has that."""
        if self.select.length is not None or self.repeat is None:
            return self.shortest
        return self.repeat.offset + repetitions * self.repeat.stride

    def header_columns(self) -> tuple[Column, ...]:
        """The header fields that mean something."""
        return self._columns(self.header_fields)

    def sample_columns(self) -> tuple[Column, ...]:
        """The sample fields that mean something."""
        return self._columns(self.sample_fields)

    def _columns(self, fields: tuple[FieldSpec, ...]) -> tuple[Column, ...]:
        return tuple(
            Column(name=f.name, type=f.type, offset=f.offset, shape=f.shape, endian=f.endian or self.endian)
            for f in fields
            if f.type != "pad"
        )

    def dtype(self, length: int) -> np.dtype:
        """A packet of so many bytes as one record: its header fields, and its samples as a sub-array of records."""
        fields = [(column.name, column.dtype, column.offset) for column in self.header_columns()]
        if self.repeat and (n_samples := self.n_samples_in(length)):
            sample = _record_dtype([(c.name, c.dtype, c.offset) for c in self.sample_columns()], self.repeat.stride)
            fields.append((SAMPLES, np.dtype((sample, (n_samples,))), self.repeat.offset))
        return _record_dtype(fields, length)

    def field(self, name: str) -> FieldSpec | None:
        """The field of that name, wherever it stands."""
        fields = (*self.header_fields, *self.sample_fields)
        return next((field for field in fields if field.name == name and field.type != "pad"), None)


def _record_dtype(fields: list[tuple[str, np.dtype, int]], size: int) -> np.dtype:
    """A structured dtype of `size` bytes with the fields (name, type, offset) inside it."""
    names, formats, offsets = zip(*fields, strict=True) if fields else ((), (), ())
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})
