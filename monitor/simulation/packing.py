"""Many packets of one kind at once: what `encode` does packet by packet, at a hundredth of its cost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import kinds_of
from monitor.acquisition.encoding import fill
from monitor.acquisition.framing_model import Counter
from monitor.acquisition.packet import encode
from monitor.acquisition.packet_model import PacketSpec
from monitor.acquisition.profile_model import Profile


class Packer:
    """Packs counts of one kind of packet of a resolved profile.

    repetitions : samples in each packet of a kind that has no fixed length.
    samples_per_packet : rows of a sample table that go into one packet (1 where it carries header fields only).
    """

    def __init__(self, profile: Profile, spec: PacketSpec, repetitions: int | None = None) -> None:
        self._blank = np.frombuffer(encode(profile, spec.id, {}, repetitions=repetitions), np.uint8)
        self._kind = kinds_of(profile).kind(spec, len(self._blank))
        self.samples_per_packet = max(1, self._kind.n_samples)
        self._name = f"{profile.id}: {spec.id}"
        stream = next(iter(self._kind.streams.values()), None)
        self._rate_nominal_hz = stream[0].rate_nominal_hz if stream else 1.0

    def pack(
        self,
        counts: Mapping[str, NDArray],
        first_index: int,
        n_packets: int | None = None,
        rate_hz: float | None = None,
    ) -> list[bytes]:
        """Consecutive packets.

        counts : per stream (n_packets * samples_per_packet, n_channels), within the fields' limits.
        first_index : what a counter of samples shows at the first packet, before it wraps.
        n_packets : None = as many as the counts fill.
        rate_hz : samples a second of the sensor's own time, in which sample 0 was taken at 0; None = nominal.
        """
        if n_packets is None:
            n_packets = len(next(iter(counts.values()))) // self.samples_per_packet
        packets = np.tile(self._blank, (n_packets, 1))
        records = packets.view(self._kind.dtype)[:, 0]
        for name, table in counts.items():
            fill(self._kind, records, self._kind.streams[name][1], table, f"{self._name}, {name}")
        index = first_index + np.arange(n_packets) * self.samples_per_packet
        self._count(records, index)
        self._stamp(records, index, rate_hz or self._rate_nominal_hz)
        return [packet.tobytes() for packet in packets]

    def _count(self, records: NDArray[np.void], index: NDArray[np.int64]) -> None:
        counter = self._kind.counter
        if counter is None:
            return
        number = index // self.samples_per_packet
        if counter.scope == "each":
            each = (index[:, np.newaxis] + np.arange(self.samples_per_packet)).ravel()
            self._put(records, counter.field, _wrapped(each, counter))
        else:
            self._put(records, counter.field, _wrapped(index if counter.scope == "sample" else number, counter))
        if counter.coarse is not None and counter.coarse_wrap is not None:
            low, high = counter.coarse_wrap
            self._put(records, counter.coarse, low + number % (high - low + 1))

    def _stamp(self, records: NDArray[np.void], index: NDArray[np.int64], rate_hz: float) -> None:
        clock = self._kind.clock
        if clock is None:
            return
        low, high = clock.wrap
        stamped = index + (self.samples_per_packet - 1 if clock.refers_to == "last" else 0)
        ticks = np.rint(stamped * (clock.tick_hz / rate_hz)).astype(np.int64)
        modulus = high - low + 1
        self._put(records, clock.field, low + (ticks % modulus if modulus < 2**63 else ticks))

    def _put(self, records: NDArray[np.void], field: str, numbers: NDArray[np.int64]) -> None:
        column = self._kind.column(field)
        if column is not None:
            fill(self._kind, records, (column,), numbers[:, np.newaxis], f"{self._name}, {field}")


def _wrapped(index: NDArray[np.int64], counter: Counter) -> NDArray[np.int64]:
    """What the counter shows."""
    low, high = counter.wrap
    return low + index * counter.step % (high - low + 1)
