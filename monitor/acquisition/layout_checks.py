"""Whether the fields of a packet cover its bytes: each once, none beyond the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.acquisition.packet_model import PacketSpec
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.profile_text import Fault, Loc


def layouts(profile: Profile) -> Iterator[Fault]:
    """What is wrong with the layouts of the packets."""
    for i, packet in enumerate(profile.packets):
        for key, reason in _layout(packet):
            yield Fault(("packet", i, *key), reason)


def _layout(packet: PacketSpec) -> Iterator[tuple[Loc, str]]:
    names = [f.name for f in (*packet.header_fields, *packet.sample_fields) if f.type != "pad"]
    if len(set(names)) != len(names):
        yield ("id",), "two fields have the same name"
    if not names and not packet.header_fields and not packet.sample_fields:
        yield ("id",), "it has no fields"
    if (packet.repeat is None) != (not packet.sample_fields):
        yield ("repeat",), "repeat and sample_fields belong together"
    beyond = list(_beyond(packet))
    yield from beyond or _lengths(packet) or _cover(packet)


def _beyond(packet: PacketSpec) -> Iterator[tuple[Loc, str]]:
    length = packet.shortest
    for j, field in enumerate(packet.header_fields):
        if field.end > length:
            yield ("header_fields", j), f"{field.name!r} ends at byte {field.end} of {length}"
    for j, field in enumerate(packet.sample_fields if packet.repeat else ()):
        if packet.repeat and field.end > packet.repeat.stride:
            yield ("sample_fields", j), f"{field.name!r} ends beyond the stride"
    for j, tag in enumerate(packet.select.tags):
        if tag.at + len(tag.mark) > length or -tag.at > length:
            yield ("select", "tags", j), "the tag lies beyond the packet"


def _lengths(packet: PacketSpec) -> list[tuple[Loc, str]]:
    if packet.select.length is None:
        if packet.repeat is None or packet.repeat.count != "to_end":
            return [(("repeat",), 'a packet with min_length needs a repeat with count = "to_end"')]
        begins = [field for field in packet.header_fields if field.offset >= packet.repeat.offset]
        if begins:
            return [(("header_fields",), f"{begins[0].name!r} lies among the repetitions")]
        if packet.repeat.n_samples(packet.shortest) == 0 and not packet.header_fields:
            return [(("select", "min_length"), "a packet of no repetitions needs header fields")]
    n_samples = packet.repeat.n_samples(packet.shortest) if packet.repeat else 1
    if n_samples is None or (n_samples == 0 and packet.select.length is not None):
        return [(("repeat",), f"the repetitions do not fit a packet of {packet.shortest} bytes")]
    return []


def _cover(packet: PacketSpec) -> Iterator[tuple[Loc, str]]:
    """Bytes that belong to two fields or to none; a tag covers its bytes, whether a field stands there too or not."""
    length, repeat = packet.shortest, packet.repeat
    owner = ["" for _ in range(length)]
    for tag in packet.select.tags:
        at = tag.at % length if tag.at < 0 else tag.at
        owner[at : at + len(tag.mark)] = ["*"] * len(tag.mark)
    loose: list[tuple[str, int, int, Loc]] = [
        (f"header_fields {f.name!r}", f.offset, f.end, ("header_fields", j)) for j, f in enumerate(packet.header_fields)
    ]
    if repeat and (n := repeat.n_samples(length)):
        loose.append(("the repetitions", repeat.offset, repeat.offset + n * repeat.stride, ("repeat",)))
    yield from _owned(owner, loose)
    if repeat:
        inside = [(f.name, f.offset, f.end, ("sample_fields", j)) for j, f in enumerate(packet.sample_fields)]
        yield from _owned([""] * repeat.stride, inside, "of a repetition ")


def _owned(owner: list[str], parts: Sequence[tuple[str, int, int, Loc]], what: str = "") -> Iterator[tuple[Loc, str]]:
    for name, start, end, loc in parts:
        other = next((who for who in owner[start:end] if who not in ("", "*")), None)
        if other:
            yield loc, f"{name} overlaps {other}"
        owner[start:end] = [name] * (end - start)
    bare = [i for i, who in enumerate(owner) if not who]
    if bare:
        yield (
            ("select",),
            (
                f"bytes {_ranges(bare)} {what}belong to no field: its fields cover {len(owner) - len(bare)} bytes of "
                f'{len(owner)} (what means nothing is a field of type "pad")'
            ),
        )


def _ranges(numbers: list[int]) -> str:
    text, start = [], numbers[0]
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            text.append(str(start) if start == number else f"{start}-{number}")
            start = numbers[i + 1] if i + 1 < len(numbers) else number
    return ", ".join(text)
