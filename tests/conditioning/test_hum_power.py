"""How strong a hum is in each channel, under contractions too; and that it is no cramp, no restless calf."""

from __future__ import annotations

import numpy as np
import pytest
from signals import RATE_HZ, cut, emg_chunk, muscle

from monitor.conditioning.hum_power import HumPower, HumTaken
from monitor.conditioning.windows import QualityWindows
from monitor.emg_path import EmgPath
from monitor.settings import Settings
from monitor.warning.cramp import cramp_reading

SETTINGS = Settings()
BEGINS_S = 100.0


def working(length_s: float, seed: int, rest_uv: float = 3.0) -> np.ndarray:
    """(n,) a calf that works for 0.6 s in each 1.2 s."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    on = np.clip(np.minimum(time_s % 1.2, 0.6 - time_s % 1.2) / 0.05, 0.0, 1.0)
    return muscle(length_s, 150.0, seed) * on + rest_uv * np.random.default_rng(seed).standard_normal(len(time_s))


def hum(length_s: float, hz: float, peak_uv: float, swings: float = 0.0, from_s: float = 0.0) -> np.ndarray:
    """(n,) a sine, swinging in amplitude as a cable that moves."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return peak_uv * (1 + swings * np.sin(5.0 * time_s)) * np.sin(2 * np.pi * hz * time_s) * (time_s >= from_s)


def power_of(samples: np.ndarray, settings: Settings = SETTINGS) -> np.ndarray:
    chunk = emg_chunk(samples)
    windows = QualityWindows(chunk.stream, settings.quality)
    return HumPower(windows.output, settings.quality).push(windows.push(chunk)).samples


@pytest.mark.parametrize("hz", [50.0, 60.0, 49.7, 60.4])
def test_a_hum_is_found_under_contractions_many_times_as_strong(hz: float) -> None:
    found = power_of(working(60.0, 1) + hum(60.0, hz, 45.0))[8:, 0]
    assert np.median(found) == pytest.approx(45.0**2 / 2, rel=0.25) and (found > 0).mean() > 0.95


@pytest.mark.parametrize("seed", range(4))
def test_where_there_is_none_none_is_found_but_by_chance(seed: int) -> None:
    assert (power_of(working(120.0, seed)) > 0).mean() <= 0.03
    assert (power_of(muscle(120.0, 100.0, seed)) > 0).mean() <= 0.03


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_by_chance_is_taken_from_nothing(seed: int) -> None:
    rng, taken = np.random.default_rng(seed), HumTaken(2, SETTINGS.quality)
    for second in range(200):  # a calf that works and rests, and one that is held
        at_work = 20_000.0 * rng.chisquare(8, 50) / 8 * (np.arange(50) < 25) + 9.0
        ticks = np.stack([at_work, 20_000.0 * rng.chisquare(8, 50) / 8], axis=1)
        before, peaks = ticks.copy(), 3.0 * np.sqrt(ticks)
        taken.push(ticks, peaks, np.array([450.0, 900.0]) * (second % 7 == 3))  # 0.045 of the power
        np.testing.assert_array_equal(ticks, before)
    assert np.isinf(taken.changed_s).all()


def test_lost_windows_leave_it_as_it_was() -> None:
    samples = working(20.0, 1) + hum(20.0, 50.0, 45.0)
    samples[10_000:13_000] = np.nan
    found = power_of(samples)[:, 0]
    assert np.isfinite(found).all() and (found[20:26] == found[19]).all() and found[19] > 0


def test_it_is_taken_off_ticks_that_hold_it_and_off_no_others() -> None:
    rng = np.random.default_rng(1)
    ticks = np.where(np.arange(50)[:, None] % 2, 20_000.0, 9.0) * rng.uniform(0.8, 1.2, (50, 2))
    humming = ticks + np.array([1000.0, 0.0])
    peaks = 3.0 * np.sqrt(humming)
    before, taken = peaks.copy(), HumTaken(2, SETTINGS.quality)
    for _ in range(2):
        cleaned, lowered = humming.copy(), peaks.copy()
        taken.push(cleaned, lowered, np.array([900.0, 900.0]))  # found in the second by chance
    assert np.median(cleaned[::2, 0]) < 100.0 and np.median(cleaned[1::2, 0]) == pytest.approx(20_000.0, rel=0.1)
    assert (lowered[:, 0] < before[:, 0]).all()
    np.testing.assert_array_equal(cleaned[:, 1], humming[:, 1])
    assert taken.changed_s.tolist() == [1.0, np.inf]
    assert 900.0 <= taken.taken[0] <= 1300.0 and taken.taken[1] == 0.0, "and what was taken is told"
    taken.push(humming.copy(), peaks.copy(), np.zeros(2))
    assert not taken.taken.any()


def signs_of(samples: np.ndarray, size: int | None = None) -> list:
    """What each second says of the calf's signs, from the 60th on."""
    chunk, told = emg_chunk(samples), []
    path = EmgPath(chunk.stream, None, SETTINGS)
    for part in cut(chunk, size or len(chunk)):
        path.push(part)
        while len(told) < int(part.time_s[-1]):
            second = path.close(len(told) + 1.0, np.empty(0), np.empty(0), expected=False)
            told.append(second.signs)
    return told[60:]


def cramps(signs: list) -> list[bool]:
    readings = [cramp_reading(each.sustained, ("GM", "GL")) for each in signs]
    return [reading is not None and reading.verdict.cramp for reading in readings]


@pytest.mark.parametrize(("hz", "peak_uv", "swings"), [(50.0, 45.0, 0.0), (60.0, 45.0, 0.0), (50.1, 70.0, 0.5)])
def test_a_hum_that_begins_in_one_channel_is_no_cramp(hz: float, peak_uv: float, swings: float) -> None:
    both = np.stack([working(140.0, 41), working(140.0, 42)], axis=1)
    both[:, 0] += hum(140.0, hz, peak_uv, swings, BEGINS_S)
    assert not any(cramps(signs_of(both)))


@pytest.mark.parametrize(("quieter_uv", "peak_uv"), [(24.0, 20.0), (25.0, 20.0), (24.0, 30.0)])
def test_a_hold_is_no_cramp_because_a_hum_was_taken_off_the_quieter_head(quieter_uv: float, peak_uv: float) -> None:
    both = np.stack([working(130.0, 41), working(130.0, 42)], axis=1)
    both[1000 * 110 :] = np.stack([muscle(20.0, 60.0, 5), muscle(20.0, quieter_uv, 6)], axis=1)
    assert not any(cramps(signs_of(both + hum(130.0, 50.0, peak_uv)[:, None])))


def test_a_cramp_is_seen_in_spite_of_a_hum() -> None:
    both = np.stack([working(140.0, 41), working(140.0, 42)], axis=1) + hum(140.0, 50.0, 20.0)[:, None]
    cramping = np.arange(len(both)) >= 1000 * 120
    both[cramping] = 3.0 * np.random.default_rng(1).standard_normal((cramping.sum(), 2))
    both[cramping, 0] += muscle(20.0, 70.0, 5)
    both[cramping] += hum(140.0, 50.0, 20.0)[cramping, None]
    assert cramps(signs_of(both))[120 - 60 + 4] and not any(cramps(signs_of(both))[: 120 - 60])


def test_a_hum_that_grows_makes_no_calf_restless() -> None:
    clean = np.stack([working(160.0, 43), working(160.0, 44)], axis=1)
    rests = np.arange(len(clean)) % 20_000 >= 12_000  # 8 s in each 20
    clean[rests] = 3.0 * np.random.default_rng(2).standard_normal((rests.sum(), 2))
    grows = np.clip((np.arange(len(clean)) / RATE_HZ - 80.0) / 40.0, 0.0, 1.0)[:, None]
    humming = clean + grows * hum(160.0, 50.0, 30.0)[:, None]
    before, after = signs_of(clean)[-1], signs_of(humming)[-1]
    assert after.quiet_ratio < 2.0 * before.quiet_ratio, "7 x without taking it off"
    assert after.twitches_per_min <= before.twitches_per_min + 3


def test_chunks_make_no_difference() -> None:
    samples = np.stack([working(80.0, 41), working(80.0, 42)], axis=1) + hum(80.0, 50.0, 45.0)[:, None]
    for whole, parts in zip(signs_of(samples), signs_of(samples, 137), strict=True):
        np.testing.assert_array_equal(whole.sustained, parts.sustained)
        assert whole.quiet_ratio == parts.quiet_ratio or np.isnan(whole.quiet_ratio)


def said_of_hums(settings: Settings) -> list[np.ndarray]:
    """What is found in a hum under contractions, and what is left of ticks that hold one."""
    found = power_of(working(40.0, 1) + hum(40.0, 50.0, 30.0), settings)
    rng, taken, left = np.random.default_rng(3), HumTaken(5, settings.quality), []
    for _ in range(4):
        ticks = 1000.0 * rng.uniform(0.9, 4.0, (50, 5))
        peaks = 3.0 * np.sqrt(ticks)
        taken.push(ticks, peaks, np.array([150.0, 300.0, 1000.0, 3000.0, 6000.0]))
        left += [ticks, peaks]
    return [found, *left]


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", ["hum_in_phase", "hum_quietest", "hum_near", "hum_left"])
def test_twice_or_half_of_a_threshold_is_noticed(name: str, factor: float) -> None:
    changed = SETTINGS.changed({f"quality.{name}": factor * getattr(SETTINGS.quality, name)})
    pairs = zip(said_of_hums(SETTINGS), said_of_hums(changed), strict=True)
    assert any(not np.array_equal(usual, other) for usual, other in pairs)
