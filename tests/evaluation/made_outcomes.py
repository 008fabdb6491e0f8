"""Tracks made by hand."""

from __future__ import annotations

import numpy as np

from monitor.evaluation.tracks import BASELINES, CODE, OURS, AthleteSession, LegTrack, TrueCramp
from monitor.warning.state import State

HOUR = 3600


def leg(
    side: str = "left", warn: tuple[tuple[int, int], ...] = (), n: int = HOUR, **others: tuple[int, int]
) -> LegTrack:
    """A leg whose state is OK but in WARN from..to (stamps); others: another state by its name, from..to."""
    state = np.full(n, CODE[State.OK], dtype=np.int8)
    for name, (start, stop) in [("WARN", span) for span in warn] + list(others.items()):
        state[start - 1 : stop - 1] = CODE[State(name)]
    on = (state == CODE[State.WARN]).astype(np.float64)
    scores = dict.fromkeys(BASELINES, np.zeros(n)) | {OURS: on}
    return LegTrack(side, 1.0, state, state != CODE[State.NO_SIGNAL], scores)


def cramp(onset_s: float, side: str = "left", strength: float | None = 1.0, precursor_s: float = 180.0) -> TrueCramp:
    """A cramp of half a minute."""
    kind = "none" if strength == 0 else "all signs"
    return TrueCramp(side, onset_s, onset_s + 3.0, onset_s + 30.0, kind, strength, precursor_s, onset_s + 25.0)


def session(*legs: LegTrack, cramps: tuple[TrueCramp, ...] = (), families: tuple[str, ...] = ()) -> AthleteSession:
    """One athlete."""
    return AthleteSession("made", "A1", float(len(legs[0].state)), legs, cramps, families)
