"""One simulated calf: the truth behind every sensor on the leg, as functions of session time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.discharges import Cramp, Twitches
from monitor.simulation.kinematics import Motion, Pose
from monitor.simulation.noise import generator, key_of
from monitor.simulation.scenario import Scenario
from monitor.simulation.spectrum import Shape, angle_scale
from monitor.simulation.timeline import Timeline
from monitor.team import LegSide

Floats = NDArray[np.float64]
_DRIVE_RISE = 0.30  # at a compression of 0.75; EMG amplitude rises as a muscle tires at constant load


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

    Times are arrays of session seconds, results arrays of the same length. Labels beginning with GL mean the lateral
    head, all others the medial head (GM). Median frequencies (100-130 Hz at 0 deg), gains and their spread are assumed:
    published values for GM and GL lie roughly between 90 and 150 Hz and differ widely between people.
    """

    def __init__(self, scenario: Scenario, leg: LegSide, seed: int) -> None:
        self.scenario = scenario
        self.leg: LegSide = leg
        self.seed = seed
        self.plan = scenario.calf(leg)
        self.cramps = tuple(Cramp(cramp) for cramp in self.plan.cramps)
        self._timeline = Timeline(scenario)
        self._motion = Motion(self._timeline, leg, seed)
        self._twitches = Twitches(self.plan, leg, seed, self._at_rest)
        self._sites: dict[str, Site] = {}

    def angle_deg(self, time_s: Floats) -> Floats:
        """Ankle angle, deg: dorsiflexion +, plantarflexion -, 0 = upright standing."""
        return self._motion.angle_deg(time_s)

    def pose(self, time_s: Floats) -> Pose:
        """Ankle angle, pitch of the shank and path of the ankle."""
        return self._motion.pose(time_s)

    def strikes_s(self, start_s: float, until_s: float) -> Floats:
        """Heel strikes in start_s <= time < until_s."""
        return self._motion.strikes_s(start_s, until_s)

    def drive(self, time_s: Floats) -> Floats:
        """Voluntary drive, 0..1; the same task needs up to 30 % more of it as the calf tires."""
        tired = np.clip((1.0 - self.compression(time_s)) / 0.25, 0.0, 1.0)
        return np.minimum(self._motion.drive(time_s) * (1.0 + _DRIVE_RISE * tired), 1.0)

    def compression(self, time_s: Floats, label: str = "GM") -> Floats:
        """Spectral scale against the fresh muscle, 1 = fresh, 0.9 = all frequencies 10 % lower."""
        return 1.0 - self.site(label).tires * (1.0 - _curve(self.plan.compression, time_s))

    def quiet(self, time_s: Floats, label: str = "GM") -> Floats:
        """RMS of the EMG at rest against the fresh muscle, 1 = fresh."""
        return 1.0 + self.site(label).quiet * (_curve(self.plan.quiet, time_s) - 1.0)

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
        return np.sqrt(voluntary_uv**2 + self.quiet_uv(time_s, label) ** 2 + self.cramp_uv(time_s, label) ** 2)

    def spectral_scale(self, time_s: Floats, label: str = "GM") -> Floats:
        """Scale of the spectrum against the fresh muscle at 0 deg: compression times the effect of the ankle angle."""
        return self.compression(time_s, label) * angle_scale(self.angle_deg(time_s))

    def mdf_hz(self, time_s: Floats, label: str, rate_hz: float) -> Floats:
        """Median frequency of the EMG in 20..min(450, 0.45 rate) Hz, by integral of the model's spectrum."""
        return self.site(label).shape.median_hz(self.spectral_scale(time_s, label), 20.0, min(450.0, 0.45 * rate_hz))

    def twitches(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Twitches in start_s <= time < until_s: instants and signed peaks in uV (over GM). They come at rest only."""
        return self._twitches.between(start_s, until_s)

    def contractions(self, until_s: float) -> list[tuple[float, float]]:
        """Voluntary contractions up to a time: where the drive stays above 0.03, exact to 1 ms."""
        found: list[tuple[float, float]] = []
        for bout in self._timeline.bouts(0.0, until_s):
            grid_s = np.arange(bout.start_s, min(bout.end_s, until_s), 0.001)
            working = np.concatenate([[False], self.drive(grid_s) > 0.03, [False]])
            edges = np.flatnonzero(np.diff(working.astype(np.int8)))
            instants_s = np.append(grid_s, grid_s[-1:])[edges].tolist()
            found += zip(instants_s[::2], instants_s[1::2], strict=True)
        return found

    def site(self, label: str) -> Site:
        """The channel's own numbers, drawn once for each seed and leg."""
        if label not in self._sites:
            self._sites[label] = _draw_site(label, key_of(self.seed, self.leg, "site", label))
        return self._sites[label]

    def _at_rest(self, time_s: Floats) -> NDArray[np.bool_]:
        return (self._motion.drive(time_s) < 0.01) & (self.cramp_uv(time_s) < 0.5)


def _draw_site(label: str, key: NDArray[np.uint64]) -> Site:
    rng = generator(key)
    pitch = rng.uniform(0.93, 1.07)
    gain = rng.uniform(0.85, 1.15)
    tires = rng.uniform(0.85, 1.0)
    if label.startswith("GL"):
        return Site(400.0 * gain, 5.0 * gain, Shape(75.0 * pitch, 155.0 * pitch), tires, 0.6, cramps=False)
    return Site(500.0 * gain, 6.0 * gain, Shape(70.0 * pitch, 145.0 * pitch), 1.0, 1.0, cramps=True)


def _curve(points: tuple[tuple[float, float], ...], time_s: Floats) -> Floats:
    times_s, values = zip(*points, strict=True)
    return np.interp(time_s, times_s, values)
