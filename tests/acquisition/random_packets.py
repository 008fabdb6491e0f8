"""Random packets of any profile, and how they come to harm on the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from monitor.acquisition.batch import Kind, kinds_of
from monitor.acquisition.numbers import limits_of
from monitor.acquisition.packet import encode, framer
from monitor.acquisition.packet_model import Column, PacketSpec
from monitor.acquisition.profile import Profile, library
from monitor.acquisition.profile_loading import combinations
from monitor.errors import PacketError

ROOM = 244  # bytes of a notification at an MTU of 247


def resolved_profiles() -> list[Profile]:
    """Every profile of the library for every combination of what it leaves open."""
    found = []
    for entry in library().values():
        assert isinstance(entry, Profile), entry
        for chosen in combinations(entry):
            variant = chosen.pop("variant", None)
            found.append(entry.resolved(variant, chosen))
    return found


def random_kind(profile: Profile, spec: PacketSpec, rng: np.random.Generator) -> Kind:
    """The kind of packet with some length that it can have."""
    repetitions = int(rng.integers(1, 9)) if spec.select.length is None else 0
    least = spec.shortest
    while spec.length_with(repetitions) < least:
        repetitions += 1
    return kinds_of(profile).kind(spec, spec.length_with(repetitions))


def _numbers(column: Column, rows: int, rng: np.random.Generator) -> np.ndarray:
    limits = limits_of(column.type)
    if limits is None:
        return rng.normal(0, 100, (rows, column.shape)).astype(np.float32)
    dtype = np.uint64 if column.type == "u64" else np.int64
    return rng.integers(limits[0], limits[1], (rows, column.shape), dtype=dtype, endpoint=True)


def random_packet(profile: Profile, kind: Kind, rng: np.random.Generator) -> bytes:
    """A packet of random counts and fields, with the tags of its kind."""

    def rows(column: Column) -> int:
        return kind.n_samples if kind.is_repeated(column) else 1

    counts = {
        name: np.concatenate([_numbers(column, rows(column), rng) for column in columns], axis=1)
        for name, (_, columns) in kind.streams.items()
    }
    fields = {column.name: _numbers(column, rows(column), rng) for column in (*kind.loose, *kind.loose_samples)}
    return encode(profile, kind.spec.id, counts, fields, kind.n_samples)


def notified(profile: Profile, alias: str, packet: bytes, room: int = ROOM) -> list[bytes]:
    """The notifications that carry a packet; none if the sensor could not send it."""
    framing = profile.framing_of(alias)
    try:
        return [packet] if framing is None else framer(framing).wrap(packet, room)
    except PacketError:
        return []


def random_notification(profile: Profile, rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    """What carries a random packet: characteristic UUID and bytes."""
    spec = profile.packets[rng.integers(len(profile.packets))]
    alias = spec.chars[rng.integers(len(spec.chars))]
    kind = random_kind(profile, spec, rng)
    for payload in notified(profile, alias, random_packet(profile, kind, rng)):
        yield profile.uuid(alias), payload


def harmed(payload: bytes, rng: np.random.Generator) -> list[bytes]:
    """The bytes whole, cut, longer, with wrong bits or bytes, doubled, or not at all."""
    way, n = rng.integers(8), len(payload)
    if way == 0:
        return [payload[: rng.integers(n + 1)]]
    if way == 1:
        return [payload + rng.bytes(int(rng.integers(1, 30)))]
    if way == 2:
        return [payload, payload]
    if way == 3:
        return []
    if way in (4, 5) and n:
        wrong = bytearray(payload)
        for _ in range(rng.integers(1, 4)):
            wrong[rng.integers(n)] = rng.integers(256)
        return [bytes(wrong)]
    return [payload]
