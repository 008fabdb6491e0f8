"""The part of the profile language about the radio: how a sensor is known, what its link needs, what is written."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from monitor.acquisition.numbers import Endian, NumberType, dtype_of, read, size_of
from monitor.acquisition.packet_model import Hex, Strict, When

Text = Annotated[str, Field(min_length=1)]
OPTION = re.compile(r"\{([a-z][a-z0-9_-]*)\}")


def _uuid(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise ValueError("this is no UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
    return text.lower()


def _step_hex(text: str) -> str:
    """Hexadecimal digits with `{option}` between whole bytes."""
    parts = OPTION.split(text)
    try:
        parts[::2] = [bytes.fromhex(part).hex() for part in parts[::2]]
    except ValueError:
        raise ValueError(f"{text!r} is no even number of hexadecimal digits") from None
    return "".join(part if i % 2 == 0 else f"{{{part}}}" for i, part in enumerate(parts))


Uuid = Annotated[str, AfterValidator(_uuid)]
StepHex = Annotated[str, AfterValidator(_step_hex)]


class Named(Strict):
    """Names in the air: beginnings, parts, whole names."""

    name_prefixes: tuple[Text, ...] = ()
    name_contains: tuple[Text, ...] = ()
    name_is: tuple[Text, ...] | Text = ()
    ignore_case: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All that is compared with a name."""
        return (*self.name_prefixes, *self.name_contains, *self._whole)

    @property
    def _whole(self) -> tuple[str, ...]:
        return (self.name_is,) if isinstance(self.name_is, str) else self.name_is

    def fits(self, name: str) -> bool:
        """Whether it is one of these names."""

        def same(text: str) -> str:
            return text.casefold() if self.ignore_case else text

        name = same(name)
        return (
            any(name.startswith(same(prefix)) for prefix in self.name_prefixes)
            or any(same(part) in name for part in self.name_contains)
            or any(name == same(whole) for whole in self._whole)
        )


class Match(Named):
    """How the sensor is known in the air: by a name or a manufacturer; where it advertises its services, by these too.

    never: it is never matched; others include it.
    """

    service_uuids: tuple[Uuid, ...] = ()
    service_advertised: bool
    manufacturer_ids: tuple[Annotated[int, Field(ge=0, le=0xFFFF)], ...] = ()
    ignore_manufacturer_id: bool = False
    priority: int = 0
    never: bool = False

    def fits_advert(self, name: str | None, service_uuids: Collection[str], manufacturer_ids: Collection[int]) -> bool:
        """Whether an advertisement looks like one of these."""
        if self.never:
            return False
        known = self.fits(name or "") or not set(manufacturer_ids).isdisjoint(self.manufacturer_ids)
        if not self.service_advertised:
            return known
        advertised = {uuid.lower() for uuid in service_uuids}
        return not advertised.isdisjoint(self.service_uuids) or (known and not advertised)


class AdvertBattery(Strict):
    """Where advertisements tell the battery: a number in the manufacturer-specific bytes, the company id in front.

    empty, full : its values at 0 and 1.
    """

    offset: int = Field(ge=0, le=64)
    type: NumberType
    endian: Endian = "little"
    empty: float
    full: float

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.empty == self.full:
            raise ValueError("empty and full must differ")
        return self

    def fraction(self, bytes_: bytes) -> float | None:
        """0..1; None if the bytes end before. bytes_: with the company id put back in front."""
        part = bytes_[self.offset : self.offset + size_of(self.type)]
        if len(part) < size_of(self.type):
            return None
        stored = np.frombuffer(part, np.dtype([("x", dtype_of(self.type, self.endian, 1))]))["x"]
        part_full = (float(read(stored, self.type, self.endian)[0, 0]) - self.empty) / (self.full - self.empty)
        return float(np.clip(part_full, 0.0, 1.0)) if np.isfinite(part_full) else None


class Advert(Strict):
    """What else advertisements tell."""

    battery: AdvertBattery | None = None


class LinkSpec(Strict):
    """What the radio link needs. first_packet_timeout_s: silence after the start; stall_timeout_s: silence later.

    max_per_adapter: links of this kind that one adapter carries; None = nobody says.
    """

    min_mtu: int = Field(ge=23, le=517)
    want_mtu: int | None = Field(default=None, ge=23, le=517)
    first_packet_timeout_s: float = Field(gt=0)
    stall_timeout_s: float = Field(gt=0)
    connect_timeout_s: float = Field(default=3.0, gt=0, le=30)
    wants_short_interval: bool = False
    max_per_adapter: int | None = Field(default=None, ge=1)


class Characteristic(Strict):
    """One GATT characteristic, known in the profile by its alias."""

    service: Uuid
    char: Uuid
    props: tuple[Literal["read", "write", "write-without-response", "notify", "indicate"], ...] = Field(min_length=1)
    optional: bool = False


class Expect(Strict):
    """An answer by notification that begins with `hex`; without it the step has failed, or is warned of."""

    char: str
    hex: StepHex = Field(min_length=2)
    timeout_ms: int = Field(ge=1, le=10_000)
    on_fail: Literal["warn", "abort"]


class Step(Strict):
    """One thing to do on the link. every_s: only in `keepalive`. optional: going on without it is fine.

    hex: bytes to write; `{option}` stands for the bytes of the option's choice. ascii: text to write.
    """

    op: Literal["write", "read", "subscribe", "unsubscribe", "delay"]
    char: str = ""
    hex: StepHex = ""
    ascii: str = ""
    response: bool = False
    delay_ms: int = Field(default=0, ge=0, le=10_000)
    every_s: float | None = Field(default=None, gt=0)
    optional: bool = False
    expect: Expect | None = None
    when: When = Field(default_factory=dict)

    @property
    def payload(self) -> bytes:
        """The bytes that a write sends."""
        return self.ascii.encode("ascii", "replace") if self.ascii else bytes.fromhex(self.hex)


class Steps(Strict):
    """In the order of a connection: prepare, start the flow, keep it up, stop it; draw attention, switch off."""

    setup: tuple[Step, ...] = ()
    start: tuple[Step, ...] = ()
    keepalive: tuple[Step, ...] = ()
    stop: tuple[Step, ...] = ()
    alert: tuple[Step, ...] = ()
    poweroff: tuple[Step, ...] = ()


PHASES = tuple(Steps.model_fields)


class SimNotify(Strict):
    """How a virtual sensor sends one kind of packet: `true_rate_hz` samples a second (or packets, without a repeat).

    repetitions: samples in each packet of a kind that has no fixed length.
    """

    packet: str
    true_rate_hz: float = Field(gt=0)
    repetitions: int | None = Field(default=None, ge=1, le=512)
    when: When = Field(default_factory=dict)


class Reply(Strict):
    """A virtual sensor answers a write to `char` that begins with `hex` by the notification `answer` on `on`."""

    char: str
    hex: Hex = Field(min_length=2)
    on: str
    answer: Hex = Field(min_length=2)


class Sim(Strict):
    """How a virtual sensor of this profile behaves. stale_burst_s: how much it has queued when it is subscribed to.

    small_mtu: what it does with a packet that does not fit the MTU: cut it, or send nothing.
    """

    advert_name: Text
    start_index: int = Field(default=0, ge=0)
    stale_burst_s: float = Field(default=0.0, ge=0)
    small_mtu: Literal["cut", "silent"] = "silent"
    notify: tuple[SimNotify, ...] = Field(min_length=1)
    replies: tuple[Reply, ...] = ()
