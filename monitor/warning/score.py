"""The points of the first, transparent warning model. MDF decline alone never reaches WARN.

Rules: fatigue 0-3, quiet EMG 0-3, twitches 0-2 (the last two together at most 4), shortened position 0-1.
Sources stand beside each threshold in the settings.
"""

from __future__ import annotations

from monitor.settings import SignSettings, StateSettings
from monitor.warning.evidence import Evidence

Points = dict[str, float | None]
KEYS = ("fatigue", "relaxation", "quiet", "twitches", "tonic", "dose", "context")
_MOST_INVOLUNTARY = 4.0


def points(evidence: Evidence, signs: SignSettings, states: StateSettings) -> Points:
    """Points by sign; None = unknown or not measured yet."""
    found: Points = dict.fromkeys(KEYS)
    if evidence.compression is not None and not evidence.stale:
        limits = (states.fatigue_1, states.fatigue_2, states.fatigue_3)
        found["fatigue"] = _steps(1 - evidence.compression, limits)
    if evidence.quiet_ratio is not None:
        found["quiet"] = _steps(evidence.quiet_ratio, (signs.quiet_1, signs.quiet_2, signs.quiet_3))
    if evidence.twitches_per_min is not None and evidence.twitch_baseline_per_min is not None:
        above_own = evidence.twitches_per_min >= signs.twitch_own_ratio * evidence.twitch_baseline_per_min
        found["twitches"] = _steps(evidence.twitches_per_min, (signs.twitch_1, signs.twitch_2)) if above_own else 0.0
    if evidence.shortened_share is not None:
        found["dose"] = _steps(evidence.shortened_share, (signs.dose_fraction,))
    return found


def involuntary(found: Points) -> float:
    """Points of what a calf does without being asked."""
    return min(_MOST_INVOLUNTARY, (found["quiet"] or 0.0) + (found["twitches"] or 0.0))


def total(found: Points) -> float | None:
    """The score, None where nothing is known."""
    if all(value is None for value in found.values()):
        return None
    others = sum(value or 0.0 for key, value in found.items() if key not in ("quiet", "twitches"))
    return others + involuntary(found)


def is_warning(found: Points, states: StateSettings) -> bool:
    """Enough points, and of two kinds of involuntary activity or much of one."""
    both = (found["quiet"] or 0.0) >= 1 and (found["twitches"] or 0.0) >= 1
    enough = both or involuntary(found) >= states.warn_involuntary
    return enough and (total(found) or 0.0) >= states.warn_score


def _steps(value: float, limits: tuple[float, ...]) -> float:
    return float(sum(int(value >= limit) for limit in limits))
