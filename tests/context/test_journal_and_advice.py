"""The context journal is optional and checked; advice fits what was seen and keeps to its words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.journal import asked, journal_of
from monitor.cli.running import tell_advice
from monitor.context.advice import StatesSeen, advice_for, all_advice, signs_seen
from monitor.context.journal import Journal, load_journal, questions, recorded_journal
from monitor.errors import JournalError
from monitor.events import Heartbeat
from monitor.settings import Settings
from monitor.warning.context import Context

TEXT = 'surface = "turf"\nweather = ["cold", "rain"]\n[athletes.A7]\ncramp_history = "often"\nsurface = "grass"\n'


def test_answers_of_an_athlete_stand_above_those_of_the_session(tmp_path: Path):
    path = tmp_path / "journal.toml"
    path.write_text(TEXT)
    journal = load_journal(path)
    assert journal.of("A7")["surface"] == ("grass",)
    assert journal.of("A8")["surface"] == ("turf",)
    assert list(journal.sentences("A8")) == ["Surface: artificial turf", "Weather: cold, rain or wet"]
    assert (journal.context("A7").history, journal.context("A8").history) == (True, None)
    assert recorded_journal({"journal": json.loads(json.dumps(journal.to_dict()))}) == journal
    assert recorded_journal({}) is None
    assert recorded_journal({"journal": {"mood": "good"}}) is None  # of another version


@pytest.mark.parametrize(
    "text,word",
    [
        ('mood = "good"', "mood"),
        ('surface = "moon"', "turf"),
        ('surface = ["turf", "grass"]', "one answer"),
        ("surface = []", "one of"),
        ("surface = 3", "one of"),
        ("athletes = 3", "athlete"),
        ("surface = ", "cannot read"),
    ],
)
def test_a_wrong_journal_is_refused_with_what_is_allowed(tmp_path: Path, text: str, word: str):
    path = tmp_path / "journal.toml"
    path.write_text(text)
    with pytest.raises(JournalError, match=word):
        load_journal(path)


def test_every_question_is_short_sourced_and_used():
    asked_for = {"cramp_history", "surface", "hardness", "slope", "footwear", "training_week", "programme", "cool_down"}
    assert asked_for | {"length", "stretching", "nutrition", "weather", "treatment"} == questions().keys()
    for question in questions().values():
        assert len(question.text) < 60 and 2 <= len(question.choices) <= 7
        assert question.source and set(question.used) <= {"shown", "score", "advice"}
    in_advice = {key for advice in all_advice() for key in advice.answers}
    assert in_advice == {question.key for question in questions().values() if "advice" in question.used}
    assert all(
        set(choices) <= set(questions()[key].choices) for a in all_advice() for key, choices in a.answers.items()
    )


@pytest.mark.parametrize(
    "answers,context",
    [
        ({}, Context()),
        ({"cramp_history": "never", "length": "m90", "slope": "flat"}, Context(False, 5400.0, False)),
        ({"cramp_history": "today", "slope": "steep"}, Context(True, None, True)),
        ({"slope": "some", "surface": "trail"}, Context()),
    ],
)
def test_what_counts_in_the_score(answers: dict[str, str], context: Context):
    assert Journal.from_dict(answers).context("A7") == context


def test_every_length_is_one_that_can_be_counted():
    lengths = [Journal.from_dict({"length": key}).context(None).planned_s for key in questions()["length"].choices]
    assert lengths == sorted(lengths, key=float) and lengths[0] == 1800.0  # type: ignore[arg-type]


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_terminal_takes_numbers_skips_and_ends(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", _Keyboard("3\n\n\n9\n1\nq\n"))
    assert asked().of(None) == {"cramp_history": ("often",), "hardness": ("soft",)}
    assert "Calf cramps before?" in capsys.readouterr().err


def test_nobody_is_asked_where_nobody_sits(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    assert journal_of("ask") is None
    assert journal_of(None) is None


@given(st.sets(st.sampled_from(["CALIBRATING", "NO_SIGNAL", "OK", "WATCH", "WARN", "CRAMP", "RELIEF", "COOLDOWN"])))
def test_advice_fits_what_was_seen(states: set[str]):
    seen = signs_seen(states)
    told = [advice.text for advice in advice_for(seen, None, "A7")]
    assert ("calm" in seen) == (states & {"OK", "WATCH", "WARN", "CRAMP"} == {"OK"})
    assert any("A cramp was seen" in text for text in told) == ("CRAMP" in states)
    assert any("tired" in text for text in told) == ("WATCH" in states)
    assert bool(told) == bool(states & {"OK", "WATCH", "WARN", "CRAMP"})


def test_the_journal_shapes_the_advice():
    journal = Journal.from_dict({"weather": ["cold"], "athletes": {"A7": {"training_week": "camp"}}})
    watch = signs_seen({"OK", "WATCH"})
    assert any("more than usual" in advice.text for advice in advice_for(watch, journal, "A7"))
    assert not any("more than usual" in advice.text for advice in advice_for(watch, journal, "A8"))
    assert any("cool muscle" in advice.text for advice in advice_for(watch, journal, "A8"))
    assert any("short" in advice.text for advice in advice_for(signs_seen({"OK"}, 0.3, 0.2), journal, "A8"))


def test_every_advice_has_a_source():
    assert all(advice.source for advice in all_advice())


@pytest.mark.parametrize(
    "answers,word",
    [
        ({"footwear": ["insoles"]}, "insoles or a heel lift were worn"),
        ({"nutrition": ["little_drink"]}, "odds ratio 1.63"),
        ({"cramp_history": ["often"]}, "had cramped before"),
        ({"stretching": ["before"]}, "did not make the muscle harder to cramp"),
    ],
)
def test_what_the_journal_says_has_its_advice(answers: dict[str, list[str]], word: str):
    seen = signs_seen({"CRAMP"})
    with_answers = advice_for(seen, Journal.from_dict(answers), "A7")
    (new,) = (advice for advice in with_answers if advice not in advice_for(seen, None, "A7"))
    assert word in new.text


def test_the_terminal_says_the_most_urgent_recovery_and_what_the_journal_shapes():
    seen = StatesSeen()
    changes = [{"athlete": name, "state": state} for name in ("A1", "A2") for state in ("OK", "WATCH", "CRAMP")]
    seen.put(Heartbeat(1.0), (), changes)
    journal = Journal.from_dict({"athletes": {"A2": {"weather": ["cold"], "footwear": ["new"]}}})
    told = seen.lines(journal, {}, 0.2)
    assert [line[:4] for line in told] == ["A1: "] * 3 + ["A2: "] * 4
    assert "over 10 minutes" in told[1] and "walk or jog" in told[2] and "New shoes" in told[6]
    assert StatesSeen().lines(None, {}, 0.2) == []


def test_the_terminal_tells_of_work_in_the_shortened_position(capsys):
    seen = StatesSeen()
    seen.put(Heartbeat(1.0), (), [{"athlete": "A1", "state": "OK"}])
    legs = [SimpleNamespace(athlete="A1", shortened_s=shortened_s) for shortened_s in (5.0, 30.0)]
    session: Any = SimpleNamespace(legs=legs, now_s=100.0, settings=Settings())
    tell_advice(seen, session, None)
    assert "while short" in capsys.readouterr().err
    session.now_s = 200.0
    tell_advice(seen, session, None)
    assert "while short" not in capsys.readouterr().err
