"""Clocks against true times: rate within 0.3 % after a few seconds, stamps within 10 ms, always rising."""

import numpy as np
import pytest

from monitor.acquisition.clock import ArrivalClock, CounterClock
from monitor.acquisition.line import lower_line
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


def one(number):
    return np.array([number])


def samples_of(first, n):
    return (first[:, None] + np.arange(n)).ravel()


def together(numbers, size):
    return np.split(numbers, range(size, len(numbers), size))


@pytest.mark.parametrize("size", [1, 5, 50])
@pytest.mark.parametrize("waiting", ["interval", "random"])
@pytest.mark.parametrize("seed", range(4))
def test_rate_and_stamps_against_true_times(waiting, seed, size):
    clock = CounterClock(1150.0, 0.1)
    stamper = Stamper(clock)
    errors_s, ready_s, last_s, held = [], None, -1.0, []
    firsts, arrivals_s = arrivals(20, np.random.default_rng(seed), waiting)
    for first, arrival_s in zip(together(firsts, size), together(arrivals_s, size), strict=True):
        clock.push(first + 23, arrival_s)
        held.append(first)
        if not clock.ready:
            continue
        ready_s = ready_s or arrival_s[-1]
        for indices in held:
            _, times_s = stamper.stamp(samples_of(indices, 24))
            assert times_s[0] > last_s and (np.diff(times_s) > 0).all()
            last_s = times_s[-1]
            n = indices[-1] + 24 - indices[0]
            errors_s.append(np.abs(times_s[-n:] - np.arange(indices[0], indices[-1] + 24) / TRUE_HZ).max())
        held = []
    assert ready_s < 4.5 + size / 47
    assert clock.rate_hz == pytest.approx(TRUE_HZ, rel=0.003)
    assert max(errors_s) < 0.010
    assert max(errors_s[-500 // size :]) < 0.004


def test_a_clock_tells_the_same_for_the_same_arrivals():
    packets = list(zip(*arrivals(8, np.random.default_rng(3), "random"), strict=True))
    clocks = [CounterClock(1150.0, 0.1) for _ in range(2)]
    for clock in clocks:
        for first, arrival_s in packets:
            clock.push(one(first + 23), one(arrival_s))
    assert clocks[0].rate_hz == clocks[1].rate_hz
    assert clocks[0].time_s(5000) == clocks[1].time_s(5000)


def test_together_or_one_by_one_a_clock_finds_the_same_line():
    firsts, arrivals_s = arrivals(20, np.random.default_rng(5), "random")
    single, batched = CounterClock(1150.0, 0.1), CounterClock(1150.0, 0.1)
    for first, arrival_s in zip(firsts, arrivals_s, strict=True):
        single.push(one(first + 23), one(arrival_s))
    for first, arrival_s in zip(together(firsts, 30), together(arrivals_s, 30), strict=True):
        batched.push(first + 23, arrival_s)
    assert single.rate_hz == batched.rate_hz
    index = np.arange(10_000, 30_000, 1000)
    np.testing.assert_allclose(single.time_s(index), batched.time_s(index), atol=1e-4)


def test_the_lower_line_touches_from_below():
    rng = np.random.default_rng(0)
    x = np.arange(200.0)
    y = 3.0 + 0.5 * x + rng.exponential(1.0, 200)
    offset, slope = lower_line(x, y)
    assert (y - offset - slope * x >= -1e-9).all()
    assert (y - offset - slope * x < 1e-9).sum() == 2
    assert slope == pytest.approx(0.5, abs=0.002)


def test_samples_lost_unseen_move_a_counted_line_up():
    clock = CounterClock(100.0, 0.1)
    for i in range(2200):
        index = i * 2 + 1
        clock.push(one(index), one(index / 100.0 + (0.5 if i >= 1000 else 0.0)))
    assert float(clock.time_s(4399)) == pytest.approx(4399 / 100.0 + 0.5, abs=0.005)


def test_samples_lost_unseen_are_added_to_a_count_of_arrivals():
    clock = ArrivalClock(50.0, 0.05)
    sent = [i for i in range(1500) if not 700 <= i < 720]  # 0.4 s is missing, and nothing says so
    for i in sent:
        first = int(clock.push(1, one(0), one(i / 50.0 + 0.004 * (i % 3)))[0])
    assert first == pytest.approx(1499, abs=1)
    assert float(clock.time_s(first)) == pytest.approx(1499 / 50.0, abs=0.02)


def test_a_stall_that_catches_up_is_no_loss():
    clock = ArrivalClock(50.0, 0.05)
    for i in range(1000):
        arrival_s = i / 50.0
        first = clock.push(1, one(0), one(max(arrival_s, 13.0) if 10.0 <= arrival_s < 13.0 else arrival_s))
    assert first[0] == 999


def test_a_rate_that_differs_much_is_believed_after_a_longer_look():
    clock = ArrivalClock(50.0, 0.05)
    for i in range(100):
        clock.push(1, one(0), one(i / 10.0))
        if i == 60:
            assert not clock.ready
    assert clock.rate_hz == pytest.approx(10.0, rel=0.001)


def test_a_long_gap_is_a_hole_and_a_short_one_is_filled():
    clock = CounterClock(100.0, 0.1)
    stamper = Stamper(clock)
    for index in range(9, 400, 10):
        clock.push(one(index), one(index / 100.0))
    stamper.stamp(samples_of(one(380), 20))
    lost, times_s = stamper.stamp(samples_of(one(450), 10))
    assert (lost, len(times_s)) == (50, 60)
    lost, times_s = stamper.stamp(samples_of(one(460 + 6001), 10))
    assert (lost, len(times_s)) == (0, 10)
    np.testing.assert_allclose(times_s, np.arange(6461, 6471) / 100.0, atol=1e-6)
    assert stamper.lost_total == 6051
    lost, times_s = stamper.stamp(samples_of(np.array([6471, 6491, 6531]), 10))
    assert (lost, len(times_s), stamper.lost_total) == (0, 70, 6051 + 40)
    np.testing.assert_allclose(times_s, np.arange(6471, 6541) / 100.0, atol=1e-6)
