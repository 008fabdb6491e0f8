"""The straight line under all arrivals: from a sensor's own count or time to the session clock.

A notification arrives after its last sample, never before: late by a fixed least delay and by waiting for the radio. So
the true time of the samples is a straight line under all arrivals, and the line that touches them from below is the
estimate (the least delay itself cannot be known and is not taken off).
Source: Moon, Skelly, Towsley 1999, "Estimation and removal of clock skew from network delay measurements".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.waits import Waits

HOLD_S = 2.5  # the rate is fitted from at least this much
LONGEST_HOLD_S = 8.0  # and if the arrivals are wild, from no more than this
RATE_ERROR = 0.0022  # fitted when the delays of the fastest fifth are below this part of the time seen
SETTLE_S = 0.5  # a new count is first watched for so long: sensors send what they have queued, up to 0.25 s old
FEWEST_PACKETS = 8
FEWEST_BINS = 5
WINDOW_S = 20.0  # the line follows the arrivals of the last 20 s
BIN_S = 0.25  # of which the fastest of each 0.25 s is kept
MOST_BINS = 160  # twice what the window holds: the points of a count that stands still move up and would never leave it
SPAN_S = 5.0  # a line over less than this keeps the slope that it had
SLOPE_FITS = 40  # the slope of what is counted or timed is a mean of so many fits: a clock drifts slowly, and packets
BEND = 0.001  # that slip by a connection event, or are lost unseen, bend the line; so much of it is believed at once
FIT_S = 1.0  # the line is fitted anew so often
UNCOUNTED = 1.5  # times the lateness of what nothing counts: with 5 % lost at random, true 19 times out of 20
TOUCHES = 1e-12  # a point that lies so little below a line lies on it

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64] | Floats


def lower_line(x: Floats, y: Floats) -> tuple[float, float]:
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


def _fastest(packets: Iterable[tuple[float, float]], slope_s: float, bin_s: float) -> list[tuple[float, float]]:
    """Of the packets (index, arrival) that arrived in the same bin the one with the least delay, bin by bin."""
    found: list[tuple[float, float]] = []
    newest, least_s = None, 0.0
    for index, arrival_s in packets:
        here, delay_s = arrival_s // bin_s, arrival_s - slope_s * index
        if here != newest:
            found.append((index, arrival_s))
            newest, least_s = here, delay_s
        elif delay_s < least_s:
            found[-1], least_s = (index, arrival_s), delay_s
    return found


class Line:
    """The line of one count, index -> session time, and whether what arrives agrees with it.

    nominal_s: session seconds per step of the count, as the sensor is said to count. tolerance: how far the true slope
    may lie from it; outside it is believed only after a longer look. known: it surely lies inside (a quartz clock), so
    that nothing has to be measured before times can be told. uncounted: samples may be lost unseen.
    late_s, patience_s: arrivals that all are so late for so long mean samples that were neither sent nor counted.
    speed: session seconds per wall second; what the machine delays, it delays in wall seconds.
    """

    def __init__(
        self,
        nominal_s: float,
        tolerance: float,
        *,
        late_s: float,
        patience_s: float,
        speed: float = 1.0,
        known: bool = False,
        uncounted: bool = False,
    ) -> None:
        self._nominal_s, self._tolerance, self._known, self._uncounted = nominal_s, tolerance, known, uncounted
        self._late_s, self._patience_s = late_s, patience_s
        self._settle_s, self._fit_s, self._bin_s = SETTLE_S * speed, FIT_S * speed, BIN_S * speed
        self._n_fits = 0
        self._longest_hold_s, self._window_s = LONGEST_HOLD_S * speed, WINDOW_S * speed
        self.measured = known  # whether the slope is
        self.slope_s = self.first_slope_s = nominal_s
        self.usual_delay_s = 0.0
        self.waits = Waits(speed)
        self.restart()

    def restart(self) -> None:
        """Another count begins: the slope is kept, the line is not."""
        self.ready = False
        self._index: list[float] = []  # of each bin the fastest packet: its last sample,
        self._arrival_s: list[float] = []  # and when it arrived
        self._began_s: float | None = None
        self._next_look_s = self._next_fit_s = -np.inf
        self._offset_s = 0.0
        self._recent: deque[tuple[float, float]] = deque()  # (arrival, least delay) of each bin of the last patience_s
        self.waits.restart()

    def time_s(self, index: Numbers | float) -> Floats:
        """Session time of samples by their index."""
        return (self._offset_s - self.waits.shift_s) + self.slope_s * np.asarray(index, dtype=np.float64)

    @property
    def uncertainty_s(self) -> float:
        """By how much times may be wrong: what the waits leave open, or by how much all that comes is late.

        Of what nothing counts, what came for a quarter of a second alone may tell of samples that are missing.
        """
        delays_s = [delay_s for _, delay_s in self._recent] or [0.0]
        lag_s = UNCOUNTED * max(delays_s) if self._uncounted else min(delays_s)
        return self.waits.least_s + max(self.waits.unseen_s, lag_s)

    def push(self, index: Numbers, arrival_s: Floats) -> float:
        """Packets with these last samples have arrived. Gives the seconds that were just found missing.

        The first fit looks at every packet, the line later at the fastest of each bin alone.
        """
        began_s = self._began_s = float(arrival_s[0]) if self._began_s is None else self._began_s
        came = list(zip(index.tolist(), arrival_s.tolist(), strict=True))
        while not self.measured:
            if not came:
                return 0.0
            self._look(*came.pop(0), began_s)
        if not came:
            return 0.0
        settled_s = began_s + self._settle_s
        self.waits.push(came if came[0][1] >= settled_s else [packet for packet in came if packet[1] >= settled_s])
        fastest = _fastest(came, self.slope_s, self._bin_s)
        return sum((self._take(i, arrived_s, began_s) for i, arrived_s in fastest), start=0.0)

    def move_up(self, seconds: float, before_s: float) -> None:
        """What arrived before that moment was earlier in the sensor's time than thought."""
        self._arrival_s = [y + seconds if y < before_s else y for y in self._arrival_s]
        self._offset_s += seconds
        self.waits.restart()

    def _take(self, index: float, arrival_s: float, began_s: float) -> float:
        new_bin = self._follow(index, arrival_s)
        if not self.ready:
            self.ready = arrival_s - began_s >= self._settle_s
            return 0.0
        delay_s = arrival_s - self._offset_s - self.slope_s * index
        if new_bin or not self._recent:
            self._recent.append((arrival_s, delay_s))
        elif delay_s < self._recent[-1][1]:
            self._recent[-1] = (self._recent[-1][0], delay_s)
        return self._late(arrival_s) if new_bin else 0.0

    def _look(self, index: float, arrival_s: float, began_s: float) -> None:
        """Gather the packets that the slope is first measured from."""
        self._index.append(index)
        self._arrival_s.append(arrival_s)
        if arrival_s >= self._next_look_s:
            self._next_look_s = arrival_s + BIN_S / 2
            self._first_fit(arrival_s - began_s)

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
        plausible = abs(self._nominal_s / slope_s - 1.0) <= self._tolerance
        if seen_s >= self._longest_hold_s or (steady and plausible):
            self._offset_s, self.slope_s, self.measured, self.ready = offset_s, slope_s, True, True
            self.first_slope_s = slope_s
            self.usual_delay_s = float(np.median(delays_s))
            points = list(zip(self._index, self._arrival_s, strict=True))
            self._index, self._arrival_s = [], []
            for point in points:
                self._keep(*point)
            self.waits.push(points)
            self.waits.measure(self._offset_s, self.slope_s)

    def _follow(self, index: float, arrival_s: float) -> bool:
        """Move the line: down at once, up and in slope as the window moves on. True if a new bin has begun."""
        if not self._index:
            self._offset_s = arrival_s - self.slope_s * index
        new_bin = self._keep(index, arrival_s)
        if new_bin and (arrival_s >= self._next_fit_s):
            self._next_fit_s = arrival_s + self._fit_s
            self._forget(arrival_s)
            self._fit()
            self.waits.measure(self._offset_s, self.slope_s)
        self._offset_s = min(self._offset_s, arrival_s - self.slope_s * index)
        return new_bin

    def _keep(self, index: float, arrival_s: float) -> bool:
        """Keep a point if it is the fastest of its bin; True if it is the first of a new bin."""
        if not self._index or arrival_s // self._bin_s > self._arrival_s[-1] // self._bin_s:
            self._index.append(index)
            self._arrival_s.append(arrival_s)
            return True
        if arrival_s - self._arrival_s[-1] < self.slope_s * (index - self._index[-1]):
            self._index[-1], self._arrival_s[-1] = index, arrival_s
        return False

    def _forget(self, now_s: float) -> None:
        """What the window has left."""
        del self._index[:-MOST_BINS], self._arrival_s[:-MOST_BINS]
        old = next(n for n, y in enumerate(self._arrival_s) if y >= now_s - self._window_s)
        if now_s - self._arrival_s[old] >= SPAN_S:
            del self._index[:old], self._arrival_s[:old]

    def _fit(self) -> None:
        x, y = np.array(self._index, np.float64), np.array(self._arrival_s)
        base = x[0]  # small numbers: the index may be large
        if y[-1] - y[0] >= SPAN_S and x[-1] > x[0]:
            offset_s, slope_s = lower_line(x - base, y)
            self.slope_s = self._believed(slope_s)
            if self.slope_s == slope_s:
                self._offset_s = offset_s - slope_s * base
                return
        self._offset_s = float((y - self.slope_s * (x - base)).min()) - self.slope_s * base

    def _believed(self, slope_s: float) -> float:
        """What a slope that was just fitted says, as far as a sensor's clock may change."""
        if self._uncounted:  # what is lost unseen bends the line
            return slope_s
        self._n_fits += 1
        if self._n_fits * self._fit_s > self._window_s:
            slope_s = min(max(slope_s, self.slope_s * (1.0 - BEND)), self.slope_s * (1.0 + BEND))
        slope_s = self.slope_s + (slope_s - self.slope_s) / min(max(1.0, self._n_fits / 3.0), SLOPE_FITS)
        if not self._known:
            return slope_s
        return min(max(slope_s, self._nominal_s * (1.0 - self._tolerance)), self._nominal_s * (1.0 + self._tolerance))

    def _late(self, arrival_s: float) -> float:
        """If all that arrived for some time was late, samples went missing unseen: by how many seconds?"""
        while self._recent and self._recent[0][0] < arrival_s - self._patience_s:
            self._recent.popleft()
        least_s = min(delay for _, delay in self._recent)
        waited = (
            arrival_s - self._recent[0][0] >= 0.9 * self._patience_s - self._bin_s and len(self._recent) > FEWEST_BINS
        )
        if not waited or least_s <= max(self._late_s, 4.0 * self.usual_delay_s):
            return 0.0
        self._recent.clear()
        return least_s
