"""The states of a leg and every way from one to another: the machine knows no other.

In each second the rows of the present state are tried in order; the first whose facts are all true is taken. None is
true: the state stays. `python -m monitor.warning.diagram` draws the table.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What is said about a leg."""

    NO_SIGNAL = "NO_SIGNAL"
    CALIBRATING = "CALIBRATING"
    OK = "OK"
    WATCH = "WATCH"
    WARN = "WARN"
    CRAMP = "CRAMP"
    RELIEF = "RELIEF"
    COOLDOWN = "COOLDOWN"


class Fact(StrEnum):
    """What can be true of a leg in a second; `monitor.warning.memory` decides each, with hysteresis."""

    LOST = "signal lost"
    BACK = "signal back"
    UNLEARNT = "no baseline"
    CRAMP = "cramp seen or reported"
    CRAMPING = "cramp not seen to end"
    GONE = "contraction gone"
    RELIEVING = "released, not yet for long"
    CAME_BACK = "contraction came back"
    HELD = "released for long enough"
    RISK = "cramp risk pattern"
    COOLING = "cramp in the last hour"
    TIRING = "calf tiring"


@dataclass(frozen=True, slots=True)
class Transition:
    """From `source` to `target` where all facts are true and no row above was; source = target: the state stays."""

    source: State
    when: tuple[Fact, ...]
    target: State


_Rows = tuple[tuple[tuple[Fact, ...], State], ...]
_LOST: _Rows = (((Fact.LOST,), State.NO_SIGNAL),)
_KNOWN: _Rows = (  # of a calf that is learnt and has no cramp: the gravest pattern wins
    ((Fact.CRAMP,), State.CRAMP),
    ((Fact.RISK,), State.WARN),
    ((Fact.COOLING,), State.COOLDOWN),
    ((Fact.TIRING,), State.WATCH),
    ((), State.OK),
)
_SEEN: _Rows = (*_LOST, ((Fact.UNLEARNT,), State.CALIBRATING))
_BACK: _Rows = (  # to what the kept memory gives; a sensor that fell off never reads as recovered
    ((Fact.UNLEARNT,), State.CALIBRATING),
    ((Fact.CRAMPING,), State.CRAMP),
    ((Fact.RELIEVING,), State.RELIEF),
    *_KNOWN,
)


def _from(source: State, rows: _Rows) -> tuple[Transition, ...]:
    return tuple(Transition(source, when, target) for when, target in rows)


TABLE: tuple[Transition, ...] = (
    *_from(State.NO_SIGNAL, (*_LOST, *(((Fact.BACK, *when), target) for when, target in _BACK))),
    *(row for calm in (State.CALIBRATING, State.OK, State.WATCH, State.WARN) for row in _from(calm, (*_SEEN, *_KNOWN))),
    *_from(State.CRAMP, (*_SEEN, ((Fact.GONE,), State.RELIEF))),
    *_from(State.RELIEF, (*_SEEN, ((Fact.CAME_BACK,), State.CRAMP), ((Fact.HELD,), State.COOLDOWN))),
    *_from(State.COOLDOWN, (*_SEEN, *_KNOWN)),
)


def next_state(state: State, facts: AbstractSet[Fact]) -> State:
    """The state after a second in which these facts are true."""
    rows = (row for row in TABLE if row.source == state)
    return next((row.target for row in rows if all(fact in facts for fact in row.when)), state)
