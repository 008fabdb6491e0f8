"""How well anybody could do on these sessions: a watcher who knows the true strength of every precursor at once.

Precursors that pass without a cramp look like the others while they last. So false alarms have a floor, however well
the signs are read: it follows from what was assumed about such precursors, and stands beside the figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.fitting.alarms import HORIZON_S
from monitor.fitting.track import Track

_EARLY = 0.35  # of the session: before it no simulated calf cramps


def ceiling(tracks: Sequence[Track], false_per_h: float) -> tuple[float, float]:
    """The largest share of cramps, and of those with a precursor, that can be announced at a rate of false alarms."""
    told: list[tuple[float, bool]] = []  # strength, whether a cramp follows
    cramps = announced = 0
    athlete_h = 0.0
    for track in tracks:
        cramps, announced = cramps + len(track.cramps_s), announced + sum(track.announced)
        athlete_h += track.hours / 2.0  # of one leg of two
        for start_s, end_s, strength in track.precursors:
            if end_s > _EARLY * 3600.0 * track.hours:
                shown_s = 0.5 * (start_s + end_s)
                told.append((strength, any(0.0 <= at_s - shown_s <= HORIZON_S for at_s in track.cramps_s)))
    hits = false = best = 0
    for _, followed in sorted(told, reverse=True):
        hits, false = hits + followed, false + (not followed)
        if false / athlete_h > false_per_h:
            break
        best = hits
    return best / max(cramps, 1), best / max(announced, 1)
