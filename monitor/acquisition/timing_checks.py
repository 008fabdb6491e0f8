"""Whether counters and clocks stand on fields that are there and can hold them."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.acquisition.framing_model import ClockSpec, Counter
from monitor.acquisition.packet_model import FieldSpec, PacketSpec
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.profile_text import Fault


def timing(profile: Profile) -> Iterator[Fault]:
    """What is wrong with counters and clocks."""
    for i, counter in enumerate(profile.counters):
        for key, reason in _counter(profile, counter):
            yield Fault(("counter", i, key), reason)
    for i, clock in enumerate(profile.clocks):
        for key, reason in _clock(profile, clock):
            yield Fault(("clock", i, key), reason)
    yield from _stamped(profile)
    for i, packet in enumerate(profile.packets):
        streams = profile.streams_of(packet)
        if sum(counter.stream in streams for counter in profile.counters) > 1:
            yield Fault(("packet", i, "id"), "more than one counter counts it")


def _stamped(profile: Profile) -> Iterator[Fault]:
    known = {packet.id for packet in profile.packets}
    for name, stream in profile.streams.items():
        for packet_id in known.intersection(stream.packets):
            packet = profile.packet(packet_id)
            if stream.clock == "counter" and not profile.counter_of(packet):
                yield Fault(("stream", name, "clock"), f"there is no [[counter]] for packet {packet_id!r}")
            if stream.clock == "time" and not any(
                name in clock.streams and packet.field(clock.field) for clock in profile.clocks
            ):
                yield Fault(("stream", name, "clock"), f"there is no [[clock]] for it in packet {packet_id!r}")


def _packets(profile: Profile, names: tuple[str, ...]) -> list[PacketSpec]:
    return [p for p in profile.packets if any(p.id in profile.streams[name].packets for name in names)]


def _counter(profile: Profile, counter: Counter) -> Iterator[tuple[str, str]]:
    stream = profile.streams.get(counter.stream)
    if stream is None or stream.clock not in ("counter", "time"):
        yield "stream", f'there is no stream {counter.stream!r} with clock = "counter" (or "time")'
        return
    if any(other.stream == counter.stream for other in profile.counters if other is not counter):
        yield "stream", f"the stream {counter.stream!r} has another counter"
    for packet in _packets(profile, (counter.stream,)):
        fields = packet.sample_fields if counter.scope == "each" else packet.header_fields
        yield from _holds(packet, fields, "field", counter.field, counter.wrap, counter.scope == "each")
        if counter.coarse is not None and counter.coarse_wrap is not None:
            yield from _holds(packet, packet.header_fields, "coarse", counter.coarse, counter.coarse_wrap, False)
        n_samples = packet.n_samples_in(packet.shortest) or 0
        if packet.select.length is not None and n_samples % counter.loss_multiple:
            yield "loss_multiple", f"does not divide the samples of packet {packet.id!r}"
    if (counter.wrap[1] - counter.wrap[0] + 1) % counter.step:
        yield "step", "does not divide the range of the counter"


def _holds(
    packet: PacketSpec, fields: tuple[FieldSpec, ...], key: str, name: str, wrap: tuple[int, int], each: bool
) -> Iterator[tuple[str, str]]:
    field = next((field for field in fields if field.name == name), None)
    if field is None or field.limits is None or field.shape != 1:
        where = "in its samples" if each else "in its header"
        yield key, f"packet {packet.id!r} has no whole number {name!r} {where}"
    elif not field.limits[0] <= wrap[0] < wrap[1] <= field.limits[1]:
        yield {"field": "wrap", "coarse": "coarse_wrap"}[key], f"does not fit a field of type {field.type}"


def _clock(profile: Profile, clock: ClockSpec) -> Iterator[tuple[str, str]]:
    for name in clock.streams:
        if name not in profile.streams:
            yield "streams", f"there is no stream {name!r}"
    names = tuple(name for name in clock.streams if name in profile.streams)
    for packet in _packets(profile, names):
        yield from _holds(packet, packet.header_fields, "field", clock.field, clock.wrap, False)
    uncounted = [packet.id for packet in _packets(profile, names) if not profile.counter_of(packet)]
    if len(uncounted) > 1:  # a time that lies behind that of the other kind would read as a repetition
        yield "streams", f"nothing counts the packets {' and '.join(uncounted)}, so each needs a [[clock]] of its own"
