"""Back from units to counts, and from counts to the bytes of a packet: what the sensor does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.acquisition.batch import Kind, kinds_of
from monitor.acquisition.numbers import limits_of, write
from monitor.acquisition.packet_model import Column
from monitor.acquisition.profile_model import Profile
from monitor.errors import PacketError

_EXACT = 2**53  # the whole numbers that a float holds


def to_counts(profile: Profile, stream: str, values: ArrayLike) -> NDArray:
    """The counts that a sensor sends for values in the stream's unit, clipped as it clips; NaN gives the centre.

    Streams of floats are not rounded.
    """
    spec = profile.streams[stream]
    counts = np.asarray(values, dtype=np.float64) / spec.gain + spec.centre
    field = profile.packet(spec.packets[0]).field(profile.fields_of(stream)[0])
    limits = limits_of_stream(profile, stream)
    if field is None or field.limits is None:
        return counts if limits is None else np.clip(counts, *limits)
    low, high = limits or field.limits
    whole = np.rint(np.where(np.isnan(counts), spec.centre, counts))
    return np.clip(whole, max(low, -_EXACT), min(high, _EXACT)).astype(np.int64)


def limits_of_stream(profile: Profile, stream: str) -> tuple[int, int] | None:
    """The lowest and the highest count that the sensor can give; None for floats of no known limit."""
    spec = profile.streams[stream]
    field = profile.packet(spec.packets[0]).field(profile.fields_of(stream)[0])
    return spec.saturation or (field.limits if field else None)


def encode(
    profile: Profile,
    packet_id: str,
    counts: Mapping[str, ArrayLike],
    fields: Mapping[str, ArrayLike] | None = None,
    repetitions: int | None = None,
) -> bytes:
    """The bytes of a packet: the inverse of decoding. What is not given is 0.

    counts: per stream, (n, channels). fields: of no stream; one number, or (n, shape). repetitions: of a packet that
    has no fixed length; None = as many as the counts have.
    Raises: PacketError where counts or fields do not fit the packet.
    """
    spec = profile.packet(packet_id)
    tables = {name: np.asarray(table) for name, table in counts.items()}
    n = repetitions if repetitions is not None else _repetitions(profile, packet_id, tables)
    length = spec.length_with(n)
    if spec.n_samples_in(length) is None:
        raise PacketError(f"{profile.id}: a packet {packet_id!r} cannot have {n} repetitions")
    kind = kinds_of(profile).kind(spec, length)
    payload = bytearray(length)
    record = kind.records([payload])
    for name, table in tables.items():
        if name not in kind.streams:
            raise PacketError(f"{profile.id}: a packet {packet_id!r} carries no stream {name!r}")
        fill(kind, record, kind.streams[name][1], table, f"{profile.id}: {name}")
    loose = {column.name: column for column in (*kind.loose, *kind.loose_samples)}
    for name, numbers in (fields or {}).items():
        if name not in loose:
            raise PacketError(f"{profile.id}: a packet {packet_id!r} has no field {name!r}")
        table = np.asarray(numbers).reshape(-1, loose[name].shape)
        fill(kind, record, (loose[name],), table, f"{profile.id}: {name}")
    put_tags(kind, payload)
    return bytes(payload)


def _repetitions(profile: Profile, packet_id: str, tables: Mapping[str, NDArray]) -> int:
    """As many as the counts have; else the fewest that such a packet can have."""
    spec = profile.packet(packet_id)
    repeated = {field.name for field in spec.sample_fields}
    known = [len(table) for name, table in tables.items() if profile.fields_of(name)[0] in repeated]
    if known or spec.repeat is None:
        return max(known, default=0)
    return max(0, -(-(spec.shortest - spec.repeat.offset) // spec.repeat.stride))


def put_tags(kind: Kind, payload: bytearray) -> None:
    """Write the bytes by which such a packet is known; of those with a mask only the bits that count."""
    for tag in kind.spec.select.tags:
        at = tag.at if tag.at >= 0 else kind.length + tag.at
        mask = bytes.fromhex(tag.mask) if tag.mask else b"\xff" * len(tag.mark)
        for i, (byte, bits) in enumerate(zip(tag.mark, mask, strict=True), start=at):
            payload[i] = (payload[i] & ~bits) | (byte & bits)


def fill(kind: Kind, records: NDArray[np.void], columns: tuple[Column, ...], table: NDArray, what: str) -> None:
    """Write a table (samples of all records, channels) into fields of records. Raises: PacketError."""
    rows = len(records) * (kind.n_samples if kind.is_repeated(columns[0]) else 1)
    widths = [column.shape for column in columns]
    if table.shape != (rows, sum(widths)):
        raise PacketError(f"{what} needs counts of shape {(rows, sum(widths))}, got {table.shape}")
    for column, part in zip(columns, np.split(table, np.cumsum(widths)[:-1], axis=1), strict=True):
        limits = limits_of(column.type)
        if limits and part.size and (part.min() < limits[0] or part.max() > limits[1]):
            raise PacketError(f"{what} has counts that do not fit a field of type {column.type}")
        stored = kind.part(records, column)
        shape = stored.shape[:-1] if column.type in ("u24", "i24") else stored.shape
        write(stored, column.type, column.endian, part.reshape(shape))
