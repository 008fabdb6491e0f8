"""One snapshot as the page gets it: words, states and shapes by name; no signal, and of nobody more than a pseudonym.

The words are those of the window and the wall, so that the page cannot say anything else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from monitor.dashboard import words
from monitor.dashboard.alarms import waiting
from monitor.dashboard.freshness import FROZEN_AFTER_S, Freshness, links_of, standing_still
from monitor.dashboard.looks import band_text
from monitor.dashboard.squad import Card, LegCard, Order, cards, comes_off_first
from monitor.dashboard.states import NOT_UPDATING, STATES, Look, link_look, state_look
from monitor.dashboard.wall_words import counts, spoken, tile_leg
from monitor.snapshot import LegView, LinkView, Snapshot, Trace
from monitor.warning.texts import CALLS

_TREND_POINTS = 90
Shown = dict[str, Any]
Elsewhere = Callable[[], Sequence[str]]


def css_name(look: Look) -> str:
    """The page's class for a look: its state's name, OLD for what nobody knows any more, UNKNOWN for a new state."""
    if look is NOT_UPDATING:
        return "OLD"
    return next((name for name, known in STATES.items() if known is look), "UNKNOWN")


class Pictures:
    """Makes the page's pictures of one session, one after the other.

    elsewhere : what calls besides the page now; wall : a monotonic clock, seconds.
    """

    def __init__(self, elsewhere: Elsewhere = tuple, wall: Callable[[], float] = time.monotonic) -> None:
        self._elsewhere, self._wall = elsewhere, wall
        self._freshness, self._order = Freshness(), Order()
        self._snapshot: Snapshot | None = None
        self._frozen, self._head = False, {}

    def take(self, snapshot: Snapshot) -> None:
        """Look at the newest snapshot; `wall` and `athlete` show it."""
        frozen_s = self._freshness.frozen_s(snapshot.time_s, self._wall())
        self._frozen = frozen_s > FROZEN_AFTER_S and not snapshot.ended
        self._snapshot, self._squad = snapshot, cards(snapshot)
        self._places = self._order.arranged(self._squad, snapshot.time_s)
        self._head = {
            "title": snapshot.title,
            "simulated": snapshot.simulated,
            "clock": words.clock(snapshot.time_s),
            "frozen": self._frozen,
            "ended": snapshot.ended,
            "notice": standing_still(snapshot, frozen_s if self._frozen else None) or words.sentences(snapshot.notes),
            "counts": NOT_UPDATING.headline if self._frozen else counts(self._squad),
            "elsewhere": list(self._elsewhere()),
            "calls": snapshot.source != "replay",  # a replay alerts nobody
            "alarms": [] if self._frozen else _alarms(snapshot),
        }

    def wall(self) -> Shown:
        """The whole squad."""
        assert self._snapshot is not None
        by_name = {card.athlete: card for card in self._squad}
        first = (
            [] if self._frozen else [self._leg(leg) | {"athlete": leg.athlete} for leg in comes_off_first(self._squad)]
        )
        return self._head | {"athletes": [self._tile(by_name[name]) for name in self._places], "first": first}

    def athlete(self, name: str) -> Shown:
        """One athlete: both legs with their reasons, and the sensors. Nobody of this name: no legs."""
        assert self._snapshot is not None
        legs = [
            _leg_detail(leg, self._snapshot.time_s, self._frozen) for leg in self._snapshot.legs if leg.athlete == name
        ]
        links = [_link(link) for link in links_of(name, self._snapshot.links)]
        return self._head | {"athlete": name, "legs": legs, "links": links}

    def _tile(self, card: Card) -> Shown:
        assert self._snapshot is not None
        sentence = NOT_UPDATING.headline if self._frozen else spoken(card.athlete, card, self._snapshot.time_s)
        worst = NOT_UPDATING if self._frozen else state_look(card.worst.state)
        legs = [self._leg(leg) for leg in card.legs]
        return {"name": card.athlete, "look": css_name(worst), "loud": worst.loud, "legs": legs, "spoken": sentence}

    def _leg(self, leg: LegCard) -> Shown:
        assert self._snapshot is not None
        tile = tile_leg(leg, self._snapshot.time_s, self._frozen)
        told = {"side": leg.leg, "word": tile.look.short, "age": tile.age, "lost": tile.lost}
        return told | _look(tile.look)


def _alarms(snapshot: Snapshot) -> list[Shown]:
    """The alerts that nobody has seen, the most urgent first. sent : grows with each repeat."""
    return [
        {
            "id": f"{alarm.athlete} {alarm.leg} {alarm.state} {alarm.since_s:.1f}",
            "athlete": alarm.athlete,
            "leg": alarm.leg,
            "state": alarm.state,
            "sent": alarm.sent,
            "text": CALLS[alarm.state],
        }
        | _look(state_look(alarm.state))
        for alarm in sorted(waiting(snapshot.alerts), key=lambda alarm: -state_look(alarm.state).urgency)
    ]


def _look(look: Look) -> Shown:
    return {"look": css_name(look), "shape": look.shape.name.lower(), "loud": look.loud}


def _leg_detail(leg: LegView, time_s: float, frozen: bool) -> Shown:
    """One leg in large type with its reasons."""
    text, every = band_text(leg, time_s, frozen), leg.all_contractions
    facts = {
        "Fatigue": f"{words.reading(leg.baseline_hz, every)} {words.sure(every)}".strip(),
        "Course": leg.course,
        "Doing": leg.gait,
        "Short": leg.shortened,
        "Points": words.points(leg.points, leg.score),
    }
    notes = [*leg.quality, *leg.fatigue_notes, leg.angle_note]
    return {
        "side": leg.leg,
        "headline": text.look.headline,
        "action": text.action,
        "since": text.since,
        "progress": text.progress,
        "reasons": "" if frozen else words.sentences(leg.reasons),
        "facts": {} if frozen else {name: fact for name, fact in facts.items() if fact},
        "notes": [words.sentences((note,)) for note in notes if note],
        "trend": _trend(leg.trend, leg.baseline_hz),
        "watch": None
        if leg.watch_hz is None or not leg.baseline_hz
        else round(100 * (leg.watch_hz / leg.baseline_hz - 1), 1),
    } | _look(text.look)


def _trend(trend: Trace, baseline_hz: float | None) -> list[list[float]]:
    """The fatigue reading over the session as [minute, percent against the baseline], at most so many points."""
    known = np.flatnonzero(np.isfinite(trend.values)) if baseline_hz else np.empty(0, dtype=int)
    chosen = known[:: max(1, -(-len(known) // _TREND_POINTS))]
    percent = 100 * (trend.values[chosen] / (baseline_hz or np.nan) - 1)
    return [
        [round(t / 60, 2), round(p, 1)] for t, p in zip(trend.time_s[chosen].tolist(), percent.tolist(), strict=True)
    ]


def _link(link: LinkView) -> Shown:
    look = link_look(link.link)
    told = {
        "sensor": link.sensor,
        "model": link.model,
        "role": link.role.partition(":")[2].strip() or link.role,
        "word": look.headline,
        "age": words.age(link.age_s),
        "battery": "" if link.battery is None else words.percent(link.battery),
        "warning": link.warning or link.detail,
    }
    return told | {"shape": look.shape.name.lower()}
