"""Packets: from the bytes of a notification to counts and units. Whatever comes, nothing is raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Batch, Fields, Kind, Packets, Stack, in_unit, kinds_of
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


Group = tuple[Kind, list[tuple[int, Found]]]  # packets of one kind, numbered


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
        return decode_together([self], [notifications])[0]

    def find(self, notifications: Sequence[Notification]) -> list[Found]:
        """What many notifications hold, in order."""
        found: list[Found] = []
        for char, together in groupby(notifications, key=attrgetter("char")):
            found += self._found(char, list(together))
        return found

    def batch(self, found: list[Found], groups: Sequence[Group], stacked: Sequence[tuple[Stack, int]]) -> Batch:
        """What was found, its groups read: each from its place in a stack on."""
        errors = [(at, self._error(item.error)) for at, item in enumerate(found) if item.kind is None]
        return Batch([self._packets(group, *place) for (_, group), place in zip(groups, stacked, strict=True)], errors)

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
            if kind := self._only_kind(alias, notifications):
                return [Found(notification.time_s, kind, alias, notification.payload) for notification in notifications]
            return [self._told(alias, notification.time_s, notification.payload) for notification in notifications]
        found = []
        for skipped, frame, piece, error in self._framers[alias].push([item.payload for item in notifications]):
            arrival_s = notifications[piece].time_s
            if skipped or error:
                found.append(Found(arrival_s, None, error=_unframed(skipped, alias, error)))
            if frame:
                found.append(self._told(alias, arrival_s, frame))
        return found

    def _only_kind(self, alias: str, notifications: list[Notification]) -> Kind | None:
        """The kind of all of these, where their one length tells it."""
        lengths = {len(notification.payload) for notification in notifications}
        kinds = self._kinds.of(alias, lengths.pop()) if len(lengths) == 1 else ()
        return kinds[0] if kinds and kinds[0].untagged else None

    def _told(self, alias: str, arrival_s: float, payload: bytes) -> Found:
        """Which kind of packet this is."""
        for kind in self._kinds.of(alias, len(payload)):
            if kind.fits(payload):
                return Found(arrival_s, kind, alias, payload)
        return Found(arrival_s, None, error=why_unknown(self._profile, alias, payload))

    def _packets(self, group: list[tuple[int, Found]], stack: Stack, begin: int) -> Packets:
        where = slice(begin, begin + len(group))
        arrival_s = np.array([item.arrival_s for _, item in group])
        places = self._places(stack, where, arrival_s, group)
        return Packets(stack, where, np.array([at for at, _ in group]), arrival_s, places)

    def _places(
        self, stack: Stack, where: slice, arrival_s: NDArray[np.float64], group: list[tuple[int, Found]]
    ) -> Places:
        kind = stack.kind
        if kind.counter is not None:
            coarse = stack.named(kind.counter.coarse)[where] if kind.counter.coarse else None
            raw = stack.named(kind.counter.field)[where]
            places = self._counters[kind.counter.stream].push(raw, kind.per_packet, coarse)
        elif kind.spec.id in self._turns:
            places = self._turns[kind.spec.id].push([item.alias for _, item in group], kind.per_packet)
        else:
            places = Places.unknown(len(group))
        if kind.clock is not None:
            raw = stack.named(kind.clock.field)[where]
            places = self._times[kind.clock.streams].push(raw, kind.per_packet, arrival_s, places)
        return places


def decode_together(decoders: Sequence[Decoder], notifications: Sequence[Sequence[Notification]]) -> list[Batch]:
    """What each of several sensors has sent, decoded at once: packets of one kind are read in one go, whose they are.

    The same as decoding each alone, exactly.
    """
    found = [decoder.find(each) for decoder, each in zip(decoders, notifications, strict=True)]
    groups = [_grouped(each) for each in found]
    payloads: dict[Kind, list[bytes]] = {}
    begins = []
    for kind, group in (pair for each in groups for pair in each):
        waiting = payloads.setdefault(kind, [])
        begins.append((kind, len(waiting)))
        waiting += [item.payload for _, item in group]
    stacks = {kind: Stack(kind, kind.records(each)) for kind, each in payloads.items()}
    places = iter([(stacks[kind], begin) for kind, begin in begins])
    return [
        decoder.batch(each, own, list(islice(places, len(own))))
        for decoder, each, own in zip(decoders, found, groups, strict=True)
    ]


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


def _grouped(found: list[Found]) -> list[Group]:
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
