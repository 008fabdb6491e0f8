"""A threshold swept over a recorded score: hits and false alarms of every session at every threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from monitor.evaluation.alarms import false_alarms, in_passing, seconds_without_cramp
from monitor.evaluation.episodes import held, merged, of_score
from monitor.evaluation.hits import outcome
from monitor.evaluation.intervals import Interval, middle
from monitor.evaluation.tracks import AthleteSession, Floats, LegTrack
from monitor.warning.state import State

_MOST_THRESHOLDS = 80
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Of one score. thresholds : falling, the first is never reached; the others (n_thresholds, n_sessions)

    precursor_hits : of cramps with a precursor; passing : the false ones that start in a precursor that passes
    looser : any warning within the last 15 min; hours : (n_sessions,)
    leads_s : claimed leads of the hits at each threshold
    """

    name: str
    thresholds: Floats
    hits: Counts
    precursor_hits: Counts
    looser: Counts
    false: Counts
    passing: Counts
    warned_s: Counts
    hours: Floats
    cramps: Floats
    precursor_cramps: Floats
    leads_s: tuple[tuple[float, ...], ...]

    @property
    def rates(self) -> Floats:
        """False alarms per athlete hour at each threshold."""
        return self.false.sum(axis=1) / self.hours.sum()

    @property
    def cramps_per_h(self) -> float:
        """In these sessions."""
        return float(self.cramps.sum() / self.hours.sum())

    def at_base_rate(self, base_rate_per_h: float) -> Sweep:
        """The same with passing precursors as frequent as a base rate of cramps makes them."""
        weight = min(1.0, base_rate_per_h / self.cramps_per_h) if self.cramps_per_h else 1.0
        return replace(self, false=self.false - (1.0 - weight) * self.passing, passing=weight * self.passing)

    def row_at(self, rate_per_h: float) -> int:
        """The threshold of the most hits at no more than a rate of false alarms; of equals the fewest false alarms."""
        hits = np.where(self.rates <= rate_per_h, self.hits.sum(axis=1), -1.0)
        return int(np.argmax(hits))

    def curve(self) -> list[tuple[float, float]]:
        """(false alarms per hour, sensitivity), from never to always; empty without a cramp."""
        total = self.cramps.sum()
        if not total:
            return []
        return sorted(zip(self.rates.tolist(), (self.hits.sum(axis=1) / total).tolist(), strict=True))

    def resampled(self, draws: NDArray[np.int64], rate_per_h: float) -> Floats:
        """The sensitivity at a rate in each resample of athletes, its threshold chosen anew; NaN without a cramp."""
        hits, false = draws @ self.hits.T, draws @ self.false.T
        rates = false / np.maximum(draws @ self.hours, 1e-9)[:, None]
        best = np.where(rates <= rate_per_h, hits, 0.0).max(axis=1)
        cramps = draws @ self.cramps
        return np.divide(best, cramps, out=np.full(len(best), np.nan), where=cramps > 0)

    def interval(self, draws: NDArray[np.int64], rate_per_h: float) -> Interval | None:
        """Bootstrap interval of the sensitivity at a rate."""
        return middle(self.resampled(draws, rate_per_h))


def sweep(name: str, sessions: Sequence[AthleteSession]) -> Sweep:
    """Sweep the score of that name over all sessions."""
    thresholds = thresholds_of([leg.scores[name] for session in sessions for leg in session.legs])
    shape = (len(thresholds), len(sessions))
    hits, precursor, looser, false, passing, warned = (np.zeros(shape) for _ in range(6))
    leads: list[list[float]] = [[] for _ in thresholds]
    for column, session in enumerate(sessions):
        blind = [_blind(session, cramp.leg, cramp.onset_s) for cramp in session.cramps]
        for row, threshold in enumerate(thresholds.tolist()):
            by_leg = {leg.leg: of_score(leg.scores[name], threshold, leg.first_s) for leg in session.legs}
            every = merged(episode for episodes in by_leg.values() for episode in episodes)
            wrong = false_alarms(every, session.cramps)
            false[row, column] = len(wrong)
            passing[row, column] = sum(in_passing(each, session.passing) for each in wrong)
            warned[row, column] = seconds_without_cramp(every, session.cramps, session.duration_s)
            for cramp, unseen in zip(session.cramps, blind, strict=True):
                found = outcome(cramp, by_leg.get(cramp.leg, []), blind=unseen)
                hits[row, column] += found.hit
                precursor[row, column] += found.hit and cramp.announced
                looser[row, column] += found.looser
                leads[row] += [] if found.claimed_s is None else [found.claimed_s]
    counts = [(len(session.cramps), sum(cramp.announced for cramp in session.cramps)) for session in sessions]
    every, announced = np.array(counts, dtype=np.float64).reshape(-1, 2).T
    return Sweep(
        name=name,
        thresholds=thresholds,
        hits=hits,
        precursor_hits=precursor,
        looser=looser,
        false=false,
        passing=passing,
        warned_s=warned,
        hours=np.array([session.hours for session in sessions]),
        cramps=every,
        precursor_cramps=announced,
        leads_s=tuple(map(tuple, leads)),
    )


def thresholds_of(scores: Sequence[Floats]) -> Floats:
    """Falling thresholds that matter: from one that nothing reaches to the median of all that was scored.

    They lie densely where few seconds are above them: that is where false alarms are rare.
    """
    parts = [held(score) for score in scores]
    known = np.concatenate([part[np.isfinite(part)] for part in parts] or [np.empty(0)])
    if not len(known):
        return np.array([np.inf])
    shares = np.concatenate([[0.0], np.geomspace(1.0 / len(known), 0.5, _MOST_THRESHOLDS)])
    levels = np.unique(np.quantile(known, 1.0 - shares, method="higher"))[::-1]
    return np.concatenate([[np.inf], levels])


def _blind(session: AthleteSession, leg: str, at_s: float) -> bool:
    return any(no_signal_at(track, at_s) for track in session.legs if track.leg == leg)


def no_signal_at(track: LegTrack, at_s: float) -> bool:
    """Whether there was no signal at an instant; before the first second and after the last nothing is said."""
    row = int(np.floor(at_s - track.first_s))
    return 0 <= row < len(track.state) and bool(track.is_in(State.NO_SIGNAL)[row])
