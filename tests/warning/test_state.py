import re
from typing import Any

import numpy as np
import pytest
from evidence_of import BAD, LOW, RISKY, SILENT, UNKNOWN, evidence
from told_leg import LEARNING, Leg, in_warn, in_watch, seconds_until

from monitor.settings import Settings
from monitor.warning.score import points, total
from monitor.warning.state import State

SETTINGS = Settings()
FULL = {"quiet_ratio": 1.8, "twitches_per_min": 10.0}


# the way through the states -----------------------------------------------------------------------------------------


def test_a_leg_begins_calibrating_and_is_ok_when_the_baseline_is_usable():
    leg = Leg()
    assert leg.changes[0].state == State.CALIBRATING and leg.changes[0].time_s == 0.0
    assert set(leg.see(40, **LEARNING)) == {"CALIBRATING"}
    assert leg.see(1) == ["OK"]
    assert leg.last.time_s == 41.0


def test_ok_goes_on_without_a_word():
    leg = Leg()
    leg.see(300)
    assert [change.state for change in leg.changes] == ["CALIBRATING", "OK"]


def test_a_change_says_who_and_when():
    leg = in_watch()
    assert (leg.last.athlete, leg.last.leg, leg.last.time_s) == ("A7", "left", leg.machine.since_s)


# WATCH --------------------------------------------------------------------------------------------------------------


def test_watch_comes_after_20_s_below_its_level():
    assert seconds_until(Leg(), "WATCH", **LOW) == 20


def test_a_second_above_the_level_begins_the_20_s_anew():
    leg = Leg()
    leg.see(19, **LOW)
    leg.see(1, compression=0.901)
    assert seconds_until(leg, "WATCH", **LOW) == 20


def test_at_the_level_there_is_no_watch():
    leg = Leg()
    assert set(leg.see(100, compression=0.90)) == {"OK"}


def test_watch_ends_after_60_s_above_its_clear_level():
    assert seconds_until(in_watch(), "OK", compression=0.95) == 60


def test_watch_stays_between_both_levels():
    assert set(in_watch().see(300, compression=0.93)) == {"WATCH"}


def test_a_second_below_the_clear_level_begins_the_60_s_anew():
    leg = in_watch()
    leg.see(59, compression=0.95)
    leg.see(1, compression=0.93)
    assert seconds_until(leg, "OK", compression=0.95) == 60


@pytest.mark.parametrize("unknown", [UNKNOWN, {"compression": None}, {"compression": 0.99, "stale": True}])
def test_an_unknown_or_stale_reading_never_ends_watch(unknown: dict[str, Any]):
    assert set(in_watch().see(500, **unknown)) == {"WATCH"}


def test_a_stale_reading_starts_no_watch():
    assert set(Leg().see(100, compression=0.8, stale=True)) == {"OK"}


# WARN ---------------------------------------------------------------------------------------------------------------


def test_warn_comes_after_5_s_of_the_pattern():
    assert seconds_until(Leg(), "WARN", **RISKY) == 5


def test_a_second_without_the_pattern_begins_the_5_s_anew():
    leg = Leg()
    leg.see(4, **RISKY)
    leg.see(1)
    assert seconds_until(leg, "WARN", **RISKY) == 5


def test_fatigue_alone_never_warns_however_deep_and_long():
    leg = Leg()
    assert "WARN" not in leg.see(600, compression=0.5, shortened_share=1.0)
    assert leg.state == "WATCH"


def test_warn_ends_after_60_s_of_few_points():
    assert seconds_until(in_warn(), "OK") == 60


def test_warn_goes_down_to_watch_while_the_calf_is_tired():
    leg = in_watch()
    leg.see(10, **RISKY)
    assert leg.state == "WARN"
    assert seconds_until(leg, "WATCH", **LOW) == 60


def test_warn_stays_while_points_are_between_the_two_limits():
    threshold, below = SETTINGS.tables.threshold(SETTINGS.state.false_alarms_per_h), SETTINGS.tables.clear_below
    between = next(
        {"relaxation_z": z}
        for z in np.arange(0.0, 6.0, 0.01)
        if threshold - below < (total(points(evidence(relaxation_z=z, **FULL), SETTINGS.tables)) or 0.0) < threshold
    )
    assert set(in_warn().see(300, **FULL, **between)) == {"WARN"}


@pytest.mark.parametrize("unknown", [UNKNOWN, UNKNOWN | {"compression": 1.0, "stale": False, "shortened_share": 0.0}])
def test_involuntary_activity_that_is_unknown_never_ends_warn(unknown: dict[str, Any]):
    assert set(in_warn().see(500, **unknown)) == {"WARN"}


# NO_SIGNAL ----------------------------------------------------------------------------------------------------------


def test_two_seconds_without_a_packet_are_no_signal():
    leg = Leg()
    leg.see(10)
    assert leg.see(2, **SILENT) == ["OK", "NO_SIGNAL"]


def test_five_seconds_of_bad_quality_are_no_signal():
    leg = Leg()
    leg.see(10)
    assert leg.see(5, **BAD) == ["OK"] * 4 + ["NO_SIGNAL"]


def test_bad_quality_that_comes_and_goes_is_borne():
    leg = Leg()
    for _ in range(20):
        leg.see(4, **BAD)
        leg.see(1)
    assert leg.state == "OK"


def test_a_sensor_that_never_sends_is_no_signal_and_says_so():
    leg = Leg()
    assert leg.see(2, **LEARNING, **SILENT) == ["CALIBRATING", "NO_SIGNAL"]
    assert "yet" in leg.last.reasons[0]


def test_it_is_back_after_ten_good_seconds_in_a_row():
    leg = Leg()
    leg.see(10)
    leg.see(5, **SILENT)
    assert leg.see(9) == ["NO_SIGNAL"] * 9
    leg.see(1, **BAD)
    assert leg.see(10) == ["NO_SIGNAL"] * 9 + ["OK"]


def test_it_is_back_in_calibration_without_a_baseline():
    leg = Leg()
    leg.see(5, **LEARNING, **SILENT)
    leg.see(10, **LEARNING)
    assert leg.state == "CALIBRATING"


@pytest.mark.parametrize("seconds", [5, 1000])
def test_watch_is_kept_through_a_lost_signal(seconds: int):
    leg = in_watch()
    leg.see(seconds, **UNKNOWN, **SILENT)
    assert leg.state == "NO_SIGNAL"
    assert leg.see(10, **UNKNOWN) == ["NO_SIGNAL"] * 9 + ["WATCH"]


def test_warn_is_kept_through_a_lost_signal():
    leg = in_warn()
    leg.see(2, **RISKY, **SILENT)
    leg.see(60, **UNKNOWN, **SILENT)
    assert leg.see(10, **UNKNOWN) == ["NO_SIGNAL"] * 9 + ["WARN"]


def test_evidence_of_a_bad_signal_clears_nothing():
    leg = in_watch()
    leg.see(200, compression=1.0, **BAD)
    assert leg.see(10, **UNKNOWN)[-1] == "WATCH"


def test_a_signal_without_state_has_no_score():
    leg = in_warn()
    leg.see(5, **SILENT)
    assert leg.last.score is None and set(leg.last.points.values()) == {None}


# a warning whose signs were lost in the second that has no good signal ----------------------------------------------


def test_a_warning_explains_itself_in_a_bad_second_that_knows_nothing():
    leg = in_warn()
    assert leg.see(1, **UNKNOWN, **BAD) == ["WARN"]


def test_a_warning_that_is_kept_while_nothing_is_known_claims_no_score():
    leg = in_warn()
    leg.see(10, **UNKNOWN)
    assert leg.machine.score is None
    assert "score 0" not in " ".join(leg.machine.reasons)


# reasons ------------------------------------------------------------------------------------------------------------


def test_watch_names_numbers_baseline_and_rule():
    (reason,) = in_watch().last.reasons
    assert "110 -> 94 Hz" in reason and "-15 %" in reason and "baseline" in reason
    assert "below -10 % for 20 s" in reason and "above -6 % for 60 s" in reason


def test_warn_names_every_sign_with_its_number_and_points_and_the_rule():
    reasons = in_warn().last.reasons
    assert any("110 -> 96 Hz" in reason and reason.endswith("points") for reason in reasons)
    assert any("3.0 x its baseline" in reason and reason.endswith("points") for reason in reasons)
    assert any("20 per min" in reason and "baseline 0" in reason and reason.endswith("points") for reason in reasons)
    assert any("12 contractions" in reason and "+4.0 sd" in reason for reason in reasons)
    threshold = SETTINGS.tables.threshold(SETTINGS.state.false_alarms_per_h)
    assert f"rule: {threshold:.1f} or more for 5 s" in reasons[-1] and "ends at" in reasons[-1]


def test_warn_names_what_was_not_seen_and_how_far_the_score_could_lie():
    leg = Leg()
    leg.see(10, **RISKY, tonic_s_per_min=None, dose_min=None)
    (unseen,) = [reason for reason in leg.last.reasons if reason.startswith("not seen now")]
    assert "tonic firing, shortened position" in unseen and "could lie between" in unseen


def test_ok_names_the_number_and_the_limit():
    leg = Leg()
    leg.see(1, compression=0.97)
    assert "110 -> 107 Hz" in leg.last.reasons[0] and "WATCH below -10 %" in leg.last.reasons[0]


def test_ok_without_a_reading_says_that_it_is_unknown():
    leg = Leg()
    leg.see(1, **UNKNOWN)
    assert "unknown" in leg.last.reasons[0]
    assert leg.last.stale


def test_calibrating_says_how_far_it_is():
    leg = Leg()
    leg.see(1, **LEARNING)
    assert "40 %" in leg.machine.reasons[0]


def test_no_signal_says_what_is_wrong_and_then_that_it_is_coming_back():
    leg = Leg()
    leg.see(5, **BAD)
    assert leg.last.reasons == BAD["quality"]
    leg.see(3)
    assert leg.state == "NO_SIGNAL" and "10 s" in leg.machine.reasons[0]


def test_changed_settings_stand_in_the_reasons():
    leg = Leg(SETTINGS.changed({"trend.watch_level": 0.8, "trend.watch_after_s": 7}))
    assert seconds_until(leg, "WATCH", compression=0.75) == 7
    assert "below -20 % for 7 s" in leg.last.reasons[0]


def test_no_text_promises_safety_or_names_an_illness():
    leg = Leg()
    said: list[str] = []
    for seen in (LEARNING, {}, LOW, RISKY, UNKNOWN, BAD, SILENT, {}):
        for _ in range(70):
            leg.see(1, **seen)
            said += leg.machine.reasons
    said += [reason for change in leg.changes for reason in change.reasons]
    assert {str(change.state) for change in leg.changes} == {"CALIBRATING", "OK", "WATCH", "WARN", "NO_SIGNAL"}
    forbidden = r"\b(un)?safe|risk-free|diagnos|disease|injur|healthy|syndrome|dehydrat|no cramp|will cramp"
    for text in said:
        assert not re.search(forbidden, text, re.IGNORECASE), text


def test_a_change_as_json_has_the_promised_keys_and_stale_only_when_it_is():
    change = in_watch().last.to_dict()
    assert list(change) == ["time_s", "state", "score", "points", "reasons", "config_hash"]
    assert change["config_hash"] == SETTINGS.hash
    leg = Leg()
    leg.see(1, **UNKNOWN)
    assert leg.last.to_dict()["stale"] is True


def test_a_baseline_that_is_younger_than_the_fatigue_never_ends_watch():
    leg = in_watch()
    leg.see(5, **LEARNING, rebased=True)
    assert leg.state == "CALIBRATING" and "electrodes have moved" in leg.machine.reasons[0]
    leg.see(400, compression=1.0, rebased=True)
    assert leg.state == "WATCH" and any("what the calf had tired before" in reason for reason in leg.machine.reasons)
    leg.machine.restart(leg.time_s)
    leg.see(5, compression=1.0)
    assert leg.state == "OK"
