"""The language of a firmware profile: what a TOML file in `firmware_profiles/` may say about a sensor.

Profiles are data: no expressions, no code. The field list for people is in `firmware_profiles/README.md`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from monitor.acquisition.packet_model import Counter, Framing, Hex, Identifier, PacketSpec, Strict

StreamKind = Literal["emg", "acc", "gyro", "mag", "quat", "euler"]
Unit = Literal["uV", "counts", "g", "deg/s", "deg", "uT", "1"]


def _uuid(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise ValueError(f"{text!r} is no UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
    return text.lower()


Uuid = Annotated[str, AfterValidator(_uuid)]
Number = Annotated[float, Field(strict=True)]
Text = Annotated[str, Field(min_length=1)]


class Identity(Strict):
    """What the sensor is and how far this file can be trusted."""

    id: Identifier
    vendor: Text
    model: Text
    kind: tuple[Literal["emg", "imu"], ...] = Field(min_length=1)
    confidence: Literal["vendor-spec", "firmware", "client", "community"]
    verified_on_hardware: bool
    sources: tuple[Text, ...] = Field(min_length=1)
    notes: str = ""


class Match(Strict):
    """How the sensor is known in the air: by any of its names; where it advertises its services, by these as well."""

    name_prefixes: tuple[Text, ...] = ()
    name_contains: tuple[Text, ...] = ()
    service_uuids: tuple[Uuid, ...] = ()
    service_advertised: bool
    ignore_manufacturer_id: bool = False
    priority: int = 0


class LinkSpec(Strict):
    """What the radio link needs. first_packet_timeout_s: silence after the start; stall_timeout_s: silence later."""

    min_mtu: int = Field(ge=23, le=517)
    want_mtu: int | None = Field(default=None, ge=23, le=517)
    first_packet_timeout_s: float = Field(gt=0)
    stall_timeout_s: float = Field(gt=0)
    wants_short_interval: bool = False


class Characteristic(Strict):
    """One GATT characteristic, known in the profile by its alias."""

    service: Uuid
    char: Uuid
    props: tuple[Literal["read", "write", "write-without-response", "notify", "indicate"], ...] = Field(min_length=1)
    optional: bool = False


class Step(Strict):
    """One thing to do on the link. every_s: only in `keepalive`. optional: going on without it is fine."""

    op: Literal["write", "read", "subscribe", "unsubscribe", "delay"]
    char: str = ""
    hex: Hex = ""
    response: bool = False
    delay_ms: int = Field(default=0, ge=0, le=10_000)
    every_s: float | None = Field(default=None, gt=0)
    optional: bool = False

    @property
    def payload(self) -> bytes:
        """The bytes that a write sends."""
        return bytes.fromhex(self.hex)


class Steps(Strict):
    """In the order of a connection: prepare, start the flow, keep it up, stop it."""

    setup: tuple[Step, ...] = ()
    start: tuple[Step, ...] = ()
    keepalive: tuple[Step, ...] = ()
    stop: tuple[Step, ...] = ()


class StreamSpec(Strict):
    """One signal: unit value = (count - centre) * scale.

    fields: the packet fields of the channels, in order (empty: the field that has the stream's name).
    scale: a number, or [numerator, denominator]. calibrated: whether the unit is true, or nominal by the data sheets.
    clock: what stamps it: `counter`; `count` (regular, without a counter); or another stream of the same sensor, beside
    whose packets it comes irregularly. saturation: the lowest and the highest count that the sensor can give.
    """

    kind: StreamKind
    packets: tuple[str, ...] = Field(min_length=1)
    fields: tuple[str, ...] = ()
    channels: tuple[Text, ...] = Field(min_length=1)
    unit: Unit
    scale: Number | tuple[Number, Number]
    centre: Number = 0.0
    calibrated: Literal["true", "nominal", "no"]
    normalise: bool = False
    rate_nominal_hz: float = Field(gt=0)
    rate_tolerance_pct: float = Field(gt=0, le=100)
    clock: str
    saturation: tuple[int, int] | None = None

    @property
    def gain(self) -> float:
        """Unit per count."""
        return self.scale[0] / self.scale[1] if isinstance(self.scale, tuple) else self.scale

    @property
    def saturation_in_unit(self) -> tuple[float, float] | None:
        """The rails in the stream's unit: at or beyond them the sensor clips. None = not known."""
        if self.saturation is None:
            return None
        low, high = sorted((count - self.centre) * self.gain for count in self.saturation)
        return low, high


class Quality(Strict):
    """What the signals are good for. bandwidth_hz: of the EMG, where the analogue part and the rate let it through."""

    bandwidth_hz: tuple[float, float] | None = None
    spectral_use: Literal["good", "limited", "none"]
    angle_use: Literal["good", "slow", "none"]
    warmup_s: float = Field(default=0.0, ge=0)
    notes: str = ""


class Quirk(Strict):
    """Where the sensor differs from what one would expect, what that does, and who says so."""

    id: Identifier
    text: Text
    effect: Text
    source: Text


class SimNotify(Strict):
    """How a virtual sensor sends one kind of packet: `true_rate_hz` samples a second (or packets, without a repeat)."""

    packet: str
    true_rate_hz: float = Field(gt=0)


class Sim(Strict):
    """How a virtual sensor of this profile behaves. stale_burst_s: how much it has queued when it is subscribed to."""

    advert_name: Text
    start_index: int = Field(default=0, ge=0)
    stale_burst_s: float = Field(default=0.0, ge=0)
    notify: tuple[SimNotify, ...] = Field(min_length=1)


class Vector(Strict):
    """A golden packet: bytes and what they mean. counts, values: per stream, (n, channels); values within 0.1 %."""

    char: str
    hex: Hex
    packet: str
    kind: Literal["source", "synthetic"]
    source: Text
    counts: dict[str, tuple[tuple[float, ...], ...]] = Field(default_factory=dict)
    values: dict[str, tuple[tuple[float, ...], ...]] = Field(default_factory=dict)
    fields: dict[str, int] = Field(default_factory=dict)


class Profile(Strict):
    """One kind of sensor, as its file says; checked as a whole by `profile_checks`."""

    schema_version: Literal[1] = Field(alias="schema")
    profile: Identity
    match: Match
    link: LinkSpec
    gatt: dict[Identifier, Characteristic] = Field(min_length=1)
    step: Steps
    framing: Framing = Framing()
    packets: tuple[PacketSpec, ...] = Field(alias="packet", min_length=1)
    counter: Counter | None = None
    streams: dict[Identifier, StreamSpec] = Field(alias="stream", min_length=1)
    quality: Quality
    quirks: tuple[Quirk, ...] = ()
    sim: Sim
    vectors: tuple[Vector, ...] = Field(alias="vector", min_length=1)

    @property
    def id(self) -> str:
        """The name by which team files and the command line call it."""
        return self.profile.id

    @property
    def vendor(self) -> str:
        """Who makes the sensor."""
        return self.profile.vendor

    @property
    def model(self) -> str:
        """The sensor's name in the shop."""
        return self.profile.model

    @property
    def kind(self) -> tuple[str, ...]:
        """What it measures: emg, imu."""
        return self.profile.kind

    def uuid(self, alias: str) -> str:
        """The characteristic's UUID, lower case."""
        return self.gatt[alias].char

    def packet(self, packet_id: str) -> PacketSpec:
        """The kind of packet of that id."""
        return next(packet for packet in self.packets if packet.id == packet_id)

    def streams_of(self, packet: PacketSpec) -> dict[str, StreamSpec]:
        """The streams that such a packet carries."""
        return {name: stream for name, stream in self.streams.items() if packet.id in stream.packets}

    def fields_of(self, name: str) -> tuple[str, ...]:
        """The packet fields that hold the channels of a stream."""
        return self.streams[name].fields or (name,)

    def matches(self, name: str | None, service_uuids: tuple[str, ...] | list[str] = ()) -> bool:
        """Whether a sensor in the air with this name and these advertised services looks like one of these."""
        named = any((name or "").startswith(prefix) for prefix in self.match.name_prefixes) or any(
            part in (name or "") for part in self.match.name_contains
        )
        if not self.match.service_advertised:
            return named
        advertised = {uuid.lower() for uuid in service_uuids}
        return bool(advertised.intersection(self.match.service_uuids)) or (named and not advertised)
