"""How well does the heel-rise test repeat? `python -m monitor.simulation.heel_rises` prints it for simulated legs.

Each leg does the test several times: its fatigue is the same each time, the EMG, the electrodes' places and the
unevenness of the rises are drawn anew. Of the ankle angle the truth is taken, with a slow error of 1 deg RMS; the way
from two inertial sensors to the angle is tested elsewhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.guided.decline import Interval, together
from monitor.guided.judging import judge
from monitor.guided.result import declines_of
from monitor.guided.rises import rises_in_angle
from monitor.settings import Settings
from monitor.simulation.aims import Row, keep, line
from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.noise import generator, key_of
from monitor.simulation.scenario import EmgLevel, LegPlan, Part, Scenario
from monitor.simulation.step import Step

_BEFORE_S, _AFTER_S = 20.0, 12.0
_PERIOD_S = 2.0
_LOW_S = 10.0
_ANGLE_HZ, _ANGLE_ERROR_DEG = 100.0, 1.0


@dataclass(frozen=True, slots=True)
class Repeat:
    """One test. change, true : of the spectral scale from the first to the last rise, %."""

    counted: int
    true_count: int
    change: float
    true: float
    interval: Interval
    repeat: Interval


def simulated_leg(count: int, depth: float, seed: int, level: EmgLevel = "spectrum") -> Calf:
    """A calf that does so many rises at 30 per minute and tires by `depth`, then five rises that are too low."""
    work_s = count * _PERIOD_S
    steps = [("stand", _BEFORE_S, 1.0), ("raises", work_s, 1.0), ("raises", _LOW_S, 0.33), ("stand", _AFTER_S, 1.0)]
    made = [Step(activity=name, seconds=seconds, pace=1.2, reach=reach) for name, seconds, reach in steps]
    end_s = _BEFORE_S + work_s
    curve = ((0.0, 1.0), (_BEFORE_S, 1.0), (end_s, 1.0 - depth), (end_s + 60.0, 1.0 - 0.8 * depth))
    scenario = Scenario(
        name="heel rises",
        title="A heel-rise test",
        part=(Part(steps=tuple(made)),),
        leg={"left": LegPlan(compression=curve)},
        emg_level=level,
    )
    return Calf(scenario, "left", seed)


def one_test(calf: Calf, count: int, channels: tuple[str, ...], rate_hz: float, settings: Settings) -> Repeat:
    """One test of one calf, counted, judged and read as a recorded one is."""
    length_s = calf.scenario.length_s
    angle_s = np.arange(_BEFORE_S, length_s, 1.0 / _ANGLE_HZ)
    wander = generator(key_of(calf.seed, "angle error")).uniform(0, 2 * np.pi, 2)
    error_deg = _ANGLE_ERROR_DEG * (np.sin(0.4 * angle_s + wander[0]) + np.sin(0.17 * angle_s + wander[1]))
    rises = rises_in_angle(angle_s, calf.angle_deg(angle_s) + error_deg, settings.guided)
    judged = judge(rises, _BEFORE_S, length_s, settings.guided)
    time_s, samples = emg_of(calf, channels, rate_hz=rate_hz, seed=calf.seed).read(round(length_s * rate_hz))
    stream = Stream("emg", rate_hz, tuple(Channel(label, "uV") for label in channels), "sim")
    declines = declines_of(Chunk(stream, time_s, samples), judged.counted, settings)
    whole = together([each for each in declines.values() if each is not None])
    if whole is None:
        raise ValueError(f"the test of seed {calf.seed} shows no spectrum")
    ends_s = np.array([judged.counted[0].peak_s, judged.counted[-1].peak_s])
    scales = [calf.compression(ends_s, label) for label in channels]
    true = 100.0 * (float(np.exp(np.mean([np.log(scale[1] / scale[0]) for scale in scales]))) - 1.0)
    return Repeat(len(judged.counted), count, whole[0], true, whole[1], whole[2])


def repeats(
    legs: int, times: int, first: int, channels: tuple[str, ...], rate_hz: float, level: EmgLevel
) -> list[list[Repeat]]:
    """So many legs, each tested so many times: the seed says how many rises (20..45) and how much fatigue (0..25 %)."""
    settings, found = Settings(), []
    for leg in range(first, first + legs):
        drawn = generator(key_of(leg, "heel-rise test"))
        count, depth = int(drawn.integers(20, 46)), float(drawn.uniform(0.0, 0.25))
        seeds = [1000 * leg + number for number in range(times)]
        found.append(
            [one_test(simulated_leg(count, depth, seed, level), count, channels, rate_hz, settings) for seed in seeds]
        )
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{leg - first + 1} of {legs} ")
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares 0..1; errors in points of %. unchanged : of later repeats, those in the interval that the first stated."""

    tests: int
    counted_within_1: float
    error_median: float
    error_rms: float
    within_3: float
    covered: float
    unchanged: float


def measure(found: Sequence[Sequence[Repeat]]) -> Figures:
    """The figures of all legs together."""
    tests = [test for leg in found for test in leg]
    errors = np.array([abs(test.change - test.true) for test in tests])
    later = [leg[0].repeat[0] <= test.change <= leg[0].repeat[1] for leg in found for test in leg[1:]]
    return Figures(
        tests=len(tests),
        counted_within_1=float(np.mean([abs(test.counted - test.true_count) <= 1 for test in tests])),
        error_median=float(np.median(errors)),
        error_rms=float(np.sqrt(np.mean(errors**2))),
        within_3=float(np.mean(errors <= 3.0)),
        covered=float(np.mean([test.interval[0] <= test.true <= test.interval[1] for test in tests])),
        unchanged=float(np.mean(later)) if later else float("nan"),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="monitor.simulation.heel_rises", description=__doc__)
    parser.add_argument("--legs", type=int, default=40)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first leg's number")
    parser.add_argument("--channels", default="GM,GL")
    parser.add_argument("--emg-hz", type=float, default=1000.0)
    parser.add_argument("--level", choices=get_args(EmgLevel), default="spectrum")
    parser.add_argument("--out", type=Path, help="keep the rows, and what they were made with, as JSON")
    options = parser.parse_args(arguments)
    channels = tuple(options.channels.split(","))
    found = measure(repeats(options.legs, options.times, options.first, channels, options.emg_hz, options.level))
    told = list(rows(found))
    head = f"SIMULATED: {options.legs} legs, {found.tests} heel-rise tests, {options.channels} at {options.emg_hz:g} Hz"
    sys.stdout.write("\n".join([head, *map(line, told), ""]))
    if options.out is not None:
        given = f"--legs {options.legs} --times {options.times} --first {options.first} --channels {options.channels}"
        given += f" --emg-hz {options.emg_hz:g} --level {options.level}"
        keep(options.out, f"python -m monitor.simulation.heel_rises {given}", told)
    return int(not all(row.met for row in told))


def rows(found: Figures) -> Iterator[Row]:
    """The figures beside their aims."""
    yield Row(f"repetitions within 1 of the truth ({found.tests} tests)", "%", 100 * found.counted_within_1, 95, True)
    yield Row("MDF change, RMS error", "points", found.error_rms, 3)
    yield Row("MDF change within 3 points of the truth", "%", 100 * found.within_3, 95, True)
    yield Row("the truth inside the stated 95 % interval", "%", 100 * found.covered)
    yield Row("repeats of an unchanged leg inside the stated interval", "%", 100 * found.unchanged, 95, True)


if __name__ == "__main__":
    sys.exit(main())
