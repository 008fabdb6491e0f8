import math

import numpy as np
import pytest

from monitor.dashboard.decimate import decimate, extremes, spans

RATE_HZ = 1000.0


def signal(n: int, channels: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    shape = n if channels is None else (n, channels)
    return np.arange(n) / RATE_HZ, np.random.default_rng(5).standard_normal(shape)


@pytest.mark.parametrize("channels", [None, 1, 3])
def test_a_spike_of_one_sample_survives(channels: int | None) -> None:
    time_s, values = signal(10_000, channels)
    values[4321] = 99.0
    values[7000] = -88.0
    when, drawn = decimate(time_s, values, 0.02, math.inf)
    assert len(when) == 2 * 500 == len(drawn)
    assert drawn.max() == 99.0 and drawn.min() == -88.0
    assert abs(when[np.argmax(drawn if channels is None else drawn[:, 0])] - 4.321) <= 0.01


def test_a_scrolling_window_does_not_shimmer() -> None:
    time_s, values = signal(3000)
    early = dict(zip(*decimate(time_s[:2000], values[:2000], 0.02, math.inf), strict=True))
    late = dict(zip(*decimate(time_s[500:2500], values[500:2500], 0.02, math.inf), strict=True))
    shared = [when for when in early if 0.55 < when < 1.95]
    assert len(shared) > 60
    assert all(early[when] == late[when] for when in shared)


def test_lost_samples_are_a_hole_and_not_a_line() -> None:
    time_s, values = signal(4000)
    values[1000:2000] = np.nan
    _, drawn = decimate(time_s, values, 0.02, math.inf)
    assert np.isnan(drawn[100:200]).all() and np.isfinite(drawn[:100]).all() and np.isfinite(drawn[200:]).all()


@pytest.mark.parametrize("rate_hz", [1000.0, 50.0])
def test_a_hole_in_time_breaks_the_curve(rate_hz: float) -> None:
    time_s = np.concatenate((np.arange(0, 1, 1 / rate_hz), np.arange(3, 4, 1 / rate_hz)))
    when, drawn = decimate(time_s, np.ones(len(time_s)), 0.02, 0.25)
    broken = np.flatnonzero(np.isnan(drawn))
    assert len(broken) == 1
    assert drawn[broken[0] - 1] == drawn[broken[0] + 1] == 1.0
    assert when[broken[0] - 1] < 1.01 < 2.9 < when[broken[0] + 1]


def test_sparse_samples_come_back_as_they_are() -> None:
    time_s, values = np.arange(0, 10, 0.02), np.sin(np.arange(0, 10, 0.02))
    when, drawn = decimate(time_s, values, 0.02, 1.0)
    np.testing.assert_array_equal(when, time_s)
    np.testing.assert_array_equal(drawn, values)


@pytest.mark.parametrize("values", [np.empty(0), np.empty((0, 2))])
def test_nothing_gives_nothing(values: np.ndarray) -> None:
    when, drawn = decimate(np.empty(0), values, 0.02, 1.0)
    assert len(when) == 0 and drawn.shape == values.shape
    assert all(len(part) == 0 for part in extremes(np.empty(0), values, 0.02))


def test_all_lost_stays_lost_and_inputs_untouched() -> None:
    time_s, values = signal(1000)
    values[:] = np.nan
    before = time_s.copy()
    _, drawn = decimate(time_s, values, 0.02, 1.0)
    assert np.isnan(drawn).all()
    np.testing.assert_array_equal(time_s, before)


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        ([0, 1, 1, 0, 1], [[1, 3], [4, 4]]),
        ([1, 1], [[0, 1]]),
        ([0, math.nan, 0], []),
        ([], []),
    ],
)
def test_spans_of_activity(active: list[float], expected: list[list[float]]) -> None:
    flags = np.array(active, dtype=float)
    np.testing.assert_array_equal(spans(np.arange(len(flags), dtype=float), flags), np.reshape(expected, (-1, 2)))
