"""Cool-down, stretching and recovery advice that fits what was seen: a data file and a pure function."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from monitor.chunk import Chunk
from monitor.context.journal import Journal
from monitor.events import Event

_ADVICE = Path(__file__).parent / "advice.toml"


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice. when : what must have been seen; answers : what the journal must say, one of each."""

    text: str
    source: str
    when: tuple[str, ...]
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.text} [{self.source}]"


@cache
def all_advice() -> tuple[Advice, ...]:
    """The data file as it stands, in its order."""
    entries = tomllib.loads(_ADVICE.read_text(encoding="utf-8"))["advice"]
    return tuple(
        Advice(
            entry["text"],
            entry["source"],
            tuple(entry["when"]),
            {key: tuple(choices) for key, choices in entry.get("answers", {}).items()},
        )
        for entry in entries
    )


def signs_seen(states: Iterable[str], shortened_share: float | None = None, dose: float = 1.0) -> frozenset[str]:
    """What a leg or an athlete showed: cramp, warn, watch, involuntary (cramp or warn), shortened, calm.

    states : all states that were entered. Empty where nothing was ever judged: no pattern seen needs to have looked.
    shortened_share : of the time, None = unknown; dose : from which share on it counts.
    """
    known = set(states)
    seen = {name.lower() for name in ("CRAMP", "WARN", "WATCH") if name in known}
    if seen & {"cramp", "warn"}:
        seen.add("involuntary")
    if not seen and "OK" in known:
        seen.add("calm")
    if shortened_share is not None and shortened_share >= dose:
        seen.add("shortened")
    return frozenset(seen)


def advice_for(seen: frozenset[str], journal: Journal | None, athlete: str | None) -> tuple[Advice, ...]:
    """The advice that fits, the most urgent first."""
    answers = journal.of(athlete) if journal is not None else {}
    return tuple(
        advice
        for advice in all_advice()
        if seen.issuperset(advice.when)
        and all(set(answers.get(key, ())) & set(choices) for key, choices in advice.answers.items())
    )


class StatesSeen:
    """A sink of the engine that remembers which states each athlete came to."""

    def __init__(self) -> None:
        self.states: dict[str, set[str]] = {}

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Follow the session (see `monitor.engine.Sink`)."""
        for change in changes:
            self.states.setdefault(str(change["athlete"]), set()).add(str(change["state"]))

    def lines(self, journal: Journal | None, shortened: Mapping[str, float], dose: float) -> list[str]:
        """For people, at the end: for each athlete the two most urgent, one more and one that the journal shapes.

        shortened, dose : by athlete and as in `signs_seen`.
        """
        told = []
        for athlete, states in self.states.items():
            fits = advice_for(signs_seen(states, shortened.get(athlete), dose), journal, athlete)
            general = [advice for advice in fits[2:] if not advice.answers][:1]
            shaped = [advice for advice in fits[2:] if advice.answers][:1]
            told += [f"{athlete}: {advice.text}" for advice in (*fits[:2], *general, *shaped)]
        return told
