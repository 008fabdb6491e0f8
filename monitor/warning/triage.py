"""The triage card: what a person ticks in, plain words out. Information with its sources, never a verdict."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.errors import CrampwatchError

_FILE = "triage.toml"


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the card. level : the key of a sentence in the card's `levels`."""

    id: str
    ask: str
    level: str
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card. levels : sentences by key, the gravest first; none : what it says where nothing is ticked."""

    title: str
    intro: str
    none: str
    end: str
    levels: dict[str, str]
    signs: tuple[Sign, ...]


@cache
def card() -> Card:
    """The card as the data file has it."""
    read = tomllib.loads(files(__package__ or "monitor.warning").joinpath(_FILE).read_text(encoding="utf-8"))
    signs = tuple(Sign(**sign) for sign in read.pop("sign"))
    return Card(signs=signs, **read)


def triage(answers: Mapping[str, bool]) -> str:
    """What the card says to these ticks, by sign id; a sign that is not named counts as not ticked.

    Raises: CrampwatchError for a sign that the card does not have.
    """
    now = card()
    unknown = set(answers) - {sign.id for sign in now.signs}
    if unknown:
        raise CrampwatchError(f"the triage card has no sign {sorted(unknown)[0]!r}")
    ticked = [sign for sign in now.signs if answers.get(sign.id)]
    if not ticked:
        return f"{now.none}\n{now.end}"
    lines: list[str] = []
    for level, advice in now.levels.items():
        own = [sign for sign in ticked if sign.level == level]
        if own:
            lines += [advice, *(f"- {sign.ask}: {sign.says}" for sign in own)]
    return "\n".join([*lines, now.end])
