import json

import numpy as np
import pytest
from shaped_emg import density
from signals import emg_stream

from monitor.chunk import Chunk, Stream
from monitor.fatigue.baseline import Fit, covariates, dilation_template, shown_by
from monitor.fatigue.compression import Compression, compression_input
from monitor.fatigue.spectrum import Frames
from monitor.settings import BaselineSettings, SpectrumSettings

SCORE_HZ = np.arange(25.0, 350.0, 7.8125)
SCORE_HZ = SCORE_HZ[np.abs(SCORE_HZ - 50 * np.round(SCORE_HZ / 50)) >= 4]  # without the harmonics of the mains


def log_spectrum(compression: float = 1.0, gain: float = 1.0, n_frames: int = 0, seed: int = 0) -> np.ndarray:
    """Mean log-spectrum; with n_frames that of so many noisy frames (chi-square with 2 degrees of freedom per bin)."""
    power = gain * density(SCORE_HZ, compression)
    if not n_frames:
        return np.log(power)
    drawn = np.random.default_rng(seed).exponential(size=(n_frames, len(power)))
    return np.log(power * drawn).mean(axis=0)


@pytest.mark.parametrize("compression", [0.7, 0.8, 0.9, 0.95, 1.05, 1.1])
def test_a_spectrum_stretched_by_c_moves_the_score_by_ln_c(compression: float):
    template = dilation_template(log_spectrum(n_frames=2000, seed=1), SCORE_HZ)
    moved = template @ (log_spectrum(compression) - log_spectrum())
    assert moved == pytest.approx(np.log(compression), abs=0.02)


def test_averaged_spectra_of_noisy_frames_give_the_same():
    template = dilation_template(log_spectrum(n_frames=1000, seed=2), SCORE_HZ)
    moved = template @ (log_spectrum(0.85, n_frames=2000, seed=3) - log_spectrum(n_frames=2000, seed=4))
    assert moved == pytest.approx(np.log(0.85), abs=0.02)


@pytest.mark.parametrize("gain", [0.01, 3.0, 400.0])
def test_the_gain_does_not_matter(gain: float):
    template = dilation_template(log_spectrum(n_frames=500, seed=5), SCORE_HZ)
    assert template @ (log_spectrum(0.9, gain) - log_spectrum(0.9)) == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(
        dilation_template(log_spectrum(gain=gain), SCORE_HZ), dilation_template(log_spectrum(), SCORE_HZ), atol=1e-9
    )


def test_bins_that_hold_only_sensor_noise_have_no_say():
    power = density(SCORE_HZ, 1.0)
    power = power / power.max() + 1e-4 * (SCORE_HZ > 250) + 1e-6
    template = dilation_template(np.log(power), SCORE_HZ)
    assert np.abs(template[power < 1e-2]).max(initial=0.0) < 0.02 * np.abs(template).max()


def test_covariates_of_an_unknown_angle_are_those_of_standing():
    time_s, effort, age_s = np.array([20.0, 320.0]), np.array([0.0, 2.0]), np.array([0.9, 0.9])
    rows = covariates(np.array([np.nan, 0.0]), effort, age_s, time_s, 20.0)
    np.testing.assert_allclose(rows, [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 1, 1, 0, 0, 0, 1]], atol=1e-12)


def test_the_angle_covariate_rises_with_plantarflexion_and_is_bounded():
    a = covariates(np.array([-20.0, 10.0, -80.0, 60.0]), *np.zeros((3, 4)), 0.0)[:, 1]
    np.testing.assert_allclose(a, [1.0, -0.5, 2.0, -1.0])


def test_the_age_of_a_contraction_counts_up_to_three_seconds():
    g = covariates(np.full(4, np.nan), np.zeros(4), np.array([0.0, 0.9, 2.9, 30.0]), np.zeros(4), 0.0)[:, 6]
    np.testing.assert_allclose(g, np.log([0.1, 1.0, 3.0, 3.1]))


def working_frames(n: int, compression: float, seed: int, start_s: float) -> tuple[np.ndarray, Chunk]:
    """The bins and n frames of a working calf as Compression takes them: two channels, angle and effort wandering."""
    rng = np.random.default_rng(seed)
    frames = Frames(emg_stream("GM", "GL"), SpectrumSettings())
    power = density(frames.frequency_hz, compression) * np.exp(rng.uniform(-1, 1, (n, 1)))
    both = np.concatenate([power, 0.7 * power], axis=1) * rng.exponential(size=(n, 2 * len(frames.frequency_hz)))
    extra = np.stack([np.ones(n), rng.uniform(-25, 0, n), np.ones(n)], axis=1)
    time_s = start_s + 0.06 * np.arange(1, n + 1)
    rows = np.concatenate([both, extra], axis=1)
    return frames.frequency_hz, Chunk(compression_input(frames.output), time_s, rows)


def stage(stream: Stream, frequency_hz: np.ndarray, stored: Fit | None = None) -> Compression:
    return Compression(stream, ("GM", "GL"), frequency_hz, SpectrumSettings(), BaselineSettings(), stored)


def test_a_stored_baseline_scores_as_the_session_that_learnt_it_even_after_a_trip_through_json():
    frequency_hz, rested = working_frames(800, 1.0, 6, 0.0)
    learning = stage(rested.stream, frequency_hz)
    learning.push(rested)
    assert learning.fit is not None
    again = Fit.from_dict(json.loads(json.dumps(learning.fit.to_dict())))
    _, tired = working_frames(200, 0.9, 7, 1000.0)
    scores = [stage(tired.stream, frequency_hz, stored).push(tired).samples for stored in (learning.fit, again)]
    np.testing.assert_array_equal(scores[0], scores[1])
    assert np.isfinite(scores[0]).all()
    assert np.median(scores[0][:, 0]) == pytest.approx(np.log(0.9), abs=0.03)


# a sensor whose own band ends early ---------------------------------------------------------------------------------

CORNER_HZ = 131.0


def low_passed(hz: np.ndarray, compression: float) -> np.ndarray:
    return density(hz, compression) / (1 + (hz / CORNER_HZ) ** 4)


@pytest.mark.parametrize("compression", [0.95, 0.9, 0.85])
def test_what_a_sensors_band_hides_of_a_compression_is_made_up_for(compression: float):
    hz = np.arange(27.3, 230.0, 7.8125)
    template = dilation_template(np.log(low_passed(hz, 1.0)), hz)
    shown = shown_by(template, hz, CORNER_HZ)
    assert 0.4 < shown < 0.8 and shown_by(template, hz, None) == 1.0
    seen = float(template @ np.log(low_passed(hz, compression) / low_passed(hz, 1.0)))
    assert seen > 0.85 * np.log(compression), "without it a part of the shift is missing"
    assert seen / shown == pytest.approx(np.log(compression), rel=0.12)


def test_what_is_hardly_seen_is_not_made_up_for():
    hz = np.arange(27.3, 230.0, 7.8125)
    template = dilation_template(np.log(low_passed(hz, 1.0)), hz)
    assert shown_by(3.0 * template, hz, CORNER_HZ) == 0.3
