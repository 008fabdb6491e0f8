"""Sessions on which the fatigue reading is judged: one leg through the program's own path, beside the truth.

Seeds from 9000 on are held apart: no setting was chosen on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.leg import WAIT_S, Leg, LegSecond
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.contact import SensorPlan
from monitor.simulation.disturbances import emg_of
from monitor.simulation.imu import ImuSource, Segment
from monitor.simulation.ranges import draw_sensors
from monitor.simulation.scenario import EmgLevel, LegPlan, Scenario
from monitor.simulation.sessions import random_session
from monitor.team import LegSide

Floats = NDArray[np.float64]
Family = Literal["tiring", "warming", "rested", "artefacts", "cooling"]
FAMILIES: tuple[Family, ...] = ("tiring", "warming", "rested", "artefacts", "cooling")
HELD_APART = 9000
LABELS = ("GM", "GL", "GM1", "GL1", "GM2", "GL2", "GM3", "GL3")
_IMU_HZ = 100.0
_AXES = tuple([Channel(f"acc_{a}", "g") for a in "xyz"] + [Channel(f"gyr_{a}", "deg/s") for a in "xyz"])
_SEGMENTS: tuple[Segment, ...] = ("shank", "foot")
_STEP_S = 10
FRESH = {"tires_per_min": 0.5, "easy_drive": 0.09, "depth": 0.15}


@dataclass(frozen=True, slots=True)
class Case:
    """One leg of one session. minutes : of it at most."""

    family: Family
    seed: int
    rate_hz: float = 1000.0
    minutes: float = 30.0
    level: EmgLevel = "spectrum"
    leg: LegSide = "left"


@dataclass(frozen=True, slots=True)
class Worn:
    """What a leg wears: the first so many channels, with or without ankle sensors."""

    channels: int = 8
    with_angle: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What the program said second by second, and the truth then. true : spectral scale, median of the channels.

    watch : whether WATCH was on
    """

    worn: Worn
    seconds: tuple[LegSecond, ...]
    true: Floats
    watch: NDArray[np.bool_]


def scenario_of(case: Case) -> Scenario:
    """A random training without cramps. tiring : constant warmth; warming : the muscle warms up too; rested : nothing
    tires; artefacts : rested, with sensors that sit badly; cooling : rested, the skin cools.
    """
    session = random_session(case.seed)
    traits: dict[str, float] = {"warm_up": 0.0, "quiet_tired": 0.0}
    skin_c: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    drawn = draw_sensors(case.seed)
    sensor = SensorPlan.model_validate({"noise_uv": drawn["noise_uv"], "mains_uv": drawn["mains_uv"]})
    if case.family == "warming":
        traits.pop("warm_up")
    elif case.family != "tiring":
        traits |= FRESH
    if case.family == "artefacts":
        sensor = SensorPlan.model_validate(drawn)
    if case.family == "cooling":
        skin_c = ((0.0, 0.0), (600.0, 0.0), (1500.0, -4.0))
    legs: dict[LegSide, LegPlan] = {"left": LegPlan(), "right": LegPlan()}
    changes = {"leg": legs, "athlete": traits, "skin_c": skin_c, "sensor": sensor, "emg_level": case.level}
    return session.model_copy(update=changes)


def follow(case: Case, wearings: Sequence[Worn], settings: Settings | None = None) -> list[Followed]:
    """Run the leg's own path over the simulated signals, once for each thing to wear."""
    settings = settings or Settings()
    calf = Calf(scenario_of(case), case.leg, case.seed)
    labels = LABELS[: max(worn.channels for worn in wearings)]
    told = [_Told(worn, calf, settings) for worn in wearings]
    emg = emg_of(calf, labels, rate_hz=case.rate_hz, seed=calf.seed)
    imus: dict[Segment, ImuSource] = {segment: ImuSource(calf, segment, rate_hz=_IMU_HZ) for segment in _SEGMENTS}
    length_s = int(min(calf.scenario.length_s, 60 * case.minutes))
    for until_s in range(_STEP_S, length_s + 1, _STEP_S):
        time_s, samples = emg.read(round(_STEP_S * case.rate_hz))
        moved = {segment: source.read(round(_STEP_S * _IMU_HZ)) for segment, source in imus.items()}
        for each in told:
            each.push(case.rate_hz, time_s, samples.astype(np.float32), moved)
            each.note(each.leg.advance(until_s * (1 + 1e-9), WAIT_S))
    for each in told:
        each.note(each.leg.finish())
    return [each.followed(calf) for each in told]


class _Told:
    """One wearing and what is said about it."""

    def __init__(self, worn: Worn, calf: Calf, settings: Settings) -> None:
        self.worn, self.labels = worn, LABELS[: worn.channels]
        self.leg = Leg("A", calf.leg, frozenset(("emg", *(_SEGMENTS if worn.with_angle else ()))), settings)
        self._seconds: list[LegSecond] = []
        self._watch: list[bool] = []

    def push(
        self, rate_hz: float, time_s: Floats, samples: NDArray[np.float32], moved: dict[str, tuple[Floats, Floats]]
    ) -> None:
        stream = Stream("emg", rate_hz, tuple(Channel(label, "uV") for label in self.labels), "emg")
        self.leg.push("emg", Chunk(stream, time_s, samples[:, : len(self.labels)]))
        for segment, rows in moved.items() if self.worn.with_angle else ():
            self.leg.push(segment, Chunk(Stream("imu", _IMU_HZ, _AXES, segment), *rows))

    def note(self, seconds: list[LegSecond]) -> None:
        for second in seconds:
            self._seconds.append(second)
            self._watch.append(self.leg.machine.memory.tiring)

    def followed(self, calf: Calf) -> Followed:
        at_s = np.array([second.time_s for second in self._seconds])
        return Followed(self.worn, tuple(self._seconds), true_scale(calf, self.labels, at_s), np.array(self._watch))


def true_scale(calf: Calf, labels: tuple[str, ...], time_s: Floats) -> Floats:
    """Spectral scale against the session's start at equal angle and effort: fatigue, warmth, the electrodes' places."""
    warmth = calf.temperature_scale(time_s)
    each = [calf.compression(time_s, label) * warmth * calf.contact.scale(time_s, label) for label in labels]
    return np.median(each, axis=0)
