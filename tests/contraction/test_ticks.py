import numpy as np
import pytest
from signals import RATE_HZ, emg_chunk, without

from monitor.chunk import Chunk
from monitor.contraction.ticks import TickFeatures


def noise(n_samples: int, n_channels: int = 2, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n_samples, n_channels)) * 40


def features(chunk: Chunk) -> Chunk:
    return TickFeatures(chunk.stream).push(chunk)


def test_every_tick_is_what_a_direct_computation_says():
    samples = noise(1000)
    out = features(emg_chunk(samples))
    np.testing.assert_allclose(out.time_s, 0.02 * np.arange(1, 50))
    before = np.concatenate([[[np.nan, np.nan]], samples])
    for tick in (0, 1, 17, 48):
        part = samples[20 * tick : 20 * tick + 20]
        steps = np.diff(before[20 * tick : 20 * tick + 21], axis=0)
        expected = [np.mean(part**2, axis=0), np.nanmean(steps**2, axis=0), np.abs(part).max(axis=0)]
        np.testing.assert_allclose(out.samples[tick].reshape(2, 3), np.stack(expected, axis=1), rtol=1e-12)


def test_the_columns_say_which_channel_and_unit_they_are_of():
    stream = TickFeatures(emg_chunk(noise(40)).stream).output
    assert stream.labels == ("GM ms", "GM dms", "GM peak", "GL ms", "GL dms", "GL peak")
    assert [channel.unit for channel in stream.channels[:3]] == ["uV2", "uV2", "uV"]


def test_the_last_tick_waits_for_a_sample_after_it():
    samples = noise(101)
    assert len(features(emg_chunk(samples[:100]))) == 4
    assert len(features(emg_chunk(samples))) == 5


def test_a_hole_in_time_is_ticks_of_nan():
    out = features(without(emg_chunk(noise(2000)), 0.5, 1.1))
    np.testing.assert_allclose(np.diff(out.time_s), 0.02)
    hole = (out.time_s > 0.5 + 1e-9) & (out.time_s <= 1.1 + 1e-9)
    assert hole.sum() == 30
    assert np.isnan(out.samples[hole]).all() and np.isfinite(out.samples[~hole]).all()


def test_no_step_is_seen_across_lost_samples():
    samples = np.zeros((2000, 1))
    samples[1000:] = 1e6
    samples[990:1000] = np.nan
    out = features(emg_chunk(samples))
    np.testing.assert_array_equal(out.samples[49:52, 1], 0.0)


@pytest.mark.parametrize(("lost", "known"), [(10, True), (11, False)])
def test_a_tick_is_unknown_when_more_than_half_of_it_is_lost(lost: int, known: bool):
    samples = noise(200)
    samples[60 : 60 + lost] = np.nan
    assert np.isfinite(features(emg_chunk(samples)).samples[3]).all() == known


def test_what_is_left_of_a_tick_is_averaged_over_what_is_left():
    samples = np.full((200, 1), 30.0)
    samples[60:66] = np.nan
    tick = features(emg_chunk(samples)).samples[3]
    np.testing.assert_allclose(tick, [900.0, 0.0, 30.0])


def test_a_rate_that_does_not_fit_the_grid_loses_no_sample():
    rate_hz = 1111.0
    samples = noise(round(10 * rate_hz), 1)
    out = features(emg_chunk(samples, rate_hz))
    counts = np.diff(np.searchsorted(np.arange(len(samples)) / rate_hz, np.append(0, out.time_s) - 1e-6))
    total = np.sum(out.samples[:, 0] * counts)
    assert set(counts) == {22, 23}
    assert total == pytest.approx(np.sum(samples[: counts.sum()] ** 2), rel=1e-9)


def test_a_session_that_begins_late_has_no_ticks_before_it():
    out = features(emg_chunk(noise(int(RATE_HZ)), start_s=3600.5))
    assert out.time_s[0] == pytest.approx(3600.52)
