"""Strides of one leg, seen by the rate at which its foot turns about the ankle's hinge: toe-off and strike.

The foot turns toes down until the leg swings, toes up through the swing, toes down again onto the ground; so a swing is
a span of positive rate after one of negative rate, and it ends with the strike. The toes leave the ground when the
ankle is most plantarflexed between two strikes; without a shank sensor, when the rate becomes positive, which is the
same in walking and too late in running, where the heel goes on rising.
Source: events at the zero crossings around mid-swing after Sabatini et al. 2005, IEEE Trans. Biomed. Eng. 52:486-494
(foot-worn gyroscope, not re-read); the thresholds are our own and stand in the settings.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from monitor.runs import latched
from monitor.settings import GaitSettings

Floats = NDArray[np.float64]
_RECENT_SWINGS = 9
_KEEP_S = 2.5


@dataclass(frozen=True, slots=True)
class Stride:
    """One swing of the leg. toe_off_s, strike_s: session seconds; the fastest turn of foot and shank in it, deg/s."""

    toe_off_s: float
    strike_s: float
    foot_dps: float
    shank_dps: float


class StrideFinder:
    """Finds swings in the rates of foot and shank about the hinge (deg/s, toes up and leg forward +).

    `push` takes the samples of one second after the other and gives the strides whose strike they hold; the threshold
    follows the athlete from second to second. A lost sample (NaN) counts as no turning.
    """

    def __init__(self, settings: GaitSettings) -> None:
        self._settings = settings
        self._peaks: deque[float] = deque(maxlen=_RECENT_SWINGS)
        self._swinging = False
        self._rose_s = self._struck_s = -np.inf  # when the rate last passed the threshold, and last ended a swing
        self._stepped_s = -np.inf  # the last strike of a step
        self._time_s, self._foot, self._shank = np.empty(0), np.empty(0), np.empty(0)

    @property
    def threshold_dps(self) -> float:
        """A swing is faster than this."""
        usual = median(self._peaks) if self._peaks else 0.0
        return max(self._settings.swing_dps, self._settings.swing_fraction * usual)

    def push(self, time_s: Floats, foot_dps: Floats, shank_dps: Floats | None = None) -> list[Stride]:
        """The samples of the next second; shank_dps: at the foot's instants, None = no shank sensor."""
        if not len(time_s):
            return []
        if float(time_s[0]) - self._stepped_s > self._settings.longest_stride_s:
            self._peaks.clear()  # whoever runs no more may step more softly
        foot = _zero_where_lost(foot_dps)
        shank = np.full(len(foot), np.inf) if shank_dps is None else _zero_where_lost(shank_dps)
        on = latched(foot > self.threshold_dps, foot < 0.0, self._swinging)
        turns = np.flatnonzero(on != np.concatenate(([self._swinging], on[:-1]))) + len(self._time_s)
        self._swinging = bool(on[-1])
        self._time_s = np.concatenate([self._time_s, time_s])
        self._foot, self._shank = np.concatenate([self._foot, foot]), np.concatenate([self._shank, shank])
        found = [stride for row in turns.tolist() if (stride := self._turn(row)) is not None]
        self._forget(float(time_s[-1]) - _KEEP_S)
        return found

    def _turn(self, row: int) -> Stride | None:
        """At this row the rate passes the threshold, or ends a swing; then the swing, if it was a step."""
        if self._foot[row] > 0.0:
            self._rose_s = float(self._time_s[row])
            return None
        last_strike_s, self._struck_s = self._struck_s, self._crossing(row)
        before, rose = self._time_s.searchsorted((last_strike_s, self._rose_s)).tolist()
        negative = np.flatnonzero(self._foot[before:rose] < 0.0)
        if not len(negative):
            return None
        begin = before + int(negative[-1]) + 1
        stride = Stride(
            self._toe_off_s(before, begin),
            self._struck_s,
            float(self._foot[begin:row].max()),
            float(self._shank[begin:row].max()),
        )
        if not self._is_step(stride, float(self._foot[before:begin].min()), self._crossing(begin)):
            return None
        self._peaks.append(stride.foot_dps)
        self._stepped_s = stride.strike_s
        return stride

    def _toe_off_s(self, before: int, begin: int) -> float:
        """When the toes left the ground, between the last strike and the foot's turning up."""
        if not np.isfinite(self._shank[before:begin]).all():
            return self._crossing(begin)
        steps_s = np.diff(self._time_s[before : begin + 1])
        angle_deg = np.cumsum((self._foot[before:begin] - self._shank[before:begin]) * steps_s)
        return float(self._time_s[before + int(angle_deg.argmin())])

    def _is_step(self, stride: Stride, push_off_dps: float, rose_s: float) -> bool:
        settings, swing_s = self._settings, stride.strike_s - rose_s
        return (
            push_off_dps < -settings.push_off_dps
            and stride.shank_dps > settings.shank_dps
            and settings.swing_least_s <= swing_s <= settings.swing_most_s
        )

    def _crossing(self, row: int) -> float:
        """When the rate passed zero between the row before and this one, s."""
        if row == 0:
            return float(self._time_s[0])
        before, here = self._foot[row - 1], self._foot[row]
        share = before / (before - here) if before != here else 0.0
        return float(self._time_s[row - 1] + share * (self._time_s[row] - self._time_s[row - 1]))

    def _forget(self, before_s: float) -> None:
        keep = int(self._time_s.searchsorted(before_s))
        self._time_s, self._foot, self._shank = self._time_s[keep:], self._foot[keep:], self._shank[keep:]


def _zero_where_lost(rate_dps: Floats) -> Floats:
    return rate_dps if math.isfinite(np.add.reduce(rate_dps)) else np.nan_to_num(rate_dps)
