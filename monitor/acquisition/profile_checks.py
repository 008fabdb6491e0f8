"""What a profile must be beyond its grammar: its parts fit each other, its golden packets decode to what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from monitor.acquisition.packet import Decoder
from monitor.acquisition.packet_model import PacketSpec
from monitor.acquisition.profile_model import Profile, Vector
from monitor.acquisition.profile_text import Loc


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where in the file."""

    loc: Loc
    reason: str


def first_fault(profile: Profile) -> Fault | None:
    """The first thing that does not fit, None if all does."""
    for check in (_duplicates, _aliases, _framing, _layouts, _streams, _counter, _link, _sim, _vectors):
        if fault := next(check(profile), None):
            return fault
    return None


def _duplicates(profile: Profile) -> Iterator[Fault]:
    for key, ids in (("packet", [p.id for p in profile.packets]), ("quirks", [q.id for q in profile.quirks])):
        for i, name in enumerate(ids):
            if name in ids[:i]:
                yield Fault((key, i, "id"), f"the id {name!r} stands twice")
    chars = [(characteristic.service, characteristic.char) for characteristic in profile.gatt.values()]
    for i, alias in enumerate(profile.gatt):
        if chars[i][1] in [char for _, char in chars[:i]]:
            yield Fault(("gatt", alias, "char"), "another alias has the same characteristic")
    selects = [(packet.select, set(packet.chars)) for packet in profile.packets]
    for i, (select, where) in enumerate(selects):
        if any(select == other and where & elsewhere for other, elsewhere in selects[:i]):
            yield Fault(("packet", i, "select"), "another packet is selected by the same")


def _aliases(profile: Profile) -> Iterator[Fault]:
    for phase in ("setup", "start", "keepalive", "stop"):
        for i, step in enumerate(getattr(profile.step, phase)):
            if step.op != "delay" and step.char not in profile.gatt:
                yield Fault(("step", phase, i, "char"), f"there is no [gatt.{step.char}]")
            if (step.op == "write") != bool(step.hex):
                yield Fault(("step", phase, i, "hex"), "a write needs bytes, and nothing else has any")
            if (step.every_s is not None) != (phase == "keepalive"):
                yield Fault(("step", phase, i, "every_s"), "steps in keepalive need every_s, and no others have it")
            if step.op == "delay" and step.delay_ms == 0:
                yield Fault(("step", phase, i, "delay_ms"), "a delay needs its length")
    for i, packet in enumerate(profile.packets):
        for alias in packet.chars:
            if alias not in profile.gatt:
                yield Fault(("packet", i, "chars"), f"there is no [gatt.{alias}]")
            elif not {"notify", "indicate"} & set(profile.gatt[alias].props):
                yield Fault(("packet", i, "chars"), f"{alias} does not notify")


def _framing(profile: Profile) -> Iterator[Fault]:
    framing = profile.framing
    if framing.mode == "packet":
        if framing.chars or framing.sync or framing.frame_len:
            yield Fault(("framing", "mode"), 'chars, sync and frame_len belong to the mode "sync"')
        return
    if not framing.sync or any(not mark or len(mark) // 2 > framing.frame_len for mark in framing.sync):
        yield Fault(("framing", "sync"), 'the mode "sync" needs marks that are no longer than a frame')
    for alias in framing.chars:
        if alias not in profile.gatt:
            yield Fault(("framing", "chars"), f"there is no [gatt.{alias}]")
    for i, packet in enumerate(profile.packets):
        if set(packet.chars) & set(framing.chars) and packet.select.length != framing.frame_len:
            yield Fault(("packet", i, "select"), f"its length must be frame_len, {framing.frame_len} bytes")
    if not framing.chars:
        yield Fault(("framing", "chars"), 'the mode "sync" needs the characteristics it is for')


def _layouts(profile: Profile) -> Iterator[Fault]:
    for i, packet in enumerate(profile.packets):
        yield from _layout(i, packet)


def _layout(i: int, packet: PacketSpec) -> Iterator[Fault]:
    length = packet.select.length
    for j, field in enumerate(packet.header_fields):
        if field.end > length:
            yield Fault(("packet", i, "header_fields", j), f"{field.name!r} ends at byte {field.end} of {length}")
    if (packet.repeat is None) != (not packet.sample_fields):
        yield Fault(("packet", i, "repeat"), "repeat and sample_fields belong together")
    if packet.repeat:
        if packet.repeat.n_samples(length) is None:
            yield Fault(("packet", i, "repeat"), f"the repetitions do not fit a packet of {length} bytes")
        for j, field in enumerate(packet.sample_fields):
            if field.end > packet.repeat.stride:
                yield Fault(("packet", i, "sample_fields", j), f"{field.name!r} ends beyond the stride")
    names = [field.name for field in (*packet.header_fields, *packet.sample_fields)]
    if len(set(names)) != len(names):
        yield Fault(("packet", i, "id"), "two fields have the same name")
    for j, tag in enumerate(packet.select.tags):
        if tag.at + len(tag.hex) // 2 > length:
            yield Fault(("packet", i, "select", "tags", j), "the tag lies beyond the packet")
    covered = max([field.end for field in packet.header_fields] + [0])
    if packet.repeat and packet.repeat.n_samples(length):
        covered = max(covered, packet.repeat.offset + packet.n_samples * packet.repeat.stride)
    if covered != length:
        yield Fault(("packet", i, "select", "length"), f"its fields cover {covered} bytes, the packet has {length}")


def _streams(profile: Profile) -> Iterator[Fault]:
    ids = {packet.id for packet in profile.packets}
    for name, stream in profile.streams.items():
        for packet_id in stream.packets:
            if packet_id not in ids:
                yield Fault(("stream", name, "packets"), f"there is no packet {packet_id!r}")
                continue
            packet = profile.packet(packet_id)
            fields = [packet.field(field) for field in profile.fields_of(name)]
            for wanted, field in zip(profile.fields_of(name), fields, strict=True):
                if field is None:
                    yield Fault(("stream", name, "fields"), f"packet {packet_id!r} has no field {wanted!r}")
            known = [field for field in fields if field]
            if len({field in packet.sample_fields for field in known}) > 1:
                yield Fault(("stream", name, "fields"), "header fields and sample fields cannot be mixed")
            if sum(field.shape for field in known) != len(stream.channels):
                yield Fault(("stream", name, "channels"), f"packet {packet_id!r} has another number of channels")
        if 0 in (stream.scale if isinstance(stream.scale, tuple) else (stream.scale,)):
            yield Fault(("stream", name, "scale"), "the scale must not be 0")
        if stream.saturation and stream.saturation[0] >= stream.saturation[1]:
            yield Fault(("stream", name, "saturation"), "the lowest count must be below the highest")
        beside = stream.clock not in ("counter", "count")
        if beside and (stream.clock not in profile.streams or stream.clock == name):
            yield Fault(("stream", name, "clock"), 'must be "counter", "count" or the name of another stream')


def _counter(profile: Profile) -> Iterator[Fault]:
    counted = [name for name, stream in profile.streams.items() if stream.clock == "counter"]
    counter = profile.counter
    if counter is None:
        if counted:
            yield Fault(("stream", counted[0], "clock"), "there is no [counter]")
        return
    if counter.stream not in counted:
        yield Fault(("counter", "stream"), f'there is no stream {counter.stream!r} with clock = "counter"')
        return
    for packet_id in dict.fromkeys(packet_id for name in counted for packet_id in profile.streams[name].packets):
        packet = profile.packet(packet_id)
        field = next((field for field in packet.header_fields if field.name == counter.field), None)
        if field is None or field.limits is None:
            yield Fault(
                ("counter", "field"), f"packet {packet_id!r} has no whole number {counter.field!r} in its header"
            )
        elif not field.limits[0] <= counter.wrap[0] < counter.wrap[1] <= field.limits[1]:
            yield Fault(("counter", "wrap"), f"does not fit a field of type {field.type}")
        if packet.n_samples % counter.loss_multiple:
            yield Fault(("counter", "loss_multiple"), f"does not divide the samples of packet {packet_id!r}")


def _link(profile: Profile) -> Iterator[Fault]:
    lengths = [packet.select.length for packet in profile.packets if not packet.unverified]
    if profile.framing.mode == "packet" and lengths and profile.link.min_mtu < max(lengths) + 3:
        yield Fault(("link", "min_mtu"), f"the longest packet needs an MTU of {max(lengths) + 3}")
    names = (*profile.match.name_prefixes, *profile.match.name_contains, *profile.match.service_uuids)
    band = profile.quality.bandwidth_hz
    if band and not 0 <= band[0] < band[1]:
        yield Fault(("quality", "bandwidth_hz"), "must rise from 0 or more")
    if not names:
        yield Fault(("match",), "needs a name or a service")


def _sim(profile: Profile) -> Iterator[Fault]:
    ids = {packet.id for packet in profile.packets}
    for i, notify in enumerate(profile.sim.notify):
        if notify.packet not in ids:
            yield Fault(("sim", "notify", i, "packet"), f"there is no packet {notify.packet!r}")


def _vectors(profile: Profile) -> Iterator[Fault]:
    for i, vector in enumerate(profile.vectors):
        if vector.char not in profile.gatt:
            yield Fault(("vector", i, "char"), f"there is no [gatt.{vector.char}]")
        elif reason := _vector_fault(profile, vector):
            yield Fault(("vector", i, "hex"), reason)


def _vector_fault(profile: Profile, vector: Vector) -> str:
    packets = Decoder(profile).push(profile.uuid(vector.char), bytes.fromhex(vector.hex))
    if len(packets) != 1:
        return f"decodes to {len(packets)} packets"
    packet = packets[0]
    if packet.error or packet.packet != vector.packet:
        return packet.error or f"decodes to a packet {packet.packet!r}"
    for expected, found in ((vector.counts, packet.counts), (vector.values, packet.streams)):
        for name, table in expected.items():
            wanted = np.array(table)
            if name not in found or found[name].shape != wanted.shape:
                return f"does not decode to {name} of shape {wanted.shape}"
            if not np.allclose(found[name], wanted, rtol=1e-3, atol=1e-4):
                return f"decodes to {name} = {found[name].tolist()}"
    wrong = {name: packet.fields.get(name) for name, n in vector.fields.items() if packet.fields.get(name) != n}
    return f"decodes to the fields {wrong}" if wrong else ""
