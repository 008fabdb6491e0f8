"""Sustained activity: what is a cramp, what is asked about, what is nothing; and when it has let go."""

from __future__ import annotations

import numpy as np
import pytest
from sustained import LABELS, NAN, REST, SETTINGS, WORK, Span, readings, stride, ticks_of, verdicts, warm_up, watch

from monitor.warning.cramp import cramp_reading
from monitor.warning.evidence import Verdict

CRAMP = (150.0, 6.0)  # of GM alone
TIPTOE = (130.0, 105.0)
POINTED: Span = (6.0, REST, -18.0)


def first(found: list[Verdict], least: Verdict = Verdict.ONE_HEAD) -> int | None:
    """After how many seconds."""
    return next((second for second, verdict in enumerate(found, 1) if verdict >= least), None)


# what is a cramp ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle_deg", [-18.0, 0.0, 15.0, NAN])
def test_one_head_at_work_while_the_other_is_silent_is_a_cramp_within_four_seconds(angle_deg: float):
    found = verdicts([(10.0, CRAMP, angle_deg)])
    assert first(found) in (3, 4) and set(found[4:]) == {Verdict.ONE_HEAD}


def test_a_cramp_of_the_other_head_is_one_too_and_named():
    found = readings([(6.0, (7.0, 120.0), -10.0)])[-1]
    assert found is not None and found.verdict == Verdict.ONE_HEAD and found.channel == "GL"


@pytest.mark.parametrize("n_channels", [1, 2])
def test_activity_that_does_not_pause_in_running_is_a_cramp(n_channels: int):
    assert first(verdicts(stride(8.0, floor=(160.0, 130.0)), n_channels)) in (3, 4, 5)


@pytest.mark.parametrize("n_channels", [1, 2])
def test_what_begins_by_itself_in_a_pointed_foot_at_rest_is_a_cramp(n_channels: int):
    found = verdicts([POINTED, (8.0, TIPTOE, -18.0)], n_channels)
    assert first(found) in (9, 10) and found[-1] == Verdict.FROM_REST


def test_a_weak_cramp_of_one_head_during_running_is_seen():
    assert first(verdicts(stride(8.0, floor=(90.0, 5.0)))) in (3, 4, 5)


# what is asked about, and what is nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("angle_deg", [-20.0, 5.0, NAN])
def test_a_hold_of_both_heads_or_of_a_single_channel_is_asked_about_only(n_channels: int, angle_deg: float):
    found = verdicts([(20.0, TIPTOE, angle_deg)], n_channels)
    assert set(found[4:]) == {Verdict.ASK}


@pytest.mark.parametrize("n_channels", [1, 2])
def test_running_and_raises_are_nothing(n_channels: int):
    assert set(verdicts([*stride(20.0), *([(1.0, REST, 0.0), (1.4, WORK, -25.0)] * 8)], n_channels)) == {
        Verdict.NOTHING
    }


def test_quiet_emg_that_has_risen_to_four_times_its_rest_is_nothing():
    assert set(verdicts([(30.0, (24.0, 12.0), -18.0)])) == {Verdict.NOTHING}


def test_a_hum_has_no_noise_of_its_own_and_is_nothing():
    assert set(verdicts([(10.0, (150.0, 6.0), 0.0)], hum=True)[4:]) == {Verdict.NOTHING}


@pytest.mark.parametrize("swollen_s", [1.6, 2.0])
def test_a_hum_in_gait_that_swells_for_a_moment_is_no_cramp(swollen_s: float):
    levels = [((80.0, 60.0), 6.0), ((110.0, 85.0), swollen_s), ((80.0, 60.0), 6.0)]
    spans = [(0.2, uv, angle) for uv, length_s in levels for angle in (15.0, -15.0) * round(length_s / 0.4)]
    assert not any(verdict.cramp for verdict in verdicts(spans, hum=True))


@pytest.mark.parametrize(("taken_uv", "verdict"), [(3.0, Verdict.ONE_HEAD), (60.0, Verdict.ASK), (25.0, Verdict.ASK)])
def test_a_head_is_silent_only_if_it_is_with_half_of_the_hum_that_was_taken_off_it(taken_uv: float, verdict: Verdict):
    stage, told = watch(), ticks_of([*warm_up(), (8.0, (60.0, 6.0), 0.0)])
    stage.hum_taken = np.array([0.0, taken_uv**2])
    assert Verdict(int(stage.push(told).samples[-1, 0])) == verdict


def test_heads_that_differ_by_an_electrode_that_has_shifted_are_asked_about_only():
    assert Verdict.ONE_HEAD not in verdicts([(15.0, (130.0, 105.0 / 2.5), -20.0)])


def test_a_pointed_foot_whose_emg_is_unknown_has_not_rested():
    assert set(verdicts([(6.0, (NAN, NAN), -18.0), (8.0, TIPTOE, -18.0)])) == {Verdict.NOTHING, Verdict.ASK}


def test_channels_are_compared_at_the_same_instants():
    one_lost = (NAN, TIPTOE[1])
    found = verdicts([(3.0, REST, 0.0), (0.9, one_lost, 0.0), (6.0, TIPTOE, 0.0)])
    assert Verdict.ONE_HEAD not in found


def test_before_the_calf_is_known_nothing_is_said():
    out = watch().push(ticks_of([(20.0, CRAMP, -18.0)]))
    assert {cramp_reading(row, LABELS) for row in out.samples} == {None}


# letting go -----------------------------------------------------------------------------------------------------------


def test_a_cramp_that_is_stretched_away_is_down_within_four_seconds_and_the_turn_is_told():
    found = readings([(10.0, CRAMP, -18.0), (1.0, (200.0, 6.0), 0.0), (8.0, REST, 16.0)])
    down = [one.fallen_s if one else NAN for one in found]
    assert max(down[:11]) == 0.0, "not while the stretch raises it"
    assert next(second for second, seconds in enumerate(down) if seconds >= 2.5) in (12, 13)
    assert found[-1] is not None and found[-1].turned_deg == pytest.approx(34.0, abs=3.0)


def test_a_cramp_that_stops_by_itself_turns_no_ankle():
    last = readings([(10.0, CRAMP, -18.0), (6.0, REST, -18.0)])[-1]
    assert last is not None and last.fallen_s >= 2.5 and abs(last.turned_deg or 0.0) < 2.0


def test_half_of_the_cramp_is_no_end():
    last = readings([(10.0, CRAMP, -18.0), (10.0, (75.0, 6.0), -18.0)])[-1]
    assert last is not None and last.fallen_s < 1.0


def test_rest_that_is_loud_does_not_hide_the_end():
    loud = (30.0, 25.0)
    last = readings([(40.0, loud, 0.0), (10.0, (90.0, 25.0), -18.0), (6.0, loud, 10.0)])[-1]
    assert last is not None and last.fallen_s >= 2.5


def test_single_twitches_do_not_hide_the_end():
    twitching: list[Span] = [(0.9, REST, 10.0), (0.1, (80.0, 5.0), 10.0)]
    last = readings([(10.0, CRAMP, -18.0), *(twitching * 6)])[-1]
    assert last is not None and last.fallen_s >= 2.5


def test_what_is_not_known_is_no_end():
    found = readings([(10.0, CRAMP, -18.0), (8.0, (NAN, 6.0), 0.0)])
    assert found[-1] is None or (found[-1].fallen_s == 0.0 and found[-1].unsustained_s < 2.0)


def test_a_calf_that_runs_on_is_no_longer_cramped():
    last = readings([(10.0, CRAMP, -18.0), *stride(21.0)])[-1]
    assert last is not None and last.unsustained_s >= 15.0


def test_in_small_pieces_it_is_the_same():
    ticks = ticks_of([*warm_up(), POINTED, (8.0, TIPTOE, -18.0), *stride(8.0)])
    whole, stage = watch().push(ticks), watch()
    parts = [stage.push(ticks[start : start + 17]) for start in range(0, len(ticks), 17)]
    np.testing.assert_array_equal(np.concatenate([part.samples for part in parts]), whole.samples)
    assert SETTINGS.cramp.window_s == 3.0
