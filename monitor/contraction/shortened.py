"""Exposure to contraction in the shortened position, where calves cramp (Bertolasi 1993; Behringer 2014)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Stream
from monitor.grid import TICK_RATE_HZ
from monitor.per_second import PerSecond
from monitor.runs import latched
from monitor.settings import AngleSettings

_MINUTES = 5


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
        self._recent = np.zeros((_MINUTES * 60, 3))  # seconds: shortened contraction, known angle, weighted
        self._age_s = 0

    def _second(self, rows: NDArray[np.float64]) -> tuple[float, float, float]:
        contraction, angle_deg, effort = rows.T
        leaves = ~(angle_deg < self._settings.shortened_leave_deg)  # where unknown, too
        shortened = latched(angle_deg <= self._settings.shortened_enter_deg, leaves, self._shortened)
        self._shortened = bool(shortened[-1])
        works = shortened & (contraction == 1)
        worked_s = np.count_nonzero(works) / TICK_RATE_HZ
        known_s = np.count_nonzero(np.isfinite(angle_deg)) / TICK_RATE_HZ
        weights = np.minimum(np.nan_to_num(effort[works], nan=1.0), self._settings.effort_most)
        self._recent[self._age_s % len(self._recent)] = worked_s, known_s, float(weights.sum()) / TICK_RATE_HZ
        self._age_s += 1
        all_worked_s, all_known_s = self._recent[:, :2].sum(axis=0).tolist()
        share = all_worked_s / len(self._recent) if all_known_s > len(self._recent) / 2 else math.nan
        return worked_s, share, self._exposure_s_per_min()

    def _exposure_s_per_min(self) -> float:
        rows = (self._age_s - 1 - np.arange(min(60, self._age_s))) % len(self._recent)
        _, known_s, weighted_s = self._recent[rows].sum(axis=0).tolist()
        return 60.0 * weighted_s / known_s if 2 * known_s > len(rows) else math.nan
