"""The summary of a span: right on EMG whose truth is known, and on the recorded files whose facts are written down."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import signal
from shaped_emg import bursts, chunk, shaped, true_mdf_hz

from monitor.acquisition.tables import read_table
from monitor.fatigue.activity import railed_samples
from monitor.fatigue.change import verdict
from monitor.fatigue.mdf import bridge_lines, frame_power, frequencies_hz, mains_lines_hz, median_frequency
from monitor.fatigue.slope import relative_slope
from monitor.fatigue.summary import summarise

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RATE_HZ = 1000.0


def calf(change: float, seconds: int = 120, rate_hz: float = RATE_HZ, seed: int = 1) -> np.ndarray:
    """Two seconds of work, two of rest, the spectrum compressed by `change` from start to end, noise of 2 uV."""
    n_samples = round(seconds * rate_hz)
    work = shaped(n_samples, rate_hz, lambda time_s: 1 + change * min(1.0, time_s / seconds), seed)
    noise = np.random.default_rng(seed + 100).normal(size=n_samples) * 2
    return work * bursts(n_samples, rate_hz, 2, 2) + noise


def summary(samples: np.ndarray, rate_hz: float = RATE_HZ, from_s: float = 0.0, to_s: float = 1e9):
    return summarise(chunk(samples, rate_hz), from_s, to_s)[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("change", "fatigue"), [(-0.30, "yes"), (-0.20, "yes"), (0.0, "no"), (0.1, "no")])
def test_a_known_change_is_found(change, fatigue, seed):
    found = summary(calf(change, seed=seed))
    first, last = true_mdf_hz(1 + 0.075 * change), true_mdf_hz(1 + 0.925 * change)
    assert found.mdf_start_hz == pytest.approx(first, rel=0.05)
    assert found.mdf_change_pct == pytest.approx(100 * (last / first - 1), abs=6)
    assert found.mdf_change_ci is not None
    assert found.mdf_change_ci[0] < found.mdf_change_pct < found.mdf_change_ci[1]
    assert found.slope_pct_per_min == pytest.approx(100 * (last / first - 1) / 1.7, abs=4)
    assert found.fatigue == fatigue
    assert (found.gate, found.spectral_use) == ("emg", "good")
    assert found.contraction_s == pytest.approx(60, rel=0.05)


@pytest.mark.parametrize("rate_hz", [500.0, 1000.0, 2048.0, 2222.2])
def test_the_rate_does_not_matter_much(rate_hz):
    found = summary(calf(-0.25, rate_hz=rate_hz), rate_hz)
    first, last = true_mdf_hz(0.98, (20, min(450, 0.45 * rate_hz))), true_mdf_hz(0.77, (20, min(450, 0.45 * rate_hz)))
    assert found.mdf_change_pct == pytest.approx(100 * (last / first - 1), abs=6)
    assert found.fatigue == "yes"


def test_the_amplitude_alone_is_no_fatigue():
    ramp = np.linspace(1.0, 0.4, 120_000)
    found = summary(calf(0.0) * ramp)
    assert found.fatigue == "no"
    assert found.rms_change_pct == pytest.approx(100 * (0.445 / 0.955 - 1), abs=8)


def test_without_rest_the_whole_span_counts():
    found = summary(shaped(40_000, RATE_HZ, lambda _: 1.0, 4))
    assert (found.gate, found.contraction_s, found.fatigue) == ("span", pytest.approx(40, abs=0.1), "no")


def test_the_floor_comes_from_outside_the_span_too():
    held = shaped(40_000, RATE_HZ, lambda _: 1.0, 4)
    held[:15_000] *= 0.02
    assert summary(held, from_s=16).gate == "emg"
    assert summary(held[16_000:]).gate == "span"


def test_a_short_span_says_unknown():
    found = summary(calf(-0.3, seconds=10))
    assert (found.fatigue, found.mdf_change_ci) == ("unknown", None)
    assert found.mdf_change_pct is not None


@pytest.mark.parametrize("seed", range(4))
def test_contractions_at_the_limit_leave_nothing_to_measure_and_their_pauses_say_nothing(seed):
    found = summary(np.clip(calf(-0.25, seconds=60, seed=seed), -90, 90))
    assert found.good_fraction < 0.6 and found.railed_s > 1
    assert (found.gate, found.fatigue, found.mdf_start_hz, found.mdf_end_hz) == ("emg", "unknown", None, None)
    assert found.contraction_s < 5


@pytest.mark.parametrize("rate_hz", [400.0, 500.0, 512.0, 1000.0])
def test_white_noise_alone_is_no_muscle_at_any_rate(rate_hz):
    found = summary(np.random.default_rng(0).normal(0, 3, round(60 * rate_hz)), rate_hz)
    assert (found.fatigue, found.mdf_start_hz, found.contraction_s) == ("unknown", None, 0)


@pytest.mark.parametrize("rate_hz", [400.0, 500.0, 512.0, 1000.0])
def test_noise_that_the_sensor_low_passes_is_no_muscle_either(rate_hz):
    white = np.random.default_rng(0).normal(0, 3, round(60 * rate_hz))
    found = summary(signal.sosfilt(signal.butter(2, 0.8, output="sos"), white), rate_hz)
    assert (found.fatigue, found.mdf_start_hz, found.contraction_s) == ("unknown", None, 0)


def test_a_muscle_that_is_held_at_a_low_rate_is_no_noise():
    found = summary(shaped(20_000, 500.0, lambda _: 1.4, 4), 500.0)
    assert (found.gate, found.fatigue, found.contraction_s) == ("span", "no", pytest.approx(40, abs=0.1))


def test_no_contraction_is_unknown_not_zero():
    found = summary(np.full(5000, np.nan))
    assert (found.mdf_start_hz, found.mdf_change_pct, found.slope_pct_per_min, found.fatigue) == (
        None, None, None, "unknown",
    )  # fmt: skip
    assert (found.good_fraction, found.lost_s) == (0, pytest.approx(5))


def test_200_hz_cannot_say():
    found = summary(calf(-0.3, rate_hz=200.0), 200.0)
    assert (found.spectral_use, found.fatigue, found.mdf_start_hz) == ("none", "unknown", None)


def test_lost_samples_are_left_out_and_counted():
    whole = calf(-0.2)
    lossy = whole.copy()
    lost = np.repeat(np.random.default_rng(5).random(6000) < 0.02, 20)
    lossy[lost] = np.nan
    found, without = summary(lossy), summary(whole)
    assert found.lost_s == pytest.approx(lost.sum() / RATE_HZ)
    assert found.good_fraction == pytest.approx(1 - lost.mean())
    assert found.mdf_change_pct == pytest.approx(without.mdf_change_pct, abs=4)
    assert found.fatigue == "yes"


def test_a_hole_in_time_is_lost_and_joins_nothing():
    whole = chunk(calf(-0.2), RATE_HZ)
    keep = (whole.time_s < 50) | (whole.time_s >= 60)
    cut = type(whole)(whole.stream, whole.time_s[keep], whole.samples[keep])
    found = summarise(cut, 0, 1e9)[0]
    assert found.lost_s == pytest.approx(10, abs=0.01)
    assert found.fatigue == "yes"


def test_railed_samples_are_left_out_and_counted():
    samples = calf(0.0)
    samples[30_000:33_000] = 500.0
    found = summary(samples)
    assert found.railed_s == pytest.approx(3)
    assert found.good_fraction == pytest.approx(117 / 120)
    assert found.fatigue == "no"
    assert list(railed_samples(np.array([9, 9, 9, 1, 9, 9, 2, 0, 0, 0, 0.0]))) == [1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
@pytest.mark.parametrize("mains_uv", [30, 100])
def test_mains_that_comes_and_goes_is_bridged(mains_hz, mains_uv):
    samples = calf(0.0, seconds=240)
    time_s = np.arange(len(samples)) / RATE_HZ
    clean = summary(samples)
    found = summary(samples + mains_uv * np.sin(2 * np.pi * mains_hz * time_s) * (time_s < 120))
    assert found.mdf_change_pct == pytest.approx(clean.mdf_change_pct, abs=3)
    assert found.fatigue in ("no", "unknown")


def test_channels_are_judged_each_for_itself():
    both = np.stack([calf(-0.25, 240, seed=6), calf(0.0, 240, seed=7)], axis=1)
    both[:, 1] *= 1000
    found = summarise(chunk(both, RATE_HZ, ("GM", "GL")), 0, 1e9)
    assert [(one.label, one.fatigue) for one in found] == [("GM", "yes"), ("GL", "no")]


def test_gain_offset_and_start_change_nothing():
    samples = calf(-0.2, seconds=60)
    plain = summary(samples)
    moved = summarise(chunk(samples * 8 + 4096, RATE_HZ, start_s=1000.0), 1000, 1e9)[0]
    assert moved.mdf_change_pct == pytest.approx(plain.mdf_change_pct, abs=0.1)
    assert moved.slope_pct_per_min == pytest.approx(plain.slope_pct_per_min, abs=1)


def test_the_same_recording_gives_the_same_summary_and_stays_untouched():
    emg = chunk(calf(-0.1, seconds=60), RATE_HZ)
    before = emg.samples.copy()
    assert summarise(emg, 0, 60) == summarise(emg, 0, 60)
    np.testing.assert_array_equal(emg.samples, before)


@pytest.mark.parametrize("n_samples", [1, 3, 19, 20, 100, 127, 500])
def test_a_few_samples_are_no_error(n_samples):
    found = summary(np.random.default_rng(0).normal(size=n_samples))
    assert found.fatigue == "unknown"


@pytest.mark.parametrize(
    ("change", "interval", "told"),
    [
        (-12, (-17, -8), "yes"), (-8, (-16, -0.1), "yes"), (-12, (-25, 1), "unknown"), (-7, (-12, -2), "unknown"),
        (-5, (-7.9, -2), "no"), (3, (-1, 7), "no"), (-20, None, "unknown"),
    ],
)  # fmt: skip
def test_the_verdict(change, interval, told):
    assert verdict(change, interval, 8.0) == told


def test_median_frequency_of_known_spectra():
    f = np.arange(0, 501, 4.0)
    assert median_frequency(f, np.ones_like(f), (20, 450)) == pytest.approx(235)
    line = np.where(f == 100, 1.0, 0.0)
    assert median_frequency(f, line, (20, 450)) == pytest.approx(100)
    assert np.isnan(median_frequency(f, np.zeros_like(f), (20, 450)))
    np.testing.assert_allclose(median_frequency(f, np.stack([np.ones_like(f), line]), (20, 450)), [235, 100])


def test_power_of_a_sine_and_its_bridging():
    n_frame, rate_hz = 1000, 1000.0
    noise = np.random.default_rng(0).normal(size=(20, n_frame))
    sine = 3 * np.sin(2 * np.pi * 150 * np.arange(n_frame) / rate_hz)
    f = frequencies_hz(n_frame, rate_hz)
    assert frame_power(sine[None], rate_hz).sum() * (f[1] - f[0]) == pytest.approx(4.5, rel=1e-6)
    power = frame_power(noise + sine, rate_hz).mean(axis=0)
    assert mains_lines_hz(f, power, (20, 450)) == (150.0,)
    assert bridge_lines(f, power, (150.0,)).sum() == pytest.approx(
        frame_power(noise, rate_hz).mean(axis=0).sum(), rel=0.02
    )
    assert mains_lines_hz(f, frame_power(noise, rate_hz).mean(axis=0), (20, 450)) == ()


def test_the_slope_forgives_outliers_and_knows_when_it_knows_nothing():
    at = np.arange(12.0)
    values = 100 - 2 * at
    values[3] = 300
    slope, interval = relative_slope(at, values)
    assert slope == pytest.approx(-2)
    assert interval[0] <= slope <= interval[1]
    assert relative_slope(at[:3], values[:3]) == (None, None)


def facts() -> list[dict]:
    index = DATA / "INDEX.json"
    entries = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []
    return [entry for entry in entries if entry["file"].startswith("emg_sustained/")]


FATIGUE = {"S8_EMG_bicep_sustained": "yes", "bsnb_emg_fatigue": "yes", "S10_": "no", "S9_": "no", "S2_": "unknown"}


@pytest.mark.skipif(not facts(), reason="the recorded test files are not beside this checkout")
def test_recorded_files_agree_with_their_facts():
    for entry in facts():
        name, fact = Path(entry["file"]).name, entry["facts"]["fatigue"]
        (found,) = summarise(read_table(DATA / entry["file"]), fact["t0"], fact["t1"])
        (told,) = (answer for start, answer in FATIGUE.items() if name.startswith(start))
        assert (name, found.fatigue) == (name, told)
        if told == "yes":
            assert found.mdf_change_pct == pytest.approx(fact["mdf_change_pct"], abs=4)
            assert found.slope_pct_per_min == pytest.approx(60 * fact["slope_pct_per_s"], rel=0.25)
        assert found.mdf_start_hz == pytest.approx(fact["mdf_start"], rel=0.05)
        assert found.rms_change_pct == pytest.approx(100 * (fact["rms_end_over_start"] - 1), abs=25)


def without_fatigue() -> list[dict]:
    """Recordings of single efforts or short bursts: no muscle tires in them."""
    index = DATA / "INDEX.json"
    entries = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []
    return [entry for entry in entries if entry["file"].startswith("emg_dynamic/")]


@pytest.mark.skipif(not without_fatigue(), reason="the recorded test files are not beside this checkout")
def test_recorded_files_without_fatigue_are_not_called_tired():
    told = {}
    for entry in without_fatigue():
        emg = read_table(DATA / entry["file"])
        told[Path(entry["file"]).name] = summarise(emg, 0.0, float(emg.time_s[-1]))[0].fatigue
    assert len(told) >= 5 and "yes" not in told.values(), told


def test_every_fatigue_fact_of_the_index_is_checked():
    index = DATA / "INDEX.json"
    if not index.is_file():
        pytest.skip("the recorded test files are not beside this checkout")
    named = [entry["file"] for entry in json.loads(index.read_text(encoding="utf-8")) if "fatigue" in entry["facts"]]
    assert sorted(named) == sorted(entry["file"] for entry in facts())


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = [shaped(20_000, RATE_HZ, lambda _: 1.0, seed) for seed in range(40)]
    intervals = [found.mdf_change_ci for found in map(summary, held) if found.mdf_change_ci]
    assert len(intervals) == 40
    assert sum(low < 0 < high for low, high in intervals) >= 32


@pytest.mark.skipif(not facts(), reason="the recorded test files are not beside this checkout")
def test_recorded_verdicts_do_not_hang_on_the_first_sample():
    for entry in facts():
        fact, emg = entry["facts"]["fatigue"], read_table(DATA / entry["file"])
        moved = replace_start(emg, 0.007)
        assert summarise(moved, fact["t0"], fact["t1"])[0].fatigue == summarise(emg, fact["t0"], fact["t1"])[0].fatigue


def replace_start(emg, skipped_s: float):
    rows = emg[round(skipped_s * emg.stream.rate_hz) :]
    return replace(rows, time_s=rows.time_s - rows.time_s[0])
