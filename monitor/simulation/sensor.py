"""A virtual sensor: samples of a simulated leg, packed and sent as a firmware profile says."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from bumble.transport.common import TransportSink, TransportSource
from numpy.typing import NDArray

from monitor.acquisition.framing_model import SyncFraming
from monitor.acquisition.packet import to_counts
from monitor.acquisition.packet_model import PacketSpec
from monitor.acquisition.profile_model import Profile, SimNotify, Step
from monitor.simulation.packing import Packer
from monitor.simulation.peripheral import Peripheral

SEND_WINDOW = 64  # notifications on their way in the controller before the sensor begins to queue
COUNTS_PER_UV = 0.1  # of EMG sensors that tell no scale: assumed, so that a strong contraction stays inside 8 bits
_QUEUE_MIN = 4  # packets that the firmware can hold back when the radio is busy
_MAKE_AHEAD_S = 0.5


class SampleSource(Protocol):
    """Consecutive samples of one simulated signal."""

    def read(self, n_samples: int) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
        """The next samples: (n,) seconds and (n, n_channels)."""
        ...

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        ...


class Signals(Protocol):
    """What a sensor is stuck on: gives its signals at whatever rate the sensor samples."""

    def emg(self, rate_hz: float, n_channels: int) -> SampleSource:
        """EMG in uV, (n, n_channels)."""
        ...

    def imu(self, rate_hz: float) -> SampleSource:
        """(n, 6): acceleration x y z in g, angular rate x y z in deg/s."""
        ...


class _Producer:
    """Makes one kind of packet at its true rate, whether anybody listens or not."""

    def __init__(self, profile: Profile, notify: SimNotify, signals: Signals, start_s: float) -> None:
        self._profile = profile
        self._spec = profile.packet(notify.packet)
        self.chars = frozenset(self._spec.chars)
        self._rate_hz = notify.true_rate_hz
        self._packer = Packer(profile, self._spec, notify.repetitions)
        self._per_packet = self._packer.samples_per_packet
        self._sources = _sources(profile, self._spec, signals, notify.true_rate_hz)
        for source, _ in self._sources:
            source.seek(start_s)
        self._made = int(np.ceil(start_s * self._rate_hz - 1e-6))
        self._turn = 0
        self._ahead: deque[bytes] = deque()
        held_s = profile.sim.stale_burst_s
        self._longest = max(_QUEUE_MIN, round(held_s * self._rate_hz / self._per_packet))
        self.queue: deque[tuple[str, bytes]] = deque()
        self.keeps_stale = held_s > 0

    def advance(self, time_s: float) -> None:
        """Queue every packet whose last sample lies at or before the time."""
        due = int(time_s * self._rate_hz + 1e-6) + 1 - self._made  # sample i is taken at i / rate
        for _ in range(max(0, due) // self._per_packet):
            self.queue.append(self._packet())

    def trim(self) -> None:
        """What could not be sent waits, as much of it as the firmware holds; the oldest is lost."""
        while len(self.queue) > self._longest:
            self.queue.popleft()

    def _packet(self) -> tuple[str, bytes]:
        if not self._ahead:
            self._make_ahead()
        char = self._spec.chars[self._turn]
        self._turn = (self._turn + 1) % len(self._spec.chars) if self._spec.cycle else 0
        self._made += self._per_packet
        return char, self._ahead.popleft()

    def _make_ahead(self) -> None:
        """Make the packets of the next half second at once: one by one costs too much."""
        n_packets = max(1, round(_MAKE_AHEAD_S * self._rate_hz / self._per_packet))
        counts: dict[str, NDArray[np.int64]] = {}
        for source, columns in self._sources:
            _, samples = source.read(n_packets * self._per_packet)
            for stream, picked in columns.items():
                spec = self._profile.streams[stream]
                scale = COUNTS_PER_UV if spec.kind == "emg" and spec.unit == "counts" else 1.0
                counts[stream] = to_counts(self._profile, stream, scale * samples[:, picked])
        first = self._profile.sim.start_index + self._made
        self._ahead.extend(self._packer.pack(counts, first, n_packets, self._rate_hz))


class VirtualSensor:
    """One sensor in the air. `advance` moves its own time on; everything else follows from what the central does.

    signals : what it measures. start_s : session second at which it is switched on.
    muted : it obeys and stays silent, as a sensor whose firmware has hung.
    oversized : packets that did not fit the MTU and were not sent (real firmware cannot send them either).
    """

    def __init__(
        self,
        profile: Profile,
        signals: Signals,
        name: str,
        address: str,
        source: TransportSource,
        sink: TransportSink,
        start_s: float = 0.0,
    ) -> None:
        self.profile = profile
        self.name = name
        self.muted = False
        self.oversized = 0
        self.commands: list[tuple[str, bytes]] = []
        self.peripheral = Peripheral(profile, name, address, source, sink, self._on_write)
        self._producers = [_Producer(profile, notify, signals, start_s) for notify in profile.sim.notify]
        self._start_command = _last_write(profile.step.start)
        self._stop_command = _last_write(profile.step.stop)
        self._started = self._start_command is None

    async def start(self) -> None:
        """Switch on: advertise."""
        await self.peripheral.start()

    def advance(self, time_s: float) -> None:
        """Sample up to a session second and send what is due and wanted."""
        if not self.peripheral.connected:
            self._started = self._start_command is None
        for producer in self._producers:
            producer.advance(time_s)
            if self._wanted(producer):
                self._send(producer.queue)
            elif not producer.keeps_stale:
                producer.queue.clear()
            producer.trim()

    def _wanted(self, producer: _Producer) -> bool:
        return self._started and not self.muted and not producer.chars.isdisjoint(self.peripheral.subscribed)

    def _send(self, packets: deque[tuple[str, bytes]]) -> None:
        while packets and self.peripheral.unsent < SEND_WINDOW:
            char, payload = packets.popleft()
            if char not in self.peripheral.subscribed:
                continue
            if isinstance(self.profile.framing_of(char), SyncFraming):
                payload = self._joined(payload, char, packets)
            if len(payload) > self.peripheral.payload_bytes:
                self.oversized += 1
            else:
                self.peripheral.notify(char, payload)

    def _joined(self, payload: bytes, char: str, packets: deque[tuple[str, bytes]]) -> bytes:
        """A byte stream's frames share a notification as far as they fit."""
        parts, size = [payload], len(payload)
        while packets and packets[0][0] == char and size + len(packets[0][1]) <= self.peripheral.payload_bytes:
            parts.append(packets.popleft()[1])
            size += len(parts[-1])
        return b"".join(parts)

    def _on_write(self, alias: str, payload: bytes) -> None:
        self.commands.append((alias, payload))
        if (alias, payload) == self._start_command:
            self._started = True
        elif (alias, payload) == self._stop_command:
            self._started = False


def _last_write(steps: tuple[Step, ...]) -> tuple[str, bytes] | None:
    """The command that completes the steps; None where there is nothing to write."""
    writes = [(step.char, step.payload) for step in steps if step.op == "write"]
    return writes[-1] if writes else None


def _sources(
    profile: Profile, spec: PacketSpec, signals: Signals, rate_hz: float
) -> list[tuple[SampleSource, dict[str, list[int]]]]:
    """The signals that a packet carries, each with the columns that go into each of its streams.

    Angles, quaternions and the magnetometer are not simulated: their counts stay 0, and Crampwatch does not use them.
    """
    streams = profile.streams_of(spec)
    emg = {name: list(range(len(stream.channels))) for name, stream in streams.items() if stream.kind == "emg"}
    columns = {"acc": [0, 1, 2], "gyro": [3, 4, 5]}
    imu = {name: columns[stream.kind] for name, stream in streams.items() if stream.kind in columns}
    sources = []
    if emg:
        sources.append((signals.emg(rate_hz, max(len(picked) for picked in emg.values())), emg))
    if imu:
        sources.append((signals.imu(rate_hz), imu))
    return sources
