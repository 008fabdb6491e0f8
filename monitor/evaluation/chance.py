"""What the same warnings would have hit by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from monitor.evaluation.as_shown import Shown
from monitor.evaluation.definitions import HORIZON_S, SHIFTS


def chance_hits(judged: Sequence[Shown], seed: int, shifts: int = SHIFTS) -> np.ndarray:
    """Cramps hit in each of so many runs, in which every session's episodes are shifted around it by a random time."""
    rng = np.random.default_rng(seed)
    total = np.zeros(shifts)
    for shown in judged:
        shift_s = rng.uniform(0.0, shown.session.duration_s, shifts)
        for found in shown.outcomes:
            starts_s = np.array([each.start_s for each in shown.by_leg[found.cramp.leg]])
            moved_s = (starts_s[None, :] + shift_s[:, None]) % shown.session.duration_s
            before_s = found.cramp.onset_s - moved_s
            total += ((before_s >= 0.0) & (before_s <= HORIZON_S)).any(axis=1)
    return total


def chance(judged: Sequence[Shown], seed: int) -> tuple[float | None, float | None]:
    """Mean sensitivity by chance, and the share of shifts that hit as many cramps as we did; None without a cramp."""
    cramps = sum(len(shown.outcomes) for shown in judged)
    if not cramps:
        return None, None
    by_chance = chance_hits(judged, seed)
    ours = sum(found.hit for shown in judged for found in shown.outcomes)
    return float(by_chance.mean()) / cramps, float((by_chance >= ours).mean())
