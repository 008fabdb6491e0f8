import numpy as np
import pytest
from shaped_emg import chunk, shaped, true_mdf_hz
from signals import RATE_HZ, bursts, emg_chunk, emg_stream, muscle, without

from monitor.chunk import Chunk
from monitor.fatigue.spectrum import Frames, PooledMdf
from monitor.settings import SpectrumSettings

SETTINGS = SpectrumSettings()


def white(seconds: float, seed: int = 1) -> np.ndarray:
    return bursts(seconds, [], 0.0, 50.0, seed)


def frames(chunk: Chunk) -> tuple[Frames, Chunk]:
    stage = Frames(chunk.stream, SETTINGS)
    return stage, stage.push(chunk)


def mdf_hz(chunk: Chunk) -> np.ndarray:
    stage, out = frames(chunk)
    return PooledMdf(stage.output, chunk.stream, stage.frequency_hz).push(out).samples


def known(out: Chunk) -> np.ndarray:
    return np.isfinite(out.samples).all(axis=1)


def test_a_frame_comes_every_60_ms_and_the_first_when_it_is_full():
    _, out = frames(emg_chunk(white(3.0)))
    np.testing.assert_allclose(out.time_s, 0.06 * np.arange(1, len(out) + 1))
    np.testing.assert_array_equal(known(out), out.time_s > 0.128)


def test_the_power_of_a_sinusoid_stands_in_its_bin():
    stage = Frames(emg_stream(), SETTINGS)
    at_hz = stage.frequency_hz[12]
    time_s = np.arange(1000) / RATE_HZ
    out = stage.push(emg_chunk(10 * np.sin(2 * np.pi * at_hz * time_s) + 500.0))
    row = out.samples[-1]
    assert np.argmax(row) == 12
    assert row.sum() == pytest.approx(50.0, rel=1e-6), "mean square of a sinusoid of amplitude 10"
    assert np.delete(row, [11, 12, 13]).max() < 1e-12 * row[12]


def test_the_power_of_white_noise_is_flat_and_its_mean_square():
    stage, out = frames(emg_chunk(white(120.0)))
    mean = out.samples[known(out)].mean(axis=0)
    per_bin = 50.0**2 / (RATE_HZ / 2) * (RATE_HZ / stage.n_frame)
    np.testing.assert_allclose(mean, per_bin, rtol=0.12)
    assert mean.mean() == pytest.approx(per_bin, rel=0.02)


@pytest.mark.parametrize(("rate_hz", "high_hz"), [(1000.0, 450.0), (500.0, 225.0), (2000.0, 450.0)])
def test_the_band_is_20_hz_to_450_hz_or_what_the_rate_carries(rate_hz: float, high_hz: float):
    frequency_hz = Frames(emg_stream(rate_hz=rate_hz), SETTINGS).frequency_hz
    assert 20.0 <= frequency_hz[0] < 28.0
    assert high_hz - 8.0 < frequency_hz[-1] <= high_hz


def test_a_frame_that_holds_a_long_hole_is_unknown_and_only_that_one():
    samples = white(3.0)
    samples[1498:1501] = np.nan
    _, out = frames(emg_chunk(samples))
    holds = (out.time_s > 1.5) & (out.time_s - 0.128 <= 1.5)
    np.testing.assert_array_equal(known(out), ~holds & (out.time_s > 0.128))


def test_no_frame_reaches_over_a_hole_in_time():
    _, out = frames(without(emg_chunk(white(4.0)), 1.5, 2.25))
    touches = (out.time_s > 1.5) & (out.time_s - 0.128 < 2.25)
    np.testing.assert_array_equal(known(out), ~touches & (out.time_s > 0.128))
    np.testing.assert_allclose(np.diff(out.time_s), 0.06)


def test_a_lost_channel_leaves_the_other_known():
    both = np.stack([white(2.0), white(2.0, 2)], axis=1)
    both[:, 0] = np.nan
    stage, out = frames(emg_chunk(both))
    n_bins = len(stage.frequency_hz)
    assert np.isnan(out.samples[:, :n_bins]).all()
    assert np.isfinite(out.samples[-1, n_bins:]).all()


def test_the_mdf_of_white_noise_is_the_middle_of_the_band():
    stage, _ = frames(emg_chunk(white(1.0)))
    middle_hz = (stage.frequency_hz[0] + stage.frequency_hz[-1]) / 2
    found = np.mean([mdf_hz(emg_chunk(white(11.0, seed)))[-1] for seed in range(8)])
    assert found == pytest.approx(middle_hz, abs=4.0)


@pytest.mark.parametrize("frequency_hz", [60.0, 101.3, 250.0])
def test_the_mdf_of_a_sinusoid_is_its_frequency(frequency_hz: float):
    time_s = np.arange(11_000) / RATE_HZ
    found = mdf_hz(emg_chunk(np.sin(2 * np.pi * frequency_hz * time_s)))
    assert found[-1, 0] == pytest.approx(frequency_hz, abs=1.0)


@pytest.mark.parametrize("compression", [1.0, 0.8])
def test_the_mdf_of_shaped_noise_is_that_of_its_spectrum(compression: float):
    samples = shaped(60_000, RATE_HZ, lambda _: compression, seed=3)
    assert np.nanmean(mdf_hz(chunk(samples, RATE_HZ))) == pytest.approx(true_mdf_hz(compression), rel=0.02)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_a_hum_that_is_known_is_bridged_before_the_mdf_is_taken(mains_hz: float):
    emg = shaped(60_000, RATE_HZ, lambda _: 1.0, seed=3)
    time_s = np.arange(len(emg)) / RATE_HZ
    hum = (
        0.7 * emg.std() * sum(share * np.sin(2 * np.pi * n * mains_hz * time_s + n) for n, share in ((1, 1), (3, 0.3)))
    )
    found = chunk(emg + hum, RATE_HZ)
    stage, out = frames(found)
    known_hum, ignored = (PooledMdf(out.stream, found.stream, stage.frequency_hz) for _ in range(2))
    known_hum.heed(mains_hz)
    bridged_hz, plain_hz = (float(np.nanmean(each.push(out).samples)) for each in (known_hum, ignored))
    assert bridged_hz == pytest.approx(true_mdf_hz(1.0), rel=0.04)
    assert abs(plain_hz / true_mdf_hz(1.0) - 1) > 0.08


def test_the_mdf_looks_back_ten_seconds():
    time_s = np.arange(30_000) / RATE_HZ
    samples = np.sin(2 * np.pi * np.where(time_s < 15, 100.0, 200.0) * time_s)
    found = mdf_hz(emg_chunk(samples))[:, 0]
    assert found[14] == pytest.approx(100.0, abs=1.0)
    assert found[18] == pytest.approx(100.0, abs=6.0), "the older tone still holds the larger part"
    assert found[26] == pytest.approx(200.0, abs=1.0)


def test_fewer_than_five_frames_in_ten_seconds_have_no_mdf():
    stage, out = frames(emg_chunk(white(12.0)))
    rows = np.flatnonzero((out.time_s > 3.0) & (out.time_s <= 4.0))
    for kept, finite in ((rows[:4], False), (rows[:5], True)):
        samples = np.full(out.samples.shape, np.nan)
        samples[kept] = out.samples[kept]
        pooled = PooledMdf(stage.output, emg_stream(), stage.frequency_hz)
        mdf = pooled.push(Chunk(out.stream, out.time_s, samples))
        np.testing.assert_array_equal(mdf.time_s, np.arange(1, 12))
        assert np.isfinite(mdf.samples[3:, 0]).any() == finite
        assert np.isnan(mdf.samples[:3]).all()


def test_single_lost_samples_are_bridged_and_change_a_spectrum_little():
    emg = muscle(30.0, 100.0, 1)
    holed = emg.copy()
    holed[np.random.default_rng(2).permutation(len(emg))[: len(emg) // 50]] = np.nan
    (_, whole), (_, out) = frames(emg_chunk(emg)), frames(emg_chunk(holed))
    assert known(out).sum() > 0.9 * known(whole).sum(), "2 % lost: without a bridge all but 7 % are unknown"
    np.testing.assert_allclose(mdf_hz(emg_chunk(holed))[-1], mdf_hz(emg_chunk(emg))[-1], rtol=0.02)
