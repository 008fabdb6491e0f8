"""What work, rest, warmth and coming cramps do to a calf: the curves of a leg's plan from what the leg does.

A model of few terms; its numbers are the athlete's traits (`ranges.toml`). Fatigue F in 0..1 grows with the drive above
what can be kept up and fades in rest; spectrum, drive, relaxation and quiet EMG follow it. A precursor rises over its
first part, stays until the cramp and fades afterwards; its kind says which signs it has. All of it is assumed except
where `ranges.toml` names a source.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ScenarioError
from monitor.simulation.kinematics import Motion
from monitor.simulation.ranges import Traits
from monitor.simulation.scenario import Curve, LegPlan, Scenario

Floats = NDArray[np.float64]
HORIZON_S = 1800.0  # so long after the scenario's end the calf goes on living, then it stays as it is
_DRIVE_RATE_HZ = 10
_KEEP_S = 4  # the curves' points
_IDLE_DRIVE = 0.015  # less is rest, in which a muscle cools
_RISE_SHARE, _FALL_SHARE = 0.5, 0.3  # of a precursor's length
_AFTER_QUIET, _AFTER_TWITCHES = 1.0, 5.0  # what a cramp leaves behind: of the fresh quiet RMS, per min
KINDS: dict[str, tuple[float, float, float]] = {  # weight of quiet EMG, twitches, late relaxation
    "none": (0.0, 0.0, 0.0),
    "all signs": (1.0, 1.0, 1.0),
    "quiet EMG": (1.0, 0.2, 0.3),
    "twitches": (0.25, 1.0, 0.3),
    "relaxation": (0.2, 0.2, 1.0),
}


def live(plan: LegPlan, scenario: Scenario, motion: Motion, traits: Traits) -> LegPlan:
    """The plan with all its curves, up to half an hour after the scenario's end.

    Raises: ScenarioError for a kind of precursor that is not one of KINDS.
    """
    time_s = np.arange(0.0, scenario.length_s + HORIZON_S)
    drive = _mean_drive(motion, len(time_s))
    fatigue = _fatigue(drive, traits)
    quiet, twitches, late = _involuntary(plan, time_s, traits)
    skin_c = np.interp(time_s, *np.array(scenario.skin_c).T)
    made = {
        "compression": 1.0 - traits["depth"] * fatigue,
        "quiet": 1.0 + traits["quiet_tired"] * fatigue + traits["quiet_rise"] * quiet,
        "twitches_per_min": traits["twitches_rest"] + traits["twitches_rise"] * twitches,
        "relaxation_s": traits["relaxes_late_s"] * fatigue + traits["relaxes_later_s"] * late,
        "warmth": (1.0 + traits["warm_up"] * _warmth(drive, traits)) * (1.0 + traits["per_c"] * skin_c),
        "loudness": 1.0 - traits["louder_per_c"] * skin_c,
    }
    curves = {name: _curve(time_s, values) for name, values in made.items()}
    rest = {"drive_rise": traits["drive_rise"], "pitch": traits["pitch"], "gain": traits["gain"]}
    return plan.model_copy(update=curves | rest)


def _curve(time_s: Floats, values: Floats) -> Curve:
    return tuple(zip(time_s[::_KEEP_S].tolist(), values[::_KEEP_S].tolist(), strict=True))


def _mean_drive(motion: Motion, n_seconds: int) -> Floats:
    """Mean drive of each second, without what the calf's own state adds."""
    grid_s = np.arange(n_seconds * _DRIVE_RATE_HZ) / _DRIVE_RATE_HZ
    return motion.drive(grid_s).reshape(n_seconds, _DRIVE_RATE_HZ).mean(axis=1)


def _fatigue(drive: Floats, traits: Traits) -> Floats:
    """Fatigue second by second, 0 = fresh, 1 = nothing left."""
    easy = traits["easy_drive"]
    gains = traits["leg_tires"] * traits["tires_per_min"] / 60.0 * np.maximum(drive - easy, 0.0)
    losses = np.clip(1.0 - 0.5 * drive / easy, 0.0, 1.0) / (60.0 * traits["recovery_min"])
    fatigue, now = np.empty(len(drive)), 0.0
    for second, (gain, loss) in enumerate(zip(gains.tolist(), losses.tolist(), strict=True)):
        fatigue[second] = now
        now += gain * (1.0 - now) - loss * now
    return fatigue


def _warmth(drive: Floats, traits: Traits) -> Floats:
    """How far the muscle has warmed up, 0..1; at rest it cools, three times as slowly."""
    minutes = 60.0 * traits["warm_up_min"]
    warmth, now = np.empty(len(drive)), 0.0
    for second, working in enumerate((_smoothed(drive) > _IDLE_DRIVE).tolist()):
        warmth[second] = now
        now += (1.0 - now) / minutes if working else -now / (3.0 * minutes)
    return warmth


def _smoothed(drive: Floats) -> Floats:
    """The mean of the last half minute."""
    total = np.cumsum(drive)
    return (total - np.concatenate([np.zeros(min(30, len(total))), total[:-30]])) / 30.0


def _involuntary(plan: LegPlan, time_s: Floats, traits: Traits) -> tuple[Floats, Floats, Floats]:
    """Courses of quiet EMG, twitches and late relaxation, 1 = a precursor of strength 1 at its height."""
    signs = np.zeros((3, len(time_s)))
    fade_s = 60.0 * traits["after_min"]
    for cramp in plan.cramps:
        precursor = cramp.precursor
        after_s = np.maximum(time_s - cramp.stretch_s, 0.0)
        course = precursor.strength * _rise(time_s, precursor.start_s, cramp.onset_s) * np.exp(-after_s / fade_s)
        signs += _weights(precursor.kind)[:, None] * course
        left = np.exp(-after_s / fade_s) * (after_s > 0)
        signs[0] = np.maximum(signs[0], _AFTER_QUIET / traits["quiet_rise"] * left)
        signs[1] = np.maximum(signs[1], _AFTER_TWITCHES / traits["twitches_rise"] * left)
    for start in plan.false_starts:
        falling = 1.0 - _smooth((time_s - start.end_s) / (_FALL_SHARE * (start.end_s - start.start_s)) + 1.0)
        course = start.strength * _rise(time_s, start.start_s, start.end_s) * falling
        signs += _weights(start.kind)[:, None] * course
    return signs[0], signs[1], signs[2]


def _rise(time_s: Floats, start_s: float, end_s: float) -> Floats:
    return _smooth((time_s - start_s) / max(1.0, _RISE_SHARE * (end_s - start_s)))


def _smooth(x: Floats) -> Floats:
    x = np.clip(x, 0.0, 1.0)
    return x**2 * (3.0 - 2.0 * x)


def _weights(kind: str) -> Floats:
    if kind not in KINDS:
        raise ScenarioError(f"unknown kind of precursor {kind!r}; known are {', '.join(KINDS)}")
    return np.array(KINDS[kind])
