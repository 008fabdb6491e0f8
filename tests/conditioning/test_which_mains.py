"""Which mains hums is found by itself, and what the spectrum's score leaves out follows it before a baseline begins."""

from __future__ import annotations

import numpy as np
import pytest
from signals import RATE_HZ, emg_chunk, muscle

from monitor.chunk import Chunk
from monitor.conditioning.hum import HumWatch
from monitor.conditioning.windows import QualityWindows
from monitor.emg_path import EmgPath
from monitor.fatigue.compression import Compression
from monitor.settings import Settings

SETTINGS = Settings()


def calf(length_s: float, seed: int, hum_hz: float = 0.0, hum_uv: float = 20.0) -> np.ndarray:
    """(n,) a calf that works every other second above 3 uV of noise, with a hum and its third harmonic."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    works = np.where(time_s % 2 < 1, 1.0, 0.0)
    quiet = 3.0 * np.random.default_rng(seed).standard_normal(len(time_s))
    hum = sum(share * np.sin(2 * np.pi * n * hum_hz * time_s + n) for n, share in ((1, 1.0), (3, 0.4)))
    return muscle(length_s, 120.0, seed) * works + quiet + hum_uv * np.sqrt(2) * (hum if hum_hz else 0.0)


def hum_of(samples: np.ndarray) -> Chunk:
    chunk = emg_chunk(samples)
    windows = QualityWindows(chunk.stream, SETTINGS.quality)
    return HumWatch(windows.output, SETTINGS.quality).push(windows.push(chunk))


@pytest.mark.parametrize("hum_hz", [50.0, 60.0, 49.8, 60.15])
def test_a_hum_is_told_by_its_country_after_four_seconds(hum_hz):
    said = hum_of(calf(20.0, 1, hum_hz)).samples[:, 0]
    assert set(said[:7]) == {0.0}
    assert set(said[7:]) == {round(hum_hz, -1)}


@pytest.mark.parametrize("seed", range(6))
def test_no_hum_is_found_where_there_is_none(seed):
    assert not hum_of(calf(60.0, seed)).samples.any()
    assert not hum_of(muscle(60.0, 100.0, seed)).samples.any()


def test_the_channels_vote_and_one_that_is_lost_has_no_vote():
    clean, humming = calf(20.0, 1), calf(20.0, 2, 60.0)
    assert hum_of(np.stack([clean, humming, np.full(len(clean), np.nan)], axis=1)).samples[-1, 0] == 60.0


def path_after(samples: np.ndarray, *, changed: dict | None = None) -> EmgPath:
    chunk = emg_chunk(samples)
    path = EmgPath(chunk.stream, None, SETTINGS.changed(changed or {}))
    path.push(chunk)
    for second in range(1, int(len(samples) / RATE_HZ)):
        path.close(float(second), np.empty(0), np.empty(0), expected=False)
    return path


def left_out_hz(of: Compression) -> np.ndarray:
    """The bins within the score's band that the score leaves out, Hz."""
    inside = (of.frequency_hz >= 25) & (of.frequency_hz <= 350)
    return of.frequency_hz[np.setdiff1d(np.flatnonzero(inside), of._score)]


def near(of: Compression, mains_hz: float) -> np.ndarray:
    hz = left_out_hz(of)
    return np.abs(hz - mains_hz * np.round(hz / mains_hz)) < SETTINGS.spectrum.mains_half_width_hz


def test_the_score_leaves_out_the_bins_of_the_mains_that_hums_and_without_hum_those_of_the_setting():
    at_60, at_50, clean = (path_after(calf(12.0, 3, hz)).compression for hz in (60.0, 50.0, 0.0))
    assert near(at_60, 60.0).all() and not near(at_60, 50.0).all()
    assert near(at_50, 50.0).all()
    np.testing.assert_array_equal(at_50._score, clean._score)
    never = path_after(calf(12.0, 3, 60.0), changed={"spectrum.mains_hz": 0}).compression
    assert not len(left_out_hz(never))


def test_what_is_left_out_does_not_change_once_the_baseline_has_begun():
    path = path_after(calf(30.0, 4))
    before = path.compression._score.copy()
    path.compression.heed(60.0)
    np.testing.assert_array_equal(path.compression._score, before)
    fresh = path_after(calf(10.0, 4))
    fresh.compression.heed(60.0)
    assert near(fresh.compression, 60.0).all()
    fresh.compression.reset()
    np.testing.assert_array_equal(fresh.compression._score, before)
