"""A calf that is out of range early on: what is its own is learnt afterwards, for as long as without the break."""

from __future__ import annotations

import numpy as np
from signals import RATE_HZ, cut, emg_chunk, muscle

from monitor.breaks import Breaks
from monitor.emg_path import EmgPath
from monitor.settings import BaselineSettings, Settings

EARLY_S, OUT_S, LATER_S = 20, 400, 200


def worked(length_s: int, seed: int) -> np.ndarray:
    """(n,) contractions of 0.8 s in every 3 s, in which the calf then rests."""
    since_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ % 3.0
    level = np.where(since_s < 0.8, 1.0, np.exp(-np.maximum(since_s - 0.8, 0.0) / 0.08))
    noise = np.random.default_rng(seed).standard_normal(len(since_s))
    return muscle(float(length_s), 150.0, seed) * level + 3.0 * noise


def test_all_that_is_the_calfs_own_is_learnt_after_an_early_break() -> None:
    samples = np.concatenate([worked(EARLY_S, 1), np.full(round(OUT_S * RATE_HZ), np.nan), worked(LATER_S, 2)])
    chunk = emg_chunk(samples)
    path, second = EmgPath(chunk.stream, None, Settings()), 0
    for part in cut(chunk, round(10 * RATE_HZ)):
        path.push(part)
        while second < int(part.time_s[-1]):
            second += 1
            last = path.close(float(second), np.empty(0), np.empty(0), expected=False)
    signs = path._signs
    assert path.compression.fit is not None and signs.quiet.baseline_uv is not None
    assert signs.discharges.baseline_per_min is not None
    assert signs.relaxation.baseline is None, "its window is not over yet"
    assert last.signs.quiet_ratio == np.clip(last.signs.quiet_ratio, 0.8, 1.25)


def test_a_break_counts_from_its_beginning_once_it_is_long() -> None:
    breaks, told = Breaks(BaselineSettings(break_s=3.0)), []
    for heard in (1, 0, 0, 1, 0, 0, 0, 0, 1, 0):
        breaks.hear(heard=bool(heard))
        told.append(breaks.total_s)
    assert told == [0, 0, 0, 0, 0, 0, 3, 4, 4, 4]
