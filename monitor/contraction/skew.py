"""Notices that the clocks of shank and foot sensor have moved against each other, and by how much.

Both sensors feel the leg's swing, so their rates of turn rise and fall together; the lag at which they agree best is
looked at every 20 s of walking, and of running apart. What was measured: on simulated sensors whose stamps agree, that
lag is -17 ms in walking, and -2 to -32 ms on real synchronous recordings, since foot and shank do not move alike. So it
says nothing about the skew itself. Its change within one kind of gait does: simulated, a step of 40 or 100 ms is read
to 1 ms. Three looks that agree are the reference, the first ones after the calibration; three that agree and lie
elsewhere are a change. On two real synchronous recordings (a minute of free movement, 25 s of walking, each eight times
over, five lengths of look) nothing was ever corrected; in most of them the looks did not agree well enough to say
anything. A skew from before the reference cannot be seen, nor told from a gait that changes for good.
Source: cross-correlation of gyroscope norms is common practice for aligning sensors; the rule is our own.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.contraction.gait import Activity
from monitor.settings import SkewSettings

Floats = NDArray[np.float64]
_STEP_S = 0.005
_LONGEST_S = 0.25
_LEAST_CORRELATION = 0.3


def lag_s(shank: Chunk, foot: Chunk) -> float | None:
    """How much later than the shank's the foot's turning is stamped, s; None = the two do not move alike.

    shank, foot : the outputs of two Inclinations over the same span.
    """
    one, other = _turning(shank), _turning(foot)
    if one is None or other is None:
        return None
    grid_s = np.arange(foot.time_s[0] + _LONGEST_S, foot.time_s[-1] - _LONGEST_S, _STEP_S)
    still = _normed(np.interp(grid_s, *one))
    lags_s = _STEP_S * np.arange(-round(_LONGEST_S / _STEP_S), round(_LONGEST_S / _STEP_S) + 1)
    alike = np.array([float(np.sum(still * _normed(np.interp(grid_s + float(lag), *other)))) for lag in lags_s])
    best = int(np.argmax(alike))
    if not 0 < best < len(lags_s) - 1 or alike[best] < _LEAST_CORRELATION:
        return None
    before, here, after = alike[best - 1 : best + 2].tolist()
    return float(lags_s[best] + 0.5 * _STEP_S * (before - after) / (before - 2 * here + after))


def _turning(inclination: Chunk) -> tuple[Floats, Floats] | None:
    """When, and how fast the sensor turned about any axis."""
    rate = np.linalg.norm(np.asarray(inclination.samples[:, 3:], dtype=np.float64), axis=1)
    known = np.isfinite(rate)
    if (
        known.sum() < 0.8 * len(rate)
        or len(rate) < 2
        or inclination.time_s[-1] - inclination.time_s[0] < 4 * _LONGEST_S
    ):
        return None
    return inclination.time_s[known], rate[known]


def _normed(curve: Floats) -> Floats:
    centred = curve - curve.mean()
    return centred / max(float(np.sqrt(np.sum(centred**2))), 1e-12)


class SkewWatch:
    """`push` takes one second of the leg after the other. `correction_s` : the foot's stamps are late by so much."""

    def __init__(self, settings: SkewSettings) -> None:
        self._settings = settings
        self._spans: dict[Activity, list[tuple[Chunk, Chunk]]] = {}
        self._looks: dict[Activity, deque[float]] = {}
        self._reference_s: dict[Activity, float] = {}
        self.correction_s = 0.0

    def push(self, shank: Chunk, foot: Chunk, activity: Activity) -> bool:
        """A second of the outputs of two Inclinations; whether the correction has changed."""
        if activity not in (Activity.WALKING, Activity.RUNNING):
            self._spans.clear()  # a look is one unbroken walk or run
            return False
        span = self._spans.setdefault(activity, [])
        span.append((shank, foot))
        if len(span) < self._settings.look_s:
            return False
        parts = self._spans.pop(activity)
        found_s = lag_s(*(Chunk.joined([part[row] for part in parts]) for row in (0, 1)))
        return found_s is not None and self._judge(activity, found_s)

    def _judge(self, activity: Activity, found_s: float) -> bool:
        looks = self._looks.setdefault(activity, deque(maxlen=int(self._settings.looks)))
        looks.append(found_s)
        if len(looks) < self._settings.looks or max(looks) - min(looks) > self._settings.agree_s:
            return False
        middle_s = float(np.median(looks))
        if activity not in self._reference_s:
            self._reference_s[activity] = middle_s - self.correction_s
            looks.clear()
            return False
        most_s = self._settings.most_s
        late_s = min(max(middle_s - self._reference_s[activity], -most_s), most_s)
        if abs(late_s - self.correction_s) <= self._settings.change_s:
            return False
        self.correction_s = late_s
        return True
