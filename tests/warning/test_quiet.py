import numpy as np
import pytest
from quiet_calf import QUIET_UV, SETTINGS, nothing, quiet_ticks, rest
from signals import bursts

from monitor.chunk import Chunk
from monitor.warning.quiet import QuietActivity


def quiet_ratio(quiet: Chunk, stored: tuple[float, ...] | None = None) -> np.ndarray:
    return QuietActivity(quiet.stream, SETTINGS.signs, SETTINGS.baseline, stored).push(quiet).samples[:, 0]


# which ticks are quiet ----------------------------------------------------------------------------------------------


def test_a_resting_calf_is_quiet_throughout_and_its_rms_is_that_of_the_emg():
    quiet = quiet_ticks(rest(20.0, 1))
    assert (quiet.samples[:, -1] == 1).all()
    assert np.median(quiet.samples[:, 0]) == pytest.approx(QUIET_UV, rel=0.05)


def test_around_a_contraction_nothing_is_quiet():
    working = nothing(999)
    working[500:550] = 1
    quiet = quiet_ticks(rest(20.0, 2), working)
    loud = quiet.samples[:, -1] == 0
    margin = round(SETTINGS.signs.quiet_margin_s * 50)
    np.testing.assert_array_equal(np.flatnonzero(loud), np.arange(500 - margin, 550 + margin))


def test_a_burst_too_short_for_a_contraction_does_not_end_the_quiet():
    working = nothing(999)
    working[500:505] = 1
    assert (quiet_ticks(rest(20.0, 3), working).samples[:, -1] == 1).all()
    working[500:506] = 1
    assert (quiet_ticks(rest(20.0, 3), working).samples[:, -1] == 0).any()


def test_a_moving_ankle_is_not_quiet_and_an_unknown_angle_is_no_movement():
    angle = np.zeros(999)
    angle[400:500] = 0.6 * np.arange(100)  # 30 deg/s
    angle[500:] = angle[499]
    quiet = quiet_ticks(rest(20.0, 4), nothing(999), angle).samples[:, -1]
    assert (quiet[401:500] == 0).all() and (quiet[:400] == 1).all() and (quiet[501:] == 1).all()
    assert (quiet_ticks(rest(20.0, 4), nothing(999), np.nan).samples[:, -1] == 1).all()


def test_lost_ticks_are_not_quiet():
    samples = rest(20.0, 5)
    samples[10_000:10_500] = np.nan
    quiet = quiet_ticks(samples)
    lost = (quiet.time_s > 10.021) & (quiet.time_s < 10.5)
    assert (quiet.samples[lost, -1] == 0).all()


def test_a_tick_is_decided_less_than_half_a_second_later():
    samples = rest(20.0, 6)
    assert 19.5 < quiet_ticks(samples).time_s[-1] < 19.8


# quiet activity -----------------------------------------------------------------------------------------------------


def test_the_ratio_of_a_steady_calf_is_one():
    ratio = quiet_ratio(quiet_ticks(rest(90.0, 7)))
    assert ratio[-1] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("factor", [1.5, 2.0, 3.0])
def test_a_raised_quiet_level_is_read_within_ten_percent(factor: float):
    samples = rest(420.0, 8)
    samples[340_000:] *= factor
    quiet = quiet_ticks(samples, nothing(20_999))
    ratio = quiet_ratio(quiet)
    assert ratio[335] == pytest.approx(1.0, abs=0.1)
    assert ratio[-1] == pytest.approx(factor, rel=0.1)


def test_there_is_no_ratio_before_ten_quiet_seconds_have_been_seen():
    ratio = quiet_ratio(quiet_ticks(rest(30.0, 9)))
    assert np.isnan(ratio[:8]).all() and np.isfinite(ratio[12:]).all()


def test_a_stored_baseline_counts_from_the_start_and_is_not_overwritten():
    ratio = quiet_ratio(quiet_ticks(rest(60.0, 10)), stored=(QUIET_UV / 2,))
    assert np.isfinite(ratio[6:]).all()
    assert ratio[-1] == pytest.approx(2.0, rel=0.1)


def test_without_quiet_seconds_for_two_minutes_the_ratio_is_unknown():
    working = nothing(12_999)
    working[5000:] = 1
    ratio = quiet_ratio(quiet_ticks(rest(260.0, 11), working))
    assert np.isfinite(ratio[150]) and np.isnan(ratio[-1])


def test_the_contractions_themselves_do_not_raise_it():
    spans = [(start, start + 2.0) for start in np.arange(3.0, 180.0, 6.0)]
    ratio = quiet_ratio(quiet_ticks(bursts(180.0, spans, 400.0, QUIET_UV, 12)))
    np.testing.assert_allclose(ratio[60:], 1.0, atol=0.15)


def test_the_channel_that_is_raised_most_is_reported():
    samples = np.stack([rest(420.0, 13), rest(420.0, 14)], axis=1)
    samples[340_000:, 1] *= 2.0
    assert quiet_ratio(quiet_ticks(samples, nothing(20_999)))[-1] == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_a_raised_quiet_level_is_still_read_after_minutes_of_rest(factor: float):
    worked = [(start, start + 2.0) for start in np.arange(5.0, 340.0, 10.0)]
    samples = bursts(900.0, worked, 400.0, QUIET_UV, 23)
    samples[800_000:] *= factor
    assert quiet_ratio(quiet_ticks(samples))[-1] == pytest.approx(factor, rel=0.1)


def test_a_raised_quiet_level_is_read_soon_after_work():
    worked = [(start, start + 2.0) for start in np.arange(5.0, 340.0, 10.0)]
    samples = bursts(480.0, worked, 400.0, QUIET_UV, 24)
    samples[420_000:] *= 3.0
    assert quiet_ratio(quiet_ticks(samples))[-1] == pytest.approx(3.0, rel=0.1)
