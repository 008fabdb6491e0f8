"""Finds out which sensor is worn where: all stream, and the one that moves when asked is the one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.in_range import InRange
from monitor.acquisition.live import LiveSource
from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.errors import CrampwatchError
from monitor.events import Event, Link, LinkChange, Notification
from monitor.team import Athlete, Sensor, Team

LEAST = 3.0  # times as much as at rest: less may be a breath
MARGIN = 2.0  # times as much as the next one: less is no answer
EMG, MOTION = ("emg", "envelope"), ("gyro", "acc", "linear_acc")
_SHAKE = {"gyro": 100.0, "acc": 1.0, "linear_acc": 1.0}  # deg/s, g: what shaking does, so that all kinds compare


def candidates(found: Sequence[InRange]) -> tuple[Team, dict[str, InRange]]:
    """A team of one sensor each, for looking at them all, and what was heard of each, by source_id.

    A sensor is called by its name, or by its address where several bear the name.
    """
    known = [sensor for sensor in found if sensor.profile is not None]
    bearers = Counter(sensor.name for sensor in known)
    heard = {(s.name if s.name and bearers[s.name] == 1 else s.address): s for s in known}
    athletes = [
        Athlete(name=f"sensor {number}", sensors=(placed(source_id, sensor, "left", ("emg",)),))
        for number, (source_id, sensor) in enumerate(heard.items(), start=1)
    ]
    return Team(athletes=tuple(athletes)), heard


def placed(
    source_id: str, sensor: InRange, leg: str, roles: Sequence[str], more: Mapping[str, object] | None = None
) -> Sensor:
    """A sensor's entry in a team file. Where its name is not there to tell the variant, the entry does.

    more : what else is known of it, by the entry's keys.
    """
    assert sensor.profile is not None
    variant = find(sensor.profile, name=sensor.name).variant if source_id != sensor.name else None
    entry = {"match": source_id, "profile": sensor.profile, "variant": variant, "leg": leg, "roles": tuple(roles)}
    return Sensor.model_validate(entry | dict(more or {}))


@dataclass(frozen=True, slots=True)
class Verdict:
    """sensor: the one that did it, None = none or several. ratios: how much each did against its own rest."""

    sensor: str | None
    ratios: Mapping[str, float]


def verdict(spreads: Mapping[str, float], rest: Mapping[str, float], kinds: Collection[str]) -> Verdict:
    """Which of the sensors did clearly more than at its own rest, and clearly more than all others.

    Motion is compared as it is, in one unit; EMG against each sensor's own rest, since units and electrodes differ.
    """
    ratios = {name: spread / rest[name] for name, spread in spreads.items() if rest.get(name)}
    merits = {name: spreads[name] for name in ratios} if kinds == MOTION else ratios
    best = sorted(merits, key=lambda name: merits[name], reverse=True)
    if not best or ratios[best[0]] < LEAST or (len(best) > 1 and merits[best[0]] < MARGIN * merits[best[1]]):
        return Verdict(None, ratios)
    return Verdict(best[0], ratios)


class Movement:
    """Of one sensor: what it measures, and how much that varies."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._decoder = Decoder(profile)
        self._samples: dict[str, list[NDArray[np.float64]]] = {}

    def begin(self) -> None:
        """Forget what was."""
        self._samples.clear()

    def take(self, event: Event) -> None:
        """A notification of this sensor, or a change of its link."""
        if isinstance(event, LinkChange) and event.link is Link.LOST:
            self._decoder.reconnected()
        elif isinstance(event, Notification):
            for packet in self._decoder.push(event.char, event.payload):
                for name, samples in packet.streams.items():
                    self._samples.setdefault(name, []).append(samples)

    def spread(self, kinds: Collection[str]) -> float | None:
        """Of the first stream of these kinds, the typical step from sample to sample; None if it sent none."""
        for kind in kinds:
            for name, blocks in self._samples.items():
                spec = self._profile.streams[name]
                if spec.kind == kind and sum(map(len, blocks)) > 2:
                    steps = np.diff(np.concatenate(blocks), axis=0)
                    size = max(float(np.sqrt(np.nanmean(steps**2))), 0.3 * abs(spec.gain))  # its last digit at rest
                    return size / _SHAKE.get(kind, 1.0)
        return None


class Watching:
    """Listens to a live source in a thread of its own. Use as `with Watching(source, profiles) as watching`."""

    def __init__(self, source: LiveSource, profiles: Mapping[str, Profile]) -> None:
        self.links: dict[str, Link] = dict.fromkeys(profiles, Link.SEARCHING)
        self.details: dict[str, str] = {}
        self._source = source
        self._movements = {name: Movement(profile) for name, profile in profiles.items()}
        self.error: CrampwatchError | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="watching", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._source.stop()
        self._thread.join()

    def wait_until_live(self, seconds: float) -> list[str]:
        """Wait until all sensors stream, or so long; those that do. Raises: what ended the source."""
        end_s = time.monotonic() + seconds
        while (
            time.monotonic() < end_s
            and self.error is None
            and not all(link is Link.LIVE for link in self.links.values())
        ):
            time.sleep(0.05)
        if self.error is not None:
            raise self.error
        return [name for name, link in self.links.items() if link is Link.LIVE]

    def collect(self, seconds: float, kinds: Collection[str]) -> dict[str, float]:
        """How much each sensor moves from now on, for so long; those that do not measure these kinds are left out."""
        with self._lock:
            for movement in self._movements.values():
                movement.begin()
        time.sleep(seconds)
        with self._lock:
            spreads = {name: movement.spread(kinds) for name, movement in self._movements.items()}
        return {name: spread for name, spread in spreads.items() if spread is not None}

    def _listen(self) -> None:
        try:
            self._take_all()
        except CrampwatchError as error:  # told to whoever waits, by `links` that stand still and by this
            self.error = error

    def _take_all(self) -> None:
        for event in self._source:
            if not isinstance(event, Notification | LinkChange) or event.sensor not in self._movements:
                continue
            if isinstance(event, LinkChange):
                self.links[event.sensor], self.details[event.sensor] = event.link, event.detail
            with self._lock:
                self._movements[event.sensor].take(event)
