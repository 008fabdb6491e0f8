import numpy as np
import pytest
from signals import RATE_HZ, emg_chunk, emg_stream, muscle, without

from monitor.chunk import Chunk
from monitor.conditioning.faults import SENTENCES, Quality
from monitor.conditioning.quality import ChannelQuality
from monitor.conditioning.windows import WINDOW_S, QualityWindows
from monitor.settings import QualitySettings

SETTINGS = QualitySettings()
RAILS = (-1000.0, 1000.0)
LENGTH_S = 6.0


def noise() -> np.ndarray:
    return muscle(LENGTH_S, 30.0, seed=3)


def codes(chunk: Chunk, rails: tuple[float, float] | None = RAILS) -> tuple[np.ndarray, np.ndarray]:
    out = ChannelQuality(chunk.stream, rails, SETTINGS).push(chunk)
    return out.time_s, out.samples[:, 0]


def bad_span_s(chunk: Chunk, code: Quality, rails: tuple[float, float] | None = RAILS) -> tuple[float, float]:
    """From the start of the first to the end of the last tick with this code; all ticks between must have it."""
    time_s, found = codes(chunk, rails)
    rows = np.flatnonzero(found == code)
    assert len(rows) == rows[-1] - rows[0] + 1
    assert set(found) <= {float(Quality.GOOD), float(code)}
    return time_s[rows[0]] - 0.02, time_s[rows[-1]]


def test_emg_at_work_is_good_throughout():
    assert (codes(emg_chunk(noise()))[1] == Quality.GOOD).all()


def test_a_still_channel_is_flat_after_half_a_second_and_until_it_was_good_for_a_second():
    samples = noise()
    samples[2000:3000] = 7.0
    begin_s, end_s = bad_span_s(emg_chunk(samples), Quality.FLAT)
    assert begin_s == pytest.approx(2.0 + WINDOW_S, abs=0.04)
    assert end_s == pytest.approx(3.0 + SETTINGS.hold_s, abs=0.04)


def test_a_pause_shorter_than_half_a_second_is_not_flat():
    samples = noise()
    samples[2000:2450] = 7.0
    assert (codes(emg_chunk(samples))[1] == Quality.GOOD).all()


@pytest.mark.parametrize("rail", RAILS)
def test_a_channel_at_its_limit_is_railed_at_once_and_held_for_a_second(rail: float):
    samples = noise()
    samples[2000:2200:3] = rail
    begin_s, end_s = bad_span_s(emg_chunk(samples), Quality.RAILED)
    assert begin_s == pytest.approx(2.0, abs=0.021)
    assert end_s == pytest.approx(2.2 + SETTINGS.hold_s, abs=0.041)


def test_a_single_sample_at_the_rail_does_no_harm():
    samples = noise()
    samples[2000] = RAILS[1]
    assert (codes(emg_chunk(samples))[1] == Quality.GOOD).all()


def test_without_known_limits_nothing_is_called_railed():
    samples = noise()
    samples[2000:2200:3] = 1e6
    assert (codes(emg_chunk(samples), None)[1] == Quality.GOOD).all()


def test_lost_samples_make_a_channel_lost_and_nothing_after_them():
    samples = noise()
    samples[2000:2100] = np.nan
    begin_s, end_s = bad_span_s(emg_chunk(samples), Quality.LOST)
    assert begin_s == pytest.approx(2.0, abs=1e-6)
    assert end_s == pytest.approx(2.1, abs=0.021)


def test_one_lost_sample_in_a_tick_is_borne():
    samples = noise()
    samples[2000::20] = np.nan
    assert (codes(emg_chunk(samples))[1] == Quality.GOOD).all()


def test_a_hole_in_time_is_lost_for_as_long_as_it_lasts():
    begin_s, end_s = bad_span_s(without(emg_chunk(noise()), 2.0, 3.5), Quality.LOST)
    assert begin_s == pytest.approx(2.0, abs=1e-6)
    assert end_s == pytest.approx(3.5, abs=0.021)


def test_every_channel_is_judged_alone():
    both = np.stack([noise(), muscle(LENGTH_S, 30.0, seed=4)], axis=1)
    both[1000:, 1] = 0.0
    out = ChannelQuality(emg_chunk(both).stream, RAILS, SETTINGS).push(emg_chunk(both))
    assert (out.samples[:, 0] == Quality.GOOD).all()
    assert out.samples[-1, 1] == Quality.FLAT


def test_a_channel_that_was_never_still_long_enough_again_stays_bad():
    samples = noise()
    for start in range(1000, 6000, 900):  # the good spells between are shorter than the hold
        samples[start : start + 40] = RAILS[1]
    time_s, found = codes(emg_chunk(samples))
    assert (found[time_s > 1.03] == Quality.RAILED).all()


def test_every_fault_has_a_sentence():
    for fault in Quality:
        if fault != Quality.GOOD:
            assert "GM" in SENTENCES[fault].format(label="GM", leg="left")


def test_the_caller_keeps_his_samples():
    samples = 1000.0 + muscle(2.0, 100.0, 1)[:, None]
    samples.flags.writeable = False
    before = samples.copy()
    chunk = Chunk(emg_stream(), np.arange(len(samples)) / RATE_HZ, samples)
    QualityWindows(chunk.stream, SETTINGS).push(chunk)
    np.testing.assert_array_equal(samples, before)
