"""Many packets of one kind at once: what `encode` does packet by packet, at a hundredth of its cost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.packet import encode
from monitor.acquisition.packet_model import SAMPLES, PacketSpec
from monitor.acquisition.profile_model import Profile


class Packer:
    """Packs counts of one kind of packet of a profile.

    samples_per_packet : rows of a sample table that go into one packet (1 where it carries header fields only).
    """

    def __init__(self, profile: Profile, spec: PacketSpec) -> None:
        self.samples_per_packet = max(1, spec.n_samples)
        self._spec = spec
        self._fields = {name: profile.fields_of(name) for name in profile.streams_of(spec)}
        self._blank = np.frombuffer(encode(profile, spec.id, {}), np.uint8)
        counter = profile.counter
        self._counter = counter if counter is not None and spec.field(counter.field) is not None else None
        self._dtype = spec.dtype
        self._repeated = {item.name for item in spec.sample_fields}

    def pack(self, counts: Mapping[str, NDArray[np.int64]], first_index: int) -> list[bytes]:
        """Consecutive packets.

        counts : per stream (n_packets * samples_per_packet, n_channels), within the fields' limits.
        first_index : what the counter of the first packet shows, before it wraps.
        """
        n_packets = len(next(iter(counts.values()))) // self.samples_per_packet
        packets = np.tile(self._blank, (n_packets, 1))
        records = packets.view(self._dtype)[:, 0]
        for name, table in counts.items():
            names = self._fields[name]
            _fill(records[SAMPLES] if names[0] in self._repeated else records, names, table)
        if self._counter is not None:
            low, high = self._counter.wrap
            index = first_index + np.arange(n_packets) * self.samples_per_packet
            records[self._counter.field][:, 0] = low + (index - low) % (high - low + 1)
        return [packet.tobytes() for packet in packets]


def _fill(records: NDArray[np.void], names: tuple[str, ...], table: NDArray[np.int64]) -> None:
    column = 0
    for name in names:
        part = records[name]
        width = part.shape[-1]
        part[...] = table[:, column : column + width].reshape(part.shape)
        column += width
