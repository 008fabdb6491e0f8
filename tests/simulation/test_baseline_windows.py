"""The comparison of both baselines: its arithmetic, and one short session; the whole table: the module's command."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitor.simulation.baseline_windows import (
    Readings,
    against_warm,
    figures,
    lines,
    read,
    scenario_for,
    warm_reference,
    watch_of,
)

SECONDS = np.arange(1500)


def steps(course: np.ndarray) -> np.ndarray:
    return np.where(SECONDS % 10 == 0, course, np.nan)


def test_the_warm_reference_is_the_highest_median_of_minutes_3_to_12():
    course = np.where(SECONDS < 150, 2.0, np.where(SECONDS < 400, 1.0, np.where(SECONDS < 800, 1.04, 3.0)))
    reference = warm_reference(steps(course))
    assert np.isnan(reference[:290]).all(), "twelve readings are needed"
    assert reference[300] == 1.0 and reference[500] == 1.04 == reference[-1]


def test_a_calf_that_warms_by_four_percent_reads_as_fresh_once_it_is_warm():
    warmth = 1 + 0.04 * np.minimum(SECONDS / 500, 1.0)
    readings = Readings(np.ones(len(SECONDS)), warmth, steps(warmth))
    early, warm = figures([readings]), figures([against_warm(readings)])
    assert early.bias > 2.5 and abs(warm.bias) < 0.5
    told = list(lines("warms by 4 %", [readings]))
    assert len(told) == 2 and "early" in told[0] and "warm" in told[1]


def test_a_calf_that_tires_from_the_start_has_no_warm_baseline_worth_the_name():
    tiring = np.exp(-0.01 * SECONDS / 60)
    readings = Readings(tiring, tiring, steps(tiring))
    assert figures([readings]).rms == pytest.approx(0.0, abs=1e-9)
    assert figures([against_warm(readings)]).bias > 2.0, "what it tired before minute 3 is not in it"
    assert figures([readings]).delay_min < 1.0 < figures([against_warm(readings)]).delay_min


def test_watch_follows_the_rule_of_the_program():
    level = np.where((SECONDS > 100) & (SECONDS < 600), 0.89, 0.97)
    watch = watch_of(level)
    assert np.flatnonzero(watch)[0] == 120 and not watch[700:].any() and watch[600]


def test_a_cold_start_has_no_warm_up():
    cold, usual = scenario_for("cold start, warms by 8 %", 3), scenario_for("warms by 8 %", 3)
    assert cold.length_s < usual.length_s - 100
    assert [step.activity for step in cold.steps[:3]] == ["stand", "pumps", "walk"]


def test_a_short_session_through_the_program_itself():
    found = read("no warm-up of the muscle", 3, 3.0)
    known = np.isfinite(found.level)
    assert known.sum() > 20 and np.nanmedian(np.abs(np.log(found.level[known] / found.true[known]))) < 0.03
    assert np.isfinite(found.steps).sum() >= 2
    late = replace(found, steps=np.tile(found.steps, 4)[: len(SECONDS)])
    assert np.isfinite(warm_reference(late.steps)).any(), "whatever second of ten the readings come in"
