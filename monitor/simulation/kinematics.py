"""How one lower leg moves through a session: ankle angle, shank pitch, voluntary drive and the path of the ankle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.movements import MOVEMENTS, Movement
from monitor.simulation.noise import generator, key_of
from monitor.simulation.timeline import Bout, Timeline
from monitor.team import LegSide

_FADE_S = 0.6  # a bout comes up from standing and goes back to it
_BALL_TO_ANKLE_M = np.array([-0.13, 0.08])  # back and up, foot flat
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One bout as this leg does it. tempo: unevenness of the repetitions; reach, effort: scale of each repetition."""

    bout: Bout
    movement: Movement
    n_repetitions: int
    lag: float
    tempo: Floats
    reach: Floats
    effort: Floats

    def repetition(self, time_s: Floats) -> Floats:
        """Which repetition, and how far through it: 2.25 is a quarter of the third."""
        x = (time_s - self.bout.start_s) / self.bout.duration_s
        even = self.n_repetitions * x + self.lag
        return even + self.tempo[0] * np.sin(2 * np.pi * x) + self.tempo[1] * np.sin(6 * np.pi * x)

    def fade(self, time_s: Floats) -> Floats:
        """0 at the bout's edges, 1 inside, twice smoothly differentiable."""
        edge_s = np.minimum(time_s - self.bout.start_s, self.bout.end_s - time_s)
        x = np.clip(edge_s / _FADE_S, 0.0, 1.0)
        return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)

    def scale(self, scales: Floats, repetition: Floats) -> Floats:
        """The scale of each repetition, going over into the next one's."""
        return np.interp(repetition, np.arange(len(scales)) + 0.5, scales)


@dataclass(frozen=True, slots=True)
class Pose:
    """The lower leg at n instants.

    angle_deg, shank_deg : (n,) dorsiflexion +, leaning forward +
    ankle_m : (n, 2) forward and up
    wobble_deg : how far out of the plane, two (n,) curves a quarter of a turn apart
    """

    angle_deg: Floats
    shank_deg: Floats
    ankle_m: Floats
    wobble_deg: tuple[Floats, Floats]

    @property
    def foot_deg(self) -> Floats:
        """Pitch of the foot, toes down +: the foot lags the shank by the dorsiflexion."""
        return self.shank_deg - self.angle_deg


class Motion:
    """One leg's movement, a function of session time alone.

    Both legs of a session (same seed) move in the same tempo; in walking the right one is half a stride behind.
    Unevenness (assumed): repetitions 4 % in tempo, 5 % in reach, 8 % in effort; sway in standing below 0.5 deg.
    """

    def __init__(self, timeline: Timeline, leg: LegSide, seed: int) -> None:
        self._timeline = timeline
        self._leg = leg
        self._tempo_key = key_of(seed, "tempo")
        self._leg_key = key_of(seed, leg, "repetitions")
        self._sway_phase = generator(key_of(seed, leg, "sway")).uniform(0, 2 * np.pi, 2)
        self._pattern = lru_cache(maxsize=32)(self._make_pattern)

    def drive(self, time_s: Floats) -> Floats:
        """Voluntary drive of the calf before fatigue changes it, 0..1."""

        def one(pattern: Pattern, at_s: Floats) -> Floats:
            repetition = pattern.repetition(at_s)
            effort = pattern.scale(pattern.effort, repetition)
            return pattern.movement.drive(repetition % 1.0) * effort * pattern.fade(at_s)

        return np.maximum(self._by_bout(one, time_s), 0.0)

    def angle_deg(self, time_s: Floats) -> Floats:
        """Ankle angle in deg, dorsiflexion +, 0 = standing."""

        def one(pattern: Pattern, at_s: Floats) -> Floats:
            return self._joint_deg(pattern, at_s)

        return self._by_bout(one, time_s) + self._sway_deg(time_s)

    def pose(self, time_s: Floats) -> Pose:
        """Everything that an inertial sensor feels."""
        columns = self._by_bout(self._pose_columns, time_s, 5)
        sway_deg = self._sway_deg(time_s)
        angle_deg, shank_deg = columns[:, 0] + sway_deg, columns[:, 1] + sway_deg
        return Pose(angle_deg, shank_deg, columns[:, 2:4], self._wobble(columns[:, 4], time_s))

    def strikes_s(self, start_s: float, until_s: float) -> Floats:
        """When the heel hits the ground, start_s <= time < until_s."""
        found = [np.empty(0)]
        for bout in self._timeline.bouts(start_s, until_s):
            pattern = self._pattern(bout.number)
            if pattern.movement.strikes:
                grid_s = np.linspace(bout.start_s + _FADE_S, bout.end_s - _FADE_S, 2000)
                repetition = pattern.repetition(grid_s)
                whole = np.arange(np.ceil(repetition[0]), np.floor(repetition[-1]) + 1)
                found.append(np.interp(whole, repetition, grid_s))
        strikes_s = np.concatenate(found)
        return strikes_s[(strikes_s >= start_s) & (strikes_s < until_s)]

    def _make_pattern(self, number: int) -> Pattern:
        bout = self._timeline.bout(number)
        movement = MOVEMENTS[bout.activity]
        n = 1 if movement.period_s is None else max(1, round(bout.duration_s / movement.period_s))
        tempo, own = generator(self._tempo_key, number), generator(self._leg_key, number)
        lag = 0.5 if movement.alternating and self._leg == "right" else 0.0
        uneven = tempo.uniform(-1, 1, 2) * n * 0.02 / (2 * np.pi * np.array([1.0, 3.0]))
        reach = np.clip(own.normal(1.0, 0.05, n + 1), 0.88, 1.12)
        effort = np.clip(own.normal(1.0, 0.08, n + 1), 0.8, 1.2)
        return Pattern(bout, movement, n, lag, uneven if n > 1 else np.zeros(2), reach, effort)

    def _by_bout(self, one: Callable[[Pattern, Floats], Floats], time_s: Floats, n_columns: int = 0) -> Floats:
        """Put together what each bout says about its own instants."""
        numbers = self._timeline.number_at(time_s)
        result = np.empty((len(time_s), n_columns) if n_columns else len(time_s))
        for number in np.unique(numbers):
            rows = numbers == number
            result[rows] = one(self._pattern(int(number)), time_s[rows])
        return result

    def _joint_deg(self, pattern: Pattern, at_s: Floats) -> Floats:
        repetition = pattern.repetition(at_s)
        reach = pattern.scale(pattern.reach, repetition)
        return pattern.movement.angle_deg(repetition % 1.0) * reach * pattern.fade(at_s)

    def _pose_columns(self, pattern: Pattern, at_s: Floats) -> Floats:
        movement, repetition, fade = pattern.movement, pattern.repetition(at_s), pattern.fade(at_s)
        phase = repetition % 1.0
        angle_deg = self._joint_deg(pattern, at_s)
        shank_deg = movement.shank_deg(phase) * fade
        ankle_m = np.column_stack([movement.travel_m(phase) * fade, movement.lift_m(phase) * fade])
        if movement.on_toes:
            ankle_m += turned(_BALL_TO_ANKLE_M, shank_deg - angle_deg) - _BALL_TO_ANKLE_M
        return np.column_stack([angle_deg, shank_deg, ankle_m, movement.wobble_deg * fade])

    def _wobble(self, size_deg: Floats, time_s: Floats) -> tuple[Floats, Floats]:
        turn = 2 * np.pi * 0.9 * time_s + self._sway_phase[0]
        return size_deg * np.cos(turn), size_deg * np.sin(turn)

    def _sway_deg(self, time_s: Floats) -> Floats:
        slow, slower = self._sway_phase
        return 0.2 * np.sin(2 * np.pi * 0.31 * time_s + slow) + 0.15 * np.sin(2 * np.pi * 0.13 * time_s + slower)


def turned(vector: Floats, pitch_deg: Floats) -> Floats:
    """A vector (forward, up) of a segment in the world, (n, 2), when the segment is pitched forward by (n,) degrees."""
    pitch = np.radians(pitch_deg)
    cos, sin = np.cos(pitch), np.sin(pitch)
    return np.column_stack([cos * vector[0] + sin * vector[1], cos * vector[1] - sin * vector[0]])
