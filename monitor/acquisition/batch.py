"""Packets of one kind decoded together: one record per packet, one numpy call for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.counting import Order, Places
from monitor.acquisition.packet_model import SAMPLES, PacketSpec, columns
from monitor.acquisition.profile_model import Profile, StreamSpec


class Kind:
    """One kind of packet of a profile, with all built that its bytes are read with."""

    def __init__(self, profile: Profile, spec: PacketSpec) -> None:
        self.spec, self.dtype, self.n_samples = spec, spec.dtype, spec.n_samples
        self.streams = {name: (stream, profile.fields_of(name)) for name, stream in profile.streams_of(spec).items()}
        in_streams = {name for _, names in self.streams.values() for name in names}
        self.loose = tuple(item for item in spec.header_fields if item.name not in in_streams)
        counter = profile.counter
        self.counter = counter.field if counter and counter.field in {item.name for item in self.loose} else None
        self._repeated = {item.name for item in spec.sample_fields}
        self._marks = tuple((bytes.fromhex(tag.hex), tag.at) for tag in spec.select.tags)

    def fits(self, payload: bytes) -> bool:
        """Whether bytes of the right length carry the kind's tags."""
        for mark, at in self._marks:  # noqa: SIM110 (this runs once per packet, and `all` takes twice as long)
            if not payload.startswith(mark, at):
                return False
        return True

    def tied_to(self, other: Kind) -> bool:
        """Whether the order among packets of both kinds matters: they share a stream or the counter."""
        return not self.streams.keys().isdisjoint(other.streams) or bool(self.counter and other.counter)

    def records(self, payloads: Sequence[bytes | bytearray]) -> NDArray[np.void]:
        """One record per packet; writable if there is one bytearray."""
        return np.frombuffer(payloads[0] if len(payloads) == 1 else b"".join(payloads), self.dtype)

    def part(self, records: NDArray[np.void], stream: str) -> tuple[NDArray[np.void], tuple[str, ...]]:
        """The records, or their samples, that hold a stream's fields, and the names of these."""
        names = self.streams[stream][1]
        return (records[SAMPLES] if names[0] in self._repeated else records), names

    def counts(self, records: NDArray[np.void], stream: str) -> NDArray:
        """Raw numbers of a stream, (samples of all records, channels)."""
        return columns(*self.part(records, stream))

    def fields(self, record: np.void) -> dict[str, int]:
        """Header fields of no stream; several numbers of one name are numbered."""
        found = {}
        for item in self.loose:
            numbers = record[item.name].tolist()
            found.update(
                {item.name: numbers[0]} if item.shape == 1 else {f"{item.name}_{i}": n for i, n in enumerate(numbers)}
            )
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Packets:
    """n packets of one kind out of one batch, in their order (at least one).

    records: (n,). at: (n,) their numbers among all that the batch held. arrival_s: (n,), never falling.
    places: how each stands to the one before it.
    """

    kind: Kind
    records: NDArray[np.void]
    at: NDArray[np.int64]
    arrival_s: NDArray[np.float64]
    places: Places

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, rows: slice | NDArray[np.bool_]) -> Packets:
        return Packets(self.kind, self.records[rows], self.at[rows], self.arrival_s[rows], self.places[rows])

    def samples(self, stream: str) -> NDArray[np.float64]:
        """The stream's samples in its unit, (samples of all packets, channels)."""
        return in_unit(self.kind.streams[stream][0], self.kind.counts(self.records, stream))

    def unseen(self) -> Packets:
        """Without those that have come before."""
        seen = self.places.order == Order.REPEATED
        return self[~seen] if seen.any() else self


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What a batch of notifications held.

    groups: packets of one kind together; those of one stream, or of the counter, are in order from group to group.
    errors: number among all that the batch held, and why these bytes are no packet.
    """

    groups: list[Packets]
    errors: list[tuple[int, str]]


def in_unit(stream: StreamSpec, counts: NDArray) -> NDArray[np.float64]:
    """Counts (n, channels) in the stream's unit; a quaternion of length 0 is NaN."""
    samples = (counts - stream.centre) * stream.gain
    if not stream.normalise:
        return samples
    length = np.sqrt(np.einsum("ij,ij->i", samples, samples))[:, np.newaxis]
    return np.divide(samples, length, out=np.full_like(samples, np.nan), where=length > 0)
