"""A squad as the sideline needs it: an athlete is as urgent as the worse leg; who comes off first; who stands where.

Nothing here draws; all of it follows from snapshots and session time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.dashboard.freshness import stale_after_s
from monitor.dashboard.states import state_look
from monitor.events import Link
from monitor.snapshot import LegView, LinkView, Snapshot

ALARMING = ("WARN", "CRAMP")
KEEP_FRONT_S = 60.0  # session seconds that an athlete stays in front after the alarm


@dataclass(frozen=True, slots=True)
class LegCard:
    """One leg on a tile. lost: what its sensors lack, in a few words; empty = all live and fresh."""

    athlete: str
    leg: str
    state: str
    since_s: float
    score: float
    decline: float  # of the fatigue reading, 0..1; 0 where unknown: it only decides among equals
    lost: str = ""

    @property
    def urgency(self) -> int:
        """The higher the sooner."""
        return state_look(self.state).urgency


@dataclass(frozen=True, slots=True)
class Card:
    """One athlete on a tile."""

    athlete: str
    legs: tuple[LegCard, ...]

    @property
    def worst(self) -> LegCard:
        """The leg that decides."""
        return max(self.legs, key=_soonest)

    @property
    def alarming(self) -> bool:
        """Whether a leg warns or cramps."""
        return any(leg.state in ALARMING for leg in self.legs)


def _soonest(leg: LegCard) -> tuple[float, ...]:
    return (leg.urgency, leg.score, leg.decline, -leg.since_s)


def cards(snapshot: Snapshot) -> list[Card]:
    """The squad's cards in the order of the team file."""
    limit_s = stale_after_s(snapshot)
    links: dict[str, list[LinkView]] = {}
    for link in snapshot.links:
        links.setdefault(link.role.partition(":")[0].strip(), []).append(link)
    found: dict[str, list[LegCard]] = {}
    for leg in snapshot.legs:
        found.setdefault(leg.athlete, []).append(_leg_card(leg, links.get(f"{leg.athlete} {leg.leg}", []), limit_s))
    return [Card(athlete, tuple(legs)) for athlete, legs in found.items()]


def _leg_card(leg: LegView, links: list[LinkView], limit_s: float) -> LegCard:
    compression = leg.all_contractions.compression
    lost, state = "", leg.state
    for link in links:
        silent = link.age_s is None or link.age_s > limit_s
        if silent or link.link in (Link.LOST, Link.STALLED, Link.UNSUPPORTED):
            emg = "emg" in link.role.lower()
            lost = "EMG" if emg else lost or "motion"
            state = "NO_SIGNAL" if emg and silent else state
    decline = 0.0 if compression is None else 1.0 - compression
    return LegCard(leg.athlete, leg.leg, state, leg.since_s, leg.score or 0.0, decline, lost)


def comes_off_first(squad: Sequence[Card]) -> list[LegCard]:
    """The legs that tire, warn or cramp, the soonest first: by state, points, fatigue, and how long."""
    legs = [leg for card in squad for leg in card.legs if leg.state in (*ALARMING, "WATCH")]
    return sorted(legs, key=_soonest, reverse=True)


@dataclass(slots=True)
class Order:
    """Where the athletes stand: alarms in front in the order in which they came, all others at home.

    An athlete goes to the front with the first alarm and stays for a minute after the last, so a state that comes
    and goes moves nobody; whoever stood there takes the empty place, so a move is a swap of two.
    """

    _front: list[str] = field(default_factory=list)
    _last_alarm_s: dict[str, float] = field(default_factory=dict)

    def arranged(self, squad: Sequence[Card], time_s: float) -> list[str]:
        """The athletes' names from the first tile to the last. time_s: session time."""
        for card in squad:
            if card.alarming:
                self._last_alarm_s[card.athlete] = time_s
                if card.athlete not in self._front:
                    self._front.append(card.athlete)
        home = [card.athlete for card in squad]
        kept = {name for name in home if 0 <= time_s - self._last_alarm_s.get(name, -1e9) <= KEEP_FRONT_S}
        self._front = [name for name in self._front if name in kept]
        places = list(home)
        for place, name in enumerate(self._front):
            now = places.index(name)
            places[place], places[now] = places[now], places[place]
        return places


def short_names(names: Sequence[str], most: int) -> dict[str, str]:
    """What stands on small tiles: the names if they have at most so many letters, else their numbers or beginnings.

    Where two would look alike, everybody is called by the place in the team file, from 1 on.
    """
    if all(len(name) <= most for name in names):
        return {name: name for name in names}
    short = {name: _number(name) or name[:most].rstrip(" -_.") for name in names}
    if len(set(short.values())) < len(short) or any(len(text) > most for text in short.values()):
        return {name: str(place) for place, name in enumerate(names, start=1)}
    return short


def _number(name: str) -> str:
    return name[len(name.rstrip("0123456789")) :]
