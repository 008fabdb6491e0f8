import numpy as np
import pytest
from quiet_calf import QUIET_UV, SETTINGS, nothing, quiet_ticks, rest
from signals import bursts

from monitor.chunk import Chunk
from monitor.warning.discharges import Discharges


def twitch_rates(quiet: Chunk, stored: float | None = None) -> np.ndarray:
    """(n, 3): twitches per minute now and in the baseline, seconds of tonic firing per minute."""
    return Discharges(quiet.stream, SETTINGS.signs, SETTINGS.baseline, stored).push(quiet).samples


def with_twitches(samples: np.ndarray, at_s: np.ndarray, peak_uv: float = 150.0) -> np.ndarray:
    """Single potentials, 12 ms long, of two phases."""
    out = samples.copy()
    wave = peak_uv * np.sin(2 * np.pi * np.arange(12) / 12)
    for time_s in at_s:
        first = round(time_s * 1000)
        out[first : first + 12] += wave
    return out


def rate_of(per_min: float) -> float:
    at_s = np.arange(5.13, 178.0, 60.0 / per_min)
    return float(twitch_rates(quiet_ticks(with_twitches(rest(180.0, 15), at_s)))[-1, 0])


@pytest.mark.parametrize(
    "per_min",
    [
        6.0,
        pytest.param(12.0),
    ],
)
def test_known_twitches_are_counted_within_twenty_percent(per_min: float):
    assert rate_of(per_min) == pytest.approx(per_min, rel=0.2)


def test_five_times_as_many_twitches_read_five_times_as_many():
    assert rate_of(30.0) / rate_of(6.0) == pytest.approx(5.0, rel=0.1)


def test_a_resting_calf_without_twitches_shows_hardly_any():
    rate, baseline, _ = twitch_rates(quiet_ticks(rest(180.0, 16)))[-1]
    assert rate < 1.0 and baseline < 1.5


def test_twitches_below_20_uv_are_noise():
    at_s = np.arange(5.0, 178.0, 3.0)
    quiet_calf = rest(180.0, 17) / 8
    assert twitch_rates(quiet_ticks(with_twitches(quiet_calf, at_s, peak_uv=15.0)))[-1, 0] < 1.0
    assert twitch_rates(quiet_ticks(with_twitches(quiet_calf, at_s, peak_uv=40.0)))[-1, 0] > 15.0


def test_tonic_firing_is_no_twitching_but_counts_by_itself():
    tonic = np.concatenate([np.arange(start, start + 1.0, 0.12) for start in np.arange(60.0, 170.0, 5.0)])
    rate, _, tonic_s_per_min = twitch_rates(quiet_ticks(with_twitches(rest(180.0, 18), tonic), nothing(8999)))[-1]
    assert rate < 1.5
    assert tonic_s_per_min == pytest.approx(12.0, rel=0.2)


def test_twitches_during_contractions_are_not_counted():
    spans = [(start, start + 2.0) for start in np.arange(4.0, 176.0, 4.0)]
    at_s = np.array([start + 1.0 for start, _ in spans])
    rate, _, _ = twitch_rates(quiet_ticks(with_twitches(bursts(180.0, spans, 300.0, QUIET_UV, 19), at_s, 3000.0)))[-1]
    assert rate < 1.5


def test_too_little_quiet_time_says_nothing():
    working = np.ones(8999)
    working[::50] = 1
    working[: 50 * 15] = 0
    rates = twitch_rates(quiet_ticks(rest(180.0, 20), working))
    assert np.isnan(rates[:, 0]).all()


def test_the_baseline_is_that_of_the_first_minutes():
    early, late = np.arange(5.0, 330.0, 20.0), np.arange(335.0, 478.0, 4.0)
    rates = twitch_rates(quiet_ticks(with_twitches(rest(480.0, 21), np.concatenate([early, late]))))
    assert rates[-1, 1] == pytest.approx(3.0, rel=0.2)
    assert rates[-1, 0] > 3.0 * rates[-1, 1]


def test_a_stored_baseline_rate_is_kept():
    assert (twitch_rates(quiet_ticks(rest(60.0, 22)), stored=2.5)[:, 1] == 2.5).all()


def test_single_twitches_are_no_tonic_firing():
    at_s = np.arange(5.0, 178.0, 2.0)
    assert twitch_rates(quiet_ticks(with_twitches(rest(180.0, 18), at_s)))[-1, 2] == 0.0


def test_without_quiet_time_tonic_firing_is_unknown():
    rates = twitch_rates(quiet_ticks(rest(60.0, 20), np.ones(2999)))
    assert np.isnan(rates[:, 2]).all()
