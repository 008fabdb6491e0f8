"""White noise: an electrode that is off, or a calf at rest?"""

import numpy as np
import pytest
from signals import emg_chunk, muscle

from monitor.conditioning.faults import Quality
from monitor.conditioning.quality import ChannelQuality
from monitor.settings import QualitySettings

RATE_HZ = 1000.0


def codes(samples: np.ndarray, rate_hz: float = RATE_HZ) -> np.ndarray:
    """The code at the end of each second."""
    chunk = emg_chunk(samples, rate_hz)
    out = ChannelQuality(chunk.stream, None, QualitySettings()).push(chunk)
    return out.samples[48::50, 0]


def white(length_s: float, rms_uv: float, seed: int, rate_hz: float = RATE_HZ) -> np.ndarray:
    return rms_uv * np.random.default_rng(seed).standard_normal(round(length_s * rate_hz))


def working(length_s: float, rest_uv: float, seed: int, burst: np.ndarray | None = None) -> np.ndarray:
    """Bursts of a second every three seconds over white noise."""
    samples = white(length_s, rest_uv, seed)
    time_s = np.arange(len(samples)) / RATE_HZ
    burst = muscle(length_s, 200.0, seed + 1) if burst is None else burst
    return samples + np.where(time_s % 3 > 2, burst[: len(samples)], 0.0)


@pytest.mark.parametrize("rms_uv", [0.5, 6.0, 40.0, 600.0])
@pytest.mark.parametrize("rate_hz", [1000.0, 2000.0, 4000.0])
def test_an_open_input_is_off_whatever_its_level(rms_uv: float, rate_hz: float):
    assert (codes(white(8.0, rms_uv, 1, rate_hz), rate_hz)[1:] == Quality.NO_CONTACT).all()


def test_an_electrode_that_comes_off_is_said_to_be_off_within_two_seconds_and_on_again():
    samples = np.concatenate([muscle(10.0, 100.0, 2), white(10.0, 30.0, 3), muscle(10.0, 100.0, 4)])
    found = codes(samples)
    assert (found[:10] == Quality.GOOD).all()
    assert (found[11:20] == Quality.NO_CONTACT).all()
    assert (found[21:] == Quality.GOOD).all()


def test_a_calf_that_rests_in_the_amplifiers_own_noise_is_good_once_it_has_worked():
    found = codes(np.concatenate([working(30.0, 3.0, 5), white(30.0, 3.0, 7)]))
    assert (found[12:] == Quality.GOOD).all()


def test_after_such_a_rest_louder_noise_is_still_an_open_input():
    found = codes(np.concatenate([working(30.0, 3.0, 8), white(10.0, 20.0, 10)]))
    assert (found[31:] == Quality.NO_CONTACT).all()


def test_a_muscle_whose_bursts_are_white_too_is_good_once_they_have_come_and_gone():
    found = codes(working(40.0, 3.0, 11, burst=white(40.0, 200.0, 13)))
    assert (found[20:] == Quality.GOOD).all()


def test_where_the_rate_is_too_low_to_tell_nothing_is_called_off():
    assert (codes(white(8.0, 20.0, 14, 200.0), 200.0) == Quality.GOOD).all()


def test_noise_within_the_resolution_says_nothing():
    assert (codes(np.round(white(8.0, 1.0, 15)))[:8] == Quality.GOOD).all()
