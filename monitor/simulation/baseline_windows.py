"""Which baseline is better, the early or the warm one? `python -m monitor.simulation.baseline_windows` compares them.

early : the program's own, from 20 to 330 s with time as a nuisance. warm : minutes 3 to 12 of activity, the highest
60-s median so far, as a study of warm-ups proposed it; it lives here alone, made from the program's readings, whose
reference alone it changes. Both are held against the simulated fatigue, without what warmth does to the spectrum.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from monitor.leg import LegSecond
from monitor.settings import Settings
from monitor.simulated_sessions import Kit, play_leg
from monitor.simulation.calf import Calf
from monitor.simulation.fatigue_cases import FRESH, Case, scenario_of
from monitor.simulation.fatigue_truth import Watched, watched_in
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.scenario import Part, Scenario

Floats = NDArray[np.float64]
Start = Literal[
    "no warm-up of the muscle", "warms by 4 %", "warms by 8 %", "cold start, warms by 8 %", "rested, warms by 8 %"
]
_WARM_UP: dict[Start, float] = dict(zip(get_args(Start), (0.0, 0.04, 0.08, 0.08, 0.08), strict=True))
_LABELS = ("GM", "GL")
_STEP_S, _MEDIAN_STEPS, _LEAST_STEPS = 10, 6, 12
_FROM_S, _TO_S = 180, 720
_GROUP = ("stand", "raises", "walk", "run")
_CALIBRATION_STEPS = 3
_HELD_APART = 9500


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """One leg, second by second: fatigue (true scale), the program's level, and its ten-second readings; NaN = none."""

    true: Floats
    level: Floats
    steps: Floats


def warm_reference(steps: Floats) -> Floats:
    """The warm baseline at each second: highest 60-s median of ten-second readings of minutes 3 to 12 so far.

    NaN before there are twelve readings; frozen after minute 12.
    """
    reference, known, highest = np.full(len(steps), np.nan), list[float](), np.nan
    for second in range(len(steps)):
        if _FROM_S <= second < _TO_S and np.isfinite(steps[second]):
            known.append(float(steps[second]))
            if len(known) >= _MEDIAN_STEPS:
                highest = np.fmax(highest, np.median(known[-_MEDIAN_STEPS:]))
        reference[second] = highest if len(known) >= _LEAST_STEPS else np.nan
    return reference


def scenario_for(start: Start, seed: int) -> Scenario:
    """A training of the fatigue study whose muscle warms up, from its usual or from a cold start."""
    scenario = scenario_of(Case("tiring", seed))
    traits = {**(scenario.athlete or {}), "warm_up": _WARM_UP[start]}
    if start.startswith("rested"):
        traits |= FRESH
    parts = scenario.part
    if start.startswith("cold"):
        parts = (Part(steps=_without_warm_up(parts[0].steps)), *parts[1:])
    return scenario.model_copy(update={"athlete": traits, "part": parts})


def _without_warm_up(steps: tuple) -> tuple:
    """After the calibration the training begins at once."""
    rest = steps[_CALIBRATION_STEPS:]
    while tuple(step.activity for step in rest[:4]) == _GROUP:
        rest = rest[4:]
    return (*steps[:_CALIBRATION_STEPS], *rest)


def read(start: Start, seed: int, minutes: float) -> Readings:
    """One leg through the program's own path."""
    scenario = scenario_for(start, seed)
    seconds = play_leg(scenario, "left", seed, Settings(), Kit(_LABELS), minutes).seconds
    calf = Calf(scenario, "left", seed)
    at_s = np.array([second.time_s for second in seconds])
    true = np.median([calf.compression(at_s, label) * calf.contact.scale(at_s, label) for label in _LABELS], axis=0)
    return Readings(true, *(np.array(column) for column in zip(*map(_told, seconds), strict=True)))


def _told(second: LegSecond) -> tuple[float, float]:
    """The level, NaN where stale, and at the end of a step its reading."""
    if second.emg is None or second.evidence.stale:
        return np.nan, np.nan
    ends = round(second.time_s) % _STEP_S == 0
    return float(second.emg.compression[0]), second.emg.course.all.reading if ends else np.nan


def against_warm(readings: Readings) -> Readings:
    """The same readings against the warm baseline."""
    reference = warm_reference(readings.steps)
    return replace(readings, level=readings.level / reference)


def watch_of(level: Floats) -> NDArray[np.bool_]:
    """WATCH by the program's rule."""
    trend = Settings().trend
    on, low, high, found = False, 0, 0, []
    for value in level.tolist():
        low, high = low + 1 if value < trend.watch_level else 0, high + 1 if value > trend.clear_level else 0
        on = (on or low >= trend.watch_after_s) and high < trend.clear_after_s
        found.append(on)
    return np.array(found)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one baseline on one kind of start. Errors of the level in %; delays of WATCH in minutes."""

    rms: float
    bias: float
    delay_min: float
    missed: int
    due: int
    false: int
    hours: float


def figures(found: Sequence[Readings]) -> Figures:
    """All sessions together, from minute 3 on."""
    errors = np.concatenate([np.log(each.level / each.true)[_FROM_S:] for each in found])
    errors = errors[np.isfinite(errors)]
    seen: list[Watched] = [watched_in(np.arange(1.0, len(r.true) + 1), r.true, watch_of(r.level)) for r in found]
    delays = [delay / 60 for session in seen for delay in session.delays_s]
    missed = sum(session.missed for session in seen)
    return Figures(
        100 * float(np.sqrt(np.mean(errors**2))) if len(errors) else np.nan,
        100 * float(errors.mean()) if len(errors) else np.nan,
        float(np.median(delays)) if delays else np.nan,
        missed,
        len(delays) + missed,
        sum(session.wrong for session in seen),
        sum(session.hours for session in seen),
    )


def lines(start: Start, found: Sequence[Readings]) -> Iterator[str]:
    """Both baselines on one kind of start."""
    for name, each in (("early", found), ("warm", [against_warm(readings) for readings in found])):
        told = figures(each)
        watch = f"WATCH {told.delay_min:5.1f} min late, {told.missed} of {told.due} missed, {told.false} false"
        yield f"{start:26} {name:6} RMS {told.rms:5.1f} %  bias {told.bias:+5.1f} %  {watch} in {told.hours:.1f} h"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="monitor.simulation.baseline_windows", description=__doc__)
    parser.add_argument("--sessions", type=int, default=8, help="of each kind of start")
    parser.add_argument("--first", type=int, default=_HELD_APART, help="the first seed")
    parser.add_argument("--minutes", type=float, default=25.0, help="of each session at most")
    options = parser.parse_args(arguments)
    seeds = range(options.first, options.first + options.sessions)
    sys.stdout.write(f"SIMULATED, 2 channels with angle, {options.sessions} trainings each, ranges {ranges_hash()}\n")
    for start in get_args(Start):
        for line in lines(start, [read(start, seed, options.minutes) for seed in seeds]):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
