"""Every threshold of the signs does something: twice or half of it changes what is said of a leg.

One short track of what a calf does, tick by tick, goes through the signs, the score, the state machine and the watch
over both legs; a setting that is doubled, or halved, must change what comes out. Only the stage that a setting belongs
to is computed anew.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from evidence_of import evidence
from signals import emg_stream
from told_leg import Leg

from monitor.chunk import Chunk
from monitor.context.advice import signs_seen
from monitor.contraction.ticks import TickFeatures
from monitor.grid import TICK_S
from monitor.settings import Settings, SignSettings, StateSettings, TrendSettings
from monitor.warning.both_legs import BothLegs
from monitor.warning.discharges import Discharges
from monitor.warning.dose import LeakyDose
from monitor.warning.quiet import QuietActivity, QuietTicks, quiet_input
from monitor.warning.relaxation import LateRelaxation, relaxation_input

BASE = Settings().changed({"baseline.end_s": 60, "cramp.both_legs_s": 10})
LENGTH_S, CYCLE_S, WORK_S = 260, 3.0, 0.8
TIME_S = np.arange(1, round(LENGTH_S / TICK_S) + 1) * TICK_S
SINCE_S = TIME_S % CYCLE_S
DRAWN = np.random.default_rng(5)
Columns = dict[str, np.ndarray]


def during(start_s: float, end_s: float, value: float) -> np.ndarray:
    return np.where((start_s < TIME_S) & (end_s >= TIME_S), value, 0.0)


def rest_uv() -> np.ndarray:
    """Quiet, then twice, six and fifteen times as loud, then half as loud as at the start."""
    rise = during(80, 120, 0.9) + during(120, 140, 5.0) + during(140, 156, 14.0) - during(170, 260, 0.5)
    return 4.0 * (1.0 + rise) * np.exp(0.03 * DRAWN.standard_normal(len(TIME_S)))


def falling() -> np.ndarray:
    """The amplitude of contractions that let go later and later, in parts of their peak; none from 200 s on."""
    tau_s = 0.06 + during(60, 140, 0.03) + during(140, 180, 0.12) + during(180, 260, 0.05)
    level = np.where(SINCE_S < WORK_S, 1.0, np.exp(-(SINCE_S - WORK_S) / tau_s))
    level = level * np.exp(0.08 * DRAWN.standard_normal(len(TIME_S)))
    return np.where(TIME_S > 200, 0.0, level)


REST_UV, FALLING = rest_uv(), falling()
AMPLITUDE_UV = np.maximum(200.0 * FALLING, REST_UV)
WORKING = (FALLING > 0.15).astype(np.float64)
SHORT_S = {71.8: 0.08, 77.8: 0.1, 92.0: 0.2, 98.0: 0.2}  # bursts between contractions: twitches, or not?


def ticks() -> Chunk:
    """Ticks of one channel with twitches of all heights, contraction and ankle."""
    stream = quiet_input(TickFeatures(emg_stream("GM")).output)
    peak_uv = 2.2 * REST_UV
    for at_s, times in [(s, 7.0) for s in np.arange(2.4, 60, 15)] + [(s, 8.0) for s in np.arange(62.3, 140, 6)]:
        peak_uv[round(at_s / TICK_S)] *= times / 2.2
    for at_s in np.arange(86.2, 118, 3.0):
        peak_uv[round(at_s / TICK_S)] = 4.5 * 7.6
    for at_s in np.arange(170.3, 258, 3.0):
        peak_uv[round(at_s / TICK_S)] = 14.0  # seven times the rest then, below 20 uV
        peak_uv[round((at_s + 0.3) / TICK_S)] = 30.0
    for at_s, count in ((158.2, 3), (161.2, 5), (164.2, 9)):
        for k in range(count):
            peak_uv[round(at_s / TICK_S) + 5 * k] = 90.0
    working = WORKING.copy()
    for start_s, length_s in SHORT_S.items():
        working[round(start_s / TICK_S) : round((start_s + length_s) / TICK_S)] = 1.0
    angle = np.cumsum(during(84, 90, 18.0) + during(100, 108, 35.0) - during(108, 114, 60.0)) * TICK_S
    rows = [AMPLITUDE_UV**2, AMPLITUDE_UV**2, peak_uv, working, angle]
    return Chunk(stream, TIME_S, np.stack(rows, axis=1))


TICKS = ticks()
ANGLE_DEG = -15.0 - during(9, 33, 10.0) - during(75, 99, 10.0)  # eight contractions of the baseline are of other kinds
FALLS = Chunk(relaxation_input("test"), TIME_S, np.stack([AMPLITUDE_UV, WORKING, ANGLE_DEG], axis=1))


def of_quiet(settings: Settings) -> Columns:
    quiet = QuietTicks(TICKS.stream, settings.signs).push(TICKS)
    ratio = QuietActivity(quiet.stream, settings.signs, settings.baseline).push(quiet)
    rates = Discharges(quiet.stream, settings.signs, settings.baseline).push(quiet)
    names = ("twitches_per_min", "twitch_baseline_per_min", "tonic_s_per_min")
    return {"quiet_ratio": ratio.samples[:, 0]} | dict(zip(names, rates.samples.T, strict=True))


def of_relaxation(settings: Settings) -> Columns:
    told = LateRelaxation(FALLS.stream, settings.signs, settings.baseline).push(FALLS).samples
    return {"relaxation_z": told[:, 0]}


def of_dose(settings: Settings) -> Columns:
    dose = LeakyDose(settings.signs)
    return {"dose_min": np.array([dose.push(float(second < 90), known=True) for second in range(LENGTH_S)])}


STAGES = {"relaxation": of_relaxation, "dose": of_dose, "": of_quiet}


@cache
def usual_columns(stage: str) -> Columns:
    return STAGES[stage](BASE)


def said(settings: Settings, changed: str) -> list[Any]:
    """What is told each second; the columns that the changed setting has nothing to do with are those of the base."""
    its = next(stage for stage in STAGES if changed.startswith(stage))
    made = [STAGES[stage](settings) if stage == its else usual_columns(stage) for stage in STAGES]
    columns = {name: values for each in made for name, values in each.items()}
    leg, told = Leg(settings), list[Any]()
    for second in range(min(map(len, columns.values()))):
        seen = {name: known(values[second]) for name, values in columns.items()}
        state = leg.see(1, **seen)[0]
        told.append((state, leg.machine.score, tuple(leg.machine.points.values())))
    told += [sorted(signs_seen({"OK"}, share, settings.signs.dose_fraction)) for share in (0.15, 0.3)]
    return [*told, hinted(settings), tired(settings)]


def tired(settings: Settings) -> list[str]:
    """States of a calf whose spectrum falls and comes back in steps."""
    leg = Leg(settings)
    steps = ((20, 1.0), (25, 0.95), (30, 0.88), (60, 0.93), (150, 0.96))
    return [state for seconds, level in steps for state in leg.see(seconds, compression=level)]


RESTLESS = ((1.2, 0.0, 0.5), (2.0, 0.0, 0.5), (1.0, 4.0, 0.5), (1.0, 8.0, 0.5), (1.0, 8.0, 1.8), (1.0, 8.0, 4.0))


def hinted(settings: Settings) -> list[float]:
    """When both legs are said to be restless: quiet ratio, twitches and their baseline, each for 15 s between calms."""
    pair, at_s = BothLegs("A7", settings), list[float]()
    for second in range(30 * len(RESTLESS)):
        ratio, rate, own = RESTLESS[second // 30] if second % 30 < 15 else (1.0, 0.0, 0.5)
        seen = {"quiet_ratio": ratio, "twitches_per_min": rate, "twitch_baseline_per_min": own}
        for side in ("left", "right"):
            at_s += [hint.time_s for hint in pair.push(side, evidence(time_s=float(second), **seen))]
    return at_s


def known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


@cache
def usual() -> list[Any]:
    return said(BASE, "")


SIGNS = [f"signs.{item.name}" for item in dataclasses.fields(SignSettings)]
LEVELS = ["trend.watch_level", "trend.clear_level", "trend.watch_after_s", "trend.clear_after_s"]


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", [*SIGNS, *LEVELS, "state.false_alarms_per_h"])
def test_twice_or_half_of_a_threshold_is_noticed(name: str, factor: float):
    group, field = name.split(".")
    own = getattr(BASE, group)
    (item,) = (item for item in dataclasses.fields(own) if item.name == field)
    value = min(max(factor * getattr(own, field), item.metadata["low"]), item.metadata["high"])
    same = said(BASE.changed({name: value}), field) == usual()
    assert not same, f"{name} = {value:g} is as good as the default"


def test_the_track_says_something_of_every_sign():
    points = [told[2] for told in usual()[:-4]]
    assert all(any(value for value in column if value is not None) for column in list(zip(*points, strict=True))[:-1])
    assert {told[0] for told in usual()[:-4]} == {"OK", "WARN"} and set(usual()[-1]) == {"OK", "WATCH"}


def test_no_setting_of_the_states_is_left_out():
    from test_mutations import CASES

    names = {f"state.{item.name}" for item in dataclasses.fields(StateSettings)}
    assert names <= set(CASES) | {"state.false_alarms_per_h"}
    assert {f"trend.{item.name}" for item in dataclasses.fields(TrendSettings) if "watch" in item.name} <= set(LEVELS)
