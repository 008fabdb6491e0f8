"""Chaos: many virtual sensors go out of range and come back at random; how soon is each one heard again?

python tests/acquisition/chaos.py [--sensors 30] [--seconds 600] [--speed 4] [--runs 5]

Every sample that a sensor makes has a number that its value tells, so that none can be invented or change its place
unseen. Seconds are of the session, recovery times are wall time, from being back in range to the next packet: a link
is lost and made in real time whatever the session's speed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from airs import Air, VirtualAir
from radio_rig import Room, Signals, team_of

from monitor.acquisition.live import LiveSource
from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import Profile, find
from monitor.acquisition.sensor import SensorDecoder
from monitor.events import Event, LinkChange, Notification

RATE_HZ = 96.0  # four packets a second: it is the links that are tried here, not the throughput
PERIOD = 7000  # samples after which the numbers begin anew: longer than any loss
SUPERVISION_S = 1.0
LAST_RESTORE_S = 12.0  # wall seconds that the last ones have to come back
_BATCH_S = 0.1


@dataclass
class Outcome:
    """What one run showed. recoveries_s: wall seconds; missing: sensors that did not come back."""

    recoveries_s: list[float] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    invented: int = 0
    disordered: int = 0
    samples: int = 0
    links_lost: int = 0
    lags_s: list[float] = field(default_factory=list)  # of the event loop: how late this machine is

    @property
    def median_s(self) -> float:
        """Half of all recoveries were sooner."""
        return statistics.median(self.recoveries_s)

    def __str__(self) -> str:
        times = sorted(self.recoveries_s)
        return (
            f"{len(times)} losses of range, {self.links_lost} links lost; back after median {self.median_s:.2f} s, "
            f"90 % {times[int(0.9 * len(times))]:.2f} s, longest {times[-1]:.2f} s; not back: {len(self.missing)}; "
            f"event loop late by up to {np.quantile(self.lags_s, 0.9):.3f} s in 90 %; "
            f"{self.samples} samples, {self.invented} invented, {self.disordered} out of order"
        )


def numbered() -> Profile:
    """A sensor that tells the number of every sample in its counter."""
    profile = find("umyo")
    emg = profile.streams["emg"].model_copy(update={"rate_nominal_hz": RATE_HZ, "rate_tolerance_pct": 10.0})
    notify = tuple(
        notify.model_copy(update={"true_rate_hz": RATE_HZ}) for notify in profile.sim.notify if notify.packet == "emg"
    )
    assert notify, [notify.packet for notify in profile.sim.notify]
    return profile.model_copy(
        update={
            "streams": {**profile.streams, "emg": emg},
            "sim": profile.sim.model_copy(update={"notify": notify, "stale_burst_s": 0.0}),
        }
    )


class Chaos:
    """Takes sensors of a room out of range at random. restored: when each was back, session seconds."""

    def __init__(self, room: Room, source: LiveSource, seed: int, away_s: tuple[float, float], here_s: float) -> None:
        self.room, self.source = room, source
        self.restored: dict[str, list[float]] = defaultdict(list)
        self.lags_s: list[float] = []
        self._random = random.Random(seed)
        self._away_s, self._here_s = away_s, here_s

    async def torment(self, seconds: float) -> None:
        """For so many wall seconds; at the end all are in range."""
        end_s = time.monotonic() + seconds
        watch = asyncio.create_task(self._watch_loop())
        await asyncio.gather(*(self._torment_one(name, end_s) for name in self.room.names))
        watch.cancel()

    async def _watch_loop(self) -> None:
        while True:
            due_s = time.monotonic() + 0.01
            await asyncio.sleep(0.01)
            self.lags_s.append(time.monotonic() - due_s)

    async def _torment_one(self, name: str, end_s: float) -> None:
        while True:
            await asyncio.sleep(self._here_s * (0.5 + self._random.random()))
            if time.monotonic() > end_s:
                return
            if self._random.random() < 0.2:  # a sensor that drops the link by itself
                await self.room.sensors[name].peripheral.disconnect()
            else:
                self.room.lose(name)
                await asyncio.sleep(self._random.uniform(*self._away_s))
                self.room.restore(name)
            self.restored[name].append(self.source.clock.now_s())


def run(
    n_sensors: int,
    seconds: float,
    speed: float,
    seed: int,
    air: Air | None = None,
    away_s: tuple[float, float] = (0.3, 6.0),
    here_s: float = 12.0,
) -> Outcome:
    """One run. seconds: of the session. away_s, here_s: wall seconds out of range, and in range on average."""
    profile = numbered()
    gain = profile.streams["emg"].gain
    names: dict[str, str | Profile] = {f"uMyo-{number}": profile for number in range(n_sensors)}
    room = Room(names, speed, supervision_s=SUPERVISION_S, signals=Signals(PERIOD, gain))
    events: list[Event] = []
    library = {profile.id: profile}
    with (air or VirtualAir()).spec(room) as spec, LiveSource(team_of(names), spec, speed, library) as source:
        chaos = Chaos(room, source, seed, away_s, here_s)
        room.call(room.doing(lambda: chaos.torment(seconds / speed)))
        patient_until_s = seconds + (LAST_RESTORE_S + 1.5 * here_s + away_s[1]) * speed
        waiting: set[str] = set(names)
        for event in source:
            events.append(event)
            if event.time_s > seconds + 1.5 * here_s * speed and isinstance(event, Notification):
                waiting.discard(event.sensor)
            if not waiting or event.time_s > patient_until_s:
                source.stop()
    outcome = _outcome(events, chaos.restored, sorted(waiting), profile, speed)
    outcome.lags_s = chaos.lags_s
    return outcome


def _outcome(
    events: list[Event], restored: dict[str, list[float]], missing: list[str], profile: Profile, speed: float
) -> Outcome:
    outcome = Outcome(missing=missing)
    outcome.links_lost = sum(isinstance(event, LinkChange) and event.link == "lost" for event in events)
    by_sensor: dict[str, list[Notification | LinkChange]] = defaultdict(list)
    for event in events:
        if isinstance(event, Notification | LinkChange):
            by_sensor[event.sensor].append(event)
    for name, told in by_sensor.items():
        packets = [event for event in told if isinstance(event, Notification)]
        times_s = np.array([packet.time_s for packet in packets])
        for back_s in restored[name]:
            after = int(np.searchsorted(times_s, back_s))
            if after < len(times_s):
                outcome.recoveries_s.append((times_s[after] - back_s) / speed)
        _check_packets(outcome, packets, profile)
        _check_samples(outcome, told, profile, speed)
    return outcome


def _check_packets(outcome: Outcome, packets: list[Notification], profile: Profile) -> None:
    """Each packet's values are those of the numbers that it tells, and the numbers rise."""
    decoder, newest = Decoder(profile), -1
    for notification in packets:
        for packet in decoder.push(notification.char, notification.payload):
            assert packet.error is None, packet.error
            first = int(packet.fields["counter"]) if "counter" in packet.fields else packet.first_index
            assert isinstance(first, int)
            counts = packet.counts["emg"][:, 0]
            made = (first - profile.sim.start_index + np.arange(len(counts))) % PERIOD + profile.streams["emg"].centre
            outcome.samples += len(counts)
            outcome.invented += int(np.sum(counts != made))
            outcome.disordered += first <= newest
            newest = first + len(counts) - 1


def _check_samples(outcome: Outcome, told: list[Notification | LinkChange], profile: Profile, speed: float) -> None:
    """What comes out of the whole decoder: whole numbers, in their order, at rising times."""
    decoder = SensorDecoder(profile, told[0].sensor, speed=speed, streams=("emg",))
    last, waiting = None, []
    for event in [*told, None]:
        if waiting and not (isinstance(event, Notification) and event.time_s - waiting[0].time_s < _BATCH_S * speed):
            for chunk in decoder.push_many(waiting):
                known = ~np.isnan(chunk.samples[:, 0])
                values = chunk.samples[known, 0].astype(float) / profile.streams["emg"].gain
                times_s, numbers = chunk.time_s[known], np.rint(values)
                outcome.invented += int(np.sum(np.abs(values - numbers) > 0.01))
                if last is not None:
                    times_s, numbers = np.concatenate([[last[0]], times_s]), np.concatenate([[last[1]], numbers])
                outcome.disordered += _disorder(times_s, numbers)
                last = (times_s[-1], numbers[-1]) if len(numbers) else last
            waiting = []
        if isinstance(event, LinkChange):
            decoder.link(event)
        elif event is not None:
            waiting.append(event)


def _disorder(times_s: np.ndarray, numbers: np.ndarray) -> int:
    """How many samples do not come after the one before, in time or, within half a period, in number.

    Over longer gaps the numbers begin anew; there the packets' own counter is what shows the order.
    """
    passed_s, steps = np.diff(times_s), np.diff(numbers) % PERIOD
    back = (passed_s * RATE_HZ < PERIOD / 2) & ((steps < 1) | (steps > 0.75 * PERIOD))
    return int(np.sum((passed_s <= 0) | back))


def main() -> None:
    """Some runs, one line each, and whether all is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sensors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=600.0, help="of the session")
    parser.add_argument("--speed", type=float, default=4.0)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    medians, good = [], True
    for seed in range(options.runs):
        outcome = run(options.sensors, options.seconds, options.speed, seed)
        print(f"run {seed + 1}: {outcome}", flush=True)
        medians.append(outcome.median_s)
        good = good and not (outcome.missing or outcome.invented or outcome.disordered)
    print(f"median of {options.runs} runs: {statistics.median(medians):.2f} s; all back, none invented: {good}")
    sys.exit(0 if good and statistics.median(medians) <= 1.0 else 1)


if __name__ == "__main__":
    main()
