"""How one lower leg moves through a session: ankle angle, shank pitch, voluntary drive and the path of the ankle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.movements import MOVEMENTS
from monitor.simulation.noise import generator, key_of
from monitor.simulation.pattern import Pattern, make_pattern
from monitor.simulation.ranges import Traits
from monitor.simulation.timeline import Timeline
from monitor.team import LegSide

_HIGHEST = 0.47  # phase of a heel rise
_BALL_TO_ANKLE_M = np.array([-0.13, 0.08])  # back and up, foot flat
Floats = NDArray[np.float64]


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

    traits : how this athlete moves (pace, reach, effort)
    Both legs of a session (same seed) move in the same tempo; in walking the right one is half a stride behind.
    Unevenness (assumed): repetitions 4 % in tempo, 5 % in reach, 8 % in effort; sway in standing below 0.5 deg.
    """

    def __init__(self, timeline: Timeline, leg: LegSide, seed: int, traits: Traits) -> None:
        self._timeline = timeline
        self._leg = leg
        self._traits = traits
        self._tempo_key = key_of(seed, "tempo")
        self._leg_key = key_of(seed, leg, "repetitions")
        self._sway_phase = generator(key_of(seed, leg, "sway")).uniform(0, 2 * np.pi, 2)
        self._pattern = lru_cache(maxsize=32)(self._make_pattern)

    def drive(self, time_s: Floats, relaxation_s: Floats | None = None) -> Floats:
        """Voluntary drive of the calf before fatigue raises it, 0..1. relaxation_s : see `LegPlan`, None = fresh."""
        result = np.empty(len(time_s))
        for pattern, rows in self._by_bout(time_s):
            late_s = np.zeros(rows.sum()) if relaxation_s is None else relaxation_s[rows]
            result[rows] = pattern.drive(time_s[rows], late_s)
        return np.maximum(result, 0.0)

    def angle_deg(self, time_s: Floats) -> Floats:
        """Ankle angle in deg, dorsiflexion +, 0 = standing."""
        result = np.empty(len(time_s))
        for pattern, rows in self._by_bout(time_s):
            result[rows] = pattern.angle_deg(time_s[rows])
        return result + self._sway_deg(time_s)

    def pose(self, time_s: Floats) -> Pose:
        """Everything that an inertial sensor feels."""
        columns = np.empty((len(time_s), 5))
        for pattern, rows in self._by_bout(time_s):
            columns[rows] = _columns(pattern, time_s[rows])
        sway_deg = self._sway_deg(time_s)
        angle_deg, shank_deg = columns[:, 0] + sway_deg, columns[:, 1] + sway_deg
        return Pose(angle_deg, shank_deg, columns[:, 2:4], self._wobble(columns[:, 4], time_s))

    def strikes(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Heel strikes in start_s <= time < until_s: when, and how hard (1 = walking)."""

        def of(pattern: Pattern) -> tuple[Floats, Floats]:
            if not pattern.movement.impact:
                return np.empty(0), np.empty(0)
            times_s, repetition = pattern.when(0.0)
            return times_s, pattern.movement.impact * pattern.effort[np.clip(repetition, 0, len(pattern.effort) - 1)]

        return self._between(of, start_s, until_s)

    def toe_offs_s(self, start_s: float, until_s: float) -> Floats:
        """When the foot leaves the ground, start_s <= time < until_s."""

        def of(pattern: Pattern) -> tuple[Floats, Floats]:
            toe_off = pattern.movement.toe_off
            times_s = np.empty(0) if toe_off is None else pattern.when(toe_off)[0]
            return times_s, times_s

        return self._between(of, start_s, until_s)[0]

    def rises(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Heel rises of "raises" in start_s <= time < until_s: when they are highest, and how high, deg."""

        def of(pattern: Pattern) -> tuple[Floats, Floats]:
            if pattern.movement is not MOVEMENTS["raises"]:
                return np.empty(0), np.empty(0)
            times_s, _ = pattern.when(_HIGHEST)
            return times_s, -pattern.angle_deg(times_s)

        return self._between(of, start_s, until_s)

    def _between(
        self, of: Callable[[Pattern], tuple[Floats, Floats]], start_s: float, until_s: float
    ) -> tuple[Floats, Floats]:
        found = [of(self._pattern(bout.number)) for bout in self._timeline.bouts(start_s, until_s)]
        times_s, sizes = (np.concatenate(part) for part in zip(*found, strict=True))
        inside = (times_s >= start_s) & (times_s < until_s)
        return times_s[inside], sizes[inside]

    def _make_pattern(self, number: int) -> Pattern:
        tempo, own = generator(self._tempo_key, number), generator(self._leg_key, number)
        return make_pattern(self._timeline.bout(number), self._leg == "right", self._traits, tempo, own)

    def _by_bout(self, time_s: Floats) -> list[tuple[Pattern, NDArray[np.bool_]]]:
        """The bouts that instants fall into, each with its own instants."""
        numbers = self._timeline.number_at(time_s)
        return [(self._pattern(int(number)), numbers == number) for number in np.unique(numbers)]

    def _wobble(self, size_deg: Floats, time_s: Floats) -> tuple[Floats, Floats]:
        turn = 2 * np.pi * 0.9 * time_s + self._sway_phase[0]
        return size_deg * np.cos(turn), size_deg * np.sin(turn)

    def _sway_deg(self, time_s: Floats) -> Floats:
        slow, slower = self._sway_phase
        return 0.2 * np.sin(2 * np.pi * 0.31 * time_s + slow) + 0.15 * np.sin(2 * np.pi * 0.13 * time_s + slower)


def _columns(pattern: Pattern, at_s: Floats) -> Floats:
    angle_deg, shank_deg, travel_m, lift_m, wobble_deg = pattern.pose_columns(at_s)
    ankle_m = np.column_stack([travel_m, lift_m])
    if pattern.movement.on_toes:
        ankle_m += turned(_BALL_TO_ANKLE_M, shank_deg - angle_deg) - _BALL_TO_ANKLE_M
    return np.column_stack([angle_deg, shank_deg, ankle_m, wobble_deg])


def turned(vector: Floats, pitch_deg: Floats) -> Floats:
    """A vector (forward, up) of a segment in the world, (n, 2), when the segment is pitched forward by (n,) degrees."""
    pitch = np.radians(pitch_deg)
    cos, sin = np.cos(pitch), np.sin(pitch)
    return np.column_stack([cos * vector[0] + sin * vector[1], cos * vector[1] - sin * vector[0]])
