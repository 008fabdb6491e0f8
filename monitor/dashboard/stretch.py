"""A stretch, watched: how far the ankle must come, how long it has been held, and whether the calf has let go.

Dorsiflexion stretches the calf. Relief itself is judged by the engine (state RELIEF); this only guides towards it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from monitor.settings import CrampSettings
from monitor.snapshot import LegView

Step = Literal["idle", "pull", "hold", "held", "released"]

_CALLING = ("WARN", "CRAMP", "RELIEF")


@dataclass(frozen=True, slots=True)
class Guide:
    """What the guide says now. angle_deg, target_deg: None = unknown; held: share of the hold, 0..1."""

    step: Step
    sentence: str
    angle_deg: float | None = None
    target_deg: float | None = None
    held: float = 0.0


class Stretch:
    """Follows one leg from its warning or cramp, or from the press of the stretch button, to the release.

    settings : how far is a stretch, and how long a release must hold.
    """

    def __init__(self, settings: CrampSettings) -> None:
        self._enough_deg, self.hold_s = settings.stretch_deg, settings.relief_hold_s
        self._from_deg: float | None = None
        self._asked_s = -math.inf
        self._held_since_s: float | None = None
        self._active = False

    def ask(self, time_s: float) -> None:
        """The person begins a stretch of their own."""
        self._asked_s = time_s

    def follow(self, leg: LegView, time_s: float) -> Guide:
        """What to do now. time_s: session time."""
        angle_deg = newest_angle_deg(leg, time_s)
        if leg.state not in _CALLING and not 0 <= time_s - self._asked_s <= 2 * self.hold_s:
            self._active, self._from_deg, self._held_since_s = False, None, None
            return Guide("idle", "")
        if not self._active or self._from_deg is None:
            self._active, self._from_deg = True, angle_deg
        target_deg = None if self._from_deg is None else self._from_deg + self._enough_deg
        stretched = angle_deg is not None and target_deg is not None and angle_deg >= target_deg
        if not stretched:
            self._held_since_s = None
        elif self._held_since_s is None:
            self._held_since_s = time_s
        held_s = 0.0 if self._held_since_s is None else max(0.0, time_s - self._held_since_s)
        step, sentence = self._say(leg.state, stretched, held_s, angle_deg)
        return Guide(step, sentence, angle_deg, target_deg, min(held_s / self.hold_s, 1.0))

    def _say(self, state: str, stretched: bool, held_s: float, angle_deg: float | None) -> tuple[Step, str]:
        hold = self.hold_s
        rules: list[tuple[bool, Step, str]] = [
            (state == "RELIEF", "released", "The contraction has released. Hold gently, then walk easily."),
            (angle_deg is None, "pull", f"Heel down, toes up, knee straight; the angle is unknown: hold {hold:.0f} s."),
            (not stretched, "pull", "Heel down, toes up, knee straight: further."),
            (held_s >= hold, "held", f"Held for {held_s:.0f} s. Let go slowly."),
            (True, "hold", f"Hold it: {held_s:.0f} of {hold:.0f} s."),
        ]
        return next((step, text) for applies, step, text in rules if applies)


def newest_angle_deg(leg: LegView, time_s: float) -> float | None:
    """The newest known angle of the last second, None = unknown."""
    values = leg.angle.values[leg.angle.time_s > time_s - 1.0]
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else None
