"""What is known beside the sensors, and what the ground does to the calf: the prior of the score.

Source: a volitional cramp lowers the threshold for 60 min and more; earlier cramps (odds ratio 2.4 to 10.9) and the
last minutes of play stand out in surveys; uphill the gastrocnemius works most. None of it announces a cramp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from monitor.contraction.gait import Activity, GaitSecond
from monitor.lately import Lately
from monitor.settings import GaitSettings

_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Context:
    """About the person and the session; None = not told, which is not the same as no.

    history : cramps in the last year; planned_s : how long the session is to be; steep : long or steep climbs are
    planned, which counts where the feet do not show the ground.
    """

    history: bool | None = None
    planned_s: float | None = None
    steep: bool | None = None

    def session_part(self, time_s: float) -> float | None:
        """How much of the planned session is over, 1 = all and more."""
        return None if not self.planned_s else min(time_s / self.planned_s, 1.0)

    def ground_share(self, seen: float | None) -> float | None:
        """Share of steep or rough ground: as seen, else as planned."""
        return seen if seen is not None or self.steep is None else float(self.steep)


class GroundWatch:
    """Share of the last five minutes' strides that went over steep or rough ground."""

    def __init__(self, settings: GaitSettings) -> None:
        self._settings = settings
        self._known, self._hard_ground = Lately(60 * _MINUTES), Lately(60 * _MINUTES)  # seconds

    def push(self, gait: GaitSecond | None) -> float:
        """The share at the end of this second, NaN = the ground was seen in less than one of the five minutes."""
        seen = None if gait is None or gait.slope_deg is None else self._is_hard(gait)
        self._known.push(seen is not None)
        self._hard_ground.push(bool(seen))
        return self._hard_ground.total / self._known.total if self._known.total >= 60 else math.nan

    def _is_hard(self, gait: GaitSecond) -> bool:
        running = gait.activity is Activity.RUNNING
        rough_deg = self._settings.rough_running_deg if running else self._settings.rough_deg
        steep = gait.slope_deg is not None and abs(gait.slope_deg) > self._settings.level_deg
        return steep or (gait.roughness_deg is not None and gait.roughness_deg > rough_deg)
