import itertools
import time

import numpy as np
import pytest

from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.scenario import LegPlan, Part, Scenario, scenario
from monitor.simulation.spectrum import Shape


def holding(compression: float) -> Scenario:
    """One long hold: a steady angle and drive, so that the spectrum stands still."""
    plan = LegPlan(compression=((0.0, compression),))
    return Scenario(name="holding", title="", part=(Part(steps=(("hold", 400.0),)),), leg={"left": plan})


def median_hz(power: np.ndarray, freq_hz: np.ndarray, low_hz: float, high_hz: float) -> float:
    band = (freq_hz >= low_hz) & (freq_hz <= high_hz)
    total = np.cumsum(power[band])
    return float(np.interp(0.5 * total[-1], total, freq_hz[band] + 0.5 * freq_hz[1]))


def pooled_power(samples: np.ndarray, n: int) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(samples, n)[:: n // 2] * np.hanning(n)
    return (np.abs(np.fft.rfft(windows)) ** 2).mean(axis=0)


@pytest.mark.parametrize("size", [1, 7, 333, 5000])
def test_the_size_of_the_reads_does_not_matter(size: int):
    calf = Calf(scenario("rested"), "left", seed=4)
    n = 1500 if size == 1 else 9000
    time_s, whole = EmgSource(calf, rate_hz=1000.0, seed=1).read(n)
    source = EmgSource(calf, rate_hz=1000.0, seed=1)
    sizes = [size] * (n // size) + [n % size]
    parts = [source.read(each) for each in sizes]
    np.testing.assert_array_equal(np.concatenate([samples for _, samples in parts]), whole)
    np.testing.assert_array_equal(np.concatenate([stamps for stamps, _ in parts]), time_s)


def test_seeking_gives_what_reading_would_have_given():
    calf = Calf(scenario("tiring"), "right", seed=4)
    source, ahead = (EmgSource(calf, ("GM",), rate_hz=1150.0, seed=1) for _ in range(2))
    _, whole = source.read(30000)
    ahead.seek(20000 / 1150.0)
    time_s, rest = ahead.read(10000)
    assert time_s[0] == pytest.approx(20000 / 1150.0)
    np.testing.assert_array_equal(rest, whole[20000:])


def test_seeds_legs_and_stretches_of_time_share_no_noise():
    sources = [
        EmgSource(Calf(scenario("rested"), leg, seed), rate_hz=1000.0, seed=own)
        for leg, seed, own in itertools.product(("left", "right"), (1, 2), (0, 1))
    ]
    pieces = [source.read(8000)[1].T for source in sources]
    rows = np.concatenate(pieces)[:, :8000].reshape(-1, 4000)
    correlation = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(correlation).max() < 0.15  # the heads hear each other and the soleus


@pytest.mark.parametrize(("rate_hz", "compression"), [(1000.0, 1.0), (1000.0, 0.78), (500.0, 0.9), (1150.0, 1.0)])
def test_the_median_frequency_is_its_truth_within_1_percent(rate_hz: float, compression: float):
    """300 s of a steady hold: the estimate's own standard error is about 0.3 %."""
    calf = Calf(holding(compression), "left", seed=11)
    source = EmgSource(calf, rate_hz=rate_hz, seed=1)
    source.seek(65.0)
    time_s, samples = source.read(int(270 * rate_hz))
    n = 2 * round(0.5 * rate_hz)
    freq_hz = np.fft.rfftfreq(n, 1.0 / rate_hz)
    for channel, label in enumerate(source.labels):
        power = pooled_power(samples[:, channel], n)
        measured_hz = median_hz(power, freq_hz, 20.0, min(450.0, 0.45 * rate_hz))
        true_hz = calf.mdf_hz(time_s[::100], label, rate_hz).mean()
        assert measured_hz == pytest.approx(true_hz, rel=0.01)


def test_in_movement_the_pooled_spectrum_is_the_mean_of_the_true_ones():
    calf = Calf(scenario("tiring"), "left", seed=3)
    source = EmgSource(calf, ("GM",), rate_hz=1000.0, seed=1)
    time_s, samples = source.read(600_000)
    freq_hz = np.fft.rfftfreq(1000, 0.001)
    at_s = time_s[::50]
    power = calf.rms_uv(at_s) ** 2
    expected = power @ calf.site("GM").shape.density(freq_hz, calf.spectral_scale(at_s))
    measured_hz = median_hz(pooled_power(samples[:, 0], 1000), freq_hz, 20.0, 450.0)
    assert measured_hz == pytest.approx(median_hz(expected, freq_hz, 20.0, 450.0), rel=0.015)


def test_the_shape_has_power_1_and_dilates():
    shape, freq_hz = Shape(70.0, 145.0), np.arange(0.5, 20000.0, 1.0)
    density = shape.density(freq_hz, np.array([1.0, 0.8]))
    np.testing.assert_allclose(density.sum(axis=1), 1.0, rtol=1e-4)
    fresh, tired = shape.median_hz(np.array([1.0, 0.8]), 0.5, 20000.0)
    assert tired == pytest.approx(0.8 * fresh, rel=2e-3)
    assert 95 < shape.median_hz(np.array([1.0]), 20.0, 450.0)[0] < 130


def test_amplitudes_are_those_of_a_calf():
    calf = Calf(scenario("rested"), "left", seed=2)
    time_s, samples = EmgSource(calf, rate_hz=1000.0).read(90_000)
    drive = calf.drive(time_s)
    raising, walking, standing = (samples[(time_s >= a) & (time_s < b) & (drive > d)] for a, b, d in SPANS)
    assert 200 < raising[:, 0].std() < 420
    assert 50 < walking[:, 0].std() < 150
    assert standing[:, 0].std() < 12


SPANS = ((63.0, 87.0, 0.4), (23.0, 43.0, 0.1), (0.0, 8.0, -1.0))


def test_quiet_emg_grows_as_the_truth_says():
    calf = Calf(scenario("cramp-left-calf"), "left", seed=2)
    source = EmgSource(calf, rate_hz=1000.0)
    levels_uv = []
    for start_s in (44.0, 925.0):  # standing at the start; standing late
        source.seek(start_s)
        time_s, samples = source.read(8_000)
        assert calf.drive(time_s).max() < 0.01
        quarter_s = samples[:, 0].reshape(-1, 250)
        levels_uv.append(np.sqrt(np.median((quarter_s**2).mean(axis=1)) - 2.5**2))
    truth = calf.quiet(np.array([48.0, 929.0]))
    assert levels_uv[1] / levels_uv[0] == pytest.approx(truth[1] / truth[0], rel=0.15)


def test_a_twitch_stands_in_the_medial_head_at_its_true_time():
    calf = Calf(scenario("cramp-left-calf"), "left", seed=2)
    instants_s, peaks_uv = calf.twitches(700.0, 1000.0)
    strongest = int(np.argmax(np.abs(peaks_uv)))
    source = EmgSource(calf, rate_hz=1000.0)
    source.seek(instants_s[strongest] - 0.1)
    time_s, samples = source.read(200)
    assert abs(time_s[np.argmax(np.abs(samples[:, 0]))] - instants_s[strongest]) < 0.004
    assert np.abs(samples[:, 0]).max() == pytest.approx(abs(peaks_uv[strongest]), rel=0.2)
    assert np.abs(samples[:, 1]).max() < 0.3 * abs(peaks_uv[strongest])


def test_mains_hum_has_its_amplitude():
    calf = Calf(scenario("rested"), "left", seed=2)
    (_, clean), (_, hum) = (EmgSource(calf, rate_hz=1000.0, mains_uv=uv).read(1000) for uv in (0.0, 20.0))
    assert np.abs(hum - clean).max() == pytest.approx(20.0, rel=1e-3)


def test_speed(capsys):
    calf = Calf(scenario("cramp-left-calf"), "left", seed=1)
    source = EmgSource(calf, rate_hz=1000.0)
    begin = time.process_time()
    source.read(60_000)
    with capsys.disabled():
        print(f"\nEMG, 2 channels at 1000 Hz: {60.0 / (time.process_time() - begin):.0f} x real time")
