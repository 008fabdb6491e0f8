"""The course of the reading: its steps, its error, its slope, and what it says beside the amplitude."""

import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.fatigue.course import Course, CourseSecond, quadrant, recovered
from monitor.settings import AngleSettings, TrendSettings

SETTINGS = TrendSettings()
NAMES = ("all", "ankle", "amplitude", "at any effort", "GM")
INPUT = Stream("u", 1 / 0.06, tuple(Channel(name, "ln") for name in NAMES), "pod")


def frames(length_s: float, u_at, noise: float = 0.13, angle_deg: float = 0.0, seed: int = 1, louder=0.0) -> Chunk:
    """Half of every four seconds is contraction. u_at(time_s) : ln of the true level."""
    time_s = 0.06 * np.arange(1, round(length_s / 0.06) + 1)
    u = u_at(time_s) + noise * np.random.default_rng(seed).normal(size=len(time_s))
    u[(time_s - 1e-6) % 4.0 >= 2.0] = np.nan
    angle = np.full(len(time_s), angle_deg)
    columns = [u, angle, np.where(np.isfinite(u), louder, np.nan), u + 0.05, u]
    return Chunk(INPUT, time_s, np.stack(columns, axis=1))


def falling(percent_per_min: float):
    return lambda time_s: np.log(1 - percent_per_min / 100 * time_s / 60)


def last(chunk: Chunk) -> CourseSecond:
    rows = Course(INPUT, SETTINGS, AngleSettings()).push(chunk).samples
    return CourseSecond.from_row(rows[-1])


@pytest.mark.parametrize("rate", [0.0, 2.0, 5.0])
def test_the_slope_is_that_of_the_last_five_minutes_and_its_interval_holds_it(rate):
    slopes = [last(frames(480.0, falling(rate), seed=seed)).all for seed in range(10)]
    assert np.mean([each.slope_pct_per_min for each in slopes]) == pytest.approx(-rate, abs=0.25)
    assert sum(each.slope_low <= -rate <= each.slope_high for each in slopes) >= 8


def test_a_step_long_ago_is_no_slope():
    step = last(frames(700.0, lambda time_s: np.where(time_s < 300, 0.0, -0.2))).all
    assert step.slope_low < 0 < step.slope_high


def test_the_error_of_the_level_grows_with_the_scatter_and_without_an_angle():
    quiet, loud = (last(frames(300.0, falling(0), noise)).all.level_sd for noise in (0.1, 0.5))
    unmatched = last(frames(300.0, falling(0), 0.1, np.nan)).all.level_sd
    assert SETTINGS.level_sd_matched < quiet < loud
    assert unmatched > quiet + 0.5 * (SETTINGS.level_sd_effort - SETTINGS.level_sd_matched)


def test_a_baseline_that_is_poorly_known_widens_the_interval():
    row = Course(INPUT, SETTINGS, AngleSettings()).push(frames(300.0, falling(0))).samples[-1]
    known, poor = CourseSecond.from_row(row, 0.0).all.level_sd, CourseSecond.from_row(row, 0.05).all.level_sd
    assert poor == pytest.approx(np.hypot(known, 0.05))


def test_too_few_contractions_say_nothing():
    few = frames(300.0, falling(0))
    few.samples[few.time_s % 20.0 > 0.5] = np.nan
    said = last(few)
    assert np.isnan([said.all.reading, said.all.level_sd, said.all.slope_pct_per_min, said.amplitude]).all()
    assert np.isnan(last(frames(60.0, falling(0))).all.slope_pct_per_min)


def test_the_plantarflexed_course_needs_plantarflexion():
    assert np.isnan(last(frames(300.0, falling(0), angle_deg=5.0)).plantarflexed.level_sd)
    flexed = last(frames(300.0, falling(0), angle_deg=-20.0))
    assert flexed.plantarflexed == flexed.all


def test_recovery_is_how_much_of_the_decline_is_gone():
    course = lambda time_s: np.interp(time_s, [0, 200, 300, 900], [0.0, -0.2, -0.2, 0.0])  # noqa: E731
    tired = last(frames(300.0, course))
    back = last(frames(1000.0, course))
    assert tired.lowest == pytest.approx(np.exp(-0.2), abs=0.01)
    assert recovered(np.exp(-0.2), tired.lowest, SETTINGS) == pytest.approx(0.0, abs=0.05)
    assert recovered(1.0, back.lowest, SETTINGS) == pytest.approx(1.0, abs=0.05)
    assert recovered(0.98, 0.97, SETTINGS) is None


@pytest.mark.parametrize(
    ("amplitude", "spectrum", "word"),
    [
        (1.3, 0.85, "tiring"), (1.0, 0.85, "tiring"), (1.3, 1.1, "harder"), (1.3, 1.0, "harder"),
        (0.7, 0.85, "easier"), (0.7, 1.0, "easier"), (0.7, 1.1, "recovering"), (1.0, 1.1, "recovering"),
        (1.02, 0.98, ""), (np.nan, 0.8, ""),
    ],
)  # fmt: skip
def test_amplitude_against_spectrum_in_words(amplitude, spectrum, word):
    assert quadrant(amplitude, spectrum, SETTINGS) == word


def test_what_was_matched_is_that_of_the_last_contractions_through_any_rest():
    rested = np.full(len(INPUT.channels), np.nan)
    for angle_deg, matched in ((np.nan, False), (5.0, True)):
        chunk = frames(120.0, falling(0), angle_deg=angle_deg)
        chunk.samples[chunk.time_s > 60.0] = rested
        rows = Course(INPUT, SETTINGS, AngleSettings()).push(chunk).samples
        assert CourseSecond.from_row(rows[5]).matched is None  # nothing was compared yet
        told = {CourseSecond.from_row(row).matched for row in rows[10:]}
        assert told == {matched}
    assert CourseSecond.unknown().matched is None


@pytest.mark.parametrize("amplitude", [0.1, 5.0])
def test_efforts_beyond_the_baseline_are_told_while_there_are_no_others(amplitude):
    chunk = frames(400.0, falling(0))
    works, beyond = np.isfinite(chunk.samples[:, 0]), (chunk.time_s > 100.0) & (chunk.time_s <= 250.0)
    chunk.samples[beyond & works, 0], chunk.samples[beyond & works, 2] = np.nan, np.log(amplitude)
    chunk.samples[chunk.time_s > 250.0, :] = np.nan
    rows = Course(INPUT, SETTINGS, AngleSettings()).push(chunk).samples
    told = np.array([CourseSecond.from_row(row).beyond for row in rows])
    assert np.isnan(told[:219]).all()  # some of two minutes are still of before
    np.testing.assert_allclose(told[219:350], amplitude)
    assert np.isnan(told[369:]).all()  # a calf that rests works neither harder nor softer
