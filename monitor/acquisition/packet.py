"""Packets: from the bytes of a notification to counts and units. Whatever comes, nothing is raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Batch, Fields, Kind, Packets, in_unit, kinds_of
from monitor.acquisition.codecs import CODECS
from monitor.acquisition.counting import UNKNOWN, Order, Places, SampleCounter, Turn
from monitor.acquisition.device_time import DeviceTime
from monitor.acquisition.encoding import encode, to_counts
from monitor.acquisition.framing import Framer, PartialFramer, SyncFramer
from monitor.acquisition.framing_model import FramingSpec, PartialFraming, SyncFraming
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.unknown import why_unknown
from monitor.events import Notification

__all__ = ["Decoder", "Packet", "encode", "framer", "to_counts"]


@dataclass(frozen=True, slots=True, eq=False)
class Packet:
    """One decoded packet, or the reason why bytes are none.

    packet: its id in the profile, empty for an error. lost_before: samples lost before it, as far as its counter, time
    or turn shows; None = cannot be seen. streams: (n, channels) float64 in the stream's unit; counts: the raw numbers.
    fields: fields of no stream. first_index: endless index of the first sample, if there is a counter.
    """

    packet: str
    lost_before: int | None = None
    streams: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    counts: dict[str, NDArray] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)
    first_index: int | None = None
    device_s: float | None = None
    order: Order = Order.NEXT
    error: str | None = None


class Found(NamedTuple):
    """A packet that was found in a batch, or why bytes are none (then without a kind)."""

    arrival_s: float
    kind: Kind | None
    alias: str = ""
    payload: bytes = b""
    error: str = ""


class Decoder:
    """Decodes the notifications of one sensor in their order; counters, turns and unfinished frames are carried on."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._alias = {characteristic.char: alias for alias, characteristic in profile.gatt.items()}
        self._kinds = kinds_of(profile)
        self._counters = {
            counter.stream: SampleCounter(counter, profile.streams[counter.stream].rate_nominal_hz)
            for counter in profile.counters
        }
        self._times = {clock.streams: _device_time(profile, i) for i, clock in enumerate(profile.clocks)}
        self._turns = {spec.id: Turn(spec.chars) for spec in profile.packets if spec.cycle}
        self._framers = {alias: framer(framing) for framing in profile.framing for alias in framing.chars}

    def reconnected(self) -> None:
        """The link was lost: unfinished frames and turns are void, a counter that lies back has restarted."""
        for part in (*self._turns.values(), *self._counters.values(), *self._times.values()):
            part.reconnected()
        for each in self._framers.values():
            each.reset()

    def push(self, char_uuid: str, payload: bytes) -> list[Packet]:
        """The packets that end in this notification; bytes that are no packet come as a Packet with an error."""
        batch = self.push_many([Notification(0.0, "", char_uuid, payload)])
        packets = {at: Packet("", error=error) for at, error in batch.errors}
        for group in batch.groups:
            packets |= {int(at): _packet(group[row : row + 1]) for row, at in enumerate(group.at)}
        return [packets[at] for at in sorted(packets)]

    def push_many(self, notifications: Sequence[Notification]) -> Batch:
        """The same for many notifications at once, packets of one kind together."""
        found: list[Found] = []
        for char, together in groupby(notifications, key=attrgetter("char")):
            found += self._found(char, list(together))
        errors = [(at, self._error(item.error)) for at, item in enumerate(found) if item.kind is None]
        return Batch([self._packets(kind, group) for kind, group in _grouped(found)], errors)

    def end(self) -> list[Packet]:
        """Nothing comes any more: what is unfinished is an error."""
        held = [(alias, each.held) for alias, each in self._framers.items() if each.held]
        return [
            Packet("", error=self._error(f"{len(rest)} bytes on {alias} are an unfinished frame"))
            for alias, rest in held
        ]

    def _error(self, reason: str) -> str:
        return f"{self._profile.id}: {reason}"

    def _found(self, char: str, notifications: list[Notification]) -> list[Found]:
        """What consecutive notifications of one characteristic hold."""
        alias = self._alias.get(char.lower())
        if alias is None or not self._kinds.specs[alias]:
            reason = f"no packets are known on the characteristic {char}"
            return [Found(notification.time_s, None, error=reason) for notification in notifications]
        if alias not in self._framers:
            return [self._told(alias, notification.time_s, notification.payload) for notification in notifications]
        found = []
        for skipped, frame, piece, error in self._framers[alias].push([item.payload for item in notifications]):
            arrival_s = notifications[piece].time_s
            if skipped or error:
                found.append(Found(arrival_s, None, error=_unframed(skipped, alias, error)))
            if frame:
                found.append(self._told(alias, arrival_s, frame))
        return found

    def _told(self, alias: str, arrival_s: float, payload: bytes) -> Found:
        """Which kind of packet this is."""
        for kind in self._kinds.of(alias, len(payload)):
            if kind.fits(payload):
                return Found(arrival_s, kind, alias, payload)
        return Found(arrival_s, None, error=why_unknown(self._profile, alias, payload))

    def _packets(self, kind: Kind, group: list[tuple[int, Found]]) -> Packets:
        records = kind.records([item.payload for _, item in group])
        at = np.array([at for at, _ in group])
        arrival_s = np.array([item.arrival_s for _, item in group])
        return Packets(kind, records, at, arrival_s, self._places(kind, records, arrival_s, group))

    def _places(
        self, kind: Kind, records: NDArray[np.void], arrival_s: NDArray[np.float64], group: list[tuple[int, Found]]
    ) -> Places:
        if kind.counter is not None:
            coarse = kind.named(records, kind.counter.coarse) if kind.counter.coarse else None
            raw = kind.named(records, kind.counter.field)
            places = self._counters[kind.counter.stream].push(raw, kind.per_packet, coarse)
        elif kind.spec.id in self._turns:
            places = self._turns[kind.spec.id].push([item.alias for _, item in group], kind.per_packet)
        else:
            places = Places.unknown(len(group))
        if kind.clock is not None:
            raw = kind.named(records, kind.clock.field)
            places = self._times[kind.clock.streams].push(raw, kind.per_packet, arrival_s, places)
        return places


def _device_time(profile: Profile, number: int) -> DeviceTime:
    clock = profile.clocks[number]
    stream = profile.streams[clock.streams[0]]
    return DeviceTime(clock, stream.rate_nominal_hz, stream.rate_tolerance_pct / 100.0)


def framer(framing: FramingSpec) -> Framer:
    """What makes packets of the notifications of one characteristic. Raises: ProfileError on wrong parameters."""
    if isinstance(framing, SyncFraming):
        return SyncFramer(tuple(bytes.fromhex(mark) for mark in framing.sync), framing.frame_len)
    if isinstance(framing, PartialFraming):
        return PartialFramer(bytes.fromhex(framing.tag), framing.remaining_at)
    return CODECS[framing.codec](framing.params)


def _unframed(skipped: int, alias: str, error: str) -> str:
    if not error:
        return f"{skipped} bytes on {alias} belong to no frame"
    return f"on {alias}: {error}" + (f"; {skipped} bytes dropped" if skipped else "")


def _grouped(found: list[Found]) -> list[tuple[Kind, list[tuple[int, Found]]]]:
    """Packets of one kind together, numbered. Packets of kinds that are tied to each other stay in order."""
    closed: list[tuple[Kind, list[tuple[int, Found]]]] = []
    growing: dict[Kind, list[tuple[int, Found]]] = {}
    for at, item in enumerate(found):
        if item.kind is None:
            continue
        if item.kind not in growing:
            if any(item.kind.tied_to(other) for other in growing):
                closed += growing.items()
                growing = {}
            growing[item.kind] = []
        growing[item.kind].append((at, item))
    return [*closed, *growing.items()]


def _packet(one: Packets) -> Packet:
    """A group of one packet as the packet."""
    kind, places = one.kind, one.places
    counts = {name: kind.counts(one.records, name) for name in kind.streams}
    return Packet(
        kind.spec.id,
        None if places.lost[0] == UNKNOWN else int(places.lost[0]),
        {name: in_unit(stream, counts[name]) for name, (stream, _) in kind.streams.items()},
        counts,
        kind.fields(one.records),
        None if places.first_index is None else int(places.first_index[0]),
        None if places.device_s is None else float(places.device_s[0]),
        Order(int(places.order[0])),
    )
