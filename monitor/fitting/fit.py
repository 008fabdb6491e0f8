"""Tables of the score from tracks, with thresholds for each sensitivity and the figures that they reach inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from monitor.errors import SettingsError
from monitor.fitting.alarms import Judged, at_rate, sweep
from monitor.fitting.ceiling import ceiling
from monitor.fitting.learn import learn
from monitor.fitting.track import Floats, Track, score_of
from monitor.settings import StateSettings
from monitor.settings.tables import INVOLUNTARY, SENSITIVITIES, Table, Tables

CLEAR_BELOW = 0.7  # points; detector study
_DEPTHS = (0.0, 1.0, 2.0, 3.0, 4.0)  # points that a cramp's own after-effects may take
_AFTERMATH_MIN = (0.0, 12.0, 20.0)
_MOST_OTHERS = 0.9  # of the lowest threshold: what fatigue, dose and context may reach together
Curve = list[tuple[float, Judged]]


def fit(tracks: Sequence[Track], states: StateSettings, facts: Mapping[str, Any]) -> Tables:
    """The tables. facts : where the tracks come from; the figures are added. Raises: SettingsError without a cramp."""
    if not any(track.cramps_s for track in tracks):
        raise SettingsError("tables cannot be fitted: there is no cramp in these sessions")
    signs = learn(tracks)
    candidates = [_with_aftermath(signs, depth) for depth in _DEPTHS]
    curves = [sweep(tracks, scores(tracks, each), CLEAR_BELOW, states) for each in candidates]
    best = int(np.argmax([_mean_sensitivity(curve) for curve in curves]))
    signs, curve = candidates[best], curves[best]
    if _others(signs) > (most := _MOST_OTHERS * _threshold(curve, "careful")):
        signs = _weaker(signs, max(most, 0.1) / _others(signs))
        curve = sweep(tracks, scores(tracks, signs), CLEAR_BELOW, states)
    thresholds = {name: round(_threshold(curve, name), 3) for name in SENSITIVITIES}
    figures = {name: _figures(tracks, curve, rate) for name, rate in SENSITIVITIES.items()}
    return Tables(signs, thresholds, CLEAR_BELOW, {**facts, "figures": figures})


def scores(tracks: Sequence[Track], signs: Mapping[str, Table]) -> list[Floats]:
    """The score of every track."""
    return [score_of(track, signs) for track in tracks]


def _with_aftermath(signs: Mapping[str, Table], depth: float) -> dict[str, Table]:
    source = "fitted: so much of the signs is what the cramp itself leaves behind"
    return dict(signs) | {"aftermath": Table("min since a cramp", source, _AFTERMATH_MIN, (-depth, -depth, 0.0))}


def _mean_sensitivity(curve: Curve) -> float:
    return float(np.mean([at_rate(curve, rate)[1].sensitivity for rate in SENSITIVITIES.values()]))


def _threshold(curve: Curve, name: str) -> float:
    return at_rate(curve, SENSITIVITIES[name])[0]


def _others(signs: Mapping[str, Table]) -> float:
    return sum(max(table.most, 0.0) for name, table in signs.items() if name not in INVOLUNTARY)


def _weaker(signs: Mapping[str, Table], factor: float) -> dict[str, Table]:
    """The same with less weight on what is not involuntary: it must never warn by itself."""
    return {
        name: table
        if name in INVOLUNTARY
        else Table(table.unit, table.source, table.knots, tuple(round(factor * each, 3) for each in table.points))
        for name, table in signs.items()
    }


def _figures(tracks: Sequence[Track], curve: Curve, rate: float) -> dict[str, float]:
    _, judged = at_rate(curve, rate)
    most, most_announced = ceiling(tracks, rate)
    figures = {
        "false_alarms_per_h": judged.false_per_h,
        "sensitivity": judged.sensitivity,
        "sensitivity_precursor": judged.announced_sensitivity,
        "time_in_warning": judged.time_in_warning,
        "ceiling": most,
        "ceiling_precursor": most_announced,
    }
    return {name: round(value, 4) for name, value in figures.items() if np.isfinite(value)}
