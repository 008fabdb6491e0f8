"""Simulated sessions through the whole pipeline: sensors on two legs, their clocks and losses, the live legs, truth.

No file and no radio: the samples go to the same `Leg` that a live session has, so the states are the ones it would say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import ScenarioError
from monitor.evaluation.baselines import WorkingRms, at_random, clock
from monitor.evaluation.families import families
from monitor.evaluation.seen import own_scores, track_of
from monitor.evaluation.tracks import FRONTIER, AthleteSession, Floats, LegTrack, Passing, TrueCramp
from monitor.leg import WAIT_S, Leg
from monitor.limits import Limits
from monitor.settings import Settings
from monitor.simulated_sessions import angle_table
from monitor.simulation.calf import Calf
from monitor.simulation.recorded import EVERYTHING, ROLES, SimulatedSensor, make_sensor
from monitor.simulation.scenario import Scenario
from monitor.simulation.sessions import random_session
from monitor.simulation.truth import LEGS, relief_s
from monitor.team import LegSide
from monitor.warning.context import Context

_BLOCK_S = 20.0
_SIDE = {"left": 0, "right": 1}


class Feed(Protocol):
    """One sensor of a leg."""

    def chunk(self, start_s: float, end_s: float) -> Chunk:
        """What it sends of a span of time."""
        ...


@dataclass(frozen=True, slots=True)
class Worn:
    """The sensors of one leg by role. limits : of the EMG sensor"""

    feeds: Mapping[str, Feed]
    limits: Limits | None = None


class Outfit(Protocol):
    """What athletes wear."""

    @property
    def legs(self) -> tuple[LegSide, ...]:
        """Those that have sensors."""
        ...

    def of(self, scenario: Scenario, leg: LegSide, seed: int) -> Worn:
        """The sensors of one leg."""
        ...


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Everything that is simulated: GM and GL at 1000 Hz, motion sensors on shank and foot at 100 Hz, on both legs."""

    legs: tuple[LegSide, ...] = field(default=LEGS)

    def of(self, scenario: Scenario, leg: LegSide, seed: int) -> Worn:
        """The sensors of one leg."""
        sensors = {role: make_sensor(scenario, EVERYTHING, leg, role, seed) for role in ROLES}
        return Worn({role: _Simulated(sensor) for role, sensor in sensors.items()})


@dataclass(frozen=True, slots=True)
class Table:
    """The same EMG; the ankle angle as a calibrated table brings it, with a small error: half the time."""

    legs: tuple[LegSide, ...] = field(default=LEGS)

    def of(self, scenario: Scenario, leg: LegSide, seed: int) -> Worn:
        """The sensors of one leg."""
        emg = _Simulated(make_sensor(scenario, EVERYTHING, leg, "emg", seed))
        return Worn({"emg": emg, "angle": _TableAngle(Calf(scenario, leg, seed))})


@dataclass(frozen=True, slots=True)
class _TableAngle:
    calf: Calf

    def chunk(self, start_s: float, end_s: float) -> Chunk:
        return angle_table(self.calf, start_s, end_s - start_s)


@dataclass(frozen=True, slots=True)
class _Simulated:
    sensor: SimulatedSensor

    def chunk(self, start_s: float, end_s: float) -> Chunk:
        return self.sensor.decoded(start_s, end_s).chunk


def simulated_session(
    seed: int, minutes: float, settings: Settings, outfit: Outfit | None = None, scenario: Scenario | None = None
) -> AthleteSession:
    """One athlete's session. minutes : its length; scenario : None = the random session of that seed.

    Raises: ScenarioError where the session is too short for its warm-up.
    """
    outfit = outfit or Laboratory()
    scenario = scenario or random_session(seed, minutes)
    until_s = float(int(min(60.0 * minutes, scenario.length_s)))
    if until_s < 60.0:
        raise ScenarioError(f"a session to be judged lasts a minute at least, got {minutes:g} min")
    calves = {leg: Calf(scenario, leg, seed) for leg in LEGS}
    tracks = tuple(play(scenario, calves[leg], seed, until_s, settings, outfit) for leg in outfit.legs)
    cramps = [cramp for leg in outfit.legs for cramp in true_cramps(calves[leg], until_s)]
    return AthleteSession(
        name=scenario.name,
        athlete=str(seed),
        duration_s=until_s,
        legs=tracks,
        cramps=tuple(sorted(cramps, key=lambda cramp: cramp.onset_s)),
        families=families(scenario),
        passing=tuple(each for leg in outfit.legs for each in passing_precursors(calves[leg], until_s)),
    )


def true_cramps(calf: Calf, until_s: float) -> Iterator[TrueCramp]:
    """The cramps of one calf that begin before a time."""
    for cramp in calf.cramps:
        precursor = cramp.plan.precursor
        if cramp.plan.onset_s < until_s:
            yield TrueCramp(
                leg=calf.leg,
                onset_s=cramp.plan.onset_s,
                start_s=cramp.start_s,
                relief_s=relief_s(cramp, calf),
                kind=precursor.kind,
                strength=precursor.strength,
                precursor_s=cramp.plan.onset_s - precursor.start_s,
                stretch_s=cramp.plan.stretch_s,
            )


def passing_precursors(calf: Calf, until_s: float) -> Iterator[Passing]:
    """Those of one calf that begin before a time."""
    for each in calf.plan.false_starts:
        if each.start_s < until_s:
            yield Passing(calf.leg, each.start_s, each.end_s)


def known_precursors(calf: Calf, n_seconds: int) -> Floats:
    """How strongly a precursor stands in each second, whether or not a cramp follows; nobody can see it so well."""
    second_s, strength = np.arange(1.0, n_seconds + 1.0), np.zeros(n_seconds)
    spans = [(cramp.precursor.start_s, cramp.onset_s, cramp.precursor.strength) for cramp in calf.plan.cramps]
    spans += [(each.start_s, each.end_s, each.strength) for each in calf.plan.false_starts]
    for start_s, end_s, most in spans:
        risen = np.clip(2.0 * (second_s - start_s) / max(1.0, end_s - start_s), 0.0, 1.0)
        strength = np.maximum(strength, most * risen * (second_s <= end_s))
    return strength


def play(scenario: Scenario, calf: Calf, seed: int, until_s: float, settings: Settings, outfit: Outfit) -> LegTrack:
    """One leg of a session, second by second, with the baselines beside our score."""
    worn = outfit.of(scenario, calf.leg, seed)
    planned = Context(planned_s=scenario.length_s)
    watched = Leg("", calf.leg, frozenset(worn.feeds), settings, limits=worn.limits, context=planned)
    rms, seconds = None, []
    for start_s in np.arange(0.0, until_s, _BLOCK_S).tolist():
        end_s = min(start_s + _BLOCK_S, until_s)
        for role, feed in worn.feeds.items():
            chunk = feed.chunk(start_s, end_s)
            watched.push(role, chunk)
            if role == "emg":
                rms = rms or WorkingRms(chunk.stream)
                rms.push(chunk)
        seconds += watched.advance(end_s, WAIT_S)
    seconds += watched.finish()
    scores = own_scores(seconds) | {
        "rms_only": np.full(len(seconds), np.nan) if rms is None else rms.score(len(seconds)),
        "clock": clock(len(seconds), until_s),
        "random": at_random(len(seconds), 2 * seed + _SIDE[calf.leg]),
        FRONTIER: known_precursors(calf, len(seconds)),
        "true_decline": true_decline(calf, len(seconds)),
    }
    return track_of(watched, seconds, scores)


def true_decline(calf: Calf, n_seconds: int) -> Floats:
    """How far the calf's own spectrum has fallen since the session began (fatigue and warmth), as a fraction."""
    second_s = np.arange(0.5, n_seconds)
    return 1.0 - calf.compression(second_s) * calf.temperature_scale(second_s)
