"""A stretch, watched: how far the ankle must come, how long it has been held, and whether the calf has let go.

Dorsiflexion stretches the calf. Relief itself is judged by the engine (state RELIEF); this only guides towards it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from monitor.snapshot import LegView

Step = Literal["idle", "pull", "hold", "released"]

ENOUGH_RISE_DEG = 10.0  # from the angle of the cramp; Bertolasi 1993: lengthening stops it
ENOUGH_DEG = 5.0  # or so far into dorsiflexion, whatever the angle was
HOLD_S = 30.0  # held so long after the release it is a whole stretch
_CALLING = ("WARN", "CRAMP", "RELIEF")


@dataclass(frozen=True, slots=True)
class Guide:
    """What the guide says now. angle_deg, target_deg: None = unknown; held_s: in the stretched position."""

    step: Step
    sentence: str
    angle_deg: float | None = None
    target_deg: float | None = None
    held_s: float = 0.0


class Stretch:
    """Follows one leg from its warning or cramp, or from the press of the stretch button, to the release."""

    def __init__(self) -> None:
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
        if leg.state not in _CALLING and not 0 <= time_s - self._asked_s <= 2 * HOLD_S:
            self._active, self._from_deg, self._held_since_s = False, None, None
            return Guide("idle", "")
        if not self._active or self._from_deg is None:
            self._active, self._from_deg = True, angle_deg
        target_deg = None if self._from_deg is None else min(ENOUGH_DEG, self._from_deg + ENOUGH_RISE_DEG)
        stretched = angle_deg is not None and target_deg is not None and angle_deg >= target_deg
        if not stretched:
            self._held_since_s = None
        elif self._held_since_s is None:
            self._held_since_s = time_s
        held_s = 0.0 if self._held_since_s is None else max(0.0, time_s - self._held_since_s)
        step, sentence = _say(leg.state, stretched, held_s, angle_deg)
        return Guide(step, sentence, angle_deg, target_deg, held_s)


def _say(state: str, stretched: bool, held_s: float, angle_deg: float | None) -> tuple[Step, str]:
    rules: list[tuple[bool, Step, Callable[[], str]]] = [
        (state == "RELIEF", "released", lambda: "The contraction has released. Hold gently, then walk easily."),
        (
            angle_deg is None,
            "pull",
            lambda: "Heel down, toes up, knee straight; the angle is unknown: hold 30 s.",
        ),
        (not stretched, "pull", lambda: "Heel down, toes up, knee straight: further."),
        (held_s >= HOLD_S, "released", lambda: f"Held for {held_s:.0f} s. Let go slowly."),
        (True, "hold", lambda: f"Hold it: {held_s:.0f} of {HOLD_S:.0f} s."),
    ]
    return next((step, text()) for applies, step, text in rules if applies)


def newest_angle_deg(leg: LegView, time_s: float) -> float | None:
    """The newest known angle of the last second, None = unknown."""
    values = leg.angle.values[leg.angle.time_s > time_s - 1.0]
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else None
