import math
from dataclasses import replace

import pytest
from fakes import bare_leg

from monitor.dashboard import words
from monitor.snapshot import Reading


def test_unknown_is_a_word_and_never_zero() -> None:
    for nothing in (None, math.nan, math.inf):
        assert words.number(nothing, " Hz") == "unknown"
        assert words.percent(nothing) == "unknown"
        assert words.reading(nothing, Reading(0.9, 10, stale=False)) == "MDF unknown"
        assert words.reading(101.0, Reading(nothing, 10, stale=False)) == "MDF 101 → unknown"
        assert words.age(nothing) == "no packet yet"


@pytest.mark.parametrize(
    ("parts", "score", "text"),
    [
        ({"fatigue": 2, "quiet": 1, "twitches": 1}, 4.0, "fatigue 2  quiet 1  twitches 1 = 4"),
        ({"fatigue": 2, "quiet": None}, 2.0, "fatigue 2 = 2   (unknown: quiet)"),
        ({"fatigue": 0, "quiet": 0}, None, "fatigue 0  quiet 0 = unknown"),
        ({"fatigue": None}, None, "points unknown"),
        ({}, math.nan, "points unknown"),
        ({"fatigue": 0.5}, 0.5, "fatigue 0.5 = 0.5"),
        (
            {"fatigue": 0.263994, "quiet": -0.04, "twitches": 1.614},
            1.837994,
            "fatigue 0.3  quiet 0  twitches 1.6 = 1.8",
        ),
    ],
)
def test_points_add_up_in_words(parts: dict[str, float | None], score: float | None, text: str) -> None:
    assert words.points(parts, score) == text


def test_a_reading_says_from_where_to_where() -> None:
    assert words.reading(101.0, Reading(0.85, 412, stale=False)) == "MDF 101 → 86 Hz (\N{MINUS SIGN}15 %)"
    sure = Reading(0.85, 412, stale=False, interval=(0.83, 0.87))
    assert words.reading(101.0, sure) == "MDF 101 → 86 Hz (\N{MINUS SIGN}15 %)"
    assert words.sure(sure) == "± 2 %" and words.frames(sure) == "± 2 %, 412 contraction frames"
    assert words.reading(101.0, Reading(1.02, 412, stale=False)) == "MDF 101 → 103 Hz (+2 %)"
    assert words.reading(101.0, Reading(0.999, 412, stale=False)).endswith("(0 %)")
    assert words.frames(Reading(0.85, 412, stale=False)) == "412 contraction frames"
    assert words.frames(Reading(0.85, 1, stale=True)) == "1 contraction frame, too few lately"


@pytest.mark.parametrize(
    ("seconds", "clock", "duration"),
    [
        (0.0, "0:00", "0 s"),
        (59.9, "0:59", "59 s"),
        (134.0, "2:14", "2 min 14 s"),
        (3725.0, "1:02:05", "1 h 02 min"),
        (-3.0, "0:00", "0 s"),
    ],
)
def test_times(seconds: float, clock: str, duration: str) -> None:
    assert words.clock(seconds) == clock
    assert words.duration(seconds) == duration


def test_speed_loss_and_age() -> None:
    assert [words.speed(s) for s in (1.0, 10.0, 0.5, math.inf, 0.0)] == ["x1", "x10", "x0.5", "max", "max"]
    assert [words.percent(p) for p in (0.0, 0.013, 0.5, 1.0)] == ["0 %", "1.3 %", "50 %", "100 %"]
    assert [words.age(a) for a in (0.04, 3.42, 80.0)] == ["0.0 s ago", "3.4 s ago", "1 min 20 s ago"]


def test_a_number_stays_with_its_unit() -> None:
    assert words.unbroken("9 % of 101 Hz in 60 s, 3 people") == "9\xa0% of 101\xa0Hz in 60\xa0s, 3 people"


def test_what_to_bear_in_mind_is_told_before_any_reading() -> None:
    learning = replace(bare_leg("CALIBRATING"), fatigue_notes=("the kept baseline is not comparable",))
    assert words.course(learning) == "The kept baseline is not comparable."
    assert words.course(replace(learning, course="tiring")).startswith("Tiring. The kept")


def test_reasons_become_sentences() -> None:
    told = words.sentences(["no pattern seen; MDF 127 -> 123 Hz", " ", "Twitches 8 per minute."])
    assert told == "No pattern seen; MDF 127 → 123\xa0Hz. Twitches 8 per minute."
    assert words.sentences([]) == ""
