import numpy as np
import pytest
from signals import bursts, emg_chunk, emg_stream, ticks_of

from monitor.chunk import Chunk
from monitor.contraction.onset import Gate
from monitor.contraction.ticks import TickFeatures
from monitor.settings import GateSettings

SETTINGS = GateSettings()
TICK_S = 0.02


def gated(samples: np.ndarray, gate: Gate | None = None) -> tuple[Gate, Chunk]:
    ticks = ticks_of(emg_chunk(samples))
    gate = gate or Gate(ticks.stream, SETTINGS)
    return gate, gate.push(ticks)


def spans_s(gate: Chunk) -> list[tuple[float, float]]:
    """Where the gate is on, from the start of its first to the end of its last tick."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], gate.samples[:, 0] == 1, [0]]).astype(int)))
    return [(float(gate.time_s[a] - TICK_S), float(gate.time_s[b - 1])) for a, b in edges.reshape(-1, 2)]


def new_gate() -> Gate:
    return Gate(TickFeatures(emg_stream()).output, SETTINGS)


@pytest.mark.parametrize("seed", [1, 2])
def test_bursts_at_20_db_are_found_within_two_ticks(seed: int):
    true_s = [(start, start + 0.9) for start in np.arange(10.0, 58.0, 3.06)]
    _, out = gated(bursts(60.0, true_s, 100.0, 10.0, seed))
    found_s = [span for span in spans_s(out) if span[0] > 12.0]  # the first one teaches the reference
    assert len(found_s) == len(true_s[1:])
    np.testing.assert_allclose(found_s, true_s[1:], atol=2 * TICK_S + 1e-9)


def test_rest_alone_is_no_contraction():
    _, out = gated(bursts(60.0, [], 0.0, 10.0, seed=5))
    assert (out.samples[:, 0] == 0).all()


def test_three_times_the_quiet_level_is_no_contraction_for_a_calf_that_has_worked():
    samples = bursts(60.0, [(5.0, 9.0)], 300.0, 10.0, seed=6)
    samples[20_000:40_000] *= 3.0
    _, out = gated(samples)
    np.testing.assert_allclose(spans_s(out), [(5.0, 9.0)], atol=0.06)


def test_the_floor_is_frozen_after_120_s_so_a_calf_that_fails_to_relax_is_not_taken_for_rest():
    true_s = [(start, start + 1.0) for start in np.arange(5.0, 300.0, 5.0)]
    samples = bursts(300.0, true_s, 500.0, 10.0, seed=7)
    quiet_later = samples.copy()
    working = np.zeros(len(samples), dtype=bool)
    for start_s, end_s in true_s:
        working[round(start_s * 1000) : round(end_s * 1000)] = True
    quiet_later[(np.arange(len(samples)) > 150_000) & ~working] *= 3.0
    steady, as_it_was = gated(samples)
    raised, later = gated(quiet_later)
    assert raised.floor_uv == steady.floor_uv
    np.testing.assert_allclose(later.samples[-1, 2], as_it_was.samples[-1, 2], rtol=0.03)


def test_a_raised_quiet_level_in_the_first_120_s_is_learnt():
    _, low = gated(bursts(60.0, [(5.0, 6.0)], 100.0, 10.0, seed=8))
    _, high = gated(bursts(60.0, [(5.0, 6.0)], 100.0, 30.0, seed=8))
    assert high.samples[-1, 2] / low.samples[-1, 2] == pytest.approx(3.0, rel=0.05)


def test_the_threshold_is_that_of_the_seconds_before():
    _, out = gated(bursts(20.0, [(10.0, 12.0)], 1000.0, 10.0, seed=9))
    in_second = np.floor(out.time_s - TICK_S / 2).astype(int)
    for second in (3, 10, 11):
        assert len(set(out.samples[in_second == second, 2])) == 1
    assert np.isinf(out.samples[in_second == 0, 2]).all(), "nothing is known in the first second"


def test_with_the_levels_of_an_earlier_session_the_first_burst_is_found_at_once():
    gate = new_gate()
    gate.start_from(floor_uv=14.0, reference_uv=140.0)
    _, out = gated(bursts(3.0, [(0.4, 1.4)], 100.0, 10.0, seed=10), gate)
    np.testing.assert_allclose(spans_s(out), [(0.4, 1.4)], atol=2 * TICK_S + 1e-9)


def test_the_stored_floor_stays_frozen():
    gate = new_gate()
    gate.start_from(floor_uv=14.0, reference_uv=140.0)
    gated(bursts(130.0, [], 0.0, 40.0, seed=11), gate)
    assert gate.floor_uv == 14.0


def test_a_weaker_calf_is_followed_after_minutes_but_not_at_once():
    true_s = [(start, start + 1.0) for start in np.arange(2.0, 600.0, 4.0)]
    samples = bursts(600.0, true_s, 300.0, 1.0, seed=12)
    samples[300_000:] *= 0.5
    _, out = gated(samples)
    threshold = {at_s: out.samples[round(at_s * 50) - 1, 2] for at_s in (299, 310, 599)}
    assert threshold[310] == pytest.approx(threshold[299], rel=0.06)
    assert threshold[599] < 0.93 * threshold[299]


def test_lost_ticks_are_unknown_and_end_a_contraction():
    samples = bursts(30.0, [(10.0, 11.0), (20.0, 22.0)], 200.0, 10.0, seed=13)
    samples[21_000:21_500] = np.nan
    _, out = gated(samples)
    lost = (out.time_s > 21.021) & (out.time_s < 21.5)
    assert np.isnan(out.samples[lost, 0]).all()
    assert (out.samples[(out.time_s > 20.1) & (out.time_s < 20.9), 0] == 1).all()
    assert (out.samples[(out.time_s > 22.1), 0] == 0).all()


def test_one_dead_channel_of_three_does_not_hide_a_contraction():
    alive = [bursts(30.0, [(10.0, 11.0), (20.0, 21.0)], 200.0, 10.0, seed) for seed in (14, 15)]
    samples = np.stack([*alive, np.full(30_000, np.nan)], axis=1)
    _, out = gated(samples)
    np.testing.assert_allclose(spans_s(out)[-1], (20.0, 21.0), atol=2 * TICK_S + 1e-9)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_makes_no_difference(scale: float):
    samples = bursts(30.0, [(10.0, 11.0), (14.0, 15.5)], 100.0, 3.0, 1)
    (_, whole), (_, scaled) = gated(samples), gated(scale * samples)
    np.testing.assert_array_equal(scaled.samples[:, 0], whole.samples[:, 0])
