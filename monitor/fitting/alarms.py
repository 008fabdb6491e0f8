"""What a score would have said: its warnings at a threshold, hits and false alarms, and the threshold for a rate.

Hit: a warning starts in the 15 min before a cramp of that leg. False: it starts outside the 15 min before every cramp
of the athlete and outside the cramps. Warnings of both legs at once are one; an hour is one athlete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.fitting.track import Floats, Track
from monitor.settings import StateSettings

HORIZON_S = 900.0
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """At one threshold. sudden cramps are among `cramps`, not among `announced`. hours : of athletes."""

    cramps: int
    hits: int
    announced: int
    announced_hits: int
    false_alarms: int
    hours: float
    warned_s: float

    @property
    def sensitivity(self) -> float:
        """Share of cramps."""
        return self.hits / self.cramps if self.cramps else float("nan")

    @property
    def announced_sensitivity(self) -> float:
        """Share of the cramps with a precursor."""
        return self.announced_hits / self.announced if self.announced else float("nan")

    @property
    def false_per_h(self) -> float:
        """False alarms per athlete hour."""
        return self.false_alarms / self.hours

    @property
    def time_in_warning(self) -> float:
        """Share of the time in warnings that no cramp follows."""
        return self.warned_s / 3600.0 / self.hours


def warnings(score: Floats, threshold: float, clear_below: float, states: StateSettings) -> list[Span]:
    """Start and end of each warning, as the states do it. score : one a second, NaN = unknown, which ends nothing."""
    starts_s = _held(score >= threshold, int(states.warn_after_s))
    ends_s = _held(score <= threshold - clear_below, int(states.warn_clear_after_s))
    found: list[Span] = []
    for start_s in starts_s.tolist():
        if not found or start_s >= found[-1][1]:
            later = ends_s[ends_s > start_s]
            found.append((float(start_s), float(later[0]) if len(later) else float(len(score))))
    return found


def _held(true: NDArray[np.bool_], seconds: int) -> NDArray[np.int64]:
    """The seconds at whose end something has been true for so long, and in the second before had not been."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]])))
    first, after = edges[::2], edges[1::2]
    return first[after - first >= seconds] + seconds


def judge(
    tracks: Sequence[Track], scores: Sequence[Floats], threshold: float, clear_below: float, states: StateSettings
) -> Judged:
    """All tracks at one threshold; an athlete of whom one leg is known counts as if the other was like it."""
    athletes: dict[int, list[tuple[Track, list[Span]]]] = defaultdict(list)
    for track, score in zip(tracks, scores, strict=True):
        athletes[track.athlete].append((track, warnings(score, threshold, clear_below, states)))
    cramps = hits = announced = announced_hits = false_alarms = 0
    hours = warned_s = 0.0
    for legs in athletes.values():
        ends = [
            (onset_s, end_s) for track, _ in legs for onset_s, end_s in zip(track.cramps_s, track.ends_s, strict=True)
        ]
        weight = 3 - len(legs)
        hours += max(track.hours for track, _ in legs)
        for track, spans in legs:
            for onset_s, is_announced in zip(track.cramps_s, track.announced, strict=True):
                hit = any(onset_s - HORIZON_S <= start_s <= onset_s for start_s, _ in spans)
                cramps, hits = cramps + 1, hits + hit
                announced, announced_hits = announced + is_announced, announced_hits + (hit and is_announced)
        together = _merged([span for _, spans in legs for span in spans])
        false = [span for span in together if not any(low - HORIZON_S <= span[0] <= high for low, high in ends)]
        false_alarms += weight * len(false)
        warned_s += weight * sum(end_s - start_s for start_s, end_s in false)
    return Judged(cramps, hits, announced, announced_hits, false_alarms, hours, warned_s)


def sweep(
    tracks: Sequence[Track], scores: Sequence[Floats], clear_below: float, states: StateSettings, n: int = 40
) -> list[tuple[float, Judged]]:
    """The same at thresholds from high to low, among those that one second in ten to one in 50 000 reaches."""
    known = np.concatenate([score[np.isfinite(score)] for score in scores])
    thresholds = np.unique(np.quantile(known, 1 - np.geomspace(2e-5, 0.1, n)))[::-1]
    return [(float(each), judge(tracks, scores, float(each), clear_below, states)) for each in thresholds]


def at_rate(curve: Sequence[tuple[float, Judged]], false_per_h: float) -> tuple[float, Judged]:
    """The lowest threshold that stays within a rate of false alarms, all higher ones doing so too."""
    best = curve[0]
    for threshold, judged in curve:
        if judged.false_per_h > false_per_h:
            break
        best = threshold, judged
    return best


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans that overlap are one."""
    found: list[Span] = []
    for start_s, end_s in sorted(spans):
        if found and start_s <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end_s)
        else:
            found.append((start_s, end_s))
    return found
