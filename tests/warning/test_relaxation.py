import dataclasses
import json
from collections.abc import Callable

import numpy as np
import pytest

from monitor.chunk import Chunk
from monitor.grid import TICK_S
from monitor.settings import Settings
from monitor.warning.relaxation import Falls, LateRelaxation, Relaxation, RelaxationBaseline, relaxation_input

SETTINGS = Settings()
SIGNS = SETTINGS.signs
PEAK_UV, QUIET_UV = 200.0, 2.0
TAU_S = 0.08
HALF_TO_EIGHTH = np.log(SIGNS.relaxation_high / SIGNS.relaxation_low)


def calf(
    length_s: float,
    tau_s: Callable[[np.ndarray], np.ndarray] = lambda time_s: np.full(len(time_s), TAU_S),
    angle_deg: Callable[[np.ndarray], np.ndarray] = lambda time_s: np.full(len(time_s), -15.0),
    period_s: float = 3.0,
    noise: float = 0.1,
    seed: int = 1,
) -> Chunk:
    """Amplitude of a calf that works for 0.8 s in every three seconds and then lets go with a time constant."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(1, round(length_s / TICK_S) + 1) * TICK_S
    since_s = time_s % period_s - 0.8
    level = PEAK_UV * np.where(since_s < 0, 1.0, np.exp(-np.maximum(since_s, 0.0) / tau_s(time_s))) + QUIET_UV
    level *= np.exp(noise * rng.standard_normal(len(time_s)))
    active = level > 0.1 * PEAK_UV
    return Chunk(relaxation_input("test"), time_s, np.stack([level, active, angle_deg(time_s)], axis=1))


def z_of(chunk: Chunk) -> np.ndarray:
    return LateRelaxation(relaxation_input("test"), SIGNS, SETTINGS.baseline).push(chunk).samples[:, 0]


def falls(amplitudes: list[float], active: list[int]) -> list[Relaxation]:
    seen = Falls(SIGNS.relaxation_high, SIGNS.relaxation_low)
    found = [seen.push(amplitude, works, -15.0) for amplitude, works in zip(amplitudes, active, strict=True)]
    return [fall for fall in found if fall is not None]


@pytest.mark.parametrize("tau_s", [0.04, 0.08, 0.2])
def test_the_fall_is_timed_between_the_ticks(tau_s: float):
    chunk = calf(30.0, lambda time_s: np.full(len(time_s), tau_s), noise=0.0)
    found = falls(chunk.samples[:, 0].tolist(), chunk.samples[:, 1].astype(int).tolist())
    assert len(found) == 10
    assert np.mean([fall.fall_s for fall in found]) == pytest.approx(tau_s * HALF_TO_EIGHTH, rel=0.12)


def test_a_contraction_that_does_not_die_away_within_one_and_a_half_seconds_says_nothing():
    fading = (100 * 0.99 ** np.arange(400)).tolist()
    assert falls([100.0] * 20 + fading, [1] * 20 + [0] * 400) == []


def test_a_lost_tick_in_the_fall_says_nothing():
    assert len(falls([100.0] * 20 + [60.0, 30.0, 15.0, 5.0], [1] * 20 + [0] * 4)) == 1
    assert falls([100.0] * 20 + [60.0, np.nan, 15.0, 5.0], [1] * 20 + [0] * 4) == []


def test_a_new_contraction_before_the_fall_takes_its_place():
    found = falls([100.0] * 20 + [40.0, 30.0] + [200.0] * 10 + [10.0], [1] * 20 + [0] * 2 + [1] * 10 + [0])
    assert [fall.peak for fall in found] == [200.0]


def test_a_fall_within_the_gate_is_seen_too():
    assert len(falls([100.0] * 20 + [40.0, 10.0, 10.0, 10.0], [1] * 23 + [0])) == 1


def test_there_is_no_z_before_the_baseline_is_over():
    z = z_of(calf(420.0))
    assert np.isnan(z[: int(SETTINGS.baseline.end_s)]).all() and np.isfinite(z[-1])


def test_a_calf_that_stays_as_it_is_has_a_z_near_zero():
    assert np.nanmax(np.abs(z_of(calf(900.0)))) < 1.0


@pytest.mark.parametrize("factor, low, high", [(1.3, 0.7, 2.0), (2.0, 2.5, 4.5), (3.0, 4.0, 6.0)])
def test_a_later_relaxation_raises_z(factor: float, low: float, high: float):
    z = z_of(calf(600.0, lambda time_s: np.where(time_s < 450, TAU_S, factor * TAU_S)))
    assert low < z[-1] <= high, z[-1]
    assert abs(z[440]) < 1.0


def test_kinds_that_the_baseline_does_not_know_are_ignored():
    z = z_of(
        calf(
            700.0,
            lambda time_s: np.where(time_s < 450, TAU_S, 3 * TAU_S),
            lambda time_s: np.where(time_s < 450, -15.0, 12.0),
        )
    )
    assert np.isfinite(z[445]) and abs(z[460]) < 1.0 and np.isnan(z[-1])


def test_a_baseline_of_five_contractions_is_none():
    chunk = calf(2000.0, period_s=66.0)
    assert np.isnan(z_of(chunk)).all()
    fewer = dataclasses.replace(SIGNS, relaxation_least=3, relaxation_recent=3)
    assert np.isfinite(LateRelaxation(chunk.stream, fewer, SETTINGS.baseline).push(chunk).samples[:, 0]).any()


def test_without_contractions_the_last_z_fades_and_is_forgotten():
    late = calf(500.0, lambda time_s: np.where(time_s < 400, TAU_S, 3 * TAU_S))
    time_s = 500.0 + np.arange(1, 20_001) * TICK_S
    rest = Chunk(late.stream, time_s, np.stack([np.full(20_000, QUIET_UV), 0 * time_s, 0 * time_s], axis=1))
    z = z_of(Chunk.joined([late, rest]))
    assert z[499] > 3.0
    assert 0.3 * z[499] < z[499 + 120] < 0.8 * z[499]
    assert np.isnan(z[499 + int(SIGNS.relaxation_memory_s) + 5 :]).all()


def test_without_an_angle_contractions_are_compared_by_length_and_strength():
    z = z_of(
        calf(
            600.0,
            lambda time_s: np.where(time_s < 450, TAU_S, 2 * TAU_S),
            lambda time_s: np.full(len(time_s), np.nan),
        )
    )
    assert z[-1] > 2.0


def late(time_s: np.ndarray) -> np.ndarray:
    return np.full(len(time_s), 2.5 * TAU_S)


def test_a_stored_baseline_gives_a_z_within_the_first_minute():
    yesterday = LateRelaxation(relaxation_input("test"), SIGNS, SETTINGS.baseline)
    yesterday.push(calf(340.0))
    assert yesterday.baseline is not None
    kept = RelaxationBaseline.from_dict(json.loads(json.dumps(yesterday.baseline.to_dict())))
    assert kept == yesterday.baseline
    today = LateRelaxation(relaxation_input("test"), SIGNS, SETTINGS.baseline, kept)
    z = today.push(calf(60.0, late, seed=2)).samples[:, 0]
    assert np.isfinite(z[30:]).all() and z[-1] > 2.0
    assert today.baseline == kept, "late contractions teach it nothing"
    today.reset()
    assert today.baseline == kept


@pytest.mark.parametrize("kinds", [[[1, 2, True, np.nan, 0.2]], [[1, 2, True, 0.1, 0.0]], [[1, 2]], 3])
def test_a_damaged_stored_baseline_is_refused(kinds: object):
    with pytest.raises((ValueError, TypeError)):
        RelaxationBaseline.from_dict({"usual_peak": 100.0, "kinds": kinds})
