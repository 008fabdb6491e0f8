"""Tables from tracks: a logistic regression on monotone pieces, one weight for each step between two knots.

What a calf does without being asked is learnt from the state before a cramp: seconds in which a precursor stands, with
or without a cramp to follow (no second can tell), against those outside precursors and cramps. What makes a cramp more
likely beforehand (fatigue, dose, how late it is) is learnt from the last minutes before cramps against the rest.
Both sides of a comparison weigh alike in sum, so points are log-odds against even odds; they add up as a prior and its
evidence do. An unknown sign takes no part. Where the sessions know nothing of a sign, its table is assumed and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from monitor.fitting.alarms import HORIZON_S
from monitor.fitting.track import Floats, Track
from monitor.settings.tables import SIGNS, Table

_EVERY_S = 10
_BEFORE_S = 120.0
_SPREAD = {
    "evidence": 1.0,
    "prior": 0.3,
    "clock": 1.0,
}  # points that a step is expected to be worth, sd; weak data leave it small
_STRONG = 0.3  # a weaker precursor shows nothing
_AFTER_S = 300.0  # what a precursor or a cramp leaves behind for so long speaks neither way
_LEAST_RISE = 0.1  # points: no sign is without any effect
Bound = tuple[float | None, float | None]
_Knots = Mapping[str, tuple[str, tuple[float, ...]]]
_EVIDENCE: _Knots = {
    "relaxation": ("sd of contractions of the same kind", (0.0, 0.75, 1.5, 2.5, 4.0)),
    "quiet": ("x own baseline", (1.0, 1.25, 1.5, 2.0, 3.0)),
    "twitches": ("per min above own baseline", (0.0, 3.0, 6.0, 10.0, 18.0)),
}
_PRIOR: _Knots = {
    "fatigue": ("decline of the spectral scale", (0.0, 0.08, 0.16, 0.24)),
    "dose": ("min of shortened contraction", (0.0, 0.5, 1.0, 2.0)),
}
_CLOCK: _Knots = {"session_part": ("of the planned session", (0.25, 0.4, 0.6, 1.0))}
ASSUMED: Mapping[str, Table] = {
    "tonic": Table(
        "s per quiet minute",
        "assumed: not simulated; tonic firing is what cramps are made of",
        (0.0, 3.0, 12.0),
        (0.0, 0.4, 1.0),
    ),
    "cooldown": Table(
        "min since a cramp",
        "assumed: a cramp lowers the threshold for 60 min and more",
        (0.0, 60.0, 75.0),
        (0.2, 0.2, 0.0),
    ),
    "history": Table(
        "0 = no, 1 = yes", "assumed: odds ratio 2.4 to 10.9 a season, not simulated", (0.0, 1.0), (-0.1, 0.2)
    ),
    "ground_share": Table(
        "of the last five minutes",
        "assumed: the gastrocnemius works most uphill; not simulated",
        (0.2, 1.0),
        (0.0, 0.1),
    ),
}


def learn(tracks: Sequence[Track]) -> dict[str, Table]:
    """A table for every sign but the aftermath of a cramp."""
    tables = dict(ASSUMED)
    for what, signs in (("evidence", _EVIDENCE), ("prior", _PRIOR), ("clock", _CLOCK)):
        tables |= _fitted(tracks, signs, what)
    return {name: tables[name] for name in SIGNS if name in tables}


def _fitted(tracks: Sequence[Track], signs: _Knots, what: str) -> dict[str, Table]:
    told = [_told(track, what) for track in tracks]
    speaks_for = np.concatenate([found[counts] for found, counts in told])
    values = {
        name: np.concatenate([track.values[name][counts] for track, (_, counts) in zip(tracks, told, strict=True)])
        for name in signs
    }
    pieces = [_pieces(values[name], knots) for name, (_, knots) in signs.items()]
    design = np.concatenate([np.ones((len(speaks_for), 1)), *pieces], axis=1)
    bounds: list[Bound] = [(None, None)]
    for _, knots in signs.values():
        bounds += [(-3.0, 0.0)] + [(0.0, 4.0)] * (len(knots) - 1)
    episodes = max(1, sum(_episodes(track, what) for track in tracks))
    weights = _regress(design, speaks_for, bounds, ridge=0.5 / episodes / _SPREAD[what] ** 2)
    tables, first = {}, 1
    for name, (unit, knots) in signs.items():
        points = _points(weights[first : first + len(knots)])
        if what != "evidence":  # nearly always known: unknown stands for the usual
            points -= np.nanmean(np.interp(values[name][speaks_for == 0], knots, points))
        tables[name] = Table(unit, "fitted", knots, tuple(round(float(each), 3) for each in points))
        first += len(knots)
    return tables


def _told(track: Track, what: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Which seconds speak for, and which count at all."""
    time_s = np.arange(1.0, len(track.values[SIGNS[0]]) + 1.0)
    before_s = np.full(len(time_s), np.inf)
    cramping = np.zeros(len(time_s), dtype=bool)
    for start_s, end_s in zip(track.cramps_s, track.ends_s, strict=True):
        before_s = np.where(time_s <= start_s, np.minimum(before_s, start_s - time_s), before_s)
        cramping |= (time_s > start_s) & (time_s <= end_s)
    counts = ~cramping & (time_s % _EVERY_S == 0) & np.isfinite(track.values["relaxation"])
    if what != "evidence" or not track.precursors:
        speaks_for = before_s <= _BEFORE_S
        return speaks_for.astype(np.float64), counts & (speaks_for | (before_s > HORIZON_S))
    standing, rising = np.zeros(len(time_s), dtype=bool), np.zeros(len(time_s), dtype=bool)
    for start_s, end_s, strength in track.precursors:
        middle_s = 0.5 * (start_s + end_s)
        standing |= (time_s > middle_s) & (time_s <= end_s) & (strength >= _STRONG)
        rising |= (time_s > start_s) & (time_s <= end_s + _AFTER_S)
    return standing.astype(np.float64), counts & (standing | ~rising)


def _episodes(track: Track, what: str) -> int:
    return len(track.cramps_s) if what != "evidence" or not track.precursors else len(track.precursors)


def _pieces(value: Floats, knots: tuple[float, ...]) -> Floats:
    """(n, n_knots): whether it is known, then how much of each step between two knots it has gone."""
    known = np.isfinite(value)
    low, high = np.array(knots[:-1]), np.array(knots[1:])
    steps = np.clip((np.where(known, value, low[0])[:, None] - low) / (high - low), 0.0, 1.0)
    return np.column_stack([known, np.where(known[:, None], steps, 0.0)])


def _regress(design: Floats, speaks_for: Floats, bounds: Sequence[Bound], ridge: float) -> Floats:
    n_for = speaks_for.sum()
    weight = np.where(speaks_for == 1, 0.5 / n_for, 0.5 / (len(speaks_for) - n_for))

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design @ weights
        signed = np.where(speaks_for == 1, -odds, odds)
        slope = weight / (1.0 + np.exp(-signed)) * np.where(speaks_for == 1, -1.0, 1.0)
        penalty = ridge * weights[1:]
        value = float(np.sum(weight * np.logaddexp(0.0, signed)) + 0.5 * np.sum(penalty * weights[1:]))
        return value, design.T @ slope + np.concatenate([[0.0], penalty])

    return minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x


def _points(weights: Floats) -> Floats:
    """At the knots, from what is known at all and the steps between them."""
    points = weights[0] + np.concatenate([[0.0], np.cumsum(weights[1:])])
    lacking = max(0.0, _LEAST_RISE - (points[-1] - points[0]))
    return points + lacking * np.linspace(0.0, 1.0, len(points))
