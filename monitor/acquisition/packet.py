"""Packets: from the bytes of a notification to counts and units, and back. Whatever comes, nothing is raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.acquisition.batch import Batch, Kind, Packets, in_unit
from monitor.acquisition.counting import UNKNOWN, Order, Places, SampleCounter, Turn
from monitor.acquisition.framing import SyncFramer
from monitor.acquisition.profile_model import Profile
from monitor.errors import PacketError
from monitor.events import Notification


@dataclass(frozen=True, slots=True, eq=False)
class Packet:
    """One decoded packet, or the reason why bytes are none.

    packet: its id in the profile, empty for an error. lost_before: samples lost before it, as far as its counter or
    turn shows; None = cannot be seen. streams: (n, channels) float64 in the stream's unit; counts: the raw numbers.
    fields: header fields of no stream. first_index: endless index of the first sample, if there is a counter.
    """

    packet: str
    lost_before: int | None = None
    streams: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    counts: dict[str, NDArray] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    first_index: int | None = None
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
        self._kinds: dict[str, dict[int, list[Kind]]] = {alias: {} for alias in profile.gatt}  # then by length
        for kind in (Kind(profile, spec) for spec in profile.packets):
            for alias in self._kinds.keys() & set(kind.spec.chars):
                self._kinds[alias].setdefault(kind.spec.select.length, []).append(kind)
        self._counter = SampleCounter(profile.counter) if profile.counter else None
        self._turns = {spec.id: Turn(spec.chars) for spec in profile.packets if spec.cycle}
        framing = profile.framing
        sync = tuple(bytes.fromhex(mark) for mark in framing.sync)
        self._framers = {alias: SyncFramer(sync, framing.frame_len) for alias in framing.chars}

    def reconnected(self) -> None:
        """The link was lost: unfinished frames and turns are void, a counter that lies back has restarted."""
        for part in (*self._turns.values(), *([self._counter] if self._counter else [])):
            part.reconnected()
        for framer in self._framers.values():
            framer.reset()

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
        held = [(alias, framer.held) for alias, framer in self._framers.items() if framer.held]
        return [
            Packet("", error=self._error(f"{len(rest)} bytes on {alias} are an unfinished frame"))
            for alias, rest in held
        ]

    def _error(self, reason: str) -> str:
        return f"{self._profile.id}: {reason}"

    def _found(self, char: str, notifications: list[Notification]) -> list[Found]:
        """What consecutive notifications of one characteristic hold."""
        alias = self._alias.get(char.lower())
        if alias is None or not self._kinds[alias]:
            reason = f"no packets are known on the characteristic {char}"
            return [Found(notification.time_s, None, error=reason) for notification in notifications]
        if alias not in self._framers:
            return [self._told(alias, notification.time_s, notification.payload) for notification in notifications]
        found = []
        for skipped, frame, piece in self._framers[alias].push([item.payload for item in notifications]):
            arrival_s = notifications[piece].time_s
            if skipped:
                found.append(Found(arrival_s, None, error=f"{skipped} bytes on {alias} belong to no frame"))
            if frame:
                found.append(self._told(alias, arrival_s, frame))
        return found

    def _told(self, alias: str, arrival_s: float, payload: bytes) -> Found:
        """Which kind of packet this is."""
        for kind in self._kinds[alias].get(len(payload), ()):
            if kind.fits(payload):
                return Found(arrival_s, kind, alias, payload)
        return Found(arrival_s, None, error=self._why_unknown(alias, payload))

    def _packets(self, kind: Kind, group: list[tuple[int, Found]]) -> Packets:
        records = kind.records([item.payload for _, item in group])
        at = np.array([at for at, _ in group])
        arrival_s = np.array([item.arrival_s for _, item in group])
        return Packets(kind, records, at, arrival_s, self._places(kind, records, group))

    def _places(self, kind: Kind, records: NDArray[np.void], group: list[tuple[int, Found]]) -> Places:
        if self._counter and kind.counter:
            return self._counter.push(records[kind.counter][:, 0], kind.n_samples)
        if kind.spec.id in self._turns:
            return self._turns[kind.spec.id].push([item.alias for _, item in group], kind.n_samples)
        return Places.unknown(len(group))

    def _why_unknown(self, alias: str, payload: bytes) -> str:
        lengths = sorted(self._kinds[alias])
        known = f"known are packets of {', '.join(map(str, lengths))} bytes"
        if len(payload) in lengths:
            return f"{len(payload)} bytes on {alias} that begin with {payload[:4].hex(' ')} are of no known kind"
        if len(payload) > lengths[-1]:
            return f"{len(payload)} bytes on {alias} are too long; {known}"
        return f"{len(payload)} bytes on {alias} are a cut packet or of no known kind; {known} (is the MTU too small?)"


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
        kind.fields(one.records[0]),
        None if places.first_index is None else int(places.first_index[0]),
        Order(int(places.order[0])),
    )


def to_counts(profile: Profile, stream: str, values: ArrayLike) -> NDArray:
    """The counts that a sensor sends for values in the stream's unit, clipped as it clips; NaN gives the centre."""
    spec = profile.streams[stream]
    counts = np.asarray(values, dtype=np.float64) / spec.gain + spec.centre
    limits = _limits(profile, stream)
    if limits is None:
        return counts
    return np.clip(np.rint(np.where(np.isnan(counts), spec.centre, counts)), *limits).astype(np.int64)


def _limits(profile: Profile, stream: str) -> tuple[int, int] | None:
    spec = profile.streams[stream]
    field_spec = profile.packet(spec.packets[0]).field(profile.fields_of(stream)[0])
    limits = field_spec.limits if field_spec else None
    return spec.saturation or limits


def encode(
    profile: Profile, packet_id: str, counts: Mapping[str, ArrayLike], fields: Mapping[str, int] | None = None
) -> bytes:
    """The bytes of a packet: the inverse of decoding. counts: per stream, (n, channels); what is not given is 0.

    Raises: PacketError where counts or fields do not fit the packet.
    """
    kind = Kind(profile, profile.packet(packet_id))
    payload = bytearray(kind.spec.select.length)
    record = kind.records([payload])
    for name, table in counts.items():
        if name not in kind.streams:
            raise PacketError(f"{profile.id}: a packet {packet_id!r} carries no stream {name!r}")
        part, names = kind.part(record, name)
        _write(part if part.ndim == 1 else part[0], names, np.asarray(table), f"{profile.id}: {name}")
    loose = {item.name for item in kind.loose if item.shape == 1}
    for name, number in (fields or {}).items():
        if name not in loose:
            raise PacketError(f"{profile.id}: a packet {packet_id!r} has no field {name!r}")
        _write(record, (name,), np.array([[number]]), f"{profile.id}: {name}")
    for tag in kind.spec.select.tags:
        mark = bytes.fromhex(tag.hex)
        payload[tag.at : tag.at + len(mark)] = mark
    return bytes(payload)


def _write(records: NDArray[np.void], names: tuple[str, ...], table: NDArray, what: str) -> None:
    widths = [records[name].shape[1] for name in names]
    if table.shape != (len(records), sum(widths)):
        raise PacketError(f"{what} needs counts of shape {(len(records), sum(widths))}, got {table.shape}")
    for name, part in zip(names, np.split(table, np.cumsum(widths)[:-1], axis=1), strict=True):
        kind = records[name].dtype
        if kind.kind != "f" and part.size and (part.min() < np.iinfo(kind).min or part.max() > np.iinfo(kind).max):
            raise PacketError(f"{what} has counts that do not fit a field of type {kind}")
        records[name] = part
