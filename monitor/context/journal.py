"""The context journal: questions from a data file, answers of a session and of each athlete, all of them optional."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from monitor.errors import JournalError
from monitor.warning.context import Context

Answers = Mapping[str, tuple[str, ...]]
_QUESTIONS = Path(__file__).parent / "questions.toml"
_ATHLETES = "athletes"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. choices : text by key, in order; many : several may be chosen; used : shown, score, advice."""

    key: str
    text: str
    choices: dict[str, str]
    used: tuple[str, ...]
    source: str
    many: bool = False


@cache
def questions() -> dict[str, Question]:
    """All questions by key, in the order in which they are asked."""
    entries = tomllib.loads(_QUESTIONS.read_text(encoding="utf-8"))["question"]
    made = [Question(**(entry | {"used": tuple(entry["used"])})) for entry in entries]
    return {question.key: question for question in made}


@dataclass(frozen=True, slots=True)
class Journal:
    """Answers: of the session, and of single athletes, which stand above those. What is not there is unknown."""

    common: Answers = field(default_factory=dict)
    athletes: Mapping[str, Answers] = field(default_factory=dict)

    def of(self, athlete: str | None) -> Answers:
        """What holds for one athlete."""
        return {**self.common, **self.athletes.get(athlete or "", {})}

    def to_dict(self) -> dict[str, Any]:
        """Plain data: for the header of a recording and for JSON."""
        people = {name: _plain(answers) for name, answers in self.athletes.items() if answers}
        return _plain(self.common) | ({_ATHLETES: people} if people else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "the journal") -> Self:
        """From `to_dict` or a TOML file. Raises: JournalError naming the key and what is allowed."""
        people = data.get(_ATHLETES, {})
        if not isinstance(people, Mapping) or not all(isinstance(each, Mapping) for each in people.values()):
            raise JournalError(f"{where}: below {_ATHLETES!r} stands a table for each athlete")
        common = {key: value for key, value in data.items() if key != _ATHLETES}
        return cls(_checked(common, where), {name: _checked(each, where) for name, each in people.items()})

    def sentences(self, athlete: str | None) -> Iterator[str]:
        """For people: "Surface: artificial turf"."""
        for key, chosen in self.of(athlete).items():
            question = questions()[key]
            yield f"{question.text.rstrip('?')}: {', '.join(question.choices[choice] for choice in chosen)}"

    def context(self, athlete: str | None) -> Context:
        """What of it counts in an athlete's score."""
        said = self.of(athlete)
        history, length, slope = (said.get(key) for key in ("cramp_history", "length", "slope"))
        return Context(
            history=None if history is None else history != ("never",),
            planned_s=None if length is None else 60.0 * float(length[0].removeprefix("m")),
            steep=None if slope in (None, ("some",)) else slope == ("steep",),
        )


def load_journal(path: Path) -> Journal:
    """A journal from a TOML file: `surface = "turf"`, `weather = ["hot", "rain"]`, tables `[athletes.A7]`.

    Raises: JournalError.
    """
    try:
        return Journal.from_dict(tomllib.loads(path.read_text(encoding="utf-8")), f"the journal {path}")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise JournalError(f"cannot read the journal {path}: {error}") from error


def recorded_journal(header: Mapping[str, Any]) -> Journal | None:
    """The journal in the header of a recording; None where there is none, or none that this version knows."""
    kept = header.get("journal")
    if not isinstance(kept, Mapping):
        return None
    try:
        return Journal.from_dict(kept)
    except JournalError:
        return None


def _plain(answers: Answers) -> dict[str, Any]:
    return {key: list(chosen) for key, chosen in answers.items()}


def _checked(data: Mapping[str, Any], where: str) -> Answers:
    found = {}
    for key, value in data.items():
        question = questions().get(key)
        if question is None:
            raise JournalError(f"{where}: there is no question {key!r}; known are {', '.join(questions())}")
        chosen = tuple(value) if isinstance(value, list | tuple) else (value,)
        if not chosen or not all(choice in question.choices for choice in chosen):
            raise JournalError(f"{where}: {key} is one of {', '.join(question.choices)}, got {value!r}")
        if len(chosen) > 1 and not question.many:
            raise JournalError(f"{where}: {key} takes one answer, got {value!r}")
        found[key] = chosen
    return found
