"""All figures of an evaluation as plain data, in the shape that `evaluate --json` promises, and more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from monitor.evaluation.as_shown import Shown, judge, judge_at
from monitor.evaluation.chance import chance
from monitor.evaluation.cramp_figures import cramp_figures
from monitor.evaluation.cramp_rows import cramp_rows
from monitor.evaluation.definitions import (
    BASE_RATES_PER_H,
    BOOTSTRAPS,
    FROZEN_ON,
    RATES_PER_H,
    SQUAD_HOURS,
    SQUAD_PLAYERS,
)
from monitor.evaluation.families import ARTEFACT
from monitor.evaluation.intervals import middle, ppv, rate_interval, resamples_of, share_interval
from monitor.evaluation.missed import missed
from monitor.evaluation.sweep import Sweep, sweep
from monitor.evaluation.tracks import BASELINES, FRONTIER, OURS, AthleteSession

_RULES = ("hit", "in_10_min", "in_5_min", "on_at_cramp", "protocol", "looser")


def figures(sessions: Sequence[AthleteSession], *, base_rate_per_h: float, seed: int = 0) -> dict[str, Any]:
    """The contract's object without what tells how the sessions were made. Unknown is None."""
    judged = [judge(session) for session in sessions]
    by_chance, p = chance(judged, seed)
    shown = as_shown(judged, base_rate_per_h)
    known = all(FRONTIER in track.scores for session in sessions for track in session.legs)
    sweeps = {name: sweep(name, sessions) for name in (OURS, *BASELINES, *([FRONTIER] if known else []))}
    rare = sweeps[OURS].at_base_rate(base_rate_per_h)
    draws = resamples_of([session.athlete for session in sessions], BOOTSTRAPS, seed)
    return shown | {
        "chance_sensitivity": by_chance,
        "chance_p": p,
        "by_athlete": by_athlete(judged),
        "by_cramp": list(cramp_rows(judged)),
        "by_family": by_family(judged, base_rate_per_h),
        "missed": missed(judged),
        "cramp": cramp_figures(sessions, ARTEFACT),
        "at_rate": at_rates(sweeps[OURS], draws, base_rate_per_h),
        "at_rate_at_base_rate": at_rates(rare, draws, base_rate_per_h),
        "frontier": frontier(sweeps[FRONTIER], draws, base_rate_per_h) if known else None,
        "baselines": {
            name: against(sweeps[OURS], sweeps[name], draws, base_rate_per_h)
            | {"roc": [list(point) for point in sweeps[name].curve()]}
            for name in BASELINES
        },
        "baselines_at_base_rate": {
            name: against(rare, sweeps[name].at_base_rate(base_rate_per_h), draws, base_rate_per_h)
            for name in BASELINES
        },
        "roc": [list(point) for point in sweeps[OURS].curve()],
        "precursor_table": precursor_table(judged),
        "definitions": FROZEN_ON,
    }


def at_thresholds(
    sessions: Sequence[AthleteSession], thresholds: Mapping[str, float], clear_below: float, base_rate_per_h: float
) -> dict[str, dict[str, Any]]:
    """The product at each of its settings: our score at thresholds that were fitted on other sessions."""
    kept = ("cramps", "sensitivity", "sensitivity_ci", "sensitivity_precursor", "by_rule", "lead_s")
    kept += ("false_alarms_per_hour", "false_alarms_ci", "false_alarms_per_hour_at_base_rate", "time_in_warning", "ppv")
    found = {}
    for name, threshold in thresholds.items():
        every = as_shown([judge_at(session, threshold, clear_below) for session in sessions], base_rate_per_h)
        found[name] = {"threshold": threshold} | {key: every[key] for key in kept}
    return found


def at_rates(found: Sweep, draws: Any, base_rate_per_h: float) -> dict[str, Any]:
    """One score at every rate of false alarms that is told."""
    return {f"{rate:g}": at_rate(found, rate, draws, base_rate_per_h) for rate in RATES_PER_H}


def against(ours: Sweep, other: Sweep, draws: Any, base_rate_per_h: float) -> dict[str, Any]:
    """A baseline at every rate, and by how much ours is better there."""
    return {
        rate: found | {"ours_better_by_ci": better_by(ours, other, draws, float(rate))}
        for rate, found in at_rates(other, draws, base_rate_per_h).items()
    }


def frontier(found: Sweep, draws: Any, base_rate_per_h: float) -> dict[str, Any]:
    """What could be reached at best, plainly and at the base rate."""
    rare = found.at_base_rate(base_rate_per_h)
    return {
        "at_rate": at_rates(found, draws, base_rate_per_h),
        "at_rate_at_base_rate": at_rates(rare, draws, base_rate_per_h),
        "roc": [list(point) for point in found.curve()],
    }


def as_shown(judged: Sequence[Shown], base_rate_per_h: float) -> dict[str, Any]:
    """The states as people saw them: the contract's head."""
    outcomes = [found for shown in judged for found in shown.outcomes]
    hours = sum(shown.session.hours for shown in judged)
    hits, false = sum(found.hit for found in outcomes), sum(len(shown.false) for shown in judged)
    announced = [found for found in outcomes if found.cramp.announced]
    rate = false / hours if hours else None
    sensitivity = _share(hits, len(outcomes))
    return {
        "sessions": len(judged),
        "hours": hours,
        "cramps": len(outcomes),
        "sensitivity": sensitivity,
        "sensitivity_ci": share_interval(hits, len(outcomes)),
        "sensitivity_precursor": _share(sum(found.hit for found in announced), len(announced)),
        "sensitivity_precursor_ci": share_interval(sum(found.hit for found in announced), len(announced)),
        "by_rule": {rule: _share(sum(getattr(found, rule) for found in outcomes), len(outcomes)) for rule in _RULES},
        "lead_s": spread([found.claimed_s for found in outcomes if found.claimed_s is not None]),
        "lead_uncut_s": spread([found.lead_s for found in outcomes if found.lead_s is not None]),
        "false_alarms_per_hour": rate,
        "false_alarms_ci": rate_interval(false, hours),
        **_other_rates(judged, false),
        **_at_base_rate(judged, false, len(outcomes), base_rate_per_h),
        "time_in_warning": sum(shown.warned_s for shown in judged) / (3600.0 * hours) if hours else None,
        "ppv": None if sensitivity is None or rate is None else ppv(base_rate_per_h, sensitivity, rate),
        "base_rate_per_hour": base_rate_per_h,
        "ppv_at_base_rates": {
            f"{base:g}": None if sensitivity is None or rate is None else ppv(base, sensitivity, rate)
            for base in BASE_RATES_PER_H
        },
    }


def _at_base_rate(judged: Sequence[Shown], false: int, cramps: int, base_rate_per_h: float) -> dict[str, Any]:
    """The false alarms as precursors that pass come with the base rate of cramps."""
    hours, passing = sum(shown.session.hours for shown in judged), sum(shown.passing for shown in judged)
    weight = min(1.0, base_rate_per_h * hours / cramps) if cramps else None
    return {
        "false_alarms_in_passing_precursors": passing,
        "passing_precursors": sum(len(shown.session.passing) for shown in judged),
        "false_alarms_per_hour_at_base_rate": None if weight is None else (false - passing + weight * passing) / hours,
    }


def _other_rates(judged: Sequence[Shown], false: int) -> dict[str, Any]:
    """False alarms per leg-hour, per hour of good signal, per squad session."""
    hours = sum(shown.session.hours for shown in judged)
    tracks = [track for shown in judged for track in shown.session.legs]
    leg_hours = sum(len(track.state) for track in tracks) / 3600.0
    good_hours = sum(int(np.count_nonzero(track.good)) for track in tracks) / 3600.0
    leg_false = sum(shown.leg_false for shown in judged)
    squad_hours = SQUAD_PLAYERS * SQUAD_HOURS
    return {
        "false_alarms_per_leg_hour": leg_false / leg_hours if leg_hours else None,
        "false_alarms_per_good_leg_hour": leg_false / good_hours if good_hours else None,
        "false_alarms_per_squad_session": squad_hours * false / hours if hours else None,
        "squad_session": {"players": SQUAD_PLAYERS, "hours": SQUAD_HOURS, "legs": 2},
    }


def at_rate(found: Sweep, rate: float, draws: Any, base_rate_per_h: float) -> dict[str, Any]:
    """One score at the threshold that gives no more than a rate of false alarms."""
    row, cramps = found.row_at(rate), float(found.cramps.sum())
    sensitivity = _share(found.hits[row].sum(), cramps)
    actual = float(found.rates[row])
    return {
        "threshold": float(found.thresholds[row]) if np.isfinite(found.thresholds[row]) else None,
        "sensitivity": sensitivity,
        "sensitivity_ci": found.interval(draws, rate),
        "sensitivity_precursor": _share(found.precursor_hits[row].sum(), found.precursor_cramps.sum()),
        "looser": _share(found.looser[row].sum(), cramps),
        "false_alarms_per_hour": actual,
        "lead_s": spread(found.leads_s[row]),
        "time_in_warning": float(found.warned_s[row].sum() / (3600.0 * found.hours.sum()))
        if len(found.hours)
        else None,
        "ppv": None if sensitivity is None else ppv(base_rate_per_h, sensitivity, actual),
    }


def better_by(ours: Sweep, other: Sweep, draws: Any, rate: float) -> list[float] | None:
    """95 % interval of our sensitivity minus a baseline's on the same resamples of athletes."""
    interval = middle(ours.resampled(draws, rate) - other.resampled(draws, rate))
    return None if interval is None else list(interval)


def by_family(judged: Sequence[Shown], base_rate_per_h: float) -> dict[str, dict[str, Any]]:
    """The states' figures for each family of sessions."""
    names = sorted({name for shown in judged for name in shown.session.families})
    kept = ("sessions", "hours", "cramps", "sensitivity", "sensitivity_ci", "sensitivity_precursor")
    kept += ("false_alarms_per_hour", "false_alarms_ci", "time_in_warning")
    found = {}
    for name in names:
        every = as_shown([shown for shown in judged if name in shown.session.families], base_rate_per_h)
        found[name] = {key: every[key] for key in kept}
    return found


def by_athlete(judged: Sequence[Shown]) -> dict[str, dict[str, Any]]:
    """What came of each athlete, over all sessions."""
    sessions: dict[str, list[Shown]] = {}
    for shown in judged:
        sessions.setdefault(shown.session.athlete, []).append(shown)
    return {athlete: _athlete(mine) for athlete, mine in sessions.items()}


def precursor_table(judged: Sequence[Shown]) -> list[dict[str, Any]]:
    """Sensitivity and lead by the strength and length that the cramps' precursors were drawn with."""
    outcomes = [found for shown in judged for found in shown.outcomes if found.cramp.strength is not None]
    rows = []
    for title, low, high in (
        ("none", -1.0, 0.0),
        ("weak", 0.0, 1 / 3),
        ("middle", 1 / 3, 2 / 3),
        ("strong", 2 / 3, 1.0),
    ):
        for shortest_s, longest_s in ((0.0, 0.0),) if title == "none" else ((0.0, 120.0), (120.0, 300.0), (300.0, 1e9)):
            these = [
                found
                for found in outcomes
                if low < (found.cramp.strength or 0.0) <= high
                and (title == "none" or shortest_s < found.cramp.precursor_s <= longest_s)
            ]
            hits = sum(found.hit for found in these)
            rows.append(
                {
                    "strength": title,
                    "length_s": None if title == "none" else [shortest_s, longest_s if longest_s < 1e9 else None],
                    "cramps": len(these),
                    "sensitivity": _share(hits, len(these)),
                    "sensitivity_ci": share_interval(hits, len(these)),
                    "lead_s": spread([found.claimed_s for found in these if found.claimed_s is not None]),
                }
            )
    return rows


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median, and where the lowest and highest tenth begin."""
    if not values:
        return {"median": None, "p10": None, "p90": None}
    p10, median, p90 = np.quantile(values, (0.1, 0.5, 0.9)).tolist()
    return {"median": median, "p10": p10, "p90": p90}


def _athlete(judged: Sequence[Shown]) -> dict[str, Any]:
    outcomes = [found for shown in judged for found in shown.outcomes]
    return {
        "hours": sum(shown.session.hours for shown in judged),
        "cramps": len(outcomes),
        "hits": sum(found.hit for found in outcomes),
        "false_alarms": sum(len(shown.false) for shown in judged),
        "time_in_warning_s": sum(shown.warned_s for shown in judged),
    }


def _share(hits: float, n: float) -> float | None:
    return float(hits) / float(n) if n else None
