"""One simulated calf: the truth behind every sensor on the leg, as functions of session time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.contact import Contact
from monitor.simulation.discharges import Cramp, Twitches
from monitor.simulation.kinematics import Motion, Pose
from monitor.simulation.noise import generator, key_of
from monitor.simulation.physiology import live
from monitor.simulation.ranges import Traits, draw_traits
from monitor.simulation.scenario import CURVES, LegPlan, Scenario
from monitor.simulation.spectrum import Shape, angle_scale
from monitor.simulation.timeline import Timeline
from monitor.team import LegSide

Floats = NDArray[np.float64]
_USUAL: Traits = {"pace": 1.0, "reach": 1.0, "effort": 1.0}  # how the athlete moves whose curves a file gives
_EXHAUSTED = 0.25  # the decline of the spectral scale at which the drive has risen by all of `drive_rise`


@dataclass(frozen=True, slots=True)
class Site:
    """What one EMG channel sees.

    full_uv : RMS at full voluntary drive; tone_uv: RMS at rest, fresh
    shape : fresh spectrum at 0 deg; tires : its share of GM's compression; quiet : its share of GM's raised quiet EMG
    cramps : whether it lies over the head that cramps
    """

    full_uv: float
    tone_uv: float
    shape: Shape
    tires: float
    quiet: float
    cramps: bool


class Calf:
    """The truth about one calf: a function of scenario, leg and seed alone, whatever is asked and in which order.

    traits : the athlete's, None where the scenario's file says itself what happens
    Times are arrays of session seconds, results arrays of the same length. Labels beginning with GL mean the lateral
    head, all others the medial head (GM). Median frequencies (100-130 Hz at 0 deg), gains and their spread are assumed:
    published values for GM and GL lie roughly between 90 and 150 Hz and differ widely between people.
    """

    def __init__(self, scenario: Scenario, leg: LegSide, seed: int) -> None:
        self.scenario = scenario
        self.leg: LegSide = leg
        self.seed = seed
        self.traits = None if scenario.athlete is None else draw_traits(seed, leg, scenario.athlete)
        self.timeline = Timeline(scenario)
        self.contact = Contact(scenario.sensor, leg, seed)
        self._motion = Motion(self.timeline, leg, seed, self.traits or _USUAL)
        self.plan = _plan(scenario, leg, self._motion, self.traits)
        self._curves = {name: np.array(getattr(self.plan, name)).T for name in CURVES}
        self.cramps = tuple(Cramp(cramp) for cramp in self.plan.cramps)
        self._twitches = Twitches(self.plan, leg, seed, self._at_rest)
        self._sites: dict[str, Site] = {}

    def angle_deg(self, time_s: Floats) -> Floats:
        """Ankle angle, deg: dorsiflexion +, plantarflexion -, 0 = upright standing."""
        return self._motion.angle_deg(time_s)

    def pose(self, time_s: Floats) -> Pose:
        """Ankle angle, pitch of the shank and path of the ankle."""
        return self._motion.pose(time_s)

    def strikes(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Heel strikes in start_s <= time < until_s: when, and how hard (1 = walking)."""
        return self._motion.strikes(start_s, until_s)

    def toe_offs_s(self, start_s: float, until_s: float) -> Floats:
        """When the foot leaves the ground, start_s <= time < until_s."""
        return self._motion.toe_offs_s(start_s, until_s)

    def rises(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Heel rises in start_s <= time < until_s: when they are highest, and how high, deg."""
        return self._motion.rises(start_s, until_s)

    def drive(self, time_s: Floats) -> Floats:
        """Voluntary drive, 0..1; the same task needs more of it as the calf tires, and it dies away later."""
        tired = np.clip((1.0 - self.compression(time_s)) / _EXHAUSTED, 0.0, 1.0)
        return np.minimum(
            self._motion.drive(time_s, self.relaxation_s(time_s)) * (1.0 + self.plan.drive_rise * tired), 1.0
        )

    def relaxation_s(self, time_s: Floats) -> Floats:
        """Time constant with which the drive dies away after a contraction, 0 = as fast as the movement says."""
        return self._course("relaxation_s", time_s)

    def temperature_scale(self, time_s: Floats) -> Floats:
        """What the muscle's warmth does to the spectrum, 1 = as at the session's start."""
        return self._course("warmth", time_s)

    def twitches_per_min(self, time_s: Floats) -> Floats:
        """How often the calf twitches at rest."""
        return self._course("twitches_per_min", time_s)

    def compression(self, time_s: Floats, label: str = "GM") -> Floats:
        """Spectral scale against the fresh muscle, 1 = fresh, 0.9 = all frequencies 10 % lower."""
        return 1.0 - self.site(label).tires * (1.0 - self._course("compression", time_s))

    def quiet(self, time_s: Floats, label: str = "GM") -> Floats:
        """RMS of the EMG at rest against the fresh muscle, 1 = fresh."""
        return 1.0 + self.site(label).quiet * (self._course("quiet", time_s) - 1.0)

    def quiet_uv(self, time_s: Floats, label: str = "GM") -> Floats:
        """RMS of the EMG at rest, uV, without the sensor's noise."""
        return self.site(label).tone_uv * self.quiet(time_s, label)

    def cramp_uv(self, time_s: Floats, label: str = "GM") -> Floats:
        """RMS of the cramp's discharge, uV; 0 where there is none and in the head that does not cramp."""
        site = self.site(label)
        levels = [cramp.level(time_s) for cramp in self.cramps if site.cramps]
        return site.full_uv * np.sum(levels, axis=0) if levels else np.zeros(len(time_s))

    def rms_uv(self, time_s: Floats, label: str = "GM") -> Floats:
        """RMS of all the EMG (voluntary, tone, cramp) without twitches and sensor noise, uV."""
        voluntary_uv = self.site(label).full_uv * self.drive(time_s)
        own_uv = np.sqrt(voluntary_uv**2 + self.quiet_uv(time_s, label) ** 2 + self.cramp_uv(time_s, label) ** 2)
        return own_uv * self._course("loudness", time_s) * self.contact.gain(time_s, label)

    def spectral_scale(self, time_s: Floats, label: str = "GM") -> Floats:
        """Scale of the spectrum against the session's start at 0 deg: fatigue, temperature, ankle angle, electrode."""
        muscle = self.compression(time_s, label) * self.temperature_scale(time_s)
        return muscle * angle_scale(self.angle_deg(time_s)) * self.contact.scale(time_s, label)

    def mdf_hz(self, time_s: Floats, label: str, rate_hz: float) -> Floats:
        """Median frequency of the EMG in 20..min(450, 0.45 rate) Hz, by integral of the model's spectrum."""
        return self.site(label).shape.median_hz(self.spectral_scale(time_s, label), 20.0, min(450.0, 0.45 * rate_hz))

    def twitches(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Twitches in start_s <= time < until_s: instants and signed peaks in uV (over GM). They come at rest only."""
        return self._twitches.between(start_s, until_s)

    def contractions(self, until_s: float) -> list[tuple[float, float]]:
        """Voluntary contractions up to a time: where the drive stays above 0.03, exact to 1 ms."""
        found: list[tuple[float, float]] = []
        for bout in self.timeline.bouts(0.0, until_s):
            grid_s = np.arange(bout.start_s, min(bout.end_s, until_s), 0.001)
            working = np.concatenate([[False], self.drive(grid_s) > 0.03, [False]])
            edges = np.flatnonzero(np.diff(working.astype(np.int8)))
            instants_s = np.append(grid_s, grid_s[-1:])[edges].tolist()
            found += zip(instants_s[::2], instants_s[1::2], strict=True)
        return found

    def site(self, label: str) -> Site:
        """The channel's own numbers, drawn once for each seed and leg."""
        if label not in self._sites:
            self._sites[label] = _draw_site(label, key_of(self.seed, self.leg, "site", label), self.plan)
        return self._sites[label]

    def _course(self, name: str, time_s: Floats) -> Floats:
        return np.interp(time_s, *self._curves[name])

    def _at_rest(self, time_s: Floats) -> NDArray[np.bool_]:
        return (self._motion.drive(time_s) < 0.01) & (self.cramp_uv(time_s) < 0.5)


def _plan(scenario: Scenario, leg: LegSide, motion: Motion, traits: Traits | None) -> LegPlan:
    plan = scenario.calf(leg)
    return plan if traits is None else live(plan, scenario, motion, traits)


def _draw_site(label: str, key: NDArray[np.uint64], plan: LegPlan) -> Site:
    rng = generator(key)
    pitch = plan.pitch * rng.uniform(0.93, 1.07)
    gain = plan.gain * rng.uniform(0.85, 1.15)
    tires = rng.uniform(0.85, 1.0)
    if label.startswith("GL"):
        return Site(400.0 * gain, 5.0 * gain, Shape(75.0 * pitch, 155.0 * pitch), tires, 0.6, cramps=False)
    return Site(500.0 * gain, 6.0 * gain, Shape(70.0 * pitch, 145.0 * pitch), 1.0, 1.0, cramps=True)
