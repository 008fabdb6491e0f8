"""Both levels of simulated EMG against their truths and against each other."""

import hashlib
from functools import cache

import numpy as np
import pytest

from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.noise import key_of
from monitor.simulation.rows import Row, layout
from monitor.simulation.scenario import EmgLevel, LegPlan, Part, Scenario, scenario
from monitor.simulation.spectrum import median_of
from monitor.simulation.truth import truth
from monitor.simulation.unit_level import UnitLevel

LEVELS: tuple[EmgLevel, ...] = ("spectrum", "motor-unit")
LABELS = ("GM", "GL", "GM1", "GM3")


def holding(compression: float = 1.0) -> Scenario:
    """One long hold: a steady angle and drive, so that the spectrum stands still."""
    plan = LegPlan(compression=((0.0, compression),), drive_rise=0.0)
    return Scenario(name="holding", title="", part=(Part(steps=("hold 800 s",)),), leg={"left": plan})


def source_of(level: EmgLevel, compression: float = 1.0, rate_hz: float = 1000.0) -> EmgSource:
    return EmgSource(Calf(holding(compression), "left", seed=5), LABELS, rate_hz=rate_hz, seed=2, level=level)


@cache
def played(level: EmgLevel, compression: float = 1.0, rate_hz: float = 1000.0) -> np.ndarray:
    """60 s of a steady hold."""
    source = source_of(level, compression, rate_hz)
    source.seek(150.0)
    return source.read(round(60.0 * rate_hz))[1]


def measured_hz(samples: np.ndarray, rate_hz: float) -> float:
    n = round(rate_hz)
    windows = np.lib.stride_tricks.sliding_window_view(samples, n)[:: n // 2] * np.hanning(n)
    power, freq_hz = (np.abs(np.fft.rfft(windows)) ** 2).mean(axis=0), np.fft.rfftfreq(n, 1.0 / rate_hz)
    band = (freq_hz >= 20.0) & (freq_hz <= min(450.0, 0.45 * rate_hz))
    return median_of(power[band], freq_hz[band])


@pytest.mark.parametrize(
    ("compression", "rate_hz", "tolerance"), [(1.0, 1000.0, 0.0125), (0.75, 1000.0, 0.0125), (0.9, 250.0, 0.02)]
)
def test_units_have_their_expected_median_frequency(compression: float, rate_hz: float, tolerance: float):
    """60 s of a hold: the standard error is about 0.4 %, 0.6 % at 250 Hz. Over minutes: benchmarks/emg_truth.py."""
    found_hz = [measured_hz(column, rate_hz) for column in played("motor-unit", compression, rate_hz).T]
    expected_hz = source_of("motor-unit", compression, rate_hz).mdf_hz(200.0)
    np.testing.assert_allclose(found_hz, expected_hz, rtol=tolerance)


def test_slower_fibres_dilate_the_expected_spectrum():
    """Crosstalk, the sensor's noise and the rhythm of the impulses do not stretch with it."""
    fresh, tired = (source_of("motor-unit", compression, 2000.0) for compression in (1.0, 0.75))
    freq_hz = np.arange(60.0, 400.0)
    stretched = tired.densities(0.75 * freq_hz, 200.0)[0] * 0.75
    np.testing.assert_allclose(stretched, fresh.densities(freq_hz, 200.0)[0], rtol=0.03)
    assert tired.mdf_hz(200.0)[0] == pytest.approx(0.75 * fresh.mdf_hz(200.0)[0], rel=0.01)


def in_parts(samples: np.ndarray, n_parts: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """MDF and RMS of every channel: mean and standard error over parts of ten seconds, each (2, channels)."""
    parts = np.split(samples, n_parts)
    found = np.array([[[measured_hz(column, 1000.0) for column in part.T], part.std(axis=0)] for part in parts])
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(n_parts)


@pytest.mark.parametrize("compression", [1.0, 0.75])
def test_the_levels_agree_on_median_frequency_and_amplitude_within_their_noise(compression: float):
    """In a minute of a hold: standard errors of 0.5 to 1 % for the MDF, of 0.5 % for the RMS."""
    (noise, noise_error), (units, units_error) = (in_parts(played(level, compression)) for level in LEVELS)
    apart = np.abs(units - noise) / np.hypot(noise_error, units_error)
    assert apart.max() < 4.0
    assert np.median(apart) < 2.0
    assert (np.hypot(noise_error, units_error) / noise).max() < 0.02


@pytest.mark.parametrize("level", LEVELS)
def test_neighbours_are_partly_alike_and_followers_come_later(level: EmgLevel):
    samples = played(level)
    far, beside = np.corrcoef(samples.T)[0, 1:3]
    assert 0.15 < beside < 0.5
    assert abs(far) < 0.12
    lags = np.arange(-15, 16)
    along = [np.corrcoef(samples[20:-20, 0], np.roll(samples[:, 3], -lag)[20:-20])[0, 1] for lag in lags]
    assert 4 <= lags[np.argmax(along)] <= 9  # 25 mm at 3 to 6 mm per ms
    assert max(along) > 0.6


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("rate_hz", [250.0, 1000.0])
def test_the_size_of_the_reads_does_not_matter(level: EmgLevel, rate_hz: float):
    one, other = (
        EmgSource(Calf(scenario("tiring"), "right", seed=4), rate_hz=rate_hz, seed=1, level=level) for _ in range(2)
    )
    n = round(13 * rate_hz)
    whole = one.read(n)[1]
    other.seek(11.0)
    late = other.read(333)[1]
    other.seek(0.0)
    parts = [other.read(size)[1] for size in [777] * (n // 777) + [n % 777]]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(late, whole[round(11 * rate_hz) :][:333])


@pytest.mark.parametrize("rate_hz", [250.0, 1000.0])
def test_pages_of_any_length_give_the_same_signal_of_units(rate_hz: float):
    rows = layout(Calf(holding(), "left", seed=5), ("GM", "GL1")).rows
    usual, short = (UnitLevel(rows, rate_hz, key_of(1)) for _ in range(2))
    short.page_samples = usual.page_samples // 4
    parts = [short.page(number) for number in range(8, 16)]
    whole = [usual.page(number) for number in (2, 3)]
    np.testing.assert_allclose(np.concatenate(parts), np.concatenate(whole), atol=1e-6)


def test_pages_of_noise_join_without_a_step():
    samples = played("spectrum")
    size = source_of("spectrum")._pages._page_samples
    steps = np.diff(samples, axis=0) / np.diff(samples, axis=0).std(axis=0)
    joints = steps[np.arange(-150_000 % size, len(samples) - 1, size) - 1]
    assert np.sqrt(np.mean(joints**2)) < 1.4


@pytest.mark.parametrize("level", LEVELS)
def test_a_channel_does_not_depend_on_its_neighbours(level: EmgLevel):
    calf = Calf(scenario("tiring"), "left", seed=4)
    sources = [
        EmgSource(calf, labels, rate_hz=1000.0, level=level) for labels in (("GM", "GL"), ("GM", "GL", "GM1", "GL5"))
    ]
    alone, together = (source._layout.channels(source._level.page(8))[:, :2] for source in sources)
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_sixteen_channels_are_sixteen_signals():
    labels = tuple(f"{head}{number or ''}" for number in range(8) for head in ("GM", "GL"))
    for level in LEVELS:
        _, samples = EmgSource(Calf(holding(), "left", 1), labels, rate_hz=500.0, level=level).read(4000)
        assert np.isfinite(samples).all()
        assert (np.abs(np.corrcoef(samples[1000:].T)) - np.eye(16)).max() < 0.9
    with pytest.raises(ValueError, match="channels 0 to 8"):
        EmgSource(Calf(holding(), "left", 1), ("GM9",), rate_hz=500.0)


@pytest.mark.parametrize("level", LEVELS)
def test_the_soleus_is_heard_as_much_as_published(level: EmgLevel):
    source = source_of(level)
    rows = source._level.page(30)
    heard = rows[:, len(LABELS)].std() * source._layout.shares[len(LABELS)]
    np.testing.assert_allclose(heard / rows[:, : len(LABELS)].std(axis=0), 0.06, rtol=0.2)


def test_a_cramp_of_units_is_as_strong_as_its_truth_and_in_one_head():
    calf = Calf(scenario("cramp-left-calf"), "left", seed=2)
    source = EmgSource(calf, rate_hz=1000.0, level="motor-unit")
    source.seek(1012.0)
    time_s, samples = source.read(26_000)
    assert samples[:, 0].std() == pytest.approx(np.sqrt(np.mean(calf.rms_uv(time_s) ** 2)), rel=0.12)
    assert samples[:, 1].std() < 0.25 * samples[:, 0].std()


def test_units_at_rest_are_as_quiet_as_the_truth_says():
    calf = Calf(scenario("rested"), "left", seed=2)
    rows = (Row(calf, "GM", layout(calf, ("GM",)).rows[0].place),)
    quiet = np.concatenate([UnitLevel(rows, 1000.0, key_of(seed)).page(0) for seed in range(3)])
    assert quiet.std() == pytest.approx(calf.quiet_uv(np.zeros(1))[0], rel=0.35)


def test_the_scenario_chooses_the_level():
    usual, units = (
        Calf(holding().model_copy(update={"emg_level": level}), "left", 1) for level in ("spectrum", "motor-unit")
    )
    chosen = EmgSource(units, rate_hz=500.0).read(5000)[1]
    np.testing.assert_array_equal(chosen, EmgSource(usual, rate_hz=500.0, level="motor-unit").read(5000)[1])
    assert not np.array_equal(chosen, EmgSource(usual, rate_hz=500.0).read(5000)[1])


class SteadyCalf(Calf):
    """A calf whose truth is arithmetic alone: half of all drive, a slowly falling spectrum."""

    def __init__(self) -> None:
        super().__init__(holding(), "left", 7)

    def drive(self, time_s: np.ndarray) -> np.ndarray:
        return np.full(len(time_s), 0.5)

    def spectral_scale(self, time_s: np.ndarray, label: str = "GM") -> np.ndarray:
        return 1.0 - 0.01 * time_s


@pytest.mark.parametrize(("level", "digest"), [("spectrum", "07c71e4beb6121f1"), ("motor-unit", "1f5e3bb81487cc08")])
def test_every_machine_makes_the_same_signal(level: EmgLevel, digest: str):
    """Samples lie on a grid of 1/128 uV, so that arithmetic that differs in the last digits gives the same bytes."""
    _, samples = EmgSource(SteadyCalf(), rate_hz=500.0, level=level).read(4000)
    assert hashlib.sha256((128 * samples).astype("<i4").tobytes()).hexdigest()[:16] == digest


@pytest.mark.parametrize("level", LEVELS)
def test_the_truth_of_a_session_tells_the_median_frequency_of_its_own_level(level: EmgLevel):
    hold = holding().model_copy(update={"emg_level": level})
    told = truth(hold, 5, 155.0, emg_hz=1000.0, legs=("left",))["legs"]["left"]["mdf_hz"]
    expected_hz = EmgSource(Calf(hold, "left", seed=5), LABELS, rate_hz=1000.0, level=level).mdf_hz(150.0)
    assert told["time_s"][-1] == 150.0
    assert [told["GM"][-1], told["GL"][-1]] == pytest.approx(expected_hz[:2], abs=0.01)
