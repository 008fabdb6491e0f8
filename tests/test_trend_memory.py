"""The trend for the screens: every second there, thinned evenly, never more than three hours."""

from __future__ import annotations

import numpy as np

from monitor.trend_memory import MOST_S, TrendMemory


def filled(seconds: int) -> TrendMemory:
    memory = TrendMemory()
    for second in range(seconds):
        memory.append(float(second), np.array([100.0 - second, 90.0]), second / 10)
    return memory


def test_every_second_is_there_with_its_values() -> None:
    time_s, mdf_hz, reading = filled(700).thinned(1200)
    np.testing.assert_array_equal(time_s, np.arange(700))
    np.testing.assert_array_equal(mdf_hz[:, 0], 100.0 - np.arange(700))
    np.testing.assert_allclose(reading, np.arange(700) / 10)


def test_more_than_a_screen_shows_is_thinned_evenly() -> None:
    time_s, mdf_hz, _ = filled(2500).thinned(1200)
    assert len(time_s) <= 1200 and mdf_hz.shape == (len(time_s), 2)
    assert set(np.diff(time_s)) == {3.0}


def test_what_was_given_out_does_not_change_and_the_oldest_makes_room() -> None:
    memory = filled(MOST_S)
    time_s, _, _ = memory.thinned(MOST_S)
    memory.append(float(MOST_S), np.array([1.0, 2.0]), 0.5)
    assert time_s[0] == 0.0 and len(memory) == MOST_S - MOST_S // 4 + 1
    after, _, _ = memory.thinned(MOST_S)
    assert after[0] == MOST_S // 4 and after[-1] == MOST_S and (np.diff(after) == 1.0).all()


def test_nothing_yet_is_empty() -> None:
    memory = TrendMemory()
    assert len(memory) == 0
