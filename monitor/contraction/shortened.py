"""Exposure to contraction in the shortened position, where calves cramp (Bertolasi 1993; Behringer 2014)."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Stream
from monitor.grid import TICK_RATE_HZ
from monitor.lately import Lately
from monitor.per_second import PerSecond
from monitor.runs import latched
from monitor.settings import AngleSettings

_MINUTES = 5
_FIVE_MINUTES = 60 * _MINUTES * TICK_RATE_HZ  # ticks


def activity_input(source_id: str) -> Stream:
    """What the calf does, on the 20 ms grid.

    contraction (1, 0, NaN = lost), ankle angle (deg, NaN = unknown), effort (amplitude over the gate's reference, which
    is the 95th percentile of the athlete's own contractions; NaN = no reference yet).
    """
    channels = (Channel("contraction", ""), Channel("ankle", "deg"), Channel("effort", ""))
    return Stream("activity", TICK_RATE_HZ, channels, source_id)


def exposure_text(exposure_s_per_min: float) -> str:
    """For people: how long the calf worked while short, and what was not seen."""
    return f"worked shortened {exposure_s_per_min:.1f} s per min by effort, knee unseen"


class ShortenedDose(PerSecond):
    """Seconds of contraction in the shortened position, once a second.

    activity : Stream              see `activity_input`
    Output at 1 Hz: shortened contraction in this second (s), share of the last five minutes (0..1, NaN while the angle
    was unknown for more than half of them), and the exposure: seconds of the last minute, each weighted by its effort,
    at most `effort_most` (s/min, NaN while the angle was unknown for more than half of that minute).
    Entered at `shortened_enter_deg`, left at `shortened_leave_deg`. Two sensors see the ankle alone: a bent knee
    shortens the gastrocnemius as well, and is not seen.
    """

    def __init__(self, activity: Stream, settings: AngleSettings) -> None:
        self._settings = settings
        channels = (Channel("shortened", "s"), Channel("share", ""), Channel("exposure", "s/min"))
        super().__init__(activity, Stream("shortened", 1.0, channels, activity.source_id))

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        self._shortened = False
        self._worked = Lately(60 * _MINUTES)  # ticks of shortened contraction
        self._known = Lately(60 * _MINUTES)  # ticks whose angle is known
        self._known_lately = Lately(60)  # of the last minute
        self._weighed: deque[float] = deque(maxlen=60)  # ticks of work by their effort

    def _second(self, rows: NDArray[np.float64]) -> tuple[float, float, float]:
        contraction, angle_deg, effort = rows.T
        works = self._is_shortened(angle_deg) & (contraction == 1)
        worked, known = int(np.count_nonzero(works)), int(np.count_nonzero(np.isfinite(angle_deg)))
        self._worked.push(worked)
        self._known.push(known)
        self._known_lately.push(known)
        self._weighed.append(self._by_effort(effort[works]) if worked else 0.0)
        share = self._worked.total / _FIVE_MINUTES if 2 * self._known.total > _FIVE_MINUTES else math.nan
        return worked / TICK_RATE_HZ, share, self._exposure_s_per_min()

    def _is_shortened(self, angle_deg: NDArray[np.float64]) -> NDArray[np.bool_]:
        enters = angle_deg <= self._settings.shortened_enter_deg
        if not self._shortened and not enters.any():
            return enters
        leaves = ~(angle_deg < self._settings.shortened_leave_deg)  # where unknown, too
        shortened = latched(enters, leaves, self._shortened)
        self._shortened = bool(shortened[-1])
        return shortened

    def _by_effort(self, effort: NDArray[np.float64]) -> float:
        """The sum of some ticks' efforts; where there is no reference yet, each counts as 1."""
        return float(np.minimum(np.nan_to_num(effort, nan=1.0), self._settings.effort_most).sum())

    def _exposure_s_per_min(self) -> float:
        known = self._known_lately.total
        return 60.0 * sum(self._weighed) / known if 2 * known > TICK_RATE_HZ * len(self._weighed) else math.nan
