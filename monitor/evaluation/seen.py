"""What the pipeline said of one leg, second by second, as an evaluation looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from monitor.evaluation.tracks import CODE, OURS, Floats, LegTrack
from monitor.leg import Leg, LegSecond
from monitor.warning.state import State


def track_of(watched: Leg, seconds: Sequence[LegSecond], scores: Mapping[str, Floats]) -> LegTrack:
    """The states second by second."""
    states, now = np.empty(len(seconds), dtype=np.int8), State(watched.first_change.state)
    for row, second in enumerate(seconds):
        now = now if second.change is None else State(second.change.state)
        states[row] = CODE[now]
    good = np.array([second.evidence.good for second in seconds], dtype=bool)
    kept = {name: score.astype(np.float32).astype(np.float64) for name, score in scores.items()}  # as a file keeps them
    return LegTrack(watched.leg, seconds[0].time_s if seconds else 1.0, states, good, kept)


def own_scores(seconds: Sequence[LegSecond]) -> dict[str, Floats]:
    """Our score, and the two readings that stand alone as baselines."""
    declines = [
        None if each.evidence.stale or each.evidence.compression is None else 1.0 - each.evidence.compression
        for each in seconds
    ]
    return {
        OURS: _numbers([each.score for each in seconds]),
        "mdf_only": _numbers(declines),
        "quiet_only": _numbers([each.evidence.quiet_ratio for each in seconds]),
    }


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
