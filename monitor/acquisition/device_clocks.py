"""The clocks of one sensor that stamps its packets, fed with all of its packets before any stream is stamped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Packets
from monitor.acquisition.clock import DeviceClock, TimedClock
from monitor.acquisition.profile_model import Profile


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
        """The groups, cut where a clock of the sensor begins anew; the clocks know what is given and nothing after."""
        rest = list(groups)
        if not self._devices:
            yield rest
            return
        while rest:
            came = [(device, *self._arrivals(streams, rest)) for streams, device in self._devices.items()]
            breaks = [
                (int(at[broken[0]]), device)
                for device, at, last_s, arrival_s in came
                if len(broken := np.flatnonzero(device.breaks(last_s, arrival_s)))
            ]
            cut, broken_clock = min(breaks, key=lambda item: item[0], default=(None, None))
            for device, at, last_s, arrival_s in came:
                n = len(at) if cut is None else int(at.searchsorted(cut))
                device.push(last_s[:n], arrival_s[:n])
            if broken_clock is None or cut is None:
                yield rest
                return
            yield [group[group.at < cut] for group in rest if group.at[0] < cut]
            broken_clock.restart()
            rest = [group[group.at >= cut] for group in rest if group.at[-1] >= cut]

    def _arrivals(
        self, streams: tuple[str, ...], groups: Sequence[Packets]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Of the packets that a clock stamps, in order of arrival: number, time of the last sample, arrival."""
        own = [group for group in groups if group.kind.clock is not None and group.kind.clock.streams == streams]
        if not own:
            return np.empty(0, np.int64), np.empty(0), np.empty(0)
        at = np.concatenate([group.at for group in own])
        last_s = np.concatenate([self._last_s(group) for group in own])
        arrival_s = np.concatenate([group.arrival_s for group in own])
        if len(own) == 1:
            return at, last_s, arrival_s
        order = np.lexsort((at, arrival_s))
        return at[order], last_s[order], arrival_s[order]

    def _last_s(self, group: Packets) -> NDArray[np.float64]:
        assert group.places.device_s is not None
        name = next(iter(group.kind.streams))
        step_s = self._timed[name].step_s if name in self._timed else self._nominal_s[name]
        return group.places.device_s + (group.kind.per_packet - 1) * step_s
