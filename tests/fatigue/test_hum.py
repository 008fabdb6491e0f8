"""Mains lines go, the EMG stays."""

import numpy as np
import pytest
from shaped_emg import shaped

from monitor.fatigue.hum import without_lines

RATE_HZ = 500.0
TIME_S = np.arange(15_000) / RATE_HZ


def cleaned(samples: np.ndarray, *lines_hz: float, usable: np.ndarray | None = None) -> np.ndarray:
    every = np.ones(len(samples), dtype=bool) if usable is None else usable
    return without_lines(samples, every, TIME_S, RATE_HZ, lines_hz)


@pytest.mark.parametrize("line_hz", [50.0, 50.08, 59.95])
def test_a_line_goes_and_next_to_nothing_else(line_hz: float):
    emg = shaped(len(TIME_S), RATE_HZ, lambda _: 1.0, 1)
    hum = 80 * np.sin(2 * np.pi * line_hz * TIME_S + 1)
    left = cleaned(emg + hum + 4096, round(line_hz / 10) * 10.0) - 4096 - emg
    assert np.std(left) < 0.2 * np.std(emg)
    inside = slice(1000, -1000)
    assert np.std((cleaned(emg, 50.0) - emg)[inside]) < 0.15 * np.std(emg)


def test_it_comes_and_goes_with_the_line():
    hum = 80 * np.sin(2 * np.pi * 50 * TIME_S) * (TIME_S > 15)
    left = cleaned(hum, 50.0)
    assert np.abs(left[TIME_S < 14.4]).max() < 1e-6
    assert np.abs(left[(TIME_S > 15.6) & (TIME_S < 29.4)]).max() < 1e-6


def test_samples_that_may_not_be_seen_do_not_bend_the_rest():
    hum = 80 * np.sin(2 * np.pi * 50 * TIME_S)
    usable = np.ones(len(hum), dtype=bool)
    usable[5000:5200] = False
    broken = hum.copy()
    broken[5000:5100] = 1e6
    broken[5100:5200] = np.nan
    left = cleaned(broken, 50.0, usable=usable)
    assert np.abs(left[usable]).max() < 5


def test_without_a_line_nothing_changes():
    emg = shaped(len(TIME_S), RATE_HZ, lambda _: 1.0, 1)
    assert cleaned(emg) is emg
