"""What a resolved profile must be beyond its grammar: its parts fit each other, its golden packets decode."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.acquisition.codecs import CODECS
from monitor.acquisition.framing_model import CodecFraming, SyncFraming
from monitor.acquisition.layout_checks import layouts
from monitor.acquisition.link_model import PHASES, Step
from monitor.acquisition.profile_model import Profile, StreamSpec
from monitor.acquisition.profile_text import Fault, Loc
from monitor.acquisition.timing_checks import timing
from monitor.acquisition.vector_checks import vectors
from monitor.errors import ProfileError


def faults(profile: Profile) -> Iterator[Fault]:
    """Everything that does not fit. Golden packets are decoded only where all else is right."""
    found = False
    for check in (_duplicates, _steps, _chars, _framing, layouts, _streams, timing, _link, _sim):
        for fault in check(profile):
            found = True
            yield fault
    if not found:
        yield from vectors(profile)


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


def _steps(profile: Profile) -> Iterator[Fault]:
    for phase in PHASES:
        for i, step in enumerate(getattr(profile.step, phase)):
            for key, reason in _step_faults(profile, phase, step):
                yield Fault(("step", phase, i, *key), reason)


def _step_faults(profile: Profile, phase: str, step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    if step.op != "delay" and step.char not in profile.gatt:
        yield ("char",), f"there is no [gatt.{step.char}]"
    if "{" in step.hex:
        yield ("hex",), f"{step.hex!r} names an option that is not there"
    if step.hex and step.ascii:
        yield ("ascii",), "a write has either hex or ascii"
    if (step.op == "write") != bool(step.hex or step.ascii):
        yield ("hex",), "a write needs bytes, and nothing else has any"
    if not step.ascii.isascii():
        yield ("ascii",), "is not all ASCII"
    if (step.every_s is not None) != (phase == "keepalive"):
        yield ("every_s",), "steps in keepalive need every_s, and no others have it"
    if step.op == "delay" and step.delay_ms == 0:
        yield ("delay_ms",), "a delay needs its length"
    if step.expect and (reason := _not_notifying(profile, step.expect.char)):
        yield ("expect", "char"), reason
    if step.expect and "{" in step.expect.hex:
        yield ("expect", "hex"), f"{step.expect.hex!r} names an option that is not there"


def _not_notifying(profile: Profile, alias: str, readable: bool = False) -> str:
    if alias not in profile.gatt:
        return f"there is no [gatt.{alias}]"
    wanted = {"notify", "indicate", "read"} if readable else {"notify", "indicate"}
    return "" if wanted & set(profile.gatt[alias].props) else f"{alias} does not notify"


def _chars(profile: Profile) -> Iterator[Fault]:
    for i, packet in enumerate(profile.packets):
        for alias in packet.chars:
            if reason := _not_notifying(profile, alias, readable=True):
                yield Fault(("packet", i, "chars"), reason)


def _framing(profile: Profile) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, framing in enumerate(profile.framing):
        for alias in framing.chars:
            if alias not in profile.gatt:
                yield Fault(("framing", i, "chars"), f"there is no [gatt.{alias}]")
            if alias in seen:
                yield Fault(("framing", i, "chars"), f"{alias} has another framing already")
            seen.add(alias)
        if isinstance(framing, SyncFraming):
            yield from _sync(profile, i, framing)
        if isinstance(framing, CodecFraming):
            yield from _codec(i, framing)


def _sync(profile: Profile, i: int, framing: SyncFraming) -> Iterator[Fault]:
    if any(len(mark) // 2 > framing.frame_len for mark in framing.sync):
        yield Fault(("framing", i, "sync"), "a mark is longer than a frame")
    for j, packet in enumerate(profile.packets):
        if set(packet.chars) & set(framing.chars) and packet.select.length != framing.frame_len:
            yield Fault(("packet", j, "select"), f"its length must be frame_len, {framing.frame_len} bytes")


def _codec(i: int, framing: CodecFraming) -> Iterator[Fault]:
    if framing.codec not in CODECS:
        yield Fault(("framing", i, "codec"), f"there is no codec {framing.codec!r}; known are {', '.join(CODECS)}")
        return
    try:
        CODECS[framing.codec](framing.params)
    except ProfileError as error:
        yield Fault(("framing", i, "params"), str(error))


def _streams(profile: Profile) -> Iterator[Fault]:
    for name, stream in profile.streams.items():
        for packet_id in stream.packets:
            yield from _stream_in(profile, name, packet_id)
        for key, reason in _stream_faults(profile, name, stream):
            yield Fault(("stream", name, key), reason)


def _stream_in(profile: Profile, name: str, packet_id: str) -> Iterator[Fault]:
    if packet_id not in {packet.id for packet in profile.packets}:
        yield Fault(("stream", name, "packets"), f"there is no packet {packet_id!r}")
        return
    packet = profile.packet(packet_id)
    loc: Loc = ("stream", name, "fields")
    fields = [packet.field(field) for field in profile.fields_of(name)]
    for wanted, field in zip(profile.fields_of(name), fields, strict=True):
        if field is None:
            yield Fault(loc, f"packet {packet_id!r} has no field {wanted!r}")
    known = [field for field in fields if field]
    if len({field in packet.sample_fields for field in known}) > 1:
        yield Fault(loc, "header fields and sample fields cannot be mixed")
    if len({field.type == "u64" for field in known}) > 1:
        yield Fault(loc, "u64 and other types cannot be mixed")
    if known and sum(field.shape for field in known) != len(profile.streams[name].channels):
        yield Fault(("stream", name, "channels"), f"packet {packet_id!r} has another number of channels")


def _stream_faults(profile: Profile, name: str, stream: StreamSpec) -> Iterator[tuple[str, str]]:
    if 0 in (stream.scale if isinstance(stream.scale, tuple) else (stream.scale,)):
        yield "scale", "the scale must not be 0"
    if stream.saturation and stream.saturation[0] >= stream.saturation[1]:
        yield "saturation", "the lowest count must be below the highest"
    if stream.normalise and len(stream.channels) == 1:
        yield "normalise", "one channel cannot be normalised"
    if stream.clock in ("counter", "time", "count", "arrival"):
        return
    beside = profile.streams.get(stream.clock)
    if beside is None or stream.clock == name:
        yield "clock", 'must be "counter", "time", "count", "arrival" or the name of another stream'
    elif beside.clock not in ("counter", "time", "count"):
        yield "clock", f"the stream {stream.clock!r} has no clock of its own"


def _link(profile: Profile) -> Iterator[Fault]:
    framed = {alias for framing in profile.framing for alias in framing.chars}
    lengths = [p.shortest for p in profile.packets if not p.unverified and not framed.issuperset(p.chars)]
    if lengths and profile.link.min_mtu < max(lengths) + 3:
        yield Fault(("link", "min_mtu"), f"the longest packet needs an MTU of {max(lengths) + 3}")
    if (profile.link.want_mtu or 517) < profile.link.min_mtu:
        yield Fault(("link", "want_mtu"), "is less than min_mtu")
    band = profile.quality.bandwidth_hz
    if band and not 0 <= band[0] < band[1]:
        yield Fault(("quality", "bandwidth_hz"), "must rise from 0 or more")
    match = profile.match
    if not (match.never or match.names or match.service_uuids or match.manufacturer_ids):
        yield Fault(("match",), "needs a name or a service")


def _sim(profile: Profile) -> Iterator[Fault]:
    packets = {packet.id: packet for packet in profile.packets}
    for i, notify in enumerate(profile.sim.notify):
        packet = packets.get(notify.packet)
        if packet is None:
            yield Fault(("sim", "notify", i, "packet"), f"there is no packet {notify.packet!r}")
        elif (packet.select.length is None) != (notify.repetitions is not None):
            yield Fault(("sim", "notify", i, "repetitions"), "packets of no fixed length need it, no others have it")
    for i, reply in enumerate(profile.sim.replies):
        if reply.char not in profile.gatt:
            yield Fault(("sim", "replies", i, "char"), f"there is no [gatt.{reply.char}]")
        if reason := _not_notifying(profile, reply.on):
            yield Fault(("sim", "replies", i, "on"), reason)
