"""One bout as one leg does it: when each repetition comes, how far and how hard it goes, on what ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.cycle import Movement
from monitor.simulation.movements import MOVEMENTS
from monitor.simulation.ranges import Traits
from monitor.simulation.timeline import Bout

FADE_S = 0.6  # a bout comes up from standing and goes back to it
Floats = NDArray[np.float64]
_RELAXATIONS_S = np.array([0.0, 0.03, 0.06, 0.12, 0.24, 0.48])  # between them the drive is interpolated
_ANKLE_SHARE = 0.7  # of a slope is taken by the ankle, the rest by the shank (assumed)
_STIFFENS_DEG, _GIVES_DEG = (
    29.0,
    5.0,
)  # from there on the ankle gives way less and less, no further than 34 deg (assumed)
_ROUGH_TILT_DEG = 4.0  # sd of the ground's tilt from step to step (assumed)
_ROUGH = 2.0  # rough ground makes steps so much more uneven, and the leg wobble (assumed)
# The calf works hardest uphill, then downhill, then on the level (running at -6, 0 and +6 deg, n = 8, IES-2010-0379);
# the step rate rises by 4 % at a grade of 7 %. The sizes of the efforts are assumed.
_EFFORT_UP, _EFFORT_DOWN, _PACE_UP = 0.05, 0.02, 0.01  # per degree


@dataclass(frozen=True, slots=True)
class Pattern:
    """One bout as this leg does it.

    tempo : unevenness of the repetitions; reach, effort : scale of each repetition
    tilt_deg : of the ground under each step, toes up +: the slope and what is rough about it
    """

    bout: Bout
    movement: Movement
    n_repetitions: int
    lag: float
    tempo: Floats
    reach: Floats
    effort: Floats
    tilt_deg: Floats

    def repetition(self, time_s: Floats) -> Floats:
        """Which repetition, and how far through it: 2.25 is a quarter of the third."""
        x = (time_s - self.bout.start_s) / self.bout.duration_s
        even = self.n_repetitions * x + self.lag
        return even + self.tempo[0] * np.sin(2 * np.pi * x) + self.tempo[1] * np.sin(6 * np.pi * x)

    def when(self, phase: float) -> tuple[Floats, NDArray[np.int64]]:
        """When each repetition passes a phase, away from the bout's edges, and which repetition it is."""
        grid_s = np.linspace(self.bout.start_s + FADE_S, self.bout.end_s - FADE_S, 2000)
        repetition = self.repetition(grid_s)
        passed = np.arange(np.ceil(repetition[0] - phase), np.floor(repetition[-1] - phase) + 1)
        return np.interp(passed + phase, repetition, grid_s), passed.astype(np.int64)

    def fade(self, time_s: Floats) -> Floats:
        """0 at the bout's edges, 1 inside, twice smoothly differentiable."""
        edge_s = np.minimum(time_s - self.bout.start_s, self.bout.end_s - time_s)
        x = np.clip(edge_s / FADE_S, 0.0, 1.0)
        return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)

    def drive(self, time_s: Floats, relaxation_s: Floats) -> Floats:
        """Voluntary drive; the longer the calf takes to relax, the later it dies away."""
        repetition = self.repetition(time_s)
        phase = repetition % 1.0
        level = np.interp(relaxation_s, _RELAXATIONS_S, np.arange(len(_RELAXATIONS_S)))
        below = level.astype(np.int64)
        drive = np.zeros(len(time_s))
        for step in range(int(below.min()), int(np.ceil(level.max())) + 1):
            drive += np.maximum(1.0 - np.abs(level - step), 0.0) * self._lingering(step, phase)
        return drive * self._scale(self.effort, repetition) * self.fade(time_s)

    def pose_columns(self, time_s: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Ankle angle and shank pitch in deg, travel and lift in m, wobble in deg."""
        movement, repetition, fade = self.movement, self.repetition(time_s), self.fade(time_s)
        phase = repetition % 1.0
        angle_deg, contact = self.angle_deg(time_s), movement.contact(phase) * fade
        leaning_deg = (1.0 - _ANKLE_SHARE) * self.bout.step.slope_deg * contact
        wobble = _ROUGH if self.bout.step.rough else 1.0
        return (
            angle_deg,
            movement.shank_deg(phase) * fade - leaning_deg,
            movement.travel_m(phase) * fade,
            movement.lift_m(phase) * fade,
            wobble * movement.wobble_deg * fade,
        )

    def angle_deg(self, time_s: Floats) -> Floats:
        """Ankle angle, dorsiflexion +, without sway."""
        repetition = self.repetition(time_s)
        phase = repetition % 1.0
        own = self.movement.angle_deg(phase) * self._scale(self.reach, repetition)
        under = np.clip(repetition + 0.3, 0, len(self.tilt_deg) - 1).astype(
            np.int64
        )  # the next step's while in the air
        ground_deg = self.tilt_deg[under] - (1.0 - _ANKLE_SHARE) * self.bout.step.slope_deg
        angle_deg = (own + self.movement.contact(phase) * ground_deg) * self.fade(time_s)
        over_deg = np.maximum(angle_deg - _STIFFENS_DEG, 0.0)
        return angle_deg - over_deg + _GIVES_DEG * np.tanh(over_deg / _GIVES_DEG)

    def _lingering(self, step: int, phase: Floats) -> Floats:
        if step == 0:
            return self.movement.drive(phase)
        period_s = (
            self.bout.duration_s / self.n_repetitions if self.movement.period_s is None else self.movement.period_s
        )
        return self.movement.drive.lingering(float(_RELAXATIONS_S[step]) / period_s)(phase)

    def _scale(self, scales: Floats, repetition: Floats) -> Floats:
        """The scale of each repetition, going over into the next one's."""
        return np.interp(repetition, np.arange(len(scales)) + 0.5, scales)


def make_pattern(
    bout: Bout, right: bool, traits: Traits, tempo: np.random.Generator, own: np.random.Generator
) -> Pattern:
    """A bout as an athlete does it. tempo : draws what both legs share; own : what this leg alone does."""
    step, side = bout.step, "right" if right else "left"
    movement = MOVEMENTS[bout.activity if step.leg in (None, side) else "stand"]
    up, down = max(step.slope_deg, 0.0), max(-step.slope_deg, 0.0)
    pace = step.pace * (1.0 + _PACE_UP * up) * (traits["pace"] if movement.alternating else 1.0)
    n = 1 if movement.period_s is None else max(1, round(bout.duration_s * pace / movement.period_s))
    rough = _ROUGH if step.rough else 1.0
    uneven = tempo.uniform(-1, 1, 2) * n * 0.02 / (2 * np.pi * np.array([1.0, 3.0]))
    reach = np.clip(own.normal(1.0, 0.05 * rough, n + 1), 1 - 0.12 * rough, 1 + 0.12 * rough)
    effort = np.clip(own.normal(1.0, 0.08 * rough, n + 1), 1 - 0.2 * rough, 1 + 0.2 * rough)
    tilt_deg = step.slope_deg + _ROUGH_TILT_DEG * np.clip(own.standard_normal(n + 1), -2.5, 2.5) * step.rough
    effort *= step.effort * traits["effort"] * (1.0 + _EFFORT_UP * up + _EFFORT_DOWN * down)
    lag = 0.5 if movement.alternating and right else 0.0
    tempo_of = uneven if n > 1 else np.zeros(2)
    return Pattern(bout, movement, n, lag, tempo_of, reach * step.reach * traits["reach"], effort, tilt_deg)
