"""One output stream of a sensor: packets in, stamped chunks out, once the rate is known."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Packets
from monitor.acquisition.clock import ArrivalClock, CounterClock, TimedClock
from monitor.acquisition.counting import Order
from monitor.acquisition.line import FEWEST_PACKETS
from monitor.acquisition.loss import LossLog
from monitor.acquisition.ordering import sample_index
from monitor.acquisition.stamps import Stamper
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import WiringError

BESIDE_HOLD_S = 2.0  # the mean rate of an irregular stream is taken over this
ALONE_S = 5.0  # if the stream beside does not come for so long, arrivals must do
FRESH_S = 1.0  # a packet of the stream beside says nothing after this
LEAST_STEP_S = 0.001
PIECE_S = 1.0  # packets are stamped together if they arrived within this
_RESTARTED = int(Order.RESTARTED)
_NEVER = 2**62
MOST_HELD = 1000  # pieces that wait for the rate; the rate of a broken sensor may never be known
LONG_GAP = 1000  # samples; a longer gap begins a new piece


@dataclass(frozen=True, slots=True)
class Form:
    """What a track gives out. parts: the profile's streams whose channels it puts side by side.

    picks: which of these channels, in this order; empty = all.
    """

    name: str
    source_id: str
    channels: tuple[Channel, ...]
    parts: tuple[str, ...]
    dtype: type[np.floating]
    picks: tuple[int, ...] = ()

    def carried_by(self, packets: Packets) -> bool:
        """Whether the packets have all the parts."""
        return all(part in packets.kind.streams for part in self.parts)

    def rows(self, packets: Packets) -> NDArray[np.floating]:
        """The packets' samples, (samples of all packets, channels)."""
        rows = packets.rows(self.parts, self.dtype)
        return rows[:, list(self.picks)] if self.picks else rows

    def stream(self, rate_hz: float) -> Stream:
        """The stream, once its rate is known."""
        return Stream(self.name, rate_hz, self.channels, self.source_id)


class Mark(NamedTuple):
    """A packet of a regular stream: its number in the batch (negative: before it), and when it came.

    last, full: where its last sample and the last of the packet after it lie on the clock's own axis.
    """

    at: int
    last: float
    full: float
    arrival_s: float


class _Held(NamedTuple):
    """A piece whose times are not known yet. samples: the index of each, None where only the sensor's time tells it."""

    packets: Packets
    samples: NDArray[np.int64] | None
    rows: NDArray[np.floating]


_NO_MARK = Mark(-_NEVER, 0.0, 0.0, -np.inf)
RegularClock = CounterClock | ArrivalClock | TimedClock


class CountedTrack:
    """A regular stream, stamped by its counter, by the sensor's time, or by counting what comes. Lost samples: NaN."""

    def __init__(self, form: Form, clock: RegularClock) -> None:
        self.form, self._clock = form, clock
        self._stamper = Stamper(clock)
        self._held: deque[_Held] = deque(maxlen=MOST_HELD)
        self._marks = [_NO_MARK]
        self.is_beside = False  # another stream is stamped by its packets
        self.loss = LossLog()
        self.stream: Stream | None = None

    @property
    def ready(self) -> bool:
        """Whether samples can be stamped."""
        return self._clock.ready

    @property
    def uncertainty_s(self) -> float:
        """By how much the stamps may be wrong."""
        return self._clock.uncertainty_s

    def at(self, place: float) -> float:
        """Session time of a place on the clock's own axis."""
        return float(self._clock.at(place))

    def before(self, at: int) -> Mark:
        """The newest packet before this number in the batch that was pushed last."""
        return self._marks[bisect_left(self._marks, at, key=attrgetter("at")) - 1]

    def link_lost(self) -> None:
        """What was not counted by the sensor must be counted anew."""
        self.loss.broken()
        if isinstance(self._clock, ArrivalClock):
            self.restart()

    def restart(self) -> None:
        """Another count begins."""
        self._clock.restart()
        self._stamper.restart()
        self._held.clear()
        self._marks = [_NO_MARK]

    def push(self, groups: Sequence[Packets]) -> list[Chunk]:
        """The stream's packets of one batch: the chunk that is now known, or nothing while the rate is measured."""
        self._marks = [self._marks[-1]._replace(at=-_NEVER)]
        chunks: list[Chunk] = []
        for packets in groups:
            rows = self.form.rows(packets)
            n = len(rows) // len(packets)
            for begin, end in pairwise(_cuts(packets)):
                whole = end - begin == len(packets)
                chunks += self._piece(packets if whole else packets[begin:end], rows[begin * n : end * n])
        return [Chunk.joined(chunks)] if chunks else []

    def _piece(self, packets: Packets, rows: NDArray[np.floating]) -> list[Chunk]:
        """Packets that belong to one count and arrived within PIECE_S."""
        lost = self._stamper.lost_total
        self._held.append(_Held(packets, self._take(packets), rows))
        chunks = []
        if self._clock.ready:
            self.stream = self.stream or self.form.stream(self._clock.rate_hz or np.nan)
            chunks = [self._chunk(self.stream, held) for held in self._held]
            self._held.clear()
        seen = 0 if packets.places.smooth else int(np.maximum(packets.places.lost, 0).sum())
        self.loss.note(float(packets.arrival_s[-1]), len(rows), self._stamper.lost_total - lost, seen)
        return chunks

    def _take(self, packets: Packets) -> NDArray[np.int64] | None:
        """The clock learns of packets; gives the index of every sample, (packets, samples), if it can be told now."""
        places, arrival_s, n = packets.places, packets.arrival_s, packets.kind.per_packet
        if isinstance(self._clock, TimedClock):
            return self._take_timed(self._clock, packets)
        if isinstance(self._clock, ArrivalClock):
            first = self._clock.push(n, np.maximum(places.lost, 0), arrival_s)
            index = first[:, np.newaxis] + np.arange(n)
        elif places.smooth and places.first_index is not None:
            begin = int(places.first_index[0])
            index = np.arange(begin, begin + n * len(packets)).reshape(-1, n)
            if self._clock.ahead(begin + n * len(packets) - 1, float(arrival_s[-1])):
                self.restart()
            self._stamper.skip(self._clock.push(index[:, -1], arrival_s))
        elif places.first_index is None:
            raise WiringError(f"{self.form.source_id}: packets without a counter cannot be stamped by it")
        else:
            index = sample_index(packets)
            last = index[:, -1]
            if places.order[0] == _RESTARTED or self._clock.ahead(int(last[-1]), float(arrival_s[-1])):
                self.restart()
            self._stamper.skip(self._clock.push(last, arrival_s))
        self._mark(packets, index[:, -1], 1.0)
        return index

    def _take_timed(self, clock: TimedClock, packets: Packets) -> NDArray[np.int64] | None:
        places, n = packets.places, packets.kind.per_packet
        if places.device_s is None:
            raise WiringError(f"{self.form.source_id}: packets without the sensor's time cannot be stamped by it")
        anew, skipped_s = clock.follow()
        if anew or places.order[0] == _RESTARTED:
            self.restart()
        self._stamper.skip(skipped_s)
        clock.learn(places.device_s, places.first_index, n)
        self._mark(packets, places.device_s + (n - 1) * clock.step_s, clock.step_s)
        return None if places.first_index is None else sample_index(packets)

    def _mark(self, packets: Packets, last: NDArray[Any], step: float) -> None:
        if not self.is_beside:
            return
        full = last + packets.kind.per_packet * step
        self._marks += map(Mark, packets.at.tolist(), last.tolist(), full.tolist(), packets.arrival_s.tolist())

    def _chunk(self, stream: Stream, held: _Held) -> Chunk:
        index, places, n = held.samples, held.packets.places, held.packets.kind.per_packet
        if isinstance(self._clock, TimedClock) and places.device_s is not None:
            first = self._clock.place(places.device_s, places.first_index, n)
            index = first[:, np.newaxis] + np.arange(n) if index is None else index
        assert index is not None
        index = index.ravel()
        lost, times_s = self._stamper.stamp(index)
        rows = held.rows
        if len(times_s) == len(rows):
            return Chunk(stream, times_s, rows)
        samples = np.full((len(times_s), rows.shape[1]), np.nan, rows.dtype)
        samples[lost + index - index[0]] = rows
        return Chunk(stream, times_s, samples)


def _cuts(packets: Packets) -> list[int]:
    """Where pieces begin, and the end: at a new second, a new count, a gap that may have to stay a hole."""
    if packets.places.smooth and packets.arrival_s[0] // PIECE_S == packets.arrival_s[-1] // PIECE_S:
        return [0, len(packets)]
    seconds = (packets.arrival_s // PIECE_S).tolist()
    order, lost = packets.places.order.tolist(), packets.places.lost.tolist()
    return [
        0,
        *(
            i
            for i in range(1, len(packets))
            if seconds[i] != seconds[i - 1] or order[i] == _RESTARTED or lost[i] > LONG_GAP
        ),
        len(packets),
    ]


class BesideTrack:
    """An irregular stream without any count, stamped by the packets of a counted stream between which it comes.

    The sensor sends in order: its sample was taken after the last sample of the packet before, and before the packet
    after was full, or before it arrived. The middle of that is its time. What is lost leaves a hole, not NaN.
    """

    def __init__(self, form: Form, beside: CountedTrack) -> None:
        self.form, self._beside = form, beside
        beside.is_beside = True
        self._held: list[tuple[Mark, float]] = []  # the packet beside, arrival
        self._rows: list[NDArray[np.floating]] = []
        self._last_s = -np.inf
        self.stream: Stream | None = None

    @property
    def uncertainty_s(self) -> float:
        """By how much the stamps may be wrong: half of what lies between two packets, beside what their times are."""
        mark = self._beside.before(_NEVER)
        return self._beside.uncertainty_s + (self._beside.at(mark.full) - self._beside.at(mark.last)) / 2.0

    def link_lost(self) -> None:
        """What is held may belong to a count that ended."""
        self._held.clear()
        self._rows.clear()

    def push(self, groups: Sequence[Packets]) -> list[Chunk]:
        """The stream's packets of one batch: the chunk that is now known, or nothing while the rate is measured."""
        for packets in groups:
            self._held += zip(map(self._beside.before, packets.at.tolist()), packets.arrival_s.tolist(), strict=True)
            self._rows.append(self.form.rows(packets))
        if self._held and self.stream is None:
            self._measure()
        if not self._held or self.stream is None:
            return []
        times_s = np.array([self._stamp(*held) for held in self._held])
        rows = np.concatenate(self._rows)
        self._held.clear()
        self._rows.clear()
        return [Chunk(self.stream, times_s, rows)]

    def _measure(self) -> None:
        seen_s = self._held[-1][1] - self._held[0][1]
        if len(self._held) >= FEWEST_PACKETS and seen_s >= (BESIDE_HOLD_S if self._beside.ready else ALONE_S):
            self.stream = self.form.stream((len(self._held) - 1) / seen_s)

    def _stamp(self, mark: Mark, arrived_s: float) -> float:
        stamp_s = arrived_s
        if self._beside.ready and arrived_s - mark.arrival_s < FRESH_S:
            after_s, full_s = self._beside.at(mark.last), self._beside.at(mark.full)
            stamp_s = (after_s + min(full_s, arrived_s)) / 2.0
        self._last_s = max(stamp_s, self._last_s + LEAST_STEP_S)
        return self._last_s


Track = CountedTrack | BesideTrack
