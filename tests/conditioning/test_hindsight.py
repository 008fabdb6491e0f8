import numpy as np
from signals import emg_chunk, muscle

from monitor.conditioning.faults import Quality
from monitor.conditioning.hindsight import quality_of
from monitor.fatigue.summary import summarise
from monitor.settings import QualitySettings


def seconds(samples: np.ndarray, fault: Quality) -> float:
    return float(np.count_nonzero(quality_of(emg_chunk(samples), QualitySettings()) == fault) / 1000)


def test_the_seconds_of_a_fault_are_those_it_lasted():
    samples = muscle(40.0, 100.0, 1)
    samples[10_000:20_000] = 30.0 * np.random.default_rng(2).standard_normal(10_000)
    samples[30_000:33_000] = 7.0
    assert abs(seconds(samples, Quality.NO_CONTACT) - 10.0) <= 1.0
    assert seconds(samples, Quality.FLAT) == 3.0
    assert seconds(samples, Quality.RAILED) == 0.0


def test_lost_samples_alone_are_lost():
    samples = muscle(20.0, 100.0, 3)
    samples[5000:5600] = np.nan
    assert seconds(samples, Quality.LOST) == 0.6
    assert seconds(samples, Quality.GOOD) == 19.4


def test_a_recording_shorter_than_half_a_second_is_good_for_all_that_is_known():
    assert (quality_of(emg_chunk(muscle(0.4, 100.0, 4)), QualitySettings()) == Quality.GOOD).all()


def test_the_summary_leaves_out_what_is_bad_and_says_for_how_long():
    hum = np.where(np.arange(60_000) >= 30_000, 200 * np.sin(2 * np.pi * 50.0 * np.arange(60_000) / 1000), 0.0)
    wobble = np.where(np.arange(60_000) < 15_000, 600 * np.sin(2 * np.pi * 8.0 * np.arange(60_000) / 1000), 0.0)
    found = summarise(emg_chunk(muscle(60.0, 100.0, 5) + hum + wobble), 0.0, 60.0)[0]
    assert abs(found.mains_s - 30.0) < 2.5 and abs(found.motion_s - 15.0) < 1.1
    assert abs(found.good_fraction - 0.25) < 0.06
    assert (found.no_contact_s, found.railed_s, found.lost_s) == (0.0, 0.0, 0.0)
