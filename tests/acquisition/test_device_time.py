"""The sensor's own time: endless over its wrap, told for the first sample, and its restarts."""

import numpy as np

from monitor.acquisition.counting import UNKNOWN, Order, Places
from monitor.acquisition.device_time import DeviceTime
from monitor.acquisition.framing_model import ClockSpec


def clock(refers_to="first", rate_hz=60.0, wrap=(0, 2**32 - 1), tick_hz=1e6):
    spec = ClockSpec(field="us", tick_hz=tick_hz, wrap=wrap, refers_to=refers_to, streams=("a",))
    return DeviceTime(spec, rate_hz, 0.05)


def push(time, raw, n=1, arrival_s=None):
    arrival_s = np.zeros(len(raw)) if arrival_s is None else np.array(arrival_s)
    return time.push(np.array(raw), n, arrival_s, Places.unknown(len(raw)))


def test_time_goes_on_over_the_wrap_and_shows_losses():
    places = push(clock(), [(2**32 - 16667 + i * 16667) % 2**32 for i in (0, 1, 2, 5)])
    np.testing.assert_allclose(np.diff(places.device_s), [0.016667, 0.016667, 0.050001])
    assert places.lost.tolist() == [0, 0, 0, 2] and places.first_index is None


def test_a_repeated_packet_and_one_that_comes_late():
    places = push(clock(), [10**6, 1016667, 10**6, 1016667, 1033334])
    assert places.order.tolist() == [0, 0, Order.REPEATED, Order.REPEATED, 0]
    assert places.device_s.tolist() == [1.0, 1.016667, 1.0, 1.016667, 1.033334] and places.lost[-1] == 0


def test_the_time_of_the_last_sample_is_carried_to_the_first():
    """36 samples a packet at 51 Hz where 52 are named: the packets' own distance tells."""
    ticks = [round(36 * i / 51.0 * 1e9) + 10**9 for i in range(4)]
    places = push(clock("last", 52.0, (0, 2**64 - 1), 1e9), np.array(ticks, np.uint64), n=36)
    np.testing.assert_allclose(places.device_s[1:], [t / 1e9 - 35 / 51.0 for t in ticks[1:]], atol=1e-6)
    assert places.lost.tolist() == [0, 0, 0, 0]


def test_a_time_that_goes_back_is_a_restart_after_a_broken_link_and_by_far_without():
    time = clock()
    push(time, [50_000_000])
    time.reconnected()
    places = push(time, [49_000_000], arrival_s=[1.0])
    assert places.order.tolist() == [Order.RESTARTED] and places.lost.tolist() == [UNKNOWN]
    assert push(time, [1_000_000], arrival_s=[2.0]).order.tolist() == [Order.RESTARTED]


def test_a_long_pause_is_no_restart_if_the_arrivals_paused_too():
    places = push(clock(), [0, 60_000_000], arrival_s=[0.0, 60.0])
    assert places.order.tolist() == [0, 0] and places.lost.tolist() == [0, 3599]


def test_a_counter_counts_better_than_the_time():
    counted = Places(np.zeros(2, int), np.array([0, 7]), np.array([0, 8]))
    places = clock().push(np.array([0, 16667]), 1, np.zeros(2), counted)
    assert places.lost.tolist() == [0, 7] and places.device_s.tolist() == [0.0, 0.016667]
