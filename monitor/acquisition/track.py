"""One output stream of a sensor: packets in, stamped chunks out, once the rate is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.clock import FEWEST_PACKETS, ArrivalClock, CounterClock
from monitor.acquisition.counting import Order
from monitor.acquisition.packet import Packet
from monitor.acquisition.stamps import Stamper
from monitor.chunk import Channel, Chunk, Stream

BESIDE_HOLD_S = 2.0  # the mean rate of an irregular stream is taken over this
ALONE_S = 5.0  # if the stream beside does not come for so long, arrivals must do
FRESH_S = 1.0  # a packet of the stream beside says nothing after this
LEAST_STEP_S = 0.001


@dataclass(frozen=True, slots=True)
class Form:
    """What a track gives out. parts: the profile's streams whose channels it puts side by side."""

    name: str
    source_id: str
    channels: tuple[Channel, ...]
    parts: tuple[str, ...]
    dtype: type[np.floating]

    def carried_by(self, packet: Packet) -> bool:
        """Whether the packet has all the parts."""
        return all(part in packet.streams for part in self.parts)

    def rows(self, packet: Packet) -> NDArray[np.floating]:
        """The packet's samples, (n, channels)."""
        return np.concatenate([packet.streams[part] for part in self.parts], axis=1).astype(self.dtype)

    def stream(self, rate_hz: float) -> Stream:
        """The stream, once its rate is known."""
        return Stream(self.name, rate_hz, self.channels, self.source_id)


class CountedTrack:
    """A regular stream: stamped by its counter, or by counting what comes. Lost samples come out as NaN."""

    def __init__(self, form: Form, clock: CounterClock | ArrivalClock) -> None:
        self.form, self._clock = form, clock
        self._stamper = Stamper(clock)
        self._held: list[tuple[int, NDArray[np.floating]]] = []
        self.stream: Stream | None = None
        self.newest: tuple[int, int, float] | None = None  # last index, samples, arrival of the newest packet

    @property
    def ready(self) -> bool:
        """Whether samples can be stamped."""
        return self._clock.ready

    @property
    def lost_total(self) -> int:
        """Samples that are missing so far."""
        return self._stamper.lost_total

    def time_s(self, index: int) -> float:
        """Session time of a sample."""
        return float(self._clock.time_s(index))

    def link_lost(self) -> None:
        """What was not counted by the sensor must be counted anew."""
        if isinstance(self._clock, ArrivalClock):
            self._restart()

    def _restart(self) -> None:
        self._clock.restart()
        self._stamper.restart()
        self._held.clear()
        self.newest = None

    def push(self, packet: Packet, arrival_s: float) -> list[Chunk]:
        """The chunk that is now known, or nothing while the rate is being measured."""
        rows = self.form.rows(packet)
        first = self._place(packet, len(rows), arrival_s)
        self.newest = (first + len(rows) - 1, len(rows), arrival_s)
        self._held.append((first, rows))
        if not self._clock.ready:
            return []
        if self.stream is None:
            self.stream = self.form.stream(self._clock.rate_hz or np.nan)
        stream = self.stream
        chunks = [self._chunk(stream, *entry) for entry in self._held]
        self._held.clear()
        return [Chunk.joined(chunks)]

    def _place(self, packet: Packet, n: int, arrival_s: float) -> int:
        if isinstance(self._clock, ArrivalClock):
            return self._clock.push(n, packet.lost_before or 0, arrival_s)
        first = packet.first_index or 0
        if packet.order is Order.RESTARTED or self._clock.ahead(first + n - 1, arrival_s):
            self._restart()
        self._stamper.skip(self._clock.push(first + n - 1, arrival_s))
        return first

    def _chunk(self, stream: Stream, first: int, rows: NDArray[np.floating]) -> Chunk:
        lost, times_s = self._stamper.stamp(first, len(rows))
        gap = np.full((lost, rows.shape[1]), np.nan, rows.dtype)
        return Chunk(stream, times_s, np.concatenate([gap, rows]))


class BesideTrack:
    """An irregular stream without any count, stamped by the packets of a counted stream between which it comes.

    The sensor sends in order: its sample was taken after the last sample of the packet before, and before the packet
    after was full, or before it arrived. The middle of that is its time. What is lost leaves a hole, not NaN.
    """

    def __init__(self, form: Form, beside: CountedTrack) -> None:
        self.form, self._beside = form, beside
        self._held: list[tuple[tuple[int, int, float] | None, float, NDArray[np.floating]]] = []
        self._last_s = -np.inf
        self.stream: Stream | None = None
        self.lost_total = 0

    def link_lost(self) -> None:
        """What is held may belong to a count that ended."""
        self._held.clear()

    def push(self, packet: Packet, arrival_s: float) -> list[Chunk]:
        """The chunk that is now known, or nothing while the mean rate is being measured."""
        self._held.append((self._beside.newest, arrival_s, self.form.rows(packet)))
        if self.stream is None:
            self._measure(arrival_s)
        if self.stream is None:
            return []
        times_s = np.array([self._stamp(newest, arrived_s) for newest, arrived_s, _ in self._held])
        rows = np.concatenate([row for _, _, row in self._held])
        self._held.clear()
        return [Chunk(self.stream, times_s, rows)]

    def _measure(self, arrival_s: float) -> None:
        seen_s = arrival_s - self._held[0][1]
        if len(self._held) >= FEWEST_PACKETS and seen_s >= (BESIDE_HOLD_S if self._beside.ready else ALONE_S):
            self.stream = self.form.stream((len(self._held) - 1) / seen_s)

    def _stamp(self, newest: tuple[int, int, float] | None, arrived_s: float) -> float:
        stamp_s = arrived_s
        beside = self._beside
        if newest is not None and beside.ready and beside.stream is not None and arrived_s - newest[2] < FRESH_S:
            after_s = beside.time_s(newest[0])
            stamp_s = (after_s + min(after_s + newest[1] / beside.stream.rate_hz, arrived_s)) / 2.0
        self._last_s = max(stamp_s, self._last_s + LEAST_STEP_S)
        return self._last_s


Track = CountedTrack | BesideTrack
