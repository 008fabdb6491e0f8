"""The score: the sum of what each sign's table gives, in points of log-odds. It is computed anew every second.

The tables, their thresholds and where they come from stand in `tables.json`. What is unknown adds nothing and is said
to be unknown; `span` tells how far the score could lie from what is known. MDF alone, with whatever dose and context,
never reaches a threshold: tables in which it could are refused.
"""

from __future__ import annotations

from monitor.settings import Settings, Tables
from monitor.settings.tables import CONTEXT
from monitor.warning.evidence import Evidence

Points = dict[str, float | None]
KEYS = ("fatigue", "relaxation", "quiet", "twitches", "tonic", "dose", "context")


def sign_values(evidence: Evidence) -> dict[str, float | None]:
    """The value of each table's sign, in its unit; None = unknown."""
    fatigue = None if evidence.compression is None or evidence.stale else 1.0 - evidence.compression
    twitches = None
    if evidence.twitches_per_min is not None and evidence.twitch_baseline_per_min is not None:
        twitches = evidence.twitches_per_min - evidence.twitch_baseline_per_min
    context = evidence.context
    cramp_ago_min = None if evidence.since_cramp_s is None else evidence.since_cramp_s / 60.0
    return {
        "fatigue": fatigue,
        "relaxation": evidence.relaxation_z,
        "quiet": evidence.quiet_ratio,
        "twitches": twitches,
        "tonic": evidence.tonic_s_per_min,
        "dose": evidence.dose_min,
        "aftermath": cramp_ago_min,
        "cooldown": cramp_ago_min,
        "history": None if context.history is None else float(context.history),
        "session_part": context.session_part(evidence.time_s),
        "ground_share": context.ground_share(evidence.ground_share),
    }


def points(evidence: Evidence, tables: Tables) -> Points:
    """Points by sign; None = unknown."""
    found: Points = dict.fromkeys(KEYS)
    for name, value in sign_values(evidence).items():
        if value is not None:
            key = "context" if name in CONTEXT else name
            found[key] = (found[key] or 0.0) + tables.signs[name].at(value)
    return found


def total(found: Points) -> float | None:
    """The score, None where nothing is known of the leg itself."""
    known = [value for value in found.values() if value is not None]
    own = [value for key, value in found.items() if key != "context" and value is not None]
    return sum(known) if own else None


def span(evidence: Evidence, tables: Tables) -> tuple[float, float]:
    """The lowest and highest score that what is unknown leaves possible."""
    low = high = 0.0
    for name, value in sign_values(evidence).items():
        table = tables.signs[name]
        low += table.least if value is None else table.at(value)
        high += table.most if value is None else table.at(value)
    return low, high


def known_share(evidence: Evidence, tables: Tables) -> float:
    """How much of what the score could tell apart is known, 0..1."""
    widest = sum(table.most - table.least for table in tables.signs.values())
    low, high = span(evidence, tables)
    return 1.0 - (high - low) / widest


def is_warning(found: Points, settings: Settings) -> bool:
    """Whether this second speaks for a warning."""
    score = total(found)
    return score is not None and score >= settings.tables.threshold(settings.state.false_alarms_per_h)


def is_calm(found: Points, settings: Settings) -> bool:
    """Whether this second speaks against one: well below the threshold, and the resting calf was seen lately."""
    score, tables = total(found), settings.tables
    if score is None or (found["quiet"] is None and found["twitches"] is None):
        return False
    return score <= tables.threshold(settings.state.false_alarms_per_h) - tables.clear_below
