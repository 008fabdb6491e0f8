"""The language of a firmware profile: what a TOML file in `firmware_profiles/` may say about a sensor.

Profiles are data: no expressions, no code. The field list for people is in `firmware_profiles/README.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr

from monitor.acquisition.framing_model import ClockSpec, Counter, FramingSpec
from monitor.acquisition.link_model import (
    Advert,
    Characteristic,
    LinkSpec,
    Match,
    Named,
    Sim,
    SimNotify,
    Step,
    Steps,
    Text,
)
from monitor.acquisition.packet_model import Hex, Identifier, PacketSpec, Strict, VariantId, When
from monitor.acquisition.stream_model import StreamSpec
from monitor.acquisition.variants import resolve
from monitor.errors import ProfileError

__all__ = ["Characteristic", "Profile", "SimNotify", "Step", "StreamSpec", "Vector"]


class Identity(Strict):
    """What the sensor is and how far this file can be trusted. includes: profiles whose parts it takes over."""

    id: Identifier
    vendor: Text
    model: Text
    kind: tuple[Literal["emg", "imu", "vitals"], ...] = Field(min_length=1)
    confidence: Literal["vendor-spec", "firmware", "client", "community"]
    verified_on_hardware: bool
    sources: tuple[Text, ...] = Field(min_length=1)
    includes: tuple[Identifier, ...] = ()
    notes: str = ""


class Variant(Named):
    """A make of the sensor that its name tells. lengths: of its packets, to cross-check."""

    id: VariantId
    default: bool = False
    lengths: tuple[int, ...] = ()


class Option(Strict):
    """What the user chooses. choices: the bytes that each puts for `{name}` in steps."""

    text: Text
    default: str
    choices: dict[str, Hex] = Field(min_length=1)


class Override(Strict):
    """Tables that are laid over the profile where all conditions hold; lists are replaced whole."""

    when: When = Field(min_length=1)
    set: dict[str, Any] = Field(min_length=1)


class Chosen(Strict):
    """For which choices a profile was resolved. lengths: packet lengths of every variant, to tell them apart."""

    variant: str | None
    options: dict[str, str]
    lengths: dict[str, tuple[int, ...]]


class Quality(Strict):
    """What the signals are good for. bandwidth_hz: of the EMG, where the analogue part and the rate let it through.

    loss_visibility: `counted` by the sensor, shown by a break of the `turn`, by the sensor's `time`, or by a sagging
    rate alone (`rate-only`).
    """

    bandwidth_hz: tuple[float, float] | None = None
    spectral_use: Literal["good", "limited", "none"]
    angle_use: Literal["good", "slow", "none"]
    loss_visibility: Literal["counted", "turn", "time", "rate-only"]
    warmup_s: float = Field(default=0.0, ge=0)
    notes: str = ""


class Quirk(Strict):
    """Where the sensor differs from what one would expect, what that does, and who says so."""

    id: Identifier
    text: Text
    effect: Text
    source: Text
    when: When = Field(default_factory=dict)


class Vector(Strict):
    """A golden packet: bytes and what they mean. counts, values: per stream, (n, channels); values within 0.1 %.

    variant, options: for which it stands. before: packets on the same characteristic that are decoded first.
    """

    char: str
    hex: Hex
    packet: str
    kind: Literal["source", "synthetic"]
    source: Text
    variant: str | None = None
    options: dict[Identifier, str] = Field(default_factory=dict)
    before: tuple[Hex, ...] = ()
    counts: dict[str, tuple[tuple[float, ...], ...]] = Field(default_factory=dict)
    values: dict[str, tuple[tuple[float, ...], ...]] = Field(default_factory=dict)
    fields: dict[str, int | float | tuple[int | float, ...]] = Field(default_factory=dict)
    when: When = Field(default_factory=dict)


class Profile(Strict):
    """One kind of sensor, as its file says; `resolved` for one sensor it has no choices left.

    Compared by identity: what is resolved for the same choices is the same object.
    """

    schema_version: Literal[1] = Field(alias="schema")
    profile: Identity
    match: Match
    advert: Advert = Advert()
    link: LinkSpec
    gatt: dict[Identifier, Characteristic] = Field(min_length=1)
    step: Steps
    variants: tuple[Variant, ...] = Field(alias="variant", default=())
    choices: dict[Identifier, Option] = Field(alias="option", default_factory=dict)
    overrides: tuple[Override, ...] = Field(alias="override", default=())
    framing: tuple[FramingSpec, ...] = ()
    packets: tuple[PacketSpec, ...] = Field(alias="packet", min_length=1)
    counters: tuple[Counter, ...] = Field(alias="counter", default=())
    clocks: tuple[ClockSpec, ...] = Field(alias="clock", default=())
    streams: dict[Identifier, StreamSpec] = Field(alias="stream", min_length=1)
    quality: Quality
    quirks: tuple[Quirk, ...] = ()
    sim: Sim
    vectors: tuple[Vector, ...] = Field(alias="vector", default=())
    chosen: Chosen | None = None
    _resolved: dict[frozenset[tuple[str, str]], Profile] = PrivateAttr(default_factory=dict)
    _whole: Profile | None = PrivateAttr(default=None)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

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
        """What it measures: emg, imu, vitals."""
        return self.profile.kind

    @property
    def variant(self) -> str | None:
        """The variant for which it was resolved, if it has any."""
        return self.chosen.variant if self.chosen else None

    @property
    def options(self) -> dict[str, str]:
        """The choices for which it was resolved."""
        return self.chosen.options if self.chosen else {}

    @property
    def whole(self) -> Profile:
        """The profile before anything was chosen; itself where that is not known."""
        return self._whole or self

    @property
    def key(self) -> str:
        """The id, and in brackets what was chosen: one name for each resolved profile."""
        chosen = {"variant": self.variant} | self.options if self.variant else self.options
        return self.id + (f"[{','.join(f'{name}={value}' for name, value in chosen.items())}]" if chosen else "")

    def resolved(
        self, variant: str | None = None, options: Mapping[str, str] | None = None, name: str | None = None
    ) -> Profile:
        """The profile of one sensor. variant: None = by its advertised name, or the default.

        Raises: ProfileError if there is no such variant or option.
        """
        if self._whole is not None:
            return self if variant is None and not options else self._whole.resolved(variant, options, name)
        if self.chosen is not None and (variant, dict(options or {})) in ((None, {}), (self.variant, self.options)):
            return self
        return self._for(self.choose(variant, options or {}, name))

    def choose(self, variant: str | None, options: Mapping[str, str], name: str | None) -> dict[str, str]:
        """Every choice, `variant` among them. Raises: ProfileError."""
        chosen = {key: option.default for key, option in self.choices.items()}
        for key, value in options.items():
            if key not in self.choices:
                raise ProfileError(f"the profile {self.id!r} has {_known('option', self.choices)}, not {key!r}")
            if value not in self.choices[key].choices:
                known = ", ".join(self.choices[key].choices)
                raise ProfileError(f"the option {key!r} of the profile {self.id!r} can be {known}, not {value!r}")
            chosen[key] = value
        ids = [each.id for each in self.variants]
        if variant is not None and variant not in ids:
            raise ProfileError(f"the profile {self.id!r} has {_known('variant', ids)}, not {variant!r}")
        if ids:
            by_name = next((each.id for each in self.variants if each.fits(name or "")), None)
            default = next((each.id for each in self.variants if each.default), ids[0])
            chosen["variant"] = variant or by_name or default
        return chosen

    def _for(self, chosen: dict[str, str]) -> Profile:
        key = frozenset(chosen.items())
        if key not in self._resolved:
            table, _ = resolve(self.model_dump(by_alias=True, exclude_unset=True), chosen)
            self._resolved[key] = self.from_table(table, chosen, self)
        return self._resolved[key]

    @classmethod
    def from_table(cls, table: dict[str, Any], chosen: dict[str, str], whole: Profile) -> Self:
        """What `resolve` left, as a profile. Raises: pydantic.ValidationError."""
        options = {name: value for name, value in chosen.items() if name != "variant"}
        lengths = {variant.id: variant.lengths for variant in whole.variants}
        table = table | {"chosen": {"variant": chosen.get("variant"), "options": options, "lengths": lengths}}
        profile = cls.model_validate(table)
        profile._whole = whole
        return profile

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

    def framing_of(self, alias: str) -> FramingSpec | None:
        """How notifications of this characteristic become packets; None: each is one."""
        return next((framing for framing in self.framing if alias in framing.chars), None)

    def counter_of(self, packet: PacketSpec) -> Counter | None:
        """What counts such packets or their samples."""
        streams = self.streams_of(packet)
        return next((c for c in self.counters if c.stream in streams and packet.field(c.field)), None)

    def clock_of(self, packet: PacketSpec) -> ClockSpec | None:
        """The sensor's time in such packets."""
        streams = self.streams_of(packet)
        return next((c for c in self.clocks if streams.keys() & set(c.streams) and packet.field(c.field)), None)

    def matches(
        self, name: str | None, service_uuids: Collection[str] = (), manufacturer_ids: Collection[int] = ()
    ) -> bool:
        """Whether a sensor in the air with this name and these advertised services looks like one of these."""
        return self.match.fits_advert(name, service_uuids, manufacturer_ids)


def _known(what: str, names: Collection[str]) -> str:
    return f"the {what}s {', '.join(names)}" if names else f"no {what}s"
