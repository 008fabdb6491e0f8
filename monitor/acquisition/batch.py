"""Packets of one kind decoded together: one record per packet, one numpy call for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.counting import Places
from monitor.acquisition.numbers import read
from monitor.acquisition.packet_model import SAMPLES, Column, PacketSpec
from monitor.acquisition.profile_model import Profile, StreamSpec

Fields = dict[str, int | float | list[int] | list[float]]


class Kind:
    """One kind of packet of a resolved profile, of one length, with all built that its bytes are read with.

    It has no state: all sensors of the profile share it. n_samples: repetitions in a packet. per_packet: samples that
    a packet brings to its streams: those, or 1 where they stand in its header.
    """

    def __init__(self, profile: Profile, spec: PacketSpec, length: int) -> None:
        self.spec, self.length, self.dtype = spec, length, spec.dtype(length)
        self.n_samples = spec.n_samples_in(length) or 0
        header = {column.name: column for column in spec.header_columns()}
        samples = {column.name: column for column in spec.sample_columns()} if self.n_samples else {}
        here = header | samples
        carried = {name: (stream, profile.fields_of(name)) for name, stream in profile.streams_of(spec).items()}
        self.streams: dict[str, tuple[StreamSpec, tuple[Column, ...]]] = {
            name: (stream, tuple(here[field] for field in fields))
            for name, (stream, fields) in carried.items()
            if here.keys() >= set(fields)
        }
        taken = {field for _, fields in carried.values() for field in fields}
        self.loose = tuple(column for name, column in header.items() if name not in taken)
        self.loose_samples = tuple(column for name, column in samples.items() if name not in taken)
        self._repeated = frozenset(samples)
        repeats = any(not self._repeated.isdisjoint(c.name for c in columns) for _, columns in self.streams.values())
        self.per_packet = self.n_samples if repeats else 1
        self.counter = profile.counter_of(spec) if here.keys() >= _asked(profile, spec) else None
        self.clock = profile.clock_of(spec)
        self._columns = here
        self._plain, self._masked = self._marks()
        self.untagged = not self._plain and not self._masked  # its length alone tells it

    def _marks(self) -> tuple[tuple[tuple[bytes, int], ...], tuple[tuple[slice, int, int], ...]]:
        """The tags as bytes and place, from the start; those with a mask as a slice, the mask and what is below it."""
        plain, masked = [], []
        for tag in self.spec.select.tags:
            at = tag.at if tag.at >= 0 else self.length + tag.at
            if tag.mask is None:
                plain.append((tag.mark, at))
            else:
                mask = int(tag.mask, 16)
                masked.append((slice(at, at + len(tag.mark)), mask, int(tag.hex, 16) & mask))
        return tuple(plain), tuple(masked)

    def fits(self, payload: bytes) -> bool:
        """Whether bytes of the right length carry the kind's tags."""
        for mark, at in self._plain:
            if not payload.startswith(mark, at):
                return False
        for part, mask, wanted in self._masked:  # noqa: SIM110
            if int.from_bytes(payload[part]) & mask != wanted:
                return False
        return True

    def tied_to(self, other: Kind) -> bool:
        """Whether the order among packets of both kinds matters: they share a stream, the counter or the clock."""
        return (
            not self.streams.keys().isdisjoint(other.streams)
            or (self.counter is not None and self.counter is other.counter)
            or (self.clock is not None and self.clock is other.clock)
        )

    def records(self, payloads: Sequence[bytes | bytearray]) -> NDArray[np.void]:
        """One record per packet; writable if there is one bytearray."""
        return np.frombuffer(payloads[0] if len(payloads) == 1 else b"".join(payloads), self.dtype)

    def is_repeated(self, column: Column) -> bool:
        """Whether the field stands in every sample."""
        return column.name in self._repeated

    def part(self, records: NDArray[np.void], column: Column) -> NDArray:
        """A field of the records, or of all their samples, as it is stored."""
        return (records[SAMPLES] if column.name in self._repeated else records)[column.name]

    def numbers(self, records: NDArray[np.void], column: Column) -> NDArray:
        """A field of the records (n, shape), or of all their samples (n, samples of a packet, shape)."""
        return read(self.part(records, column), column.type, column.endian)

    def named(self, records: NDArray[np.void], field: str) -> NDArray:
        """A single number of each record (n,), or of each of its samples (n, samples of a packet), by its name."""
        return self.numbers(records, self._columns[field])[..., 0]

    def column(self, field: str) -> Column | None:
        """The field of that name, if such packets have it."""
        return self._columns.get(field)

    def counts(self, records: NDArray[np.void], stream: str) -> NDArray:
        """Raw numbers of a stream, (samples of all records, channels)."""
        _, columns = self.streams[stream]
        tables = [self.numbers(records, column) for column in columns]
        table = tables[0] if len(tables) == 1 else np.concatenate(tables, axis=-1)
        return table.reshape(-1, table.shape[-1])

    def fields(self, records: NDArray[np.void]) -> Fields:
        """Of one record: fields of no stream; several numbers of one name are numbered. Sample fields come as lists."""
        found: Fields = {}
        for column in (*self.loose, *self.loose_samples):
            table = self.numbers(records, column)[0].T.tolist()
            names = [column.name] if column.shape == 1 else [f"{column.name}_{i}" for i in range(column.shape)]
            found.update(zip(names, table, strict=True))
        return found


def _asked(profile: Profile, spec: PacketSpec) -> set[str]:
    """The fields that the counter of such packets needs."""
    counter = profile.counter_of(spec)
    return {name for name in (counter.field, counter.coarse) if name} if counter else set()


class Kinds:
    """The kinds of packet of a resolved profile, by characteristic and length; built when first seen."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._kinds: dict[tuple[str, int], Kind] = {}
        self._known: dict[tuple[str, int], tuple[Kind, ...]] = {}
        self.specs = {alias: [p for p in profile.packets if alias in p.chars] for alias in profile.gatt}

    def of(self, alias: str, length: int) -> tuple[Kind, ...]:
        """What packets of so many bytes on a characteristic can be, in the order of the file."""
        known = self._known.get((alias, length))
        if known is None:
            fitting = [spec for spec in self.specs[alias] if spec.n_samples_in(length) is not None]
            known = self._known[alias, length] = tuple(self.kind(spec, length) for spec in fitting)
        return known

    def kind(self, spec: PacketSpec, length: int) -> Kind:
        """One kind of one length."""
        if (spec.id, length) not in self._kinds:
            self._kinds[spec.id, length] = Kind(self._profile, spec, length)
        return self._kinds[spec.id, length]


@lru_cache(maxsize=256)
def kinds_of(profile: Profile) -> Kinds:
    """The kinds of a profile, built once for all its sensors."""
    return Kinds(profile)


class Stack:
    """Records of one kind that are read together: those of many sensors cost little more than those of one.

    records: (n,).
    """

    def __init__(self, kind: Kind, records: NDArray[np.void]) -> None:
        self.kind, self.records = kind, records
        self._named: dict[str, NDArray] = {}
        self._tables: dict[tuple[tuple[str, ...], type[np.floating]], NDArray[np.floating]] = {}

    def named(self, field: str) -> NDArray:
        """See Kind.named; of all records, read once."""
        if field not in self._named:
            self._named[field] = self.kind.named(self.records, field)
        return self._named[field]

    def table(self, streams: tuple[str, ...], dtype: type[np.floating]) -> NDArray[np.floating]:
        """Samples of streams side by side in their units, (records, samples of a packet, channels), made once."""
        if (streams, dtype) not in self._tables:
            parts = [in_unit(self.kind.streams[name][0], self.kind.counts(self.records, name)) for name in streams]
            rows = (parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)).astype(dtype, copy=False)
            self._tables[streams, dtype] = rows.reshape(len(self.records), -1, rows.shape[1])
        return self._tables[streams, dtype]


Rows = slice | NDArray[np.bool_] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Packets:
    """n packets of one kind out of one batch, in their order (at least one).

    stack, where: the records that they were read with, and which of them they are. at: (n,) their numbers among all
    that the batch held. arrival_s: (n,), never falling. places: how each stands to the one before it.
    """

    stack: Stack
    where: slice | NDArray[np.int64]
    at: NDArray[np.int64]
    arrival_s: NDArray[np.float64]
    places: Places

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, rows: Rows) -> Packets:
        if isinstance(self.where, slice) and isinstance(rows, slice):
            begin, end, _ = rows.indices(len(self))
            where = slice(self.where.start + begin, self.where.start + end)
        else:
            here = self.where
            where = (np.arange(here.start, here.stop) if isinstance(here, slice) else here)[rows]
        return Packets(self.stack, where, self.at[rows], self.arrival_s[rows], self.places[rows])

    @property
    def kind(self) -> Kind:
        """What packets these are."""
        return self.stack.kind

    @property
    def records(self) -> NDArray[np.void]:
        """Their records (n,)."""
        return self.stack.records[self.where]

    def named(self, field: str) -> NDArray:
        """A single number of each packet (n,), or of each of its samples (n, samples of a packet), by its name."""
        return self.stack.named(field)[self.where]

    def rows(self, streams: tuple[str, ...], dtype: type[np.floating]) -> NDArray[np.floating]:
        """Samples of streams side by side in their units, (samples of all packets, channels)."""
        table = self.stack.table(streams, dtype)[self.where]
        return table.reshape(-1, table.shape[2])

    def samples(self, stream: str) -> NDArray[np.float64]:
        """The stream's samples in its unit, (samples of all packets, channels)."""
        return np.asarray(self.rows((stream,), np.float64), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What a batch of notifications held.

    groups: packets of one kind together; those of one stream, or of one counter, are in order from group to group.
    errors: number among all that the batch held, and why these bytes are no packet.
    """

    groups: list[Packets]
    errors: list[tuple[int, str]]


def in_unit(stream: StreamSpec, counts: NDArray) -> NDArray[np.float64]:
    """Counts (n, channels) in the stream's unit; what is no finite number, and a quaternion of length 0, is NaN."""
    if counts.dtype.kind != "f":
        return _scaled(stream, counts.astype(np.float64))
    with np.errstate(all="ignore"):  # a float may be as large as it likes
        samples = _scaled(stream, np.where(np.isfinite(counts), counts, np.nan))
    samples[~np.isfinite(samples)] = np.nan
    return samples


def _scaled(stream: StreamSpec, samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """In place."""
    if stream.centre:
        samples -= stream.centre
    if stream.gain != 1.0:
        samples *= stream.gain
    if stream.normalise:
        length = np.sqrt(np.einsum("ij,ij->i", samples, samples))[:, np.newaxis]
        samples = np.divide(samples, length, out=np.full_like(samples, np.nan), where=length > 0)
    return samples
