import numpy as np
import pytest
from signals import RATE_HZ, cut, emg_chunk, emg_stream, muscle

from monitor.conditioning.filters import HighPass, Notch
from monitor.settings import FilterSettings

SETTINGS = FilterSettings()


def sine(frequency_hz: float, seconds: float = 4.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)


def filtered(samples: np.ndarray) -> np.ndarray:
    return HighPass(emg_chunk(samples).stream, SETTINGS).push(emg_chunk(samples)).samples


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def test_a_constant_offset_is_gone_from_the_first_sample():
    assert np.abs(filtered(np.full(2000, 12345.0))).max() < 1e-6


def test_an_offset_beside_the_emg_changes_nothing():
    emg = 50 * sine(90.0)
    np.testing.assert_allclose(filtered(emg + 8000.0), filtered(emg), atol=1e-6)


@pytest.mark.parametrize("frequency_hz", [100.0, 200.0, 400.0])
def test_emg_frequencies_pass_within_one_percent(frequency_hz: float):
    assert rms(filtered(sine(frequency_hz))[2000:]) == pytest.approx(np.sqrt(0.5), rel=0.01)


@pytest.mark.parametrize(("frequency_hz", "most"), [(20.0, 0.72), (5.0, 0.07), (1.0, 0.003)])
def test_movement_is_kept_out(frequency_hz: float, most: float):
    assert rms(filtered(sine(frequency_hz))[2000:]) / np.sqrt(0.5) < most


def test_lost_samples_and_the_settling_after_them_are_nan_and_nothing_else_is():
    samples = 50 * sine(90.0) + 1000.0
    samples[1000:1010] = np.nan
    out = filtered(samples)[:, 0]
    settle = round(SETTINGS.settle_s * RATE_HZ)
    assert np.isnan(out[1000 : 1010 + settle]).all()
    assert np.isfinite(out[:1000]).all() and np.isfinite(out[1010 + settle :]).all()


def test_after_the_settling_no_step_is_left_of_the_gap():
    whole = 50 * sine(90.0) + 4000.0
    holed = whole.copy()
    holed[1000:1200] = np.nan
    healed = filtered(holed)[1300:, 0]
    np.testing.assert_allclose(healed, filtered(whole)[1300:, 0], atol=2.0)


def test_a_lost_channel_leaves_the_other_one_alone():
    both = np.stack([sine(90.0), sine(120.0)], axis=1)
    both[500:900, 0] = np.nan
    np.testing.assert_array_equal(filtered(both)[:, 1], filtered(np.stack([sine(90.0), sine(120.0)], axis=1))[:, 1])


def test_a_recording_that_begins_with_lost_samples_is_filtered_after_the_settling():
    samples = 50 * sine(90.0)
    samples[:5] = np.nan
    out = filtered(samples)
    assert np.isnan(out[:5]).all()
    assert rms(out[200:]) == pytest.approx(50 * np.sqrt(0.5), rel=0.02)


def test_the_corner_follows_the_rate():
    rate_hz = 250.0
    samples = np.sin(2 * np.pi * 100.0 * np.arange(1000) / rate_hz)
    chunk = emg_chunk(samples, rate_hz)
    assert rms(HighPass(emg_stream(rate_hz=rate_hz), SETTINGS).push(chunk).samples[500:]) == pytest.approx(
        np.sqrt(0.5), rel=0.01
    )


def notched(samples: np.ndarray, mains_hz: float = 50.0) -> np.ndarray:
    chunk = emg_chunk(samples)
    return Notch(chunk.stream, mains_hz).push(chunk).samples


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
@pytest.mark.parametrize("harmonic", [1, 2, 3])
def test_the_mains_is_gone_from_the_picture(mains_hz: float, harmonic: int):
    assert rms(notched(sine(harmonic * mains_hz), mains_hz)[2000:]) < 0.02


@pytest.mark.parametrize("frequency_hz", [30.0, 80.0, 125.0, 220.0])
def test_the_rest_of_the_emg_stays_in_the_picture(frequency_hz: float):
    assert rms(notched(sine(frequency_hz))[2000:]) == pytest.approx(np.sqrt(0.5), rel=0.02)


@pytest.mark.parametrize("tone_hz", [60.0, 100.0, 200.0])
def test_the_delay_is_what_the_documentation_says(tone_hz: float):
    time_s = np.arange(2000) / RATE_HZ
    bell = np.exp(-(((time_s - 1.0) / 0.05) ** 2))
    out = filtered(bell * np.sin(2 * np.pi * tone_hz * time_s))[:, 0]
    middle_s = np.sum(out**2 * time_s) / np.sum(out**2)
    assert 0.0 <= middle_s - 1.0 < 0.0016


def test_after_a_short_hole_only_its_samples_are_missing():
    emg = muscle(4.0, 100.0, 1)
    holed = emg.copy()
    lost = np.random.default_rng(2).random(len(emg)) < 0.02
    lost[2000:2002], lost[1995:2000], lost[2002:2010] = True, False, False
    long = lost[2:] & lost[1:-1] & lost[:-2]
    lost[2:][long] = False
    holed[lost] = np.nan
    out = filtered(holed)[:, 0]
    np.testing.assert_array_equal(np.isnan(out), lost)
    assert rms((out - filtered(emg)[:, 0])[~lost]) < 0.05 * 100.0
    chunk, stage = emg_chunk(holed), HighPass(emg_chunk(holed).stream, SETTINGS)
    np.testing.assert_array_equal(np.concatenate([stage.push(part).samples for part in cut(chunk, 1)])[:, 0], out)
