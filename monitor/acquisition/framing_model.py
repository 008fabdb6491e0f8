"""The part of the profile language that says how notifications become packets, and what counts and times them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from monitor.acquisition.packet_model import LONGEST, Hex, Identifier, Strict, When

Chars = Annotated[tuple[str, ...], Field(min_length=1)]


class SyncFraming(Strict):
    """A byte stream, cut into frames of `frame_len` bytes that begin with one of the marks in `sync`."""

    mode: Literal["sync"]
    chars: Chars
    sync: tuple[Annotated[Hex, Field(min_length=2)], ...] = Field(min_length=1)
    frame_len: int = Field(ge=1, le=LONGEST)
    when: When = Field(default_factory=dict)


class PartialFraming(Strict):
    """Pieces `[tag][remaining][chunk]`, remaining counting down to 0, make a packet; what has no tag is a packet."""

    mode: Literal["partial"]
    chars: Chars
    tag: Annotated[Hex, Field(min_length=2)]
    remaining_at: int = Field(ge=1, le=16)
    when: When = Field(default_factory=dict)

    @model_validator(mode="after")
    def _after_the_tag(self) -> Self:
        if self.remaining_at < len(self.tag) // 2:
            raise ValueError("the number that remains must stand after the tag")
        return self


class CodecFraming(Strict):
    """A named codec rewrites an odd packing into plain records, which the packets describe."""

    mode: Literal["codec"]
    chars: Chars
    codec: Identifier
    params: dict[str, int | float | str | list[int | float | str]] = Field(default_factory=dict)
    when: When = Field(default_factory=dict)


FramingSpec = Annotated[SyncFraming | PartialFraming | CodecFraming, Field(discriminator="mode")]


class KnownGap(Strict):
    """Of every `every` samples that the sensor takes, it never sends the last `missing`, and does not count them."""

    every: int = Field(ge=2)
    missing: int = Field(ge=1)

    @model_validator(mode="after")
    def _less(self) -> Self:
        if self.missing >= self.every:
            raise ValueError("missing must be less than every")
        return self


class Counter(Strict):
    """A field that counts what `stream` sends.

    scope: `sample` = header field, index of the packet's first sample; `packet` = header field, counts the packets of
    the stream; `each` = sample field, counts every sample. wrap: first and last value before it starts again. step: by
    how much it grows. loss_multiple: losses come in multiples of this many samples. resets: when it begins anew.
    coarse, coarse_wrap: of `each`, a header field that counts packets: tells losses that are longer than the wrap.
    """

    stream: str
    field: str
    scope: Literal["sample", "packet", "each"]
    wrap: tuple[int, int]
    step: int = Field(default=1, ge=1)
    loss_multiple: int = Field(default=1, ge=1)
    resets: Literal["power", "start", "connect", "never", "unknown"]
    known_gap: KnownGap | None = None
    coarse: str | None = None
    coarse_wrap: tuple[int, int] | None = None
    when: When = Field(default_factory=dict)

    @model_validator(mode="after")
    def _coarse_of_each(self) -> Self:
        if (self.coarse is None) != (self.coarse_wrap is None):
            raise ValueError("coarse and coarse_wrap belong together")
        if self.coarse is not None and self.scope != "each":
            raise ValueError('coarse belongs to the scope "each"')
        return self


class ClockSpec(Strict):
    """A header field with the sensor's own time of the packet's first or last sample."""

    field: str
    tick_hz: float = Field(gt=0)
    wrap: tuple[int, int]
    refers_to: Literal["first", "last"]
    streams: tuple[str, ...] = Field(min_length=1)
    epoch: str = ""
    when: When = Field(default_factory=dict)
