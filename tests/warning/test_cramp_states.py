"""CRAMP, RELIEF, COOLDOWN, what is asked, and what a person reports; from evidence alone."""

from __future__ import annotations

from typing import Any

import pytest
from evidence_of import BAD, CRAMPING, HELD, LET_GO, LOW, RISKY, SILENT, STILL_QUIET, UNKNOWN
from told_leg import LEARNING, Leg, in_warn, in_watch, seconds_until

from monitor.settings import Settings
from monitor.warning.evidence import Verdict
from monitor.warning.state import Report
from monitor.warning.transitions import State

COOLDOWN_S = 3600


def in_cramp() -> Leg:
    leg = Leg()
    leg.see(30)
    leg.see(10, **CRAMPING)
    assert leg.state == "CRAMP"
    return leg


def in_relief() -> Leg:
    leg = in_cramp()
    leg.see(1, **LET_GO)
    assert leg.state == "RELIEF"
    return leg


def in_cooldown() -> Leg:
    leg = in_relief()
    leg.see(40, **STILL_QUIET)
    assert leg.state == "COOLDOWN"
    return leg


# into CRAMP -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", [Leg, in_watch, in_warn, in_cooldown])
def test_a_cramp_is_told_in_the_second_that_shows_it(begin: Any):
    leg = begin()
    leg.see(1)
    assert leg.see(1, **CRAMPING) == ["CRAMP"]


def test_a_cramp_names_numbers_baseline_and_rule():
    said = " ".join(in_cramp().last.reasons)
    assert "20 x its rest" in said and "46 % of its own strong contraction" in said and "rule: 2 x and 12 %" in said
    assert "25 dB apart" in said and "rule: 10 dB" in said and "-18 deg" in said


def test_a_cramp_says_how_long_it_lasts_and_after_ten_minutes_that_advice_is_due():
    leg = in_cramp()
    assert "for 9 s so far" in leg.machine.reasons
    leg.see(600, **CRAMPING)
    assert "more than 10 minutes" in leg.machine.reasons[-1] and "card" in leg.machine.reasons[-1]


def test_while_the_calf_is_being_learnt_no_cramp_is_told():
    leg = Leg()
    assert set(leg.see(20, calibration_fraction=0.5, **CRAMPING)) == {"CALIBRATING"}


def test_a_bad_second_shows_no_cramp():
    leg = Leg()
    leg.see(5)
    assert "CRAMP" not in leg.see(4, **CRAMPING, **BAD)


# a hold is asked about ------------------------------------------------------------------------------------------------


def test_a_hold_is_asked_about_once_and_stays_in_its_state():
    leg = Leg()
    leg.see(5)
    assert set(leg.see(30, **HELD)) == {"OK"}
    assert [remark.text[:33] for remark in leg.remarks] == ["Holding on tiptoe, or a cramp? GM"]
    assert any("Holding on tiptoe" in reason for reason in leg.machine.reasons)
    leg.see(1)
    assert not any("Holding" in reason for reason in leg.machine.reasons)


def test_a_second_that_looks_otherwise_ends_no_hold():
    """One question for one hold, and the answer stays."""
    leg, hum = Leg(), HELD | {"verdict": Verdict.NOTHING, "sustained_s": 0.0, "unsustained_s": 1.0}
    leg.see(20, **HELD)
    leg.machine.report(Report.HOLD)
    for _ in range(3):
        leg.see(1, **hum)
        leg.see(20, **HELD)
    assert len(leg.remarks) == 1


def test_the_answer_that_it_is_meant_silences_the_question():
    leg = Leg()
    leg.see(20, **HELD)
    leg.machine.report(Report.HOLD)
    leg.see(5, **HELD)
    assert not any("Holding" in reason for reason in leg.machine.reasons)


def test_a_short_hold_is_not_asked_about():
    leg = Leg()
    leg.see(1, **(HELD | {"sustained_s": 3.0}))
    leg.see(3)
    assert leg.remarks == []


def test_a_hold_that_the_athlete_calls_a_cramp_is_one():
    leg = Leg()
    leg.see(5, **HELD)
    leg.machine.report(Report.CRAMP)
    assert leg.see(1, **HELD) == ["CRAMP"]
    assert "reported as a cramp" in " ".join(leg.last.reasons)


def test_a_cramp_reported_before_the_calf_is_learnt_is_answered_in_words():
    leg = Leg()
    leg.see(5, **LEARNING)
    leg.machine.report(Report.CRAMP)
    assert leg.see(1, **(LEARNING | HELD)) == ["CALIBRATING"]
    (remark,) = leg.remarks
    assert "cramp reported" in remark.text and "Pull the toes up" in remark.text and "card" in remark.text
    assert remark.text in leg.machine.reasons


def test_a_report_holds_for_ten_seconds():
    for late, state in ((9, "CRAMP"), (10, "OK")):
        leg = Leg()
        leg.see(5)
        leg.machine.report(Report.CRAMP)
        leg.see(late, **STILL_QUIET)
        assert leg.see(1, **HELD) == [state]


def test_pain_in_a_quiet_calf_is_answered_with_the_card_and_changes_no_state():
    leg = Leg()
    leg.see(5, **STILL_QUIET)
    leg.machine.report(Report.PAIN)
    assert leg.see(1, **STILL_QUIET) == ["OK"]
    (remark,) = leg.remarks
    assert "no cramp activity seen" in remark.text and "contracture or strain possible" in remark.text
    assert "card" in remark.text and remark.text in leg.machine.reasons
    leg.see(60, **STILL_QUIET)
    assert remark.text not in leg.machine.reasons


def test_pain_that_no_signal_can_judge_is_said_to_be_unseen():
    leg = Leg()
    leg.see(5, **SILENT)
    leg.machine.report(Report.PAIN)
    leg.see(1, **SILENT)
    assert "cannot be seen now" in leg.remarks[0].text


# letting go -----------------------------------------------------------------------------------------------------------


def test_a_stretch_that_ends_the_cramp_is_told_as_one():
    reason = in_relief().last.reasons[0]
    assert "released by stretch" in reason and "32 deg" in reason and "7 % of the contraction's" in reason


def test_a_cramp_that_stops_by_itself_is_told_so():
    leg = in_cramp()
    leg.see(1, **(LET_GO | {"turned_deg": 1.0}))
    assert "stopped by itself" in leg.last.reasons[0]


def test_a_leg_that_swings_is_not_told_as_stretched():
    for then, now in (({}, {"ankle_dps": 80.0}), ({"ankle_dps": 80.0}, {})):
        leg = Leg()
        leg.see(5, **(CRAMPING | then))
        leg.see(1, **(LET_GO | now))
        assert leg.last.reasons[0].startswith("released; the ankle moved as in gait"), leg.last.reasons


def test_the_rule_of_relief_tells_its_settings():
    leg = Leg(Settings().changed({"cramp.relief_rest_ratio": 3.5}))
    leg.see(5, **CRAMPING)
    leg.see(1, **LET_GO)
    assert "30 % or 3.5 x its rest for 2.5 s" in leg.last.reasons[0]


def test_without_an_angle_no_stretch_is_claimed():
    leg = in_cramp()
    leg.see(1, **(LET_GO | {"turned_deg": None, "ankle_deg": None}))
    assert "ankle unknown" in leg.last.reasons[0]


def test_less_than_two_and_a_half_seconds_of_calm_are_no_relief():
    assert set(in_cramp().see(20, **(LET_GO | {"fallen_s": 2.4}))) == {"CRAMP"}


def test_a_calf_that_works_with_pauses_for_15_s_is_released():
    leg = in_cramp()
    assert leg.see(1, **(LET_GO | {"fallen_s": 0.0, "unsustained_s": 14.0})) == ["CRAMP"]
    assert leg.see(1, **(LET_GO | {"fallen_s": 0.0, "unsustained_s": 15.0})) == ["RELIEF"]


def test_the_unknown_never_ends_a_cramp():
    assert set(in_cramp().see(100, **UNKNOWN)) == {"CRAMP"}


def test_relief_that_holds_for_30_s_is_over():
    assert seconds_until(in_relief(), "COOLDOWN", **STILL_QUIET) == 30


def test_a_relief_that_is_not_seen_does_not_hold():
    leg = in_relief()
    leg.see(29, **STILL_QUIET)
    leg.see(1, **UNKNOWN)
    assert seconds_until(leg, "COOLDOWN", **STILL_QUIET) == 30


@pytest.mark.parametrize("again", [CRAMPING, HELD])
def test_what_rises_again_in_relief_came_back(again: dict[str, Any]):
    leg = in_relief()
    leg.see(20, **STILL_QUIET)
    assert leg.see(1, **again) == ["CRAMP"]
    assert leg.last.reasons[0].startswith("it came back")


def test_a_new_cramp_an_hour_later_did_not_come_back():
    leg = in_cooldown()
    leg.see(100)
    leg.see(1, **CRAMPING)
    assert leg.state == "CRAMP" and not leg.last.reasons[0].startswith("it came back")


# the hour after -------------------------------------------------------------------------------------------------------


def test_the_cooldown_lasts_60_minutes_from_relief():
    leg = in_relief()
    leg.see(COOLDOWN_S - 1, **STILL_QUIET)
    assert leg.state == "COOLDOWN"
    assert leg.see(1, **STILL_QUIET) == ["OK"]


def test_a_tired_calf_is_in_watch_when_the_cooldown_is_over():
    leg = in_relief()
    leg.see(COOLDOWN_S - 1, **LOW)
    assert leg.state == "COOLDOWN"
    assert leg.see(1, **LOW) == ["WATCH"]


def test_a_risk_pattern_in_the_hour_after_is_a_warning_and_ends_in_cooldown():
    leg = in_cooldown()
    leg.see(20 * 60)  # what the cramp itself leaves in the signs is over
    assert seconds_until(leg, "WARN", **RISKY) == 5
    assert seconds_until(leg, "COOLDOWN") == 60


def test_the_pattern_that_came_true_is_not_told_again_unless_it_is_seen_again():
    leg = in_warn()
    leg.see(10, **CRAMPING)
    leg.see(1, **LET_GO)
    assert set(leg.see(40, **UNKNOWN, **STILL_QUIET)) == {"RELIEF", "COOLDOWN"}


def test_signs_that_still_remember_the_cramp_start_no_warning():
    leg, worst = in_relief(), RISKY | {"tonic_s_per_min": 12.0, "dose_min": 5.0, "compression": 0.7}
    assert set(leg.see(119, **(worst | STILL_QUIET))) == {"RELIEF", "COOLDOWN"}
    assert leg.see(6, **worst)[-1] == "WARN"


def test_cooldown_says_how_long_ago_it_was():
    leg = in_cooldown()
    leg.see(560)
    assert "10 min ago" in leg.machine.reasons[0] and "60 min" in leg.machine.reasons[0]


# a lost signal --------------------------------------------------------------------------------------------------------


def test_a_cramp_is_kept_through_a_lost_signal():
    leg = in_cramp()
    leg.see(5, **SILENT)
    assert leg.state == "NO_SIGNAL" and "not seen to end" in leg.machine.reasons[-1]
    assert leg.see(10, **CRAMPING) == ["NO_SIGNAL"] * 9 + ["CRAMP"]


def test_a_cramp_that_ended_unseen_is_released_when_the_calf_is_seen_quiet_and_says_so():
    leg = in_cramp()
    leg.see(60, **SILENT)
    assert leg.see(11, **LET_GO) == ["NO_SIGNAL"] * 9 + ["CRAMP", "RELIEF"]
    assert "was not seen" in leg.last.reasons[0]


@pytest.mark.parametrize("begin, state", [(in_relief, "RELIEF"), (in_cooldown, "COOLDOWN")])
def test_what_follows_a_cramp_is_kept_through_a_lost_signal(begin: Any, state: str):
    leg = begin()
    leg.see(5, **SILENT)
    assert leg.see(10) == ["NO_SIGNAL"] * 9 + [state]


def test_a_new_baseline_forgets_no_cramp():
    leg = in_cramp()
    leg.machine.restart(leg.time_s)
    leg.see(5, calibration_fraction=0.2)
    assert leg.state == "CALIBRATING"
    assert leg.see(1) == ["COOLDOWN"]


def test_every_change_carries_the_hash_of_the_settings():
    leg = in_cooldown()
    assert {change.to_dict()["config_hash"] for change in leg.changes} == {leg.machine.settings.hash}
    assert {change.state for change in leg.changes} >= {State.CRAMP, State.RELIEF, State.COOLDOWN}
