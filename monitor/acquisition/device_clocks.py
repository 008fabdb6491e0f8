"""The clocks of one sensor that stamps its packets, fed with all of its packets before any stream is stamped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Packets
from monitor.acquisition.clock import DeviceClock, TimedClock
from monitor.acquisition.profile_model import Profile


class _Arrivals(NamedTuple):
    """Packets of several groups in order of arrival, (n,) each: group and row, number in the batch, and when."""

    group: NDArray[np.int64]
    row: NDArray[np.int64]
    at: NDArray[np.int64]
    last_s: NDArray[np.float64]  # of its last sample, in the sensor's time
    arrival_s: NDArray[np.float64]


_NO_ROWS, _NO_TIMES = np.empty(0, np.int64), np.empty(0)
_NO_ARRIVALS = _Arrivals(_NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_TIMES, _NO_TIMES)


class DeviceClocks:
    """All streams that one clock of the sensor stamps share one line to session time. speed: see CounterClock."""

    def __init__(self, profile: Profile, speed: float = 1.0) -> None:
        self._devices = {spec.streams: DeviceClock(speed) for spec in profile.clocks}
        self._nominal_s = {name: 1.0 / stream.rate_nominal_hz for name, stream in profile.streams.items()}
        self._timed: dict[str, TimedClock] = {}

    def timed(self, stream: str) -> TimedClock:
        """The clock of a stream that the sensor stamps."""
        device = next(device for streams, device in self._devices.items() if stream in streams)
        return self._timed.setdefault(stream, TimedClock(device, self._nominal_s[stream]))

    def pieces(self, groups: Sequence[Packets]) -> Iterator[list[Packets]]:
        """The groups, cut where a clock of the sensor begins anew; the clocks know what is given and nothing after.

        Each cut leaves at least one packet before it, for a clock that has just begun cannot break at its first.
        """
        rest = list(groups)
        while True:
            came = {device: self._arrivals(streams, rest) for streams, device in self._devices.items()}
            breaks = [
                (int(arrivals.at[broken[0]]), int(broken[0]), device)
                for device, arrivals in came.items()
                if len(broken := np.flatnonzero(device.breaks(arrivals.last_s, arrivals.arrival_s)))
            ]
            if not breaks:
                for device, arrivals in came.items():
                    device.push(arrivals.last_s, arrivals.arrival_s)
                yield rest
                return
            cut, first, broken_clock = min(breaks, key=lambda item: item[:2])
            split = np.array([group.at.searchsorted(cut) for group in rest])
            broken = came[broken_clock]
            for number in set(broken.group.tolist()):  # packets put in their place share their number in the batch
                split[number] = np.count_nonzero(broken.group[:first] == number)
            for device, arrivals in came.items():
                before = arrivals.row < split[arrivals.group]
                device.push(arrivals.last_s[before], arrivals.arrival_s[before])
            yield [group[:end] for group, end in zip(rest, split.tolist(), strict=True) if end]
            broken_clock.restart()
            rest = [group[end:] for group, end in zip(rest, split.tolist(), strict=True) if end < len(group)]

    def _arrivals(self, streams: tuple[str, ...], groups: Sequence[Packets]) -> _Arrivals:
        """The packets that a clock stamps, in order of arrival."""
        own = [
            (number, group)
            for number, group in enumerate(groups)
            if group.kind.clock is not None and group.kind.clock.streams == streams
        ]
        if not own:
            return _NO_ARRIVALS
        all_own = _Arrivals(
            np.concatenate([np.full(len(group), number) for number, group in own]),
            np.concatenate([np.arange(len(group)) for _, group in own]),
            np.concatenate([group.at for _, group in own]),
            np.concatenate([self._last_s(group) for _, group in own]),
            np.concatenate([group.arrival_s for _, group in own]),
        )
        if len(own) == 1:
            return all_own
        order = np.lexsort((all_own.at, all_own.arrival_s))
        return _Arrivals(
            all_own.group[order],
            all_own.row[order],
            all_own.at[order],
            all_own.last_s[order],
            all_own.arrival_s[order],
        )

    def _last_s(self, group: Packets) -> NDArray[np.float64]:
        assert group.places.device_s is not None
        name = next(iter(group.kind.streams))
        step_s = self._timed[name].step_s if name in self._timed else self._nominal_s[name]
        return group.places.device_s + (group.kind.per_packet - 1) * step_s
