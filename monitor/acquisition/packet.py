"""Packets: from the bytes of a notification to counts and units, and back. Whatever comes, nothing is raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.acquisition.counting import Order, Place, SampleCounter, Turn
from monitor.acquisition.framing import SyncFramer
from monitor.acquisition.packet_model import PacketSpec, columns
from monitor.acquisition.profile_model import Profile, StreamSpec
from monitor.errors import PacketError


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


class _Compiled:
    """One kind of packet with its dtypes built."""

    def __init__(self, profile: Profile, spec: PacketSpec, wanted: frozenset[str] | None = None) -> None:
        self.spec = spec
        self.header = spec.header_dtype()
        self.samples = spec.sample_dtype()
        self.offset = spec.repeat.offset if spec.repeat else 0
        streams = {name: (stream, profile.fields_of(name)) for name, stream in profile.streams_of(spec).items()}
        in_streams = {name for _, names in streams.values() for name in names}
        self.streams = {name: value for name, value in streams.items() if wanted is None or name in wanted}
        self.loose = tuple(item for item in spec.header_fields if item.name not in in_streams)
        self._per_sample = {item.name for item in spec.sample_fields}

    def repeats(self, names: tuple[str, ...]) -> bool:
        """Whether the fields are among the repeated ones."""
        return names[0] in self._per_sample

    def counts(self, payload: bytes) -> dict[str, NDArray]:
        """Raw numbers per stream, (n, channels)."""
        head = np.frombuffer(payload, self.header, 1)
        body = np.frombuffer(payload, self.samples, self.spec.n_samples, self.offset) if self.spec.repeat else head
        return {
            name: columns(body if self.repeats(names) else head, names) for name, (_, names) in self.streams.items()
        }

    def fields(self, payload: bytes) -> dict[str, int]:
        """Header fields of no stream; several numbers of one name are numbered."""
        head = np.frombuffer(payload, self.header, 1)
        found = {}
        for item in self.loose:
            numbers = head[item.name][0].tolist()
            found.update(
                {item.name: numbers[0]} if item.shape == 1 else {f"{item.name}_{i}": n for i, n in enumerate(numbers)}
            )
        return found


class Decoder:
    """Decodes the notifications of one sensor in their order; counters, turns and unfinished frames are carried on.

    wanted: names of the profile's streams to decode, None = all.
    """

    def __init__(self, profile: Profile, wanted: frozenset[str] | None = None) -> None:
        self._profile = profile
        self._alias = {characteristic.char: alias for alias, characteristic in profile.gatt.items()}
        kinds = [_Compiled(profile, spec, wanted) for spec in profile.packets]
        self._kinds = {alias: [kind for kind in kinds if alias in kind.spec.chars] for alias in profile.gatt}
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
        alias = self._alias.get(char_uuid.lower())
        if alias is None or not self._kinds[alias]:
            return [self._error(f"no packets are known on the characteristic {char_uuid}")]
        if alias not in self._framers:
            return [self._decode(alias, payload)]
        packets = []
        for skipped, frame in self._framers[alias].push(payload):
            if skipped:
                packets.append(self._error(f"{skipped} bytes on {alias} belong to no frame"))
            if frame:
                packets.append(self._decode(alias, frame))
        return packets

    def end(self) -> list[Packet]:
        """Nothing comes any more: what is unfinished is an error."""
        held = [(alias, framer.held) for alias, framer in self._framers.items() if framer.held]
        return [self._error(f"{len(rest)} bytes on {alias} are an unfinished frame") for alias, rest in held]

    def _error(self, reason: str) -> Packet:
        return Packet("", error=f"{self._profile.id}: {reason}")

    def _decode(self, alias: str, payload: bytes) -> Packet:
        kind = next((kind for kind in self._kinds[alias] if kind.spec.select.fits(payload)), None)
        if kind is None:
            return self._error(self._why_unknown(alias, payload))
        counts, fields = kind.counts(payload), kind.fields(payload)
        place = self._place(alias, kind.spec, fields)
        return Packet(
            kind.spec.id,
            place.lost if place else None,
            {name: in_unit(stream, counts[name]) for name, (stream, _) in kind.streams.items()},
            counts,
            fields,
            place.first_index if self._counter and place else None,
            place.order if place else Order.NEXT,
        )

    def _place(self, alias: str, spec: PacketSpec, fields: dict[str, int]) -> Place | None:
        counter = self._profile.counter
        if self._counter and counter and counter.field in fields:
            return self._counter.push(fields[counter.field], spec.n_samples)
        if spec.id in self._turns:
            return Place(0, self._turns[spec.id].push(alias) * spec.n_samples, Order.NEXT)
        return None

    def _why_unknown(self, alias: str, payload: bytes) -> str:
        lengths = sorted({kind.spec.select.length for kind in self._kinds[alias]})
        known = f"known are packets of {', '.join(map(str, lengths))} bytes"
        if len(payload) in lengths:
            return f"{len(payload)} bytes on {alias} that begin with {payload[:4].hex(' ')} are of no known kind"
        if len(payload) > lengths[-1]:
            return f"{len(payload)} bytes on {alias} are too long; {known}"
        return f"{len(payload)} bytes on {alias} are a cut packet or of no known kind; {known} (is the MTU too small?)"


def in_unit(stream: StreamSpec, counts: NDArray) -> NDArray[np.float64]:
    """Counts (n, channels) in the stream's unit; a quaternion of length 0 is NaN."""
    samples = (counts - stream.centre) * stream.gain
    if not stream.normalise:
        return samples
    length = np.sqrt(np.einsum("ij,ij->i", samples, samples))[:, np.newaxis]
    return np.divide(samples, length, out=np.full_like(samples, np.nan), where=length > 0)


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
    kind = _Compiled(profile, profile.packet(packet_id))
    payload = bytearray(kind.spec.select.length)
    head = np.frombuffer(payload, kind.header, 1)
    body = np.frombuffer(payload, kind.samples, kind.spec.n_samples, kind.offset) if kind.spec.repeat else head
    for name, table in counts.items():
        if name not in kind.streams:
            raise PacketError(f"{profile.id}: a packet {packet_id!r} carries no stream {name!r}")
        names = kind.streams[name][1]
        _write(body if kind.repeats(names) else head, names, np.asarray(table), f"{profile.id}: {name}")
    loose = {item.name for item in kind.loose if item.shape == 1}
    for name, number in (fields or {}).items():
        if name not in loose:
            raise PacketError(f"{profile.id}: a packet {packet_id!r} has no field {name!r}")
        _write(head, (name,), np.array([[number]]), f"{profile.id}: {name}")
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
