"""Each fault on a good signal, in half a dozen strengths: what is called and what is borne."""

import numpy as np
import pytest
from signals import emg_chunk, muscle

from monitor.conditioning.faults import Quality
from monitor.conditioning.quality import ChannelQuality
from monitor.settings import QualitySettings

LENGTH_S = 12.0
RATES_HZ = (200.0, 1000.0, 2000.0, 4000.0)


def told(samples: np.ndarray, rate_hz: float, unit: str = "uV") -> set[Quality]:
    """What is said after the first four seconds."""
    chunk = emg_chunk(samples, rate_hz, unit=unit)
    out = ChannelQuality(chunk.stream, None, QualitySettings()).push(chunk)
    return {Quality(int(code)) for code in out.samples[out.time_s > 4.0, 0]}


def good(rate_hz: float, rms_uv: float = 100.0, seed: int = 1) -> np.ndarray:
    emg = muscle(LENGTH_S, rms_uv, seed, rate_hz, 95.0 if rate_hz > 500 else 60.0)
    return emg + 0.02 * rms_uv * np.random.default_rng(seed).standard_normal(len(emg))


def sine(hz: float, rms: float, rate_hz: float) -> np.ndarray:
    return rms * np.sqrt(2) * np.sin(2 * np.pi * hz * np.arange(round(LENGTH_S * rate_hz)) / rate_hz + 0.3)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("gain", [0.01, 1.0, 30.0])
def test_a_working_muscle_is_good_at_any_rate_and_gain(rate_hz: float, seed: int, gain: float):
    assert told(gain * good(rate_hz, seed=seed), rate_hz) == {Quality.GOOD}


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("hz", [49.95, 60.03])
def test_the_mains_is_found_by_itself_and_called_where_the_emg_is_less_than_9_db_above_it(rate_hz: float, hz: float):
    assert told(good(rate_hz) + sine(hz, 60.0, rate_hz), rate_hz) == {Quality.MAINS}
    assert told(good(rate_hz) + sine(hz, 20.0, rate_hz), rate_hz) == {Quality.GOOD}


def test_the_harmonics_count_too():
    hum = sum(sine(hz, 25.0, 1000.0) for hz in (50.0, 150.0, 250.0, 350.0))
    assert told(good(1000.0) + hum, 1000.0) == {Quality.MAINS}


def test_a_hum_that_covers_the_rest_alone_is_borne():
    working = np.arange(round(LENGTH_S * 1000.0)) % 3000 < 1500
    samples = np.where(working, good(1000.0), good(1000.0, 3.0)) + sine(50.0, 15.0, 1000.0)
    assert told(samples, 1000.0) == {Quality.GOOD}


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("hz", [50.0, 60.0])
def test_an_electrode_that_comes_off_and_hangs_in_the_air_is_off_and_not_moving(rate_hz: float, hz: float):
    time_s = np.arange(round(LENGTH_S * rate_hz)) / rate_hz
    hanging = sine(hz, 700.0, rate_hz) + 2000.0 * np.cos(2 * np.pi * 0.7 * time_s)
    off = (time_s >= 5.0) & (time_s < 8.0)
    chunk = emg_chunk(np.where(off, hanging, good(rate_hz)), rate_hz)
    out = ChannelQuality(chunk.stream, None, QualitySettings()).push(chunk)
    told_at = {s: Quality(int(out.samples[out.time_s.searchsorted(s), 0])) for s in (4.9, 6.1, 7.9, 9.6, 11.9)}
    off_now, on = Quality.NO_CONTACT, Quality.GOOD
    assert told_at == {4.9: on, 6.1: off_now, 7.9: off_now, 9.6: on, 11.9: on}


def test_a_hum_that_comes_and_covers_the_muscle_without_drowning_it_is_hum():
    time_s = np.arange(round(LENGTH_S * 1000.0)) / 1000.0
    for hum in (60.0, 150.0):
        samples = good(1000.0) + np.where(time_s > 2.0, sine(50.0, hum, 1000.0), 0.0)
        assert told(samples, 1000.0) - {Quality.GOOD} == {Quality.MAINS}


def test_a_hum_at_rest_that_no_contraction_would_mind_is_no_lost_electrode():
    time_s = np.arange(round(LENGTH_S * 1000.0)) / 1000.0
    quiet = good(1000.0, 3.0) + np.where(time_s > 6.0, sine(50.0, 12.0, 1000.0), 0.0)
    assert Quality.NO_CONTACT not in told(quiet, 1000.0)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_moving_electrode_is_called_where_movement_has_four_times_the_power(rate_hz: float):
    wobble = sine(7.0, 150.0, rate_hz) + sine(11.0, 200.0, rate_hz)
    assert told(good(rate_hz) + wobble, rate_hz) == {Quality.MOTION}
    assert told(good(rate_hz) + 0.4 * wobble, rate_hz) == {Quality.GOOD}


def test_drift_is_borne():
    assert told(good(1000.0) + sine(0.5, 2000.0, 1000.0), 1000.0) == {Quality.GOOD}


@pytest.mark.parametrize("limit", [0.5, 1.0, 1.4])
def test_a_clipped_signal_is_railed_though_nobody_told_the_limits(limit: float):
    clipped = np.clip(good(1000.0), -100.0 * limit, 100.0 * limit)
    assert told(clipped, 1000.0) == {Quality.RAILED}


def test_peaks_that_touch_the_limit_now_and_then_are_borne():
    assert told(np.clip(good(1000.0), -300.0, 300.0), 1000.0) == {Quality.GOOD}


def test_scattered_loss_is_called_above_a_quarter_and_borne_at_a_tenth():
    rng = np.random.default_rng(5)
    for share, expected in ((0.4, Quality.LOSSY), (0.1, Quality.GOOD)):
        samples = good(1000.0)
        for packet in np.flatnonzero(rng.random(len(samples) // 8) < share):
            samples[8 * packet : 8 * packet + 8] = np.nan
        assert told(samples, 1000.0) - {Quality.LOST} == {expected}


@pytest.mark.parametrize(("step_uv", "expected"), [(2.0, Quality.GOOD), (8.0, Quality.TOO_QUIET)])
def test_a_muscle_below_two_steps_of_the_resolution_is_too_quiet(step_uv: float, expected: Quality):
    samples = np.tile(step_uv * np.round(good(1000.0, 8.0) / step_uv), 4)
    chunk = emg_chunk(samples)
    out = ChannelQuality(chunk.stream, None, QualitySettings()).push(chunk)
    assert out.samples[-1, 0] == expected


def test_a_spectrum_of_two_humps_is_no_muscles():
    hz = np.fft.rfftfreq(12_000, 1e-3)
    shape = ((hz > 18) & (hz < 45)) * 1.0 + ((hz > 330) & (hz < 395)) * 0.3
    noise = np.random.default_rng(6).standard_normal(12_000)
    samples = 3000 * np.fft.irfft(np.fft.rfft(noise) * shape, 12_000)
    assert told(samples, 1000.0) == {Quality.DEFORMED}


def test_each_channel_has_its_own_verdict():
    both = np.stack([good(1000.0), good(1000.0, seed=2) + sine(50.0, 80.0, 1000.0)], axis=1)
    chunk = emg_chunk(both)
    out = ChannelQuality(chunk.stream, None, QualitySettings()).push(chunk)
    assert out.samples[-1].tolist() == [Quality.GOOD, Quality.MAINS]
