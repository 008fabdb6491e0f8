"""From sample counts, device times and arrivals to the session clock.

Pure functions of what was pushed: no wall clock, no chance.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.line import FEWEST_PACKETS, Floats, Line, Numbers

PATIENCE_S = 2.0  # arrivals that all are late for so long mean lost samples, not waiting
LATE_S = 0.06  # and late means at least this, and four times the usual delay
LATE_COUNTED_S = 1.0  # of a stream that the sensor counts: only a pause of the sensor goes uncounted
AHEAD_S = 1.0  # a sample from so far in the future belongs to another count
TIMED_HOLD_S = 2.0  # device seconds; the rate of a stamped stream is measured over this
MOST_SEEN = 10_000  # packets for it: the time of a broken sensor may stand still
QUARTZ = 500e-6  # no sensor's clock is further off


class Clock(Protocol):
    """Tells the session time of a sample by its index."""

    @property
    def ready(self) -> bool:
        """Whether times can be told."""
        ...

    @property
    def rate_hz(self) -> float | None:
        """Samples per second as first fitted; fixed from then on."""
        ...

    @property
    def uncertainty_s(self) -> float:
        """By how much the times may be wrong, seconds, 19 times out of 20."""
        ...

    def time_s(self, index: NDArray[np.int64] | int) -> Floats:
        """Session time of samples."""
        ...


class _LineClock:
    """What the clocks share that are a line from the index itself."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def restart(self) -> None:
        """The sensor counts from the beginning again, or the link was lost and with it an unknown number of samples."""
        self._line.restart()

    @property
    def ready(self) -> bool:
        """See Clock."""
        return self._line.ready

    @property
    def rate_hz(self) -> float | None:
        """See Clock."""
        return 1.0 / self._line.first_slope_s if self._line.measured else None

    @property
    def uncertainty_s(self) -> float:
        """See Clock."""
        return self._line.uncertainty_s

    def time_s(self, index: Numbers | float) -> Floats:
        """See Clock."""
        return self._line.time_s(index)

    at = time_s  # the clock's own axis is the index


class CounterClock(_LineClock):
    """Session time of each sample of a counted stream, from the counter and the arrivals of its packets.

    speed: session seconds per wall second; what the machine delays, it delays in wall seconds.
    """

    def __init__(self, rate_nominal_hz: float, tolerance: float, speed: float = 1.0) -> None:
        self._patience_s, self._ahead_s = PATIENCE_S * speed, AHEAD_S * speed
        super().__init__(
            Line(
                1.0 / rate_nominal_hz,
                tolerance,
                late_s=LATE_COUNTED_S * speed,
                patience_s=self._patience_s,
                speed=speed,
            )
        )

    def ahead(self, index: int, arrival_s: float) -> bool:
        """Whether a sample that arrives now would lie in the future: it belongs to another count."""
        return self.ready and float(self.time_s(index)) > arrival_s + self._ahead_s

    def push(self, index: NDArray[np.int64], arrival_s: Floats) -> float:
        """Packets with these last samples have arrived, within a second or so. Gives the seconds found missing."""
        late_s = self._line.push(index, arrival_s)
        if late_s:
            self._line.move_up(late_s, float(arrival_s[0]) - self._patience_s)
        return late_s


class ArrivalClock(_LineClock):
    """Session time of each sample of a regular stream without a counter: samples are counted as they come.

    What is lost unseen makes the count fall behind the arrivals; when it has for 2 s, the missing samples are added.
    speed: see CounterClock.
    """

    def __init__(self, rate_nominal_hz: float, tolerance: float, speed: float = 1.0) -> None:
        super().__init__(
            Line(
                1.0 / rate_nominal_hz,
                tolerance,
                late_s=LATE_S * speed,
                patience_s=PATIENCE_S * speed,
                speed=speed,
                uncounted=True,
            )
        )
        self._next = 0
        self._missing = 0

    def restart(self) -> None:
        """See _LineClock."""
        super().restart()
        self._missing = 0

    def push(self, n_samples: int, lost: NDArray[np.int64], arrival_s: Floats) -> NDArray[np.int64]:
        """Packets of n samples have arrived, within a second or so; gives the index of the first sample of each.

        lost: how many samples are known to be missing before each.
        """
        first = self._next + self._missing + lost.cumsum() + n_samples * np.arange(len(lost))
        self._next, self._missing = int(first[-1]) + n_samples, 0
        late_s = self._line.push(first + n_samples - 1, arrival_s)
        if late_s:
            self._missing = round(late_s * (self.rate_hz or 0.0))
        return first


class DeviceClock:
    """From a sensor's own time to session time: one for all streams that the sensor stamps with the same clock.

    speed: see CounterClock.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._patience_s, self._ahead_s = PATIENCE_S * speed, AHEAD_S * speed
        self._newest_s: float | None = None
        self.restarts = 0
        self.skipped_s = 0.0  # that the sensor neither sent nor counted, in all
        self.line = Line(
            1.0,
            QUARTZ,
            late_s=LATE_COUNTED_S * speed,
            patience_s=self._patience_s,
            speed=speed,
            known=True,
        )

    def breaks(self, last_s: Floats, arrival_s: Floats) -> NDArray[np.bool_]:
        """Which packets begin another count of time: it has gone back, or lies in the future."""
        if not len(last_s):
            return np.zeros(0, np.bool_)
        before_s = np.concatenate([[last_s[0] if self._newest_s is None else self._newest_s], last_s[:-1]])
        broken = last_s < before_s - AHEAD_S
        if self.line.ready:
            broken |= (self.line.time_s(last_s) > arrival_s + self._ahead_s) & (last_s > before_s + AHEAD_S)
        return broken

    def restart(self) -> None:
        """The sensor's time begins anew."""
        self.restarts += 1
        self._newest_s = None
        self.line.restart()

    def push(self, last_s: Floats, arrival_s: Floats) -> None:
        """Packets with these device times of their last samples have arrived."""
        if not len(last_s):
            return
        self._newest_s = float(last_s[-1])
        late_s = self.line.push(last_s, arrival_s)
        if late_s:
            self.line.move_up(late_s, float(arrival_s[0]) - self._patience_s)
            self.skipped_s += late_s


class TimedClock:
    """Session time of each sample of a regular stream that the sensor stamps with its own time.

    The rate is measured in the sensor's time, which is quick, and losses are seen in it if nothing counts them.
    """

    def __init__(self, device: DeviceClock, nominal_s: float) -> None:
        self._device, self._nominal_s = device, nominal_s
        self._restarts, self._skipped_s = device.restarts, device.skipped_s
        self._step_s: float | None = None  # device seconds from sample to sample
        self._seen: deque[tuple[float, int, int]] = deque(maxlen=MOST_SEEN)  # device time, index or -1, samples
        self._next: int = 0
        self._next_s = np.nan  # the sample after the newest packet: its index, its device time
        self._anchor, self._anchor_s = 0, 0.0

    def restart(self) -> None:
        """Another count of samples or of time begins."""
        self._seen.clear()
        self._next_s = np.nan

    def follow(self) -> tuple[bool, float]:
        """What has become of the sensor's clock since the last time: (it began anew, seconds found missing)."""
        anew, skipped_s = self._device.restarts != self._restarts, self._device.skipped_s - self._skipped_s
        self._restarts, self._skipped_s = self._device.restarts, self._device.skipped_s
        return anew, skipped_s

    @property
    def ready(self) -> bool:
        """See Clock."""
        return self._step_s is not None and self._device.line.ready

    @property
    def rate_hz(self) -> float | None:
        """See Clock."""
        return 1.0 / self._step_s if self._step_s is not None else None

    @property
    def uncertainty_s(self) -> float:
        """See Clock."""
        return self._device.line.uncertainty_s

    @property
    def step_s(self) -> float:
        """Device seconds from sample to sample, as far as known."""
        return self._step_s or self._nominal_s

    def at(self, device_s: Numbers | float) -> Floats:
        """Session time of a device time."""
        return self._device.line.time_s(device_s)

    def time_s(self, index: NDArray[np.int64] | int) -> Floats:
        """See Clock; counted from the packets that were placed last."""
        since = np.asarray(index, dtype=np.float64) - self._anchor
        return self._device.line.time_s(self._anchor_s + self.step_s * since)

    def learn(self, device_s: Floats, first: NDArray[np.int64] | None, n: int) -> None:
        """Packets of n samples, with the device times and perhaps the indices of their first samples, have come."""
        if self._step_s is not None:
            return
        counted = [-1] * len(device_s) if first is None else first.tolist()
        self._seen += zip(device_s.tolist(), counted, [n] * len(device_s), strict=True)
        seen_s = self._seen[-1][0] - self._seen[0][0]
        if len(self._seen) >= FEWEST_PACKETS and seen_s >= TIMED_HOLD_S:
            self._step_s = self._measured_s()
            self._seen.clear()

    def _measured_s(self) -> float:
        device_s, counted, n = (np.array(column) for column in zip(*self._seen, strict=True))
        if counted[-1] > counted[0] >= 0:
            return float((device_s[-1] - device_s[0]) / (counted[-1] - counted[0]))
        between_s = np.diff(device_s)
        step_s = float(np.median(between_s / n[:-1]))
        return float((device_s[-1] - device_s[0]) / _steps(between_s / step_s, n[:-1]).sum())

    def place(self, device_s: Floats, first: NDArray[np.int64] | None, n: int) -> NDArray[np.int64]:
        """The indices of the first samples of packets: as counted, or by the steps of the sensor's time."""
        if first is None:
            step_s = self.step_s
            before_s = np.concatenate([[self._next_s if self._next_s == self._next_s else device_s[0]], device_s[:-1]])
            before_s[1:] += n * step_s
            missing = (device_s - before_s) / step_s
            lost: NDArray[np.int64] = np.where(missing < max(1, n // 2) - 0.5, 0, np.round(missing)).astype(np.int64)
            first = self._next + lost.cumsum() + n * np.arange(len(lost))
        self._anchor, self._anchor_s = int(first[-1]), float(device_s[-1])
        self._next, self._next_s = self._anchor + n, self._anchor_s + n * self.step_s
        return first


def _steps(between: Floats, n: NDArray[np.int64]) -> Floats:
    """How many samples lie between packets of n, from how many would fit."""
    return np.maximum(np.round(between), n)
