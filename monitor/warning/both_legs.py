"""Both calves restless at rest: a hint that it may be no local matter, with the card; never a verdict.

Miller 2022 (table 1): before a local cramp the resting EMG is raised in the muscle that cramps; with general cramping
in the others, too. Twitching is described for both: which account applies follows from one calf or both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.settings import Settings
from monitor.warning import texts
from monitor.warning.evidence import Evidence

_MOST = 7200  # seconds that one leg may wait for the other: a recording read at once comes leg by leg


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence about an athlete. Session seconds."""

    time_s: float
    athlete: str
    text: str


class BothLegs:
    """push() takes each leg's seconds in their order. Told once, and again only after a calm that lasts as long."""

    def __init__(self, athlete: str, settings: Settings) -> None:
        self._athlete, self._settings = athlete, settings
        self._waiting: dict[str, deque[Evidence]] = {"left": deque(maxlen=_MOST), "right": deque(maxlen=_MOST)}
        self._raised_s = self._calm_s = 0.0
        self._told = False

    def push(self, leg: str, evidence: Evidence) -> tuple[Hint, ...]:
        """One second of one leg; gives a hint where both calves have now been restless for long enough."""
        if leg not in self._waiting:
            return ()  # nobody said which leg it is
        self._waiting[leg].append(evidence)
        left, right = self._waiting["left"], self._waiting["right"]
        found: list[Hint] = []
        while left and right:
            earlier = min(left, right, key=lambda waiting: waiting[0].time_s)
            if left[0].time_s != right[0].time_s:
                earlier.popleft()  # one leg was watched from a later second
            else:
                found += self._see(left.popleft(), right.popleft())
        return tuple(found)

    def _see(self, left: Evidence, right: Evidence) -> Iterator[Hint]:
        raised = [self._raised(leg) for leg in (left, right)]
        if None in raised:
            return  # unknown neither counts nor clears
        self._raised_s = self._raised_s + 1 if all(raised) else 0.0
        self._calm_s = 0.0 if all(raised) else self._calm_s + 1
        after_s = self._settings.cramp.both_legs_s
        if self._calm_s >= after_s:
            self._told = False
        if not self._told and self._raised_s >= after_s:
            self._told = True
            yield Hint(left.time_s, self._athlete, texts.both_legs(left, right, self._settings))

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
