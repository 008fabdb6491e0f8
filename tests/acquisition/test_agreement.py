"""Stamps against the true times: streams of two sensors agree within 10 ms, or say by how much they may not."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from acquisition.synthetic import BEGIN_S, KINDS, Flow, Stamped, batches, flow, profile_of, stamped

from monitor.acquisition.sensor import SensorDecoder

SURE = ["counter", "packets", "each", "time", "time and counter"]
PPM = {"counter": 100.0, "packets": -100.0, "each": 60.0, "time": -100.0, "time and counter": 100.0}
LONG_S, SHORT_S = 660.0, 80.0
SETTLED_S = 20.0  # the line has as much to look at as it ever has


@cache
def played(name: str, seconds: float, seed: int, ppm: float, loss: float = 0.05) -> tuple[Flow, Stamped]:
    sent = flow(name, seconds, seed, ppm, loss)
    return sent, stamped(sent)


def error_s(name: str, seconds: float, seed: int, ppm: float, at_s: np.ndarray) -> np.ndarray:
    """How far the stamps of a sensor are off at some instants."""
    sent, out = played(name, seconds, seed, ppm)
    return np.interp(at_s, *out.errors_s(sent.taken_s))


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("emg", "imu"), list(itertools.combinations(SURE, 2)))
def test_two_sensors_agree_within_10_ms_for_eleven_minutes(emg, imu):
    """100 ppm of drift each way, connection events every 30 ms, 5 % lost, 5 % sent again."""
    at_s = np.arange(BEGIN_S + SETTLED_S, LONG_S, 0.05)
    apart_s = error_s(emg, LONG_S, 1, PPM[emg], at_s) - error_s(imu, LONG_S, 1, PPM[imu], at_s)
    assert np.abs(apart_s).max() < 0.010


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize(("emg", "imu"), list(itertools.combinations_with_replacement(SURE, 2)))
def test_two_sensors_agree_whatever_the_seed_and_the_drift(emg, imu, seed):
    at_s = np.arange(BEGIN_S + SETTLED_S, SHORT_S, 0.05)
    apart_s = error_s(emg, SHORT_S, seed, 100.0, at_s) - error_s(imu, SHORT_S, 10 + seed, -100.0, at_s)
    assert np.abs(apart_s).max() < 0.010


def honest_share(sent: Flow, out: Stamped) -> float:
    """The part of the time for which the stamps were no further off than was said."""
    told_s, uncertainty_s = out.told_s.T
    off_s = np.abs(np.interp(told_s - 0.1, *out.errors_s(sent.taken_s)))
    return float((off_s <= uncertainty_s).mean())


@pytest.mark.parametrize("name", SURE)
def test_a_stream_is_hardly_worse_while_it_settles(name):
    for seed, ppm in ((2, 100.0), (12, -100.0)):
        at_s = np.arange(BEGIN_S, BEGIN_S + SETTLED_S, 0.05)
        assert np.abs(error_s(name, SHORT_S, seed, ppm, at_s)).max() < 0.012


@pytest.mark.parametrize("name", SURE)
def test_sure_streams_say_that_they_are_sure(name):
    sent, out = played(name, LONG_S, 1, PPM[name])
    assert honest_share(sent, out) >= 0.95
    assert np.median(out.told_s[:, 1]) < 0.010


@pytest.mark.parametrize("name", ["count", "count in tens"])
@pytest.mark.parametrize(("loss", "interval_s"), [(0.0, 0.03), (0.005, 0.03), (0.05, 0.03), (0.02, 0.06)])
def test_streams_that_only_arrive_say_how_far_off_they_may_be(name, loss, interval_s):
    sent = flow(name, 150.0, 1, 100.0, loss, interval_s)
    out = stamped(sent)
    assert honest_share(sent, out) >= 0.95
    assert (np.median(out.told_s[:, 1]) < 0.025) == (loss == 0.0)
    assert (np.median(out.told_s[:, 1]) > 0.05) == (loss >= 0.02)


def test_packets_that_keep_step_with_the_link_hide_their_wait_and_say_so():
    """One packet of 20 ms on each connection event of 20 ms: nobody can see how long it waits."""
    sent = flow("packets", 60.0, 1, 20.0, 0.05, interval_s=0.02)
    out = stamped(sent)
    assert honest_share(sent, out) >= 0.95
    assert np.median(out.told_s[:, 1]) > 0.02


@pytest.mark.parametrize("name", SURE)
def test_every_lost_sample_is_nan_and_no_other(name):
    sent, out = played(name, SHORT_S, 2, 100.0)
    came = len(sent.notifications) * KINDS[name].n
    good = ~np.isnan(out.index)
    assert good.sum() == came
    between = np.diff(np.flatnonzero(good))
    np.testing.assert_array_equal(between, np.diff(out.index[good]))


def test_samples_lost_inside_a_packet_are_nan_there():
    """Every sample has its number: a sensor that skips some within a packet leaves a hole of that size."""

    def thinned(sent):
        changed, skipped = [], 0
        for number, old in enumerate(sent):
            payload = bytearray(old.payload)
            for row in range(7):
                skipped += 2 * (number % 50 == 20 and row == 4)
                payload[5 * row] = (payload[5 * row] + skipped) % 256
            changed.append(type(old)(old.time_s, old.sensor, old.char, bytes(payload)))
        return changed

    out = stamped(flow("each", 20.0, 1, loss=0.0, pick=thinned))
    lost = np.isnan(out.index)
    runs = np.flatnonzero(np.diff(np.concatenate([[0], lost.astype(int)])) == 1)
    assert len(runs) >= 20
    assert lost.sum() == 2 * len(runs)


def swapped(sent):
    """Of every hundred packets one pair is exchanged, and one packet comes twice."""
    changed = list(sent)
    for i in range(50, len(changed) - 1, 100):
        first, second = changed[i].payload, changed[i + 1].payload
        for at, payload in ((i, second), (i + 1, first)):
            old = changed[at]
            changed[at] = type(old)(old.time_s, old.sensor, old.char, payload)
    return [again for i, each in enumerate(changed) for again in ([each, each] if i % 100 == 20 else [each])]


@pytest.mark.parametrize("batch_s", [0.001, 0.1, 1.0])
@pytest.mark.parametrize("name", ["counter", "packets", "each", "time and counter"])
def test_late_packets_come_in_their_place_and_doubled_ones_are_left_out(name, batch_s):
    sent = flow(name, 30.0, 1, loss=0.0, pick=swapped)
    out = stamped(sent, batch_s)
    assert not np.isnan(out.index).any()
    assert len(out.index) == (len(sent.notifications) - out.decoder.doubled) * KINDS[name].n
    assert out.decoder.doubled == pytest.approx(len(sent.notifications) / 101, abs=1.5)
    assert out.decoder.late == 0


def test_a_packet_that_comes_a_second_late_is_left_out_and_counted():
    def late(sent):
        held = sent.pop(400)
        sent.insert(440, type(held)(sent[439].time_s, held.sensor, held.char, held.payload))
        return sent

    out = stamped(flow("counter", 20.0, 1, loss=0.0, pick=late))
    assert np.isnan(out.index).sum() == 24
    assert (out.decoder.late, out.decoder.doubled) == (1, 0)


def test_a_sensor_that_loses_unseen_shows_a_sagging_rate():
    def thinned(sent):
        return [each for i, each in enumerate(sent) if each.time_s < 20.0 or i % 10]

    steady = stamped(flow("count", 40.0, 1, loss=0.0)).decoder
    assert steady.rate_sag == pytest.approx(0.0, abs=0.005)
    sagging = stamped(flow("count", 60.0, 1, loss=0.0, pick=thinned)).decoder
    assert sagging.rate_sag == pytest.approx(0.1, abs=0.01)


def test_a_sensor_whose_time_begins_anew_goes_on_in_the_same_stream():
    again_s = 30.0

    def restarted(sent):
        shifted = [type(e)(e.time_s + again_s, e.sensor, e.char, e.payload) for e in sent]
        return sent + shifted

    sent = flow("time", 20.0, 1, 0.0, loss=0.0, pick=restarted)
    kind = KINDS["time"]
    decoder = SensorDecoder(profile_of("time"), "time")
    chunks = [chunk for batch in batches(sent.notifications) for chunk in decoder.push_many(batch)]
    time_s = np.concatenate([chunk.time_s for chunk in chunks])
    index = np.concatenate([chunk.samples[:, 0] for chunk in chunks])
    assert (np.diff(time_s) > 0).all()
    late = time_s > again_s + BEGIN_S + 1.0
    assert late.sum() > 15 * kind.rate_hz
    good = late & ~np.isnan(index)
    np.testing.assert_allclose(time_s[good], again_s + BEGIN_S + index[good] / kind.rate_hz, atol=0.01)
