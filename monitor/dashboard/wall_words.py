"""What the wall says of a squad, in as few words as tiles have room for; the same on every screen, without Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from monitor.dashboard import words
from monitor.dashboard.squad import Card, LegCard
from monitor.dashboard.states import NOT_UPDATING, Look, state_look

_COUNTED = ("CRAMP", "WARN", "WATCH", "NO_SIGNAL")


@dataclass(frozen=True, slots=True)
class TileLeg:
    """What one leg's part of a tile says."""

    side: str
    look: Look
    age: str
    lost: str


def tile_leg(leg: LegCard, time_s: float, frozen: bool) -> TileLeg:
    """The words for one leg; in a frozen picture nobody knows its state."""
    look = NOT_UPDATING if frozen else state_look(leg.state)
    return TileLeg(leg.leg[:1].upper(), look, "" if frozen else minutes(time_s - leg.since_s), leg.lost)


def minutes(seconds: float) -> str:
    """Time in a state, as short as a tile needs it: "0 min", "14 min", "2 h"."""
    whole = int(max(seconds, 0.0)) // 60
    return f"{whole} min" if whole < 120 else f"{whole // 60} h"


def spoken(athlete: str, card: Card, time_s: float) -> str:
    """The whole tile as a sentence, for tool tips and screen readers."""
    legs = [
        f"{leg.leg}: {state_look(leg.state).sentence} for {words.duration(time_s - leg.since_s)}"
        + (f", no {leg.lost} data" if leg.lost else "")
        for leg in card.legs
    ]
    return f"{athlete}. {'. '.join(legs)}."


def counts(squad: list[Card]) -> str:
    """How many legs are in each state that needs somebody: "1 cramp?, 2 cramp risk, 1 no signal"."""
    found = Counter(leg.state for card in squad for leg in card.legs)
    told = [f"{found[state]} {state_look(state).short.lower()}" for state in _COUNTED if found[state]]
    lost = sum(bool(leg.lost) for card in squad for leg in card.legs)
    told += [f"{lost} with lost sensors"] if lost else []
    return "Legs: " + (", ".join(told) or "no pattern seen")
