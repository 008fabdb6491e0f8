"""The frozen definitions on tracks made by hand: borders, both legs, what counts once and what does not count."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from made_outcomes import HOUR, cramp, leg, session

from monitor.evaluation.alarms import false_alarms, in_passing, seconds_without_cramp
from monitor.evaluation.as_shown import judge
from monitor.evaluation.definitions import definitions_text
from monitor.evaluation.episodes import Episode, merged, of_score, of_states
from monitor.evaluation.hits import outcome
from monitor.evaluation.tracks import Passing


def test_the_definitions_do_not_move():
    """Whoever changes them changes every published figure: then this line changes too, with a word in the changelog."""
    assert hashlib.sha256(definitions_text().encode()).hexdigest()[:12] == "661fcf6c9178"


@pytest.mark.parametrize(
    "start_s,hit", [(1099, False), (1100, True), (1999, True), (2000, True), (2001, False)], ids=str
)
def test_a_hit_starts_in_the_quarter_of_an_hour_before_the_cramp(start_s: int, hit: bool):
    found = outcome(cramp(2000.0), [Episode(start_s, start_s + 30)])
    assert found.hit is hit
    assert found.lead_s == (2000 - start_s if hit else None)


def test_the_other_rules_stand_beside_it():
    early = outcome(cramp(2000.0), [Episode(1150, 1200)])
    assert (early.hit, early.in_10_min, early.in_5_min, early.protocol, early.on_at_cramp) == (True,) + (False,) * 4
    late = outcome(cramp(2000.0), [Episode(1450, 1881)])
    assert (late.in_10_min, late.in_5_min, late.protocol, late.on_at_cramp) == (True, False, True, False)
    assert not outcome(cramp(2000.0), [Episode(1450, 1880)]).protocol
    on = outcome(cramp(2000.0), [Episode(1750, 2001)])
    assert (on.in_5_min, on.protocol, on.on_at_cramp, on.looser) == (True,) * 4
    assert not outcome(cramp(2000.0), [Episode(1750, 2000)]).on_at_cramp


def test_what_began_earlier_is_a_hit_for_the_looser_rule_only():
    found = outcome(cramp(2000.0), [Episode(900, 2100)])
    assert (found.hit, found.looser, found.too_early, found.on_at_cramp) == (False, True, True, False)


def test_the_first_of_several_episodes_gives_the_lead_and_it_is_cut_at_the_precursor():
    found = outcome(cramp(2000.0, precursor_s=180.0), [Episode(1200, 1210), Episode(1900, 2000)])
    assert (found.lead_s, found.claimed_s) == (800.0, 180.0)
    assert outcome(cramp(2000.0, precursor_s=180.0), [Episode(1950, 2000)]).claimed_s == 50.0
    assert outcome(cramp(2000.0, strength=0.0, precursor_s=0.0), [Episode(1950, 2000)]).claimed_s == 0.0
    assert outcome(cramp(2000.0, strength=None), [Episode(1200, 2000)]).claimed_s == 800.0


def test_a_cramp_without_signal_is_missed_whatever_was_said_before():
    blind = session(leg(warn=((1800, 1990),), NO_SIGNAL=(1990, 2050)), cramps=(cramp(2000.0),))
    assert not judge(blind).outcomes[0].hit
    back = session(leg(warn=((1800, 1900),), NO_SIGNAL=(1900, 1950)), cramps=(cramp(2000.0),))
    assert judge(back).outcomes[0].hit


def test_a_warning_on_the_other_leg_is_no_hit_and_no_false_alarm():
    judged = judge(session(leg("left"), leg("right", warn=((1900, 1950),)), cramps=(cramp(2000.0, "left"),)))
    assert not judged.outcomes[0].hit
    assert judged.false == ()
    assert judged.leg_false == 1  # of the right leg for itself


@pytest.mark.parametrize("start_s,false", [(1099, 1), (1100, 0), (2000, 0), (2001, 0), (2030, 0), (2031, 1)], ids=str)
def test_a_false_alarm_starts_outside_every_horizon_and_outside_the_cramp(start_s: int, false: int):
    assert len(false_alarms([Episode(start_s, start_s + 5)], [cramp(2000.0)])) == false


def test_episodes_of_both_legs_that_overlap_count_once():
    both = judge(session(leg("left", warn=((500, 600),)), leg("right", warn=((550, 700),))))
    assert both.false == (Episode(500, 700),)
    apart = judge(session(leg("left", warn=((500, 600),)), leg("right", warn=((650, 700),))))
    assert len(apart.false) == 2
    assert both.leg_false == apart.leg_false == 2


def test_an_hour_is_an_athlete_with_both_legs():
    assert session(leg("left"), leg("right")).hours == 1.0


def test_time_in_warning_leaves_out_horizons_and_cramps():
    cramps = [cramp(2000.0)]
    assert seconds_without_cramp([Episode(100, 200)], cramps, HOUR) == 100
    assert seconds_without_cramp([Episode(1050, 1200)], cramps, HOUR) == 50
    assert seconds_without_cramp([Episode(1990, 2041)], cramps, HOUR) == 10


def test_a_short_silence_does_not_end_an_episode_but_ok_does():
    assert of_states(leg(warn=((100, 120), (150, 200)), NO_SIGNAL=(120, 150))) == [Episode(100, 200)]
    assert len(of_states(leg(warn=((100, 120), (180, 200)), NO_SIGNAL=(120, 180)))) == 2
    assert len(of_states(leg(warn=((100, 120), (150, 200))))) == 2


def test_episodes_that_touch_are_one():
    assert merged([Episode(5, 9), Episode(1, 5), Episode(10, 11)]) == [Episode(1, 9), Episode(10, 11)]


def test_a_score_warns_after_five_seconds_and_until_sixty_below():
    score = np.zeros(400)
    score[100:104] = 1.0  # four seconds are too few
    assert of_score(score, 1.0, 1.0) == []
    score[100:105] = 1.0
    assert of_score(score, 1.0, 1.0) == [Episode(105.0, 165.0)]
    score[163:164] = 1.0  # below for 58 s only
    assert of_score(score, 1.0, 1.0) == [Episode(105.0, 224.0)]


def test_an_unknown_score_holds():
    score = np.zeros(400)
    score[100:105] = 1.0
    score[105:300] = np.nan
    assert of_score(score, 1.0, 1.0) == [Episode(105.0, 360.0)]
    assert of_score(np.full(50, np.nan), 0.0, 1.0) == []


@pytest.mark.parametrize("start_s,counted", [(499, False), (500, True), (760, True), (761, False)], ids=str)
def test_an_alarm_in_a_precursor_that_passes_is_told_apart(start_s: int, counted: bool):
    assert in_passing(Episode(start_s, start_s + 9), [Passing("left", 500.0, 700.0)]) is counted


def test_our_settings_end_a_warning_further_below():
    score = np.zeros(400)
    score[100:110], score[110:300] = 5.0, 4.5
    assert of_score(score, 5.0, 1.0) == [Episode(105.0, 170.0)]
    assert of_score(score, 5.0, 1.0, 0.7) == [Episode(105.0, 360.0)]
    assert of_score(np.full(400, 4.5), 5.0, 1.0, 0.7) == []
