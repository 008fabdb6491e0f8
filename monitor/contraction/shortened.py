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
    """What the calf does, on the 20 ms grid: contraction (1, 0, NaN = lost) and ankle angle (deg, NaN = unknown)."""
    return Stream("activity", TICK_RATE_HZ, (Channel("contraction", ""), Channel("ankle", "deg")), source_id)


class ShortenedDose(PerSecond):
    """Seconds of contraction in the shortened position, once a second.

    activity : Stream              see `activity_input`
    Output at 1 Hz: shortened contraction in this second (s), share of the last five minutes (0..1, NaN while the angle
    was unknown for more than half of them). Entered at `shortened_enter_deg`, left at `shortened_leave_deg`.
    """

    def __init__(self, activity: Stream, settings: AngleSettings) -> None:
        self._settings = settings
        channels = (Channel("shortened", "s"), Channel("share", ""))
        super().__init__(activity, Stream("shortened", 1.0, channels, activity.source_id))

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        self._shortened = False
        self._recent = np.zeros((_MINUTES * 60, 2))  # seconds: shortened contraction, known angle
        self._age_s = 0

    def _second(self, rows: NDArray[np.float64]) -> tuple[float, float]:
        contraction, angle_deg = rows[:, 0], rows[:, 1]
        leaves = ~(angle_deg < self._settings.shortened_leave_deg)  # where unknown, too
        shortened = latched(angle_deg <= self._settings.shortened_enter_deg, leaves, self._shortened)
        self._shortened = bool(shortened[-1])
        worked_s = np.count_nonzero(shortened & (contraction == 1)) / TICK_RATE_HZ
        known_s = np.count_nonzero(np.isfinite(angle_deg)) / TICK_RATE_HZ
        self._recent[self._age_s % len(self._recent)] = worked_s, known_s
        self._age_s += 1
        all_worked_s, all_known_s = self._recent.sum(axis=0).tolist()
        share = all_worked_s / len(self._recent) if all_known_s > len(self._recent) / 2 else math.nan
        return worked_s, share
