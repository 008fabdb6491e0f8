"""Clocks against true times: rate within 0.3 % after a few seconds, stamps within 10 ms, always rising."""

import numpy as np
import pytest

from monitor.acquisition.clock import ArrivalClock, CounterClock, lower_line
from monitor.acquisition.stamps import Stamper

TRUE_HZ = 1137.3 * (1 + 1e-4)  # nominal 1150, and 100 ppm of drift


def arrivals(seconds, rng, waiting, n=24, rate_hz=TRUE_HZ, loss=0.05):
    """(first index, arrival) of the packets that come through, waiting for a connection interval of 30 ms."""
    first = np.arange(int(seconds * rate_hz / n)) * n
    full_s = (first + n - 1) / rate_hz
    if waiting == "interval":
        phase_s = 0.03 * rng.random()
        arrival_s = np.ceil((full_s - phase_s) / 0.03) * 0.03 + phase_s
    else:
        arrival_s = np.maximum.accumulate(full_s + 0.03 * rng.random(len(first)))
    kept = rng.random(len(first)) >= loss
    return first[kept], np.maximum(arrival_s[kept], 0.23)  # subscribed at 0.23 s: what was queued is stale


@pytest.mark.parametrize("waiting", ["interval", "random"])
@pytest.mark.parametrize("seed", range(6))
def test_rate_and_stamps_against_true_times(waiting, seed):
    clock = CounterClock(1150.0, 0.1)
    stamper = Stamper(clock)
    errors_s, ready_s, last_s, held = [], None, -1.0, []
    for first, arrival_s in zip(*arrivals(20, np.random.default_rng(seed), waiting), strict=True):
        clock.push(int(first) + 23, arrival_s)
        held.append(int(first))
        if not clock.ready:
            continue
        ready_s = ready_s or arrival_s
        for index in held:
            _, times_s = stamper.stamp(index, 24)
            assert times_s[0] > last_s and (np.diff(times_s) > 0).all()
            last_s = times_s[-1]
            errors_s.append(np.abs(times_s[-24:] - np.arange(index, index + 24) / TRUE_HZ).max())
        held = []
    assert ready_s < 4.5
    assert clock.rate_hz == pytest.approx(TRUE_HZ, rel=0.003)
    assert max(errors_s) < 0.010
    assert max(errors_s[-500:]) < 0.004


def test_a_clock_tells_the_same_for_the_same_arrivals():
    packets = list(zip(*arrivals(8, np.random.default_rng(3), "random"), strict=True))
    clocks = [CounterClock(1150.0, 0.1) for _ in range(2)]
    for clock in clocks:
        for first, arrival_s in packets:
            clock.push(int(first) + 23, arrival_s)
    assert clocks[0].rate_hz == clocks[1].rate_hz
    assert clocks[0].time_s(5000) == clocks[1].time_s(5000)


def test_the_lower_line_touches_from_below():
    rng = np.random.default_rng(0)
    x = np.arange(200.0)
    y = 3.0 + 0.5 * x + rng.exponential(1.0, 200)
    offset, slope = lower_line(x, y)
    assert (y - offset - slope * x >= -1e-9).all()
    assert slope == pytest.approx(0.5, abs=0.002)


def test_samples_lost_unseen_move_a_counted_line_up():
    clock = CounterClock(100.0, 0.1)
    for i in range(2000):
        index = i * 2 + 1
        clock.push(index, index / 100.0 + (0.5 if i >= 1000 else 0.0))
    assert float(clock.time_s(3999)) == pytest.approx(3999 / 100.0 + 0.5, abs=0.005)


def test_samples_lost_unseen_are_added_to_a_count_of_arrivals():
    clock = ArrivalClock(50.0, 0.05)
    sent = [i for i in range(1500) if not 700 <= i < 720]  # 0.4 s is missing, and nothing says so
    for i in sent:
        first = clock.push(1, 0, i / 50.0 + 0.004 * (i % 3))
    assert first == pytest.approx(1499, abs=1)
    assert float(clock.time_s(first)) == pytest.approx(1499 / 50.0, abs=0.02)


def test_a_stall_that_catches_up_is_no_loss():
    clock = ArrivalClock(50.0, 0.05)
    for i in range(1000):
        arrival_s = i / 50.0
        first = clock.push(1, 0, max(arrival_s, 13.0) if 10.0 <= arrival_s < 13.0 else arrival_s)
    assert first == 999


def test_a_rate_that_differs_much_is_believed_after_a_longer_look():
    clock = ArrivalClock(50.0, 0.05)
    for i in range(100):
        clock.push(1, 0, i / 10.0)
        if i == 60:
            assert not clock.ready
    assert clock.rate_hz == pytest.approx(10.0, rel=0.001)


def test_a_long_gap_is_a_hole_and_a_short_one_is_filled():
    clock = CounterClock(100.0, 0.1)
    stamper = Stamper(clock)
    for index in range(9, 400, 10):
        clock.push(index, index / 100.0)
    stamper.stamp(380, 20)
    lost, times_s = stamper.stamp(450, 10)
    assert (lost, len(times_s)) == (50, 60)
    lost, times_s = stamper.stamp(460 + 6001, 10)
    assert (lost, len(times_s)) == (0, 10)
    np.testing.assert_allclose(times_s, np.arange(6461, 6471) / 100.0, atol=1e-6)
    assert stamper.lost_total == 6051
