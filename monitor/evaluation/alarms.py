"""Episodes that no cramp follows, and the time spent in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from monitor.evaluation.definitions import HORIZON_S, PASSED_S
from monitor.evaluation.episodes import Episode
from monitor.evaluation.hits import starts_before
from monitor.evaluation.tracks import Passing, TrueCramp


def false_alarms(episodes: Iterable[Episode], cramps: Sequence[TrueCramp]) -> list[Episode]:
    """Those that start outside the horizon of every cramp and outside the cramps themselves."""
    return [each for each in episodes if not any(_excused(each, cramp) for cramp in cramps)]


def in_passing(episode: Episode, passing: Sequence[Passing]) -> bool:
    """Whether an alarm starts while a precursor stands that will pass, or within a minute of its end."""
    return any(each.start_s <= episode.start_s <= each.end_s + PASSED_S for each in passing)


def seconds_without_cramp(episodes: Iterable[Episode], cramps: Sequence[TrueCramp], duration_s: float) -> float:
    """Seconds in warning outside the horizons of cramps and outside cramps. episodes : none overlap."""
    second_s = np.arange(0.0, np.ceil(duration_s))
    warned, counting = np.zeros(len(second_s), dtype=bool), np.ones(len(second_s), dtype=bool)
    for each in episodes:
        warned |= (second_s >= each.start_s) & (second_s < each.end_s)
    for cramp in cramps:
        counting &= (second_s < cramp.onset_s - HORIZON_S) | (second_s > cramp.relief_s)
    return float(np.count_nonzero(warned & counting))


def _excused(episode: Episode, cramp: TrueCramp) -> bool:
    return starts_before(episode, cramp.onset_s, HORIZON_S) or cramp.onset_s < episode.start_s <= cramp.relief_s
