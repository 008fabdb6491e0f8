"""Heel rises are found and judged by the published criteria."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.contraction.bursts import Contraction
from monitor.guided.judging import End, judge
from monitor.guided.rises import Rise, rises_in_angle, rises_in_bursts
from monitor.settings import GuidedSettings

SETTINGS = GuidedSettings()


def angle(heights_deg: list[float], period_s: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    time_s = np.arange(0.0, period_s * len(heights_deg) + 1.0, 0.02)
    rise = np.minimum((time_s / period_s).astype(int), len(heights_deg) - 1)
    shape = np.where(time_s < period_s * len(heights_deg), 0.5 - 0.5 * np.cos(2 * np.pi * time_s / period_s), 0.0)
    return time_s, 2.0 - np.array(heights_deg)[rise] * shape


def every(period_s: float, n: int, height_deg: float = 25.0, begin_s: float = 0.0) -> list[Rise]:
    peaks_s = [begin_s + period_s * (k + 0.5) for k in range(n)]
    return [Rise(peak_s - 0.7, peak_s, peak_s + 0.7, height_deg) for peak_s in peaks_s]


def test_each_rise_is_found_with_its_height():
    heights = [25.0, 30.0, 12.0, 27.0]
    found = rises_in_angle(*angle(heights), SETTINGS)
    assert [rise.height_deg for rise in found] == pytest.approx(heights, abs=0.5)
    assert [rise.peak_s for rise in found] == pytest.approx([1, 3, 5, 7], abs=0.1)


def test_sway_is_no_rise_and_an_unknown_angle_ends_one():
    assert not rises_in_angle(*angle([5.0] * 10), SETTINGS)
    time_s, degrees = angle([25.0] * 4)
    degrees[(time_s > 2.8) & (time_s < 3.2)] = np.nan
    assert len(rises_in_angle(time_s, degrees, SETTINGS)) == 3


def test_bursts_count_where_they_are_long_enough():
    bursts = [Contraction(2.0 * k, 2.0 * k + 1.3, 20.0, True) for k in range(5)]
    twitch = Contraction(11.0, 11.1, 20.0, True)
    assert len(rises_in_bursts([*bursts, twitch], SETTINGS)) == 5


def test_it_goes_on_while_the_person_keeps_up():
    judged = judge(every(2.0, 20), 0.0, 41.0, SETTINGS)
    assert (len(judged.counted), judged.end) == (20, None)


def test_two_low_rises_in_a_row_end_it_one_alone_does_not():
    rises = every(2.0, 12)
    low = [Rise(r.start_s, r.peak_s, r.end_s, 10.0) for r in rises]
    once = judge([*rises[:6], low[6], *rises[7:]], 0.0, 25.0, SETTINGS)
    assert (len(once.counted), once.end) == (11, None)
    twice = judge([*rises[:6], low[6], low[7], *rises[8:]], 0.0, 25.0, SETTINGS)
    assert (len(twice.counted), twice.end) == (6, End.HEIGHT)


def test_rises_that_fall_behind_the_metronome_end_it():
    rises = every(2.0, 6) + every(3.5, 6, begin_s=12.0)
    judged = judge(rises, 0.0, 40.0, SETTINGS)
    assert judged.end is End.RHYTHM
    assert 6 <= len(judged.counted) <= 9


def test_a_pause_ends_it_and_what_comes_after_does_not_count():
    rises = every(2.0, 8) + every(2.0, 8, begin_s=24.0)
    judged = judge(rises, 0.0, 60.0, SETTINGS)
    assert (len(judged.counted), judged.end) == (8, End.STOPPED)
    assert judge(rises[:8], 0.0, 17.0, SETTINGS).end is None
    assert judge(rises[:8], 0.0, 22.0, SETTINGS).end is End.STOPPED


def test_nobody_who_has_not_begun_is_waited_for_for_ever():
    assert judge([], 100.0, 110.0, SETTINGS).end is None
    assert judge([], 100.0, 121.0, SETTINGS).end is End.NOT_BEGUN
