"""The fatigue reading in words: its number, its doubt, how it goes, and what to bear in mind."""

from dataclasses import replace

import pytest
from evidence_of import CALM

from monitor.fatigue.course import CourseSecond
from monitor.fatigue.response import sensor_response
from monitor.settings import TrendSettings
from monitor.warning import texts

TIRED = replace(CALM, compression=0.85, baseline_hz=101.0, compression_sd=0.012)
NOTHING = CourseSecond.unknown()


def test_the_reading_says_its_doubt():
    assert texts.fatigue(TIRED).startswith("MDF 101 -> 86 Hz (-15 % +- 2) against the baseline")
    assert texts.fatigue(replace(TIRED, compression_sd=None)).startswith("MDF 101 -> 86 Hz (-15 %) against")


@pytest.mark.parametrize(("matched", "words"), [(True, "angle and effort"), (False, "equal effort, angle unknown")])
def test_what_was_matched_is_told(matched: bool, words: str):
    assert texts.fatigue(replace(TIRED, matched=matched)).endswith(words)
    assert any("less sure" in note for note in texts.fatigue_notes("", matched=matched)) != matched


def test_how_it_goes_in_words():
    tiring = replace(
        NOTHING,
        all=replace(NOTHING.all, slope_pct_per_min=-1.9, slope_low=-2.5, slope_high=-1.3),
        amplitude=1.2,
        at_any_effort=0.85,
        lowest=0.8,
    )
    words = texts.course(tiring, 0.85, TrendSettings())
    assert words == "tiring, -1.9 % per min (-2.5 to -1.3) in five minutes, 25 % of the decline is gone"
    assert texts.course(NOTHING, None, TrendSettings()) == ""


def test_a_reading_that_is_old_is_told_as_the_last_known_whatever_the_calf_did_since():
    words = texts.fatigue(replace(TIRED, stale=True))
    assert words.startswith("last known") and "MDF 101 -> 86 Hz" in words and "rest" not in words


@pytest.mark.parametrize(("beyond", "words"), [(2.0, "works harder"), (0.3, "works more softly")])
def test_why_the_last_known_reading_stands_still_is_told_with_it(beyond: float, words: str):
    said = texts.fatigue(replace(TIRED, stale=True, beyond=beyond))
    assert f"that compare ({words} than its baseline knows): MDF 101" in said
    assert words not in texts.fatigue(replace(TIRED, beyond=beyond))  # it is compared again


@pytest.mark.parametrize(("beyond", "words"), [(5.0, "harder"), (0.2, "more softly"), (1.01, ""), (float("nan"), "")])
def test_work_beyond_the_baseline_is_told_and_what_can_be_done(beyond: float, words: str):
    said = texts.course(replace(NOTHING, beyond=beyond), 0.9, TrendSettings())
    assert bool(said) == bool(words) and words in said
    assert not said or (f"{beyond:.2g} x" in said and "new baseline can be begun" in said)


def test_nothing_is_said_of_how_nothing_was_matched():
    assert not any("less sure" in note for note in texts.fatigue_notes("", matched=NOTHING.matched))


def test_cold_is_always_mentioned_and_a_slow_sensor_says_what_it_cannot_show():
    assert any("cold" in note for note in texts.fatigue_notes("", matched=True))
    notes = texts.fatigue_notes(sensor_response((20.0, 225.0)).note, matched=True)
    assert notes[0].startswith("limited")


def test_a_baseline_of_another_day_is_told_with_what_is_not_known_of_it():
    assert len(texts.fatigue_notes("", matched=True)) == 1
    note = texts.earlier("2026-11-24", placed=True)
    assert note in texts.fatigue_notes("", matched=True, baseline=(note,)) and "2026-11-24" in note
    assert "placement" not in note and "placement" in texts.earlier("", placed=False)
    assert "not comparable" in texts.not_comparable("sensor", "umyo", "myo")
