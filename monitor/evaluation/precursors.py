"""The same cramps with other precursors: how sensitivity and lead follow from what is assumed about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.evaluation.episodes import of_score
from monitor.evaluation.hits import Outcome, outcome
from monitor.evaluation.intervals import share_interval
from monitor.evaluation.run import Failure, Result, Task
from monitor.evaluation.sweep import no_signal_at
from monitor.evaluation.tracks import OURS, AthleteSession
from monitor.simulation.scenario import CrampPlan, Precursor, Scenario
from monitor.simulation.sessions import random_session
from monitor.team import LegSide

MOST = 12  # sessions: each is made five times more
_AFTER_S = 10.0
RATES = ("0.1", "0.25")


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed about every precursor. length_s, strength : 0 = none"""

    title: str
    length_s: float
    strength: float


ASSUMED = (
    Assumed("none", 0.0, 0.0),
    Assumed("41 s, half of the strongest", 41.0, 0.5),
    Assumed("41 s, the strongest", 41.0, 1.0),
    Assumed("3 min, half of the strongest", 180.0, 0.5),
    Assumed("3 min, the strongest", 180.0, 1.0),
)
GRADED = "graded, as drawn (a part of them sudden)"


def assuming(scenario: Scenario, assumed: Assumed) -> Scenario:
    """The scenario with every cramp announced as assumed; all else as it was."""
    legs = {
        leg: plan.model_copy(update={"cramps": tuple(_announced(cramp, assumed) for cramp in plan.cramps)})
        for leg, plan in scenario.leg.items()
    }
    return scenario.model_copy(update={"leg": legs})


def _announced(cramp: CrampPlan, assumed: Assumed) -> CrampPlan:
    kind = "all signs" if assumed.strength else "none"
    precursor = Precursor(kind=kind, start_s=cramp.onset_s - assumed.length_s, strength=assumed.strength)
    return cramp.model_copy(update={"precursor": precursor})


@dataclass(frozen=True, slots=True)
class AssumedTask:
    """Makes the session of a seed as assumed: the legs that cramp, up to their last cramp."""

    task: Task
    assumed: Assumed

    def __call__(self, seed: int) -> Result:
        """One session."""
        scenario = assuming(random_session(seed, self.task.minutes), self.assumed)
        legs: tuple[LegSide, ...] = tuple(leg for leg, plan in scenario.leg.items() if plan.cramps)
        until_s = max((c.onset_s for plan in scenario.leg.values() for c in plan.cramps), default=0.0) + _AFTER_S
        minutes = min(self.task.minutes, until_s / 60.0)
        narrowed = replace(self.task, minutes=minutes, legs=legs, changed=self.assumed.title)
        return narrowed.of(seed, scenario)


Work = Callable[[Callable[[int], Result], Sequence[int]], Iterable[Result]]


def assumed_table(
    graded: Sequence[AthleteSession], thresholds: Mapping[str, float | None], task: Task, work: Work
) -> dict[str, list[dict[str, Any]]]:
    """By rate of false alarms, a row for each assumption, for the first `MOST` sessions that cramp.

    graded : the sessions as drawn, with athlete = seed
    thresholds : of our score, by rate; work : makes the sessions of seeds, with progress
    """
    cramping = [session for session in graded if session.cramps][:MOST]
    seeds = [int(session.athlete) for session in cramping]
    made = {each.title: list(work(AssumedTask(task, each), seeds)) for each in ASSUMED}
    kept = {title: [each for each in found if not isinstance(each, Failure)] for title, found in made.items()}
    kept[GRADED] = cramping
    return {
        rate: [_row(title, sessions, threshold) for title, sessions in kept.items()]
        for rate, threshold in thresholds.items()
    }


def _row(title: str, sessions: Sequence[AthleteSession], threshold: float | None) -> dict[str, Any]:
    from monitor.evaluation.figures import spread

    outcomes = [found for session in sessions for found in outcomes_at(session, threshold)]
    hits = sum(found.hit for found in outcomes)
    return {
        "assumed": title,
        "cramps": len(outcomes),
        "sensitivity": hits / len(outcomes) if outcomes else None,
        "sensitivity_ci": share_interval(hits, len(outcomes)),
        "lead_s": spread([found.claimed_s for found in outcomes if found.claimed_s is not None]),
    }


def outcomes_at(session: AthleteSession, threshold: float | None) -> list[Outcome]:
    """What our score at a threshold makes of a session's cramps; None = it never warns."""
    tracks = {track.leg: track for track in session.legs}
    found = []
    for cramp in session.cramps:
        track = tracks[cramp.leg]
        episodes = [] if threshold is None else of_score(track.scores[OURS], threshold, track.first_s)
        found.append(outcome(cramp, episodes, blind=no_signal_at(track, cramp.onset_s)))
    return found
