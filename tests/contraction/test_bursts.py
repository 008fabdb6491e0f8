"""Onset and end to the sample, on bursts whose edges are known."""

from functools import cache

import numpy as np
import pytest
from signals import cut, emg_chunk, muscle

from monitor.conditioning.filters import HighPass
from monitor.contraction.bursts import Contraction, Contractions
from monitor.contraction.onset import Gate
from monitor.contraction.ticks import TickFeatures
from monitor.settings import Settings

SETTINGS = Settings()
LENGTH_S, RATE_HZ = 90.0, 1000.0
Spans = list[tuple[float, float]]


@cache
def signal(snr_db: float, rise_s: float, seed: int) -> tuple[np.ndarray, Spans]:
    """Two channels: bursts with edges that rise and fall in `rise_s`, quiet EMG between."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    level, spans, at = np.zeros(len(time_s)), [], 8.0
    while at < LENGTH_S - 4:
        end = at + rng.uniform(0.3, 1.5)
        edges = [np.clip(distance / max(rise_s, 1e-6), 0, 1) for distance in (time_s - at, end - time_s)]
        level = np.maximum(level, np.minimum(*edges))
        spans.append((at, end))
        at = end + rng.uniform(0.6, 2.5)
    loud = 10 ** (snr_db / 20)
    columns = [muscle(LENGTH_S, loud, seed + c) * level + muscle(LENGTH_S, 1.0, seed + c + 5) for c in (0, 1)]
    return 5 * np.stack(columns, axis=1), spans


def found(samples: np.ndarray, size: int = 10**9) -> tuple[Contraction, ...]:
    chunk = emg_chunk(samples)
    high_pass = HighPass(chunk.stream, SETTINGS.filters)
    ticks = TickFeatures(high_pass.output)
    gate = Gate(ticks.output, SETTINGS.gate)
    contractions = Contractions(high_pass.output, SETTINGS.gate)
    for part in cut(chunk, size):
        filtered = high_pass.push(part)
        contractions.push(filtered, gate.push(ticks.push(filtered)))
    return contractions.take(LENGTH_S)


def errors_ms(snr_db: float, rise_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Of onsets and ends; the first burst teaches the gate's reference."""
    onset, end = [], []
    for seed in (1, 2):
        samples, spans = signal(snr_db, rise_s, seed)
        known = found(samples)
        for start_s, end_s in spans[1:]:
            nearest = min(known, key=lambda each, at=start_s: abs(each.start_s - at))
            assert abs(nearest.start_s - start_s) < 0.3, "missed"
            onset.append(1000 * (nearest.start_s - start_s))
            end.append(1000 * (nearest.end_s - end_s))
    return np.abs(onset), np.abs(end)


@pytest.mark.parametrize("rise_s", [0.0, 0.03, 0.06])
@pytest.mark.parametrize(("snr_db", "most_ms"), [(40.0, 10.0), (20.0, 20.0)])
def test_the_median_error_is_10_ms_at_40_db_and_20_ms_at_20_db(snr_db: float, most_ms: float, rise_s: float):
    onset, end = errors_ms(snr_db, rise_s)
    assert np.median(onset) <= most_ms and np.median(end) <= most_ms
    assert np.quantile(onset, 0.9) <= 3 * most_ms


@pytest.mark.parametrize(("snr_db", "sure"), [(40.0, True), (20.0, True), (15.0, True), (9.0, False)])
def test_below_the_limit_of_use_it_says_so(snr_db: float, sure: bool):
    known = found(signal(snr_db, 0.0, 3)[0])[1:]
    assert len(known) > 3
    assert np.mean([each.sure == sure for each in known]) > 0.9
    assert np.median([each.snr_db for each in known]) == pytest.approx(snr_db, abs=3)


@pytest.mark.parametrize("size", [7, 100, 20_000])
def test_the_cutting_changes_nothing(size: int):
    samples, _ = signal(20.0, 0.03, 4)
    samples = samples[: 30_000 if size < 100 else None]
    assert found(samples, size) == found(samples)


def test_a_twitch_before_the_onset_is_not_part_of_it():
    samples, spans = signal(30.0, 0.0, 5)
    spoilt = samples.copy()
    for start_s, _ in spans:
        spoilt[round(1000 * (start_s - 0.2)) :][:5] *= 8
    known = found(spoilt)
    assert np.median([min(abs(each.start_s - start_s) for each in known) for start_s, _ in spans]) < 0.01


def test_lost_samples_at_an_edge_are_borne():
    samples, spans = signal(30.0, 0.0, 6)
    for start_s, _ in spans[3:]:
        samples[round(1000 * start_s) - 80 :][:30] = np.nan
    known = found(samples)
    assert all(np.isfinite([each.start_s, each.end_s]).all() and each.end_s > each.start_s for each in known)
    assert len(known) >= len(spans) - 1
