"""Both calves restless at rest: a hint that it may be no local matter, with the card; never a verdict.

Miller 2022 (table 1): before a local cramp the resting EMG is raised in the muscle that cramps; with general cramping
in the others, too. Twitching is described for both: which account applies follows from one calf or both.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings import Settings
from monitor.warning import texts
from monitor.warning.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence about an athlete. Session seconds."""

    time_s: float
    athlete: str
    text: str


class BothLegs:
    """push() takes the same second of both legs. Told once, and again only after a calm that lasts as long."""

    def __init__(self, athlete: str, settings: Settings) -> None:
        self._athlete, self._settings = athlete, settings
        self._raised_s = self._calm_s = 0.0
        self._told = False

    def push(self, left: Evidence, right: Evidence) -> Hint | None:
        """Whether both calves have now been restless for long enough."""
        raised = [self._raised(leg) for leg in (left, right)]
        if None in raised:
            return None  # unknown neither counts nor clears
        self._raised_s = self._raised_s + 1 if all(raised) else 0.0
        self._calm_s = 0.0 if all(raised) else self._calm_s + 1
        after_s = self._settings.cramp.both_legs_s
        if self._calm_s >= after_s:
            self._told = False
        if self._told or self._raised_s < after_s:
            return None
        self._told = True
        return Hint(left.time_s, self._athlete, texts.both_legs(left, right, self._settings))

    def _raised(self, leg: Evidence) -> bool | None:
        """Whether the calf's rest is restless; None = not at rest, or unknown."""
        if not leg.good or (leg.quiet_ratio is None and leg.twitches_per_min is None):
            return None
        if leg.cramp is not None and leg.cramp.verdict:
            return None
        signs = self._settings.signs
        raised = leg.quiet_ratio is not None and leg.quiet_ratio >= signs.quiet_1
        baseline = leg.twitch_baseline_per_min
        if leg.twitches_per_min is not None and baseline is not None:
            raised = raised or leg.twitches_per_min >= max(signs.twitch_1, signs.twitch_own_ratio * baseline)
        return raised
