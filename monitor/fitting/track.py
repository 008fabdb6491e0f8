"""The signs of one leg second by second, with the truth: what tables are fitted on and judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.leg import LegSecond
from monitor.settings.tables import INVOLUNTARY, SIGNS, Table
from monitor.warning.score import sign_values

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One leg of one session.

    athlete : tracks of the same number are the two legs of one session
    values : by sign of the tables, one a second, NaN = unknown
    cramps_s, ends_s : when its cramps start, and when they are over; announced : whether each had a precursor
    precursors : start, end and strength (0..1) of all, with or without a cramp; empty = not known
    """

    athlete: int
    values: Mapping[str, Floats]
    cramps_s: tuple[float, ...] = ()
    ends_s: tuple[float, ...] = ()
    announced: tuple[bool, ...] = ()
    precursors: tuple[tuple[float, float, float], ...] = ()

    @property
    def hours(self) -> float:
        """Length of the session."""
        return len(self.values[SIGNS[0]]) / 3600.0


def track_of(
    seconds: Sequence[LegSecond], athlete: int, cramps: Sequence[tuple[float, float]], announced: Sequence[bool]
) -> Track:
    """What a leg that was watched says; where its state was not decided all is unknown. cramps : start, end."""
    rows = []
    for second in seconds:
        evidence = second.evidence
        decided = evidence.good and evidence.calibration_fraction >= 1
        rows.append(sign_values(evidence) if decided else dict.fromkeys(SIGNS))
    values = {
        name: np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64) for name in SIGNS
    }
    starts, ends = tuple(start_s for start_s, _ in cramps), tuple(end_s for _, end_s in cramps)
    return Track(athlete, values, starts, ends, tuple(announced))


def score_of(track: Track, signs: Mapping[str, Table]) -> Floats:
    """The score of each second, NaN where no sign of involuntary activity is known."""
    total, seen = np.zeros(len(track.values[SIGNS[0]])), np.zeros(len(track.values[SIGNS[0]]), dtype=bool)
    for name, table in signs.items():
        value = track.values[name]
        known = np.isfinite(value)
        total += np.where(known, np.interp(value, table.knots, table.points), 0.0)
        if name in INVOLUNTARY:
            seen |= known
    return np.where(seen, total, np.nan)
