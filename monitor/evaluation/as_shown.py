"""The product as it stands: the states that people saw, judged session by session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.evaluation.alarms import false_alarms, in_passing, seconds_without_cramp
from monitor.evaluation.episodes import Episode, merged, of_score, of_states
from monitor.evaluation.hits import Outcome, outcome
from monitor.evaluation.sweep import no_signal_at
from monitor.evaluation.tracks import OURS, AthleteSession


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One session's states, judged. by_leg : episodes; false : the athlete's; leg_false : of each leg for itself.

    passing : of the athlete's false alarms those that start in a precursor that passes
    """

    session: AthleteSession
    by_leg: Mapping[str, Sequence[Episode]]
    outcomes: tuple[Outcome, ...]
    false: tuple[Episode, ...]
    passing: int
    leg_false: int
    warned_s: float


def judge(session: AthleteSession) -> Shown:
    """Judge one session by the states of its legs."""
    return judge_episodes(session, {track.leg: of_states(track) for track in session.legs})


def judge_at(session: AthleteSession, threshold: float, clear_below: float) -> Shown:
    """Judge one session as if our score had warned from a threshold on, until so far below it."""
    by_leg = {track.leg: of_score(track.scores[OURS], threshold, track.first_s, clear_below) for track in session.legs}
    return judge_episodes(session, by_leg)


def judge_episodes(session: AthleteSession, by_leg: Mapping[str, Sequence[Episode]]) -> Shown:
    """Judge one session by the episodes of its legs."""
    blind = {track.leg: track for track in session.legs}
    every = merged(episode for episodes in by_leg.values() for episode in episodes)
    outcomes = tuple(
        outcome(cramp, by_leg[cramp.leg], blind=no_signal_at(blind[cramp.leg], cramp.onset_s))
        for cramp in session.cramps
        if cramp.leg in by_leg
    )
    false = tuple(false_alarms(every, session.cramps))
    return Shown(
        session=session,
        by_leg=by_leg,
        outcomes=outcomes,
        false=false,
        passing=sum(in_passing(each, session.passing) for each in false),
        leg_false=sum(len(false_alarms(found, session.cramps_of(leg))) for leg, found in by_leg.items()),
        warned_s=seconds_without_cramp(every, session.cramps, session.duration_s),
    )
