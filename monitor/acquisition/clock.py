"""From sample counts and arrivals to the session clock. Pure functions of what was pushed: no wall clock, no chance.

A notification arrives after its last sample, never before: late by a fixed least delay and by waiting for the radio. So
the true time of the samples is a straight line under all arrivals, and the line that touches them from below is the
estimate (the least delay itself cannot be known and is not taken off).
Source: Moon, Skelly, Towsley 1999, "Estimation and removal of clock skew from network delay measurements".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

HOLD_S = 2.5  # the rate is fitted from at least this much
LONGEST_HOLD_S = 8.0  # and if the arrivals are wild, from no more than this
RATE_ERROR = 0.0022  # fitted when the delays of the fastest fifth are below this part of the time seen
SETTLE_S = 0.5  # a new count is first watched for so long: sensors send what they have queued, up to 0.25 s old
FEWEST_PACKETS = 8
FEWEST_BINS = 5
WINDOW_S = 20.0  # the line follows the arrivals of the last 20 s
BIN_S = 0.25  # of which the fastest of each 0.25 s is kept
SPAN_S = 5.0  # a line over less than this keeps the slope that it had
PATIENCE_S = 2.0  # arrivals that all are late for so long mean lost samples, not waiting
LATE_S = 0.06  # and late means at least this, and four times the usual delay
LATE_COUNTED_S = 1.0  # of a stream that the sensor counts: only a pause of the sensor goes uncounted
TOUCHES = 1e-12  # a point that lies so little below a line lies on it
AHEAD_S = 1.0  # a sample from so far in the future belongs to another count


def lower_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Offset and slope of the line below all points that is nearest to them in sum (x rising, at least two points).

    It is the edge of the lower hull over the mean of x: from the line through two points on both sides of it one goes
    on to the lowest point below, until none lies below.
    """
    middle, left, right = x.sum() / len(x), 0, len(x) - 1
    while True:
        slope = float((y[right] - y[left]) / (x[right] - x[left]))
        below = y - slope * x
        lowest = int(below.argmin())
        if below[lowest] >= below[left] - TOUCHES:
            return float(below[left]), slope
        left, right = (lowest, right) if x[lowest] < middle else (left, lowest)


def _fastest(packets: Iterable[tuple[int, float]], slope_s: float) -> Iterator[tuple[int, float]]:
    """Of the packets (index, arrival) that arrived in the same bin the one with the least delay, bin by bin."""
    for _, together in groupby(packets, key=lambda packet: packet[1] // BIN_S):
        yield min(together, key=lambda packet: packet[1] - slope_s * packet[0])


class _Line:
    """The line of one count, index -> session time, and whether what arrives agrees with it.

    rate_nominal_hz, tolerance: what the sensor is said to do; a rate outside is believed only after a longer look.
    late_s, patience_s: arrivals that all are so late for so long mean samples that were neither sent nor counted.
    """

    def __init__(self, rate_nominal_hz: float, tolerance: float, late_s: float, patience_s: float) -> None:
        self._nominal_hz, self._tolerance = rate_nominal_hz, tolerance
        self._late_s, self._patience_s = late_s, patience_s
        self.rate_hz: float | None = None
        self._slope_s = 1.0 / rate_nominal_hz
        self._usual_delay_s = 0.0
        self.restart()

    def restart(self) -> None:
        """Another count begins: rate and slope are kept, the line is not."""
        self.ready = False
        self._index: list[int] = []  # of each bin the fastest packet: its last sample,
        self._arrival_s: list[float] = []  # and when it arrived
        self._began_s: float | None = None
        self._next_look_s = 0.0
        self._offset_s = 0.0
        self._recent: deque[tuple[float, float]] = deque()  # (arrival, least delay) of each bin of the last patience_s

    def time_s(self, index: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Session time of samples by their index."""
        return self._offset_s + self._slope_s * np.asarray(index, dtype=np.float64)

    def push(self, index: NDArray[np.int64], arrival_s: NDArray[np.float64]) -> float:
        """Packets with these last samples have arrived. Gives the seconds that were just found missing.

        The first fit looks at every packet, the line later at the fastest of each bin alone.
        """
        began_s = self._began_s = float(arrival_s[0]) if self._began_s is None else self._began_s
        packets: Iterable[tuple[int, float]] = zip(index.tolist(), arrival_s.tolist(), strict=True)
        if self.rate_hz is not None:
            packets = _fastest(packets, self._slope_s)
        return sum((self._take(i, arrived_s, began_s) for i, arrived_s in packets), start=0.0)

    def _take(self, index: int, arrival_s: float, began_s: float) -> float:
        if self.rate_hz is None:
            self._index.append(index)
            self._arrival_s.append(arrival_s)
            if arrival_s >= self._next_look_s:
                self._next_look_s = arrival_s + BIN_S / 2
                self._first_fit(arrival_s - began_s)
            return 0.0
        new_bin = self._follow(index, arrival_s)
        if not self.ready:
            self.ready = arrival_s - began_s >= SETTLE_S
            return 0.0
        delay_s = arrival_s - self._offset_s - self._slope_s * index
        if new_bin or not self._recent:
            self._recent.append((arrival_s, delay_s))
        elif delay_s < self._recent[-1][1]:
            self._recent[-1] = (self._recent[-1][0], delay_s)
        return self._late(arrival_s) if new_bin else 0.0

    def move_up(self, seconds: float, before_s: float) -> None:
        """What arrived before that moment was earlier in the sensor's time than thought."""
        self._arrival_s = [y + seconds if y < before_s else y for y in self._arrival_s]
        self._offset_s += seconds

    def _first_fit(self, seen_s: float) -> None:
        if len(self._index) < FEWEST_PACKETS or seen_s < HOLD_S:
            return
        x, y = np.array(self._index, np.float64), np.array(self._arrival_s)
        if x[-1] <= x[0]:
            return
        offset_s, slope_s = lower_line(x, y)
        if slope_s <= 0:
            return
        delays_s = y - (offset_s + slope_s * x)
        steady = np.quantile(delays_s, 0.2) <= RATE_ERROR * seen_s
        plausible = abs(1.0 / slope_s / self._nominal_hz - 1.0) <= self._tolerance
        if seen_s >= LONGEST_HOLD_S or (steady and plausible):
            self.rate_hz, self._offset_s, self._slope_s, self.ready = 1.0 / slope_s, offset_s, slope_s, True
            self._usual_delay_s = float(np.median(delays_s))
            points = list(zip(self._index, self._arrival_s, strict=True))
            self._index, self._arrival_s = [], []
            for point in points:
                self._keep(*point)

    def _follow(self, index: int, arrival_s: float) -> bool:
        """Move the line: down at once, up and in slope as the window moves on. True if a new bin has begun."""
        if not self._index:
            self._offset_s = arrival_s - self._slope_s * index
        new_bin = self._keep(index, arrival_s)
        if new_bin:
            old = next(n for n, y in enumerate(self._arrival_s) if y >= arrival_s - WINDOW_S)
            if arrival_s - self._arrival_s[old] >= SPAN_S:
                del self._index[:old], self._arrival_s[:old]
            self._fit()
        self._offset_s = min(self._offset_s, arrival_s - self._slope_s * index)
        return new_bin

    def _keep(self, index: int, arrival_s: float) -> bool:
        """Keep a point if it is the fastest of its bin; True if it is the first of a new bin."""
        if not self._index or arrival_s // BIN_S > self._arrival_s[-1] // BIN_S:
            self._index.append(index)
            self._arrival_s.append(arrival_s)
            return True
        if arrival_s - self._arrival_s[-1] < self._slope_s * (index - self._index[-1]):
            self._index[-1], self._arrival_s[-1] = index, arrival_s
        return False

    def _fit(self) -> None:
        x, y = np.array(self._index, np.float64), np.array(self._arrival_s)
        if y[-1] - y[0] >= SPAN_S and x[-1] > x[0]:
            base = x[0]  # small numbers: the index may be large
            offset_s, self._slope_s = lower_line(x - base, y)
            self._offset_s = offset_s - self._slope_s * base
        else:
            self._offset_s = float((y - self._slope_s * x).min())

    def _late(self, arrival_s: float) -> float:
        """If all that arrived for some time was late, samples went missing unseen: by how many seconds?"""
        while self._recent and self._recent[0][0] < arrival_s - self._patience_s:
            self._recent.popleft()
        least_s = min(delay for _, delay in self._recent)
        waited = arrival_s - self._recent[0][0] >= 0.9 * self._patience_s - BIN_S and len(self._recent) > FEWEST_BINS
        if not waited or least_s <= max(self._late_s, 4.0 * self._usual_delay_s):
            return 0.0
        self._recent.clear()
        return least_s


class CounterClock:
    """Session time of each sample of a counted stream, from the counter and the arrivals of its packets.

    speed: session seconds per wall second; what the machine delays, it delays in wall seconds.
    """

    def __init__(self, rate_nominal_hz: float, tolerance: float, speed: float = 1.0) -> None:
        self._patience_s, self._ahead_s = PATIENCE_S * speed, AHEAD_S * speed
        self._line = _Line(rate_nominal_hz, tolerance, LATE_COUNTED_S * speed, self._patience_s)

    def restart(self) -> None:
        """The sensor counts from the beginning again."""
        self._line.restart()

    @property
    def ready(self) -> bool:
        """Whether times can be told."""
        return self._line.ready

    @property
    def rate_hz(self) -> float | None:
        """Samples per second as first fitted; fixed from then on."""
        return self._line.rate_hz

    def time_s(self, index: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Session time of samples by their index."""
        return self._line.time_s(index)

    def ahead(self, index: int, arrival_s: float) -> bool:
        """Whether a sample that arrives now would lie in the future: it belongs to another count."""
        return self.ready and float(self.time_s(index)) > arrival_s + self._ahead_s

    def push(self, index: NDArray[np.int64], arrival_s: NDArray[np.float64]) -> float:
        """Packets with these last samples have arrived, within a second or so. Gives the seconds found missing."""
        late_s = self._line.push(index, arrival_s)
        if late_s:
            self._line.move_up(late_s, float(arrival_s[0]) - self._patience_s)
        return late_s


class ArrivalClock:
    """Session time of each sample of a regular stream without a counter: samples are counted as they come.

    What is lost unseen makes the count fall behind the arrivals; when it has for 2 s, the missing samples are added.
    speed: see CounterClock.
    """

    def __init__(self, rate_nominal_hz: float, tolerance: float, speed: float = 1.0) -> None:
        self._line = _Line(rate_nominal_hz, tolerance, LATE_S * speed, PATIENCE_S * speed)
        self._next = 0
        self._missing = 0

    def restart(self) -> None:
        """The link was lost, and with it an unknown number of samples."""
        self._line.restart()
        self._missing = 0

    @property
    def ready(self) -> bool:
        """Whether times can be told."""
        return self._line.ready

    @property
    def rate_hz(self) -> float | None:
        """Samples per second as first fitted; fixed from then on."""
        return self._line.rate_hz

    def time_s(self, index: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Session time of samples by their index."""
        return self._line.time_s(index)

    def push(self, n_samples: int, lost: NDArray[np.int64], arrival_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Packets of n samples have arrived, within a second or so; gives the index of the first sample of each.

        lost: how many samples are known to be missing before each.
        """
        first = self._next + self._missing + lost.cumsum() + n_samples * np.arange(len(lost))
        self._next, self._missing = int(first[-1]) + n_samples, 0
        late_s = self._line.push(first + n_samples - 1, arrival_s)
        if late_s:
            self._missing = round(late_s * (self._line.rate_hz or 0.0))
        return first
