"""The sensor's own time of its packets, made endless."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.counting import UNKNOWN, Order, Places
from monitor.acquisition.framing_model import ClockSpec

LATE_S = 2.0  # a time that lies back by less is a repetition or comes late; by more, the sensor has restarted
AHEAD_S = 10.0  # a time that runs ahead of the arrivals by more is that of another start


class DeviceTime:
    """Unwraps one clock of a sensor.

    rate_nominal_hz : of the samples: how many are missing where nothing counts them, and, until two packets have told
    it, how long before its last sample a packet's first was taken.
    tolerance : by which the true rate may differ from it.
    """

    def __init__(self, clock: ClockSpec, rate_nominal_hz: float, tolerance: float) -> None:
        self._clock, self._rate_hz, self._tolerance = clock, rate_nominal_hz, tolerance
        self._modulus = clock.wrap[1] - clock.wrap[0] + 1
        self._period_s = 1.0 / rate_nominal_hz
        self._raw: int | None = None
        self._ticks = 0  # endless, of the newest packet
        self._arrival_s = 0.0
        self._end_s = 0.0  # when the sample after its last is due
        self._reconnected = False

    def reconnected(self) -> None:
        """The link was lost: from now on nothing can be a repetition."""
        self._reconnected = True

    def push(self, raw: NDArray[np.integer], n_samples: int, arrival_s: NDArray[np.float64], places: Places) -> Places:
        """The places with the time of each packet's first sample; where nothing counts, order and losses by it too."""
        rows = zip(raw.tolist(), arrival_s.tolist(), strict=True)
        placed = [self._place(number, n_samples, arrived_s) for number, arrived_s in rows]
        order, lost, device_s = zip(*placed, strict=True)
        if places.first_index is not None:
            return replace(places, device_s=np.array(device_s))
        return Places(np.array(order), np.array(lost), None, device_s=np.array(device_s))

    def _place(self, raw: int, n_samples: int, arrival_s: float) -> tuple[Order, int, float]:
        order, ticks = self._endless(raw, arrival_s)
        time_s = ticks / self._clock.tick_hz
        if order is Order.REPEATED:
            return order, 0, self._first_s(time_s, n_samples)
        step_s = (ticks - self._ticks) / self._clock.tick_hz / max(1, n_samples)
        known = self._raw is not None and order is Order.NEXT
        if known and abs(step_s * self._rate_hz - 1.0) <= self._tolerance:
            self._period_s = step_s
        first_s = self._first_s(time_s, n_samples)
        lost = max(0, round((first_s - self._end_s) * self._rate_hz)) if known else 0
        self._end_s = first_s + n_samples * self._period_s
        self._raw, self._ticks, self._arrival_s, self._reconnected = raw, ticks, arrival_s, False
        return order, UNKNOWN if order is Order.RESTARTED else lost, first_s

    def _endless(self, raw: int, arrival_s: float) -> tuple[Order, int]:
        if self._raw is None:
            return Order.NEXT, raw - self._clock.wrap[0]
        ahead = (raw - self._raw) % self._modulus
        behind = self._modulus - ahead
        if not self._reconnected and (ahead == 0 or behind <= LATE_S * self._clock.tick_hz):
            return Order.REPEATED, self._ticks - behind % self._modulus
        waited_s = arrival_s - self._arrival_s
        if ahead / self._clock.tick_hz > waited_s + AHEAD_S:
            return Order.RESTARTED, raw - self._clock.wrap[0]
        return Order.NEXT, self._ticks + ahead

    def _first_s(self, time_s: float, n_samples: int) -> float:
        return time_s if self._clock.refers_to == "first" else time_s - max(0, n_samples - 1) * self._period_s
