"""Exposure to contraction in the shortened position, where calves cramp (Bertolasi 1993; Behringer 2014)."""

from __future__ import annotations

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S, second_of
from monitor.settings import AngleSettings

_MINUTES = 5


def activity_input(source_id: str) -> Stream:
    """What the calf does, on the 20 ms grid: contraction (1, 0, NaN = lost) and ankle angle (deg, NaN = unknown)."""
    return Stream("activity", TICK_RATE_HZ, (Channel("contraction", ""), Channel("ankle", "deg")), source_id)


class ShortenedDose:
    """Seconds of contraction in the shortened position, once a second.

    activity : Stream              see `activity_input`
    Output at 1 Hz: shortened contraction in this second (s), share of the last five minutes (0..1, NaN while the angle was
    unknown for more than half of them). Entered at `shortened_enter_deg`, left at `shortened_leave_deg`.
    """

    def __init__(self, activity: Stream, settings: AngleSettings) -> None:
        self.input = activity
        self.output = Stream("shortened", 1.0, (Channel("shortened", "s"), Channel("share", "")), activity.source_id)
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._shortened = False
        self._shortened_ticks = 0
        self._known_ticks = 0
        self._recent = np.full((_MINUTES * 60, 2), 0.0)

    def push(self, chunk: Chunk) -> Chunk:
        """Take ticks; give the seconds that they close."""
        closed: list[tuple[float, float]] = []
        stamps: list[float] = []
        ends = second_of(chunk.time_s + TICK_S) > second_of(chunk.time_s)
        for row in range(len(chunk)):
            contraction, angle_deg = chunk.samples[row]
            self._follow(float(angle_deg))
            self._known_ticks += bool(np.isfinite(angle_deg))
            self._shortened_ticks += bool(self._shortened and contraction == 1)
            if ends[row]:
                stamps.append(round(float(chunk.time_s[row])))
                closed.append(self._close())
        return Chunk(self.output, np.asarray(stamps, dtype=np.float64), np.asarray(closed).reshape(len(closed), 2))

    def _follow(self, angle_deg: float) -> None:
        if not np.isfinite(angle_deg):
            self._shortened = False
        elif self._shortened:
            self._shortened = angle_deg < self._settings.shortened_leave_deg
        else:
            self._shortened = angle_deg <= self._settings.shortened_enter_deg

    def _close(self) -> tuple[float, float]:
        second = np.array([self._shortened_ticks, self._known_ticks]) / TICK_RATE_HZ
        self._shortened_ticks = self._known_ticks = 0
        self._recent = np.concatenate([self._recent[1:], second[None, :]])
        shortened_s, known_s = self._recent.sum(axis=0)
        share = shortened_s / len(self._recent) if known_s > len(self._recent) / 2 else np.nan
        return float(second[0]), float(share)
