"""Makes the packets of a virtual sensor, whether anybody listens or not."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.encoding import limits_of_stream
from monitor.acquisition.profile_model import Profile, SimNotify
from monitor.simulation.faults import FaultKind, Faults
from monitor.simulation.packing import Packer
from monitor.simulation.wearing import Signals, Wearing

_QUEUE_MIN = 4  # packets that the firmware can hold back when the radio is busy
_MAKE_AHEAD_S = 0.5
_STALE_S = 0.5  # what a sensor with the fault stale_start has queued


class Producer:
    """Makes one kind of packet at its true rate.

    queue : (characteristic, plain packet) that wait to be sent. keeps_stale : they wait for a listener, too.
    """

    def __init__(
        self, profile: Profile, notify: SimNotify, signals: Signals, start_s: float, faults: Faults | None = None
    ) -> None:
        self._profile = profile
        self._faults = faults or Faults()
        self._spec = profile.packet(notify.packet)
        self.chars = frozenset(self._spec.chars)
        wrong = self._faults.has(FaultKind.WRONG_RATE)
        self._rate_hz = notify.true_rate_hz * (1.0 - wrong.share if wrong else 1.0)
        self._packer = Packer(profile, self._spec, notify.repetitions)
        self._per_packet = self._packer.samples_per_packet
        self._wearing = Wearing(profile, self._spec, signals, self._rate_hz)
        self._wearing.seek(start_s)
        counter = profile.counter_of(self._spec)
        self._gap = counter.loss_multiple if counter else self._per_packet
        self._made = int(np.ceil(start_s * self._rate_hz - 1e-6))
        self._turn = 0
        self._ahead: deque[bytes] = deque()
        stale = self._faults.has(FaultKind.STALE_START)
        held_s = max(profile.sim.stale_burst_s, _STALE_S if stale else 0.0)
        self._longest = max(_QUEUE_MIN, round(held_s * self._rate_hz / self._per_packet))
        self.queue: deque[tuple[str, bytes]] = deque()
        self.keeps_stale = held_s > 0

    def advance(self, time_s: float) -> None:
        """Queue every packet whose last sample lies at or before the time."""
        due = int(time_s * self._rate_hz + 1e-6) + 1 - self._made  # sample i is taken at i / rate
        while due >= self._per_packet:
            if self._faults.strikes(FaultKind.GAP, self._made / self._rate_hz):
                due -= self._lose()
            else:
                self.queue.append(self._packet())
                due -= self._per_packet

    def trim(self) -> None:
        """What could not be sent waits, as much of it as the firmware holds; the oldest is lost."""
        while len(self.queue) > self._longest:
            self.queue.popleft()

    def _lose(self) -> int:
        """Samples that the firmware took and did not fetch in time: how many."""
        self._made += self._gap
        self._ahead.clear()
        self._wearing.seek(self._made / self._rate_hz)
        return self._gap

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
        n_samples = n_packets * self._per_packet
        counts = {name: self._railed(name, table) for name, table in self._wearing.read(n_samples).items()}
        first = self._profile.sim.start_index + self._made
        self._ahead.extend(self._packer.pack(counts, first, n_packets, self._rate_hz))

    def _railed(self, stream: str, table: NDArray) -> NDArray:
        """The counts, at the rail while the fault lasts."""
        limits = limits_of_stream(self._profile, stream)
        if self._profile.streams[stream].kind != "emg" or limits is None:
            return table
        times_s = (self._made + np.arange(len(table))) / self._rate_hz
        railed = [self._faults.find(FaultKind.SATURATE, float(time_s)) is not None for time_s in times_s[[0, -1]]]
        return np.full_like(table, limits[1]) if any(railed) else table
