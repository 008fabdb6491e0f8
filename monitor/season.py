"""A season: what each session said of each leg, how it goes for an athlete, and whether a condition makes a difference.

Comparisons stay within one athlete, and say so where there are too few sessions, which is the usual answer.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from monitor.errors import CrampwatchError
from monitor.evaluation.intervals import rate_interval, share_interval
from monitor.season_rows import Row, once_each

FEWEST = 6  # sessions under a condition, or in a trend: an interval of fewer is wider than any effect of footwear
TOO_FEW = "too few sessions to say"
_FIRST = {"warnings": "first_warning_h", "cramps": "first_cramp_h"}
_CALLED = {"boots": "footwear", "shoes": "footwear", "ground": "surface"}


def field_of(name: str) -> str:
    """The journal's key that a word means. Raises: CrampwatchError naming those that there are."""
    from monitor.context.journal import questions

    key = _CALLED.get(name, name)
    if key not in questions():
        raise CrampwatchError(f"the journal has no field {name!r}; it has {', '.join([*_CALLED, *questions()])}")
    return key


def season(rows: Sequence[Row], by: str | None = None) -> dict[str, Any]:
    """The whole season as plain data. by : a key of the journal."""
    rows, left = once_each(rows)
    by_athlete = {
        name: [row for row in rows if row["athlete"] == name] for name in sorted({r["athlete"] for r in rows})
    }
    answer: dict[str, Any] = {
        "sessions": len({row["file"] for row in rows}),
        "leg_hours": round(sum(row["hours"] for row in rows), 2),
        "left_out": [{name: row[name] for name in ("file", "athlete", "leg", "hours")} for row in left],
        "athletes": [_athlete(name, mine) for name, mine in by_athlete.items()],
    }
    if by is not None:
        for row in rows:
            row["condition"] = "+".join(row["journal"].get(by, [])) or None
        told = {name: [row for row in mine if row["condition"]] for name, mine in by_athlete.items()}
        compared = [compare(name, mine) for name, mine in told.items() if mine]
        answer["by"] = {"field": by, "athletes": compared, "not_said": len(rows) - sum(map(len, told.values()))}
        answer["by"]["rows"] = len(rows)
    return answer


def _athlete(name: str, rows: Sequence[Row]) -> dict[str, Any]:
    legs = {leg: [row for row in rows if row["leg"] == leg] for leg in sorted({row["leg"] for row in rows})}
    return {"athlete": name, "legs": [{"leg": leg} | _course(mine) for leg, mine in legs.items()]}


def _course(rows: Sequence[Row]) -> dict[str, Any]:
    """How one leg's sessions go."""
    hours = sum(row["hours"] for row in rows)
    counts = {what: sum(row[what] for row in rows) for what in ("warnings", "cramps")}
    rates = {f"{what}_per_hour": count / hours if hours else None for what, count in counts.items()}
    intervals = {f"{what}_per_hour_ci": _listed(rate_interval(count, hours)) for what, count in counts.items()}
    fatigue = _known(rows)
    mean = sum(fatigue) / len(fatigue) if fatigue else None
    trend = trend_of(fatigue)
    facts = {"sessions": len(rows), "hours": hours, "fatigue_pct_per_min": mean, "trend_per_session": trend}
    return facts | counts | rates | intervals | {"trend": "known" if trend else TOO_FEW}


def _known(rows: Sequence[Row]) -> list[float]:
    return [row["fatigue_pct_per_min"] for row in rows if row["fatigue_pct_per_min"] is not None]


def trend_of(values: Sequence[float]) -> dict[str, Any] | None:
    """The change of fatigue per minute from session to session, with its 95 % interval; None of too few."""
    if len(values) < FEWEST:
        return None
    from scipy.stats import linregress, t

    fit: Any = linregress(np.arange(len(values)), np.asarray(values))
    half = float(t.ppf(0.975, len(values) - 2) * fit.stderr)
    return {"slope": float(fit.slope), "ci": [float(fit.slope) - half, float(fit.slope) + half], "n": len(values)}


def compare(athlete: str, rows: Sequence[Row]) -> dict[str, Any]:
    """The conditions of one athlete, each pair of them; intervals are widened for as many pairs as there are.

    A session is one observation, whatever its legs and however often it warned: what comes twice in one session, in
    one leg or in both, does not come independently.
    """
    groups = {
        name: [row for row in rows if row["condition"] == name] for name in sorted({r["condition"] for r in rows})
    }
    pairs = list(itertools.combinations(groups, 2))
    found = [_pair(one, groups[one], other, groups[other], len(pairs)) for one, other in pairs]
    listed = [{"condition": name, "sessions": _sessions(mine)} for name, mine in groups.items()]
    return {"athlete": athlete, "conditions": listed, "pairs": found or [], "verdict": None if found else TOO_FEW}


def _pair(one: str, first: Sequence[Row], other: str, second: Sequence[Row], pairs: int) -> dict[str, Any]:
    n = [_sessions(first), _sessions(second)]
    told: dict[str, Any] = {"a": one, "b": other, "n": n}
    if min(n) < FEWEST:
        return told | {"verdict": TOO_FEW}
    told["fatigue_pct_per_min"] = difference(_by_session(first), _by_session(second), pairs)
    for what in ("warnings", "cramps"):
        counts, hours = zip(*(_sessions_with(what, rows) for rows in (first, second)), strict=True)
        told[f"{what}_rate_ratio"] = rate_ratio(counts, hours, pairs)
    return told | {"verdict": _verdict(one, other, told)}


def _sessions(rows: Sequence[Row]) -> int:
    return len({row["session"] for row in rows})


def _by_session(rows: Sequence[Row]) -> list[float]:
    """Two legs of one session are one observation."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row["fatigue_pct_per_min"] is not None:
            found.setdefault(row["session"], []).append(row["fatigue_pct_per_min"])
    return [sum(values) / len(values) for values in found.values()]


def _sessions_with(what: str, rows: Sequence[Row]) -> tuple[int, float]:
    """In how many sessions it came, in whichever leg, and the hours of all until it came first, or to their ends.

    Without that, where nearly every session has a warning, the longer ones would seem to have fewer an hour.
    """
    hours: dict[str, tuple[bool, float]] = {}
    for row in rows:
        without_h = row["hours"] if row[_FIRST[what]] is None else row[_FIRST[what]]
        came, until_h = hours.get(row["session"], (False, 0.0))
        if row[what]:
            hours[row["session"]] = True, min(without_h, until_h) if came else without_h
        elif not came:
            hours[row["session"]] = False, max(without_h, until_h)
    return sum(came for came, _ in hours.values()), sum(until_h for _, until_h in hours.values())


def difference(first: Sequence[float], second: Sequence[float], pairs: int = 1) -> dict[str, Any] | None:
    """Mean of the first minus that of the second, with Welch's interval; None of too few.

    pairs : how many comparisons are made beside each other (Bonferroni). Source: Welch 1947, Biometrika 34:28-35.
    """
    if min(len(first), len(second)) < FEWEST:
        return None
    from scipy.stats import t

    parts = [float(np.var(values, ddof=1)) / len(values) for values in (first, second)]
    gap, error = float(np.mean(first) - np.mean(second)), math.sqrt(sum(parts))
    squares = sum(part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True))
    freedom = sum(parts) ** 2 / squares if squares else len(first) + len(second) - 2
    half = float(t.ppf(1 - 0.025 / pairs, freedom)) * error
    return {"difference": gap, "ci": [gap - half, gap + half], "n": [len(first), len(second)]}


def rate_ratio(counts: Sequence[int], hours: Sequence[float], pairs: int = 1) -> dict[str, Any] | None:
    """How often under the first condition for once under the second, per hour; the exact 95 % interval given the sum.

    counts : of what comes independently. pairs : how many comparisons are made beside each other (Bonferroni).
    None where nothing was counted. Source: Przyborowski & Wilenski 1940, Biometrika 31:313-323.
    """
    share = share_interval(counts[0], sum(counts), 0.025 / pairs)
    if share is None or min(hours) <= 0:
        return None
    low, high = ((part / (1 - part) if part < 1 else None) for part in share)
    weight = hours[1] / hours[0]
    ratio = counts[0] / counts[1] * weight if counts[1] else None
    return {
        "ratio": ratio,
        "ci": [None if low is None else low * weight, None if high is None else high * weight],
        "counts": list(counts),
    }


def _verdict(one: str, other: str, told: Mapping[str, Any]) -> str:
    """In words: what the intervals exclude, and no cause."""
    found = []
    fatigue = told["fatigue_pct_per_min"]
    if fatigue is not None and (fatigue["ci"][1] < 0 or fatigue["ci"][0] > 0):
        found.append(f"fatigue comes faster with {one if fatigue['difference'] < 0 else other}")
    for what in ("warnings", "cramps"):
        ratio = told[f"{what}_rate_ratio"]
        if ratio is not None and ratio["ci"][1] is not None and ratio["ci"][1] < 1:
            found.append(f"fewer sessions with {what} with {one}")
        elif ratio is not None and ratio["ci"][0] is not None and ratio["ci"][0] > 1:
            found.append(f"fewer sessions with {what} with {other}")
    return (
        "; ".join(found) + " (what else differed between the sessions is not known)" if found else "no difference seen"
    )


def _listed(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)


def left_out(answer: Mapping[str, Any]) -> Iterator[str]:
    """What does not count, and why."""
    for left in answer["left_out"]:
        why = "recorded beside another recording of it" if left["hours"] else "no signal"
        yield f"left out: {left['file']}, {left['athlete']} {left['leg']}: {why}"


def lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """The season for a terminal."""
    yield f"{answer['sessions']} sessions, {answer['leg_hours']:g} hours of legs"
    yield from left_out(answer)
    for each in answer["athletes"]:
        for leg in each["legs"]:
            mean, trend = leg["fatigue_pct_per_min"], leg["trend_per_session"]
            fatigue = "fatigue unknown" if mean is None else f"fatigue {mean:+.2f} % per min"
            way = TOO_FEW if trend is None else f"{trend['slope']:+.3f} per session ({_ends(trend['ci'])})"
            counts = f"{leg['warnings']} warnings, {leg['cramps']} cramps in {leg['hours']:.1f} h"
            yield f"{each['athlete']} {leg['leg']}: {leg['sessions']} sessions, {fatigue}, trend: {way}; {counts}"
    for each in answer.get("by", {}).get("athletes", []):
        for pair in each["pairs"]:
            n = f"n = {pair['n'][0]} and {pair['n'][1]}"
            yield f"{each['athlete']}, {pair['a']} against {pair['b']}, {n}: {'; '.join(_compared(pair))}"
        if not each["pairs"]:
            (only,) = each["conditions"]
            yield f"{each['athlete']}, {only['condition']} alone, n = {only['sessions']}: {each['verdict']}"
    if answer.get("by", {}).get("not_said"):
        by = answer["by"]
        yield f"{by['not_said']} of {by['rows']} rows (a leg of a session) say nothing of {by['field']}"


def _compared(pair: Mapping[str, Any]) -> Iterator[str]:
    """One pair of conditions: what it says, then each number with its interval."""
    yield pair["verdict"]
    if min(pair["n"]) < FEWEST:
        return
    fatigue = pair["fatigue_pct_per_min"]
    yield "fatigue: " + (
        TOO_FEW if fatigue is None else f"{fatigue['difference']:+.2f} % per min ({_ends(fatigue['ci'])})"
    )
    for what in ("warnings", "cramps"):
        ratio = pair[f"{what}_rate_ratio"]
        yield f"sessions with {what}: {TOO_FEW if ratio is None else _times(ratio)}"


def _times(ratio: Mapping[str, Any]) -> str:
    """A ratio of rates and its interval, either of which may have no upper end."""
    low, high = ("no limit" if end is None else f"{end:.2f}" for end in ratio["ci"])
    often = "only with the first" if ratio["ratio"] is None else f"{ratio['ratio']:.2f} x as often"
    return f"{often} ({low} to {high})"


def _ends(interval: Sequence[float]) -> str:
    return f"{interval[0]:+.3f} to {interval[1]:+.3f}"
