"""The reading beside its truth; the whole table: `python -m monitor.simulation.fatigue_truth`."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from monitor.fatigue.course import CourseSecond
from monitor.simulation.aims import Row
from monitor.simulation.fatigue_cases import HELD_APART, Case, Followed, Worn, follow
from monitor.simulation.fatigue_truth import errors_of, reading_rows, watch_rows, watched

WORN = Worn(8, True)


def told(true: np.ndarray, read: np.ndarray | None = None, watch: np.ndarray | None = None) -> Followed:
    """A session of one entry a second."""
    read = true if read is None else read
    nothing = CourseSecond.unknown()
    seconds: list[Any] = []
    for second, level in enumerate(read.tolist(), start=1):
        course = replace(nothing, all=replace(nothing.all, reading=level, level_sd=0.01))
        emg = SimpleNamespace(compression=np.array([level, 500, 500]), course=course)
        seconds.append(SimpleNamespace(time_s=float(second), emg=emg))
    return Followed(WORN, tuple(seconds), true, np.zeros(len(true), dtype=bool) if watch is None else watch)


def figures(*sessions: Followed) -> list[float]:
    return [row.value for row in reading_rows(WORN, [errors_of(each) for each in sessions])]


def test_a_perfect_reading_errs_by_nothing_and_one_three_percent_high_by_three():
    true = np.full(600, 0.9)
    np.testing.assert_allclose(figures(told(true)), [0, 0, 0, 100], atol=1e-9)
    np.testing.assert_allclose(figures(told(true, true * np.exp(0.03))), [3, 3, 0, 0], atol=1e-9)
    assert len(errors_of(told(true)).steps) == 60


def falls_at(second: int, length: int = 1200) -> np.ndarray:
    return np.where(np.arange(length) < second, 1.0, 0.85)


@pytest.mark.parametrize("late_s", [-40, 0, 75])
def test_the_delay_counts_from_the_true_fall(late_s: int):
    watch = np.arange(1200) >= 400 + late_s
    found = watched(told(falls_at(400), watch=watch))
    assert (found.delays_s, found.missed) == ((late_s,), 0)


def test_a_decline_that_is_not_seen_is_missed_and_a_short_one_is_none():
    assert watched(told(falls_at(400))).missed == 1
    short = np.where((np.arange(1200) > 400) & (np.arange(1200) < 500), 0.85, 1.0)
    assert watched(told(short)).missed == 0


def test_watch_on_a_rested_calf_is_wrong():
    watch = np.arange(1200) % 600 > 300
    found = watched(told(np.full(1200, 0.97), watch=watch))
    assert (found.wrong, found.hours) == (2, pytest.approx(1 / 3))
    rows = {row.name: row for row in watch_rows({"rested": [found], "tiring": [watched(told(falls_at(400)))]})}
    assert [row.met for row in rows.values()] == [True, False, False], "no delay to judge, none seen, false alarms"


def test_an_aim_is_a_largest_size_or_a_least_value():
    assert Row("bias", "%", -1.4, 1.5).met and not Row("bias", "%", -1.6, 1.5).met
    assert Row("seen", "", 0.99, 0.98, least=True).met and not Row("seen", "", 0.9, 0.98, least=True).met


def test_a_session_through_the_whole_path_stays_near_its_truth():
    (found,) = follow(Case("tiring", HELD_APART, minutes=9), [Worn(2, True)])
    errors = errors_of(found)
    assert len(errors.steps) > 20
    assert np.sqrt(np.mean(errors.steps**2)) < 0.045
    assert abs(errors.level.mean()) < 0.025
    assert found.true.min() < 0.9
