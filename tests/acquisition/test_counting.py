"""Which sample is this: counters of samples, of packets, of each sample; gaps, wraps, restarts, what is never sent."""

import numpy as np
import pytest

from monitor.acquisition.counting import UNKNOWN, Order, SampleCounter
from monitor.acquisition.framing_model import Counter


def counter(scope, wrap, rate_hz=500.0, **more):
    spec = Counter(stream="emg", field="n", scope=scope, wrap=wrap, resets=more.pop("resets", "unknown"), **more)
    return SampleCounter(spec, rate_hz)


def each(*starts, n=10, modulus=256, low=0):
    return np.array([[low + (start + i - low) % modulus for i in range(n)] for start in starts])


def test_a_counter_of_packets_counts_their_samples():
    places = counter("packet", (0, 99)).push(np.array([98, 99, 0, 3]), 8)
    assert places.lost.tolist() == [0, 0, 0, 16]
    assert (places.first_index - places.first_index[0]).tolist() == [0, 8, 16, 40]
    assert places.sample_index is None


def test_a_counter_with_a_step():
    places = counter("packet", (0, 255), step=2).push(np.array([252, 254, 0, 4]), 5)
    assert places.lost.tolist() == [0, 0, 0, 5]


def test_a_counter_that_skips_zero():
    places = counter("sample", (1, 255), rate_hz=1.0).push(np.array([254, 1, 3]), 2)
    assert places.lost.tolist() == [0, 0, 0]
    assert np.diff(places.first_index).tolist() == [2, 2]


def test_a_counter_of_every_sample_shows_gaps_inside_a_packet():
    raw = each(250, 4, 16)
    raw[1, 5:] += 2
    places = counter("each", (0, 255)).push(raw, 10)
    assert places.lost.tolist() == [0, 0, 0]
    assert (places.first_index - 250).tolist() == [0, 10, 22]
    assert (places.sample_index[1] - 250).tolist() == [10, 11, 12, 13, 14, 17, 18, 19, 20, 21]
    assert places[1:2].sample_index.tolist() == [places.sample_index[1].tolist()]


def test_counters_inside_a_packet_that_make_no_sense_are_not_believed():
    raw = each(0, 10)
    raw[1, 3] = 200
    places = counter("each", (0, 255)).push(raw, 10)
    assert places.first_index.tolist() == [0, 10]
    assert places.sample_index is None or np.diff(places.sample_index[1]).max() < 256


def test_a_long_counter_that_leaps_inside_a_packet_is_not_believed():
    raw = each(0, 10, 20, modulus=2**32)
    raw[1, 3:] += 2**30
    places = counter("each", (0, 2**32 - 1)).push(raw, 10)
    assert places.first_index.tolist() == [0, 10, 20] and places.sample_index is None


def test_a_loss_of_more_than_half_a_short_wrap_is_a_loss():
    places = counter("each", (0, 255)).push(each(0, 210), 10)
    assert (places.order.tolist(), places.lost.tolist()) == ([Order.NEXT] * 2, [0, 200])


def test_a_packet_of_a_short_counter_that_comes_twice():
    places = counter("each", (0, 255)).push(each(0, 10, 0, 20, 10), 10)
    assert places.order.tolist() == [0, 0, Order.REPEATED, 0, Order.REPEATED]
    assert places.lost.tolist() == [0, 0, 0, 0, 0]


def test_a_counter_of_packets_beside_tells_losses_longer_than_the_wrap():
    count = counter("each", (0, 255), coarse="pc", coarse_wrap=(0, 65535))
    places = count.push(each(0, 10, 1010, 1020), 10, np.array([65534, 65535, 99, 100]))
    assert places.lost.tolist() == [0, 0, 990, 0]
    assert places.first_index.tolist() == [0, 10, 1010, 1020]
    again = count.push(each(1010, 1030), 10, np.array([99, 101]))
    assert again.order.tolist() == [Order.REPEATED, Order.NEXT] and again.lost.tolist() == [0, 0]


@pytest.mark.parametrize(("resets", "order"), [("start", Order.RESTARTED), ("never", Order.NEXT)])
def test_what_a_broken_link_does_to_a_long_counter(resets, order):
    count = counter("sample", (0, 2**32 - 1), resets=resets)
    count.push(np.array([1000]), 10)
    count.reconnected()
    places = count.push(np.array([1100]), 10)
    assert places.order.tolist() == [order]
    assert places.lost.tolist() == [UNKNOWN if order else 90]


def test_a_short_counter_cannot_tell_what_a_broken_link_cost():
    count = counter("each", (0, 255))
    count.push(each(0), 10)
    count.reconnected()
    assert count.push(each(40), 10).order.tolist() == [Order.RESTARTED]


def test_what_is_never_sent_is_lost():
    count = counter("packet", (0, 99), rate_hz=200.0, known_gap={"every": 201, "missing": 1})
    places = count.push(np.array([98, 99, 0, 1]), 2)
    assert places.lost.tolist() == [0, 0, 1, 0]
    assert np.diff(places.first_index).tolist() == [2, 3, 2]
    assert count.push(np.array([1]), 2).lost.tolist() == [0], "a repetition"
    assert count.push(np.array([32, 0]), 2).lost.tolist() == [60, 135]
