"""Episodes of warning: from states, from a score under a threshold, and of two legs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.evaluation.definitions import BRIDGE_S, SCORE_OFF_S, SCORE_ON_S
from monitor.evaluation.tracks import Floats, LegTrack
from monitor.warning.state import State


@dataclass(frozen=True, slots=True, order=True)
class Episode:
    """Warning from start_s (included) to end_s (excluded), session seconds."""

    start_s: float
    end_s: float

    def overlaps(self, begin_s: float, end_s: float) -> bool:
        """Whether any of it lies in begin_s..end_s."""
        return self.start_s <= end_s and self.end_s > begin_s


def of_states(track: LegTrack) -> list[Episode]:
    """The episodes of WARN. A short gap in which nothing is known does not end one."""
    unknown = track.is_in(State.NO_SIGNAL, State.CALIBRATING)
    found: list[list[int]] = []
    for start, stop in runs(track.is_in(State.WARN)):
        if found and start - found[-1][1] < BRIDGE_S and unknown[found[-1][1] : start].all():
            found[-1][1] = stop
        else:
            found.append([start, stop])
    return [Episode(track.first_s + start, track.first_s + stop) for start, stop in found]


def of_score(score: Floats, threshold: float, first_s: float, clear_below: float = 0.0) -> list[Episode]:
    """The episodes of a score at or above a threshold, by the one rule for all scores. score : one entry a second.

    clear_below : they end so far below the threshold, as our states do; 0 = by the rule
    """
    known = held(score)
    high = runs(known >= threshold)
    starts = [start + SCORE_ON_S - 1 for start, stop in high if stop - start >= SCORE_ON_S]
    found: list[Episode] = []
    for group in _groups(runs(known >= threshold - clear_below), SCORE_OFF_S):
        begin = next((start for start in starts if group[0][0] <= start < group[-1][1]), None)
        if begin is not None:
            end = min(group[-1][1] + SCORE_OFF_S - 1, len(score))
            found.append(Episode(first_s + begin, first_s + end))
    return found


def held(score: Floats) -> Floats:
    """The score with its last known value where it is unknown; NaN before the first."""
    rows = np.where(np.isfinite(score), np.arange(len(score)), -1)
    rows = np.maximum.accumulate(rows) if len(rows) else rows
    return np.where(rows >= 0, score[np.maximum(rows, 0)], np.nan)


def merged(episodes: Iterable[Episode]) -> list[Episode]:
    """Those that overlap or touch as one: the athlete's episodes from those of the legs."""
    found: list[Episode] = []
    for episode in sorted(episodes):
        if found and episode.start_s <= found[-1].end_s:
            found[-1] = Episode(found[-1].start_s, max(found[-1].end_s, episode.end_s))
        else:
            found.append(episode)
    return found


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First row and the row after the last of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _groups(found: Sequence[tuple[int, int]], gap: int) -> list[list[tuple[int, int]]]:
    """Runs with less than `gap` rows between them, together."""
    groups: list[list[tuple[int, int]]] = []
    for run in found:
        if groups and run[0] - groups[-1][-1][1] < gap:
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups
