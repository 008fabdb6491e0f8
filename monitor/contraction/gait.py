"""What the leg does and on what ground, once a second: strides, cadence, stance, slope, roughness, activity.

It needs the calibrated hinge. While the foot is flat on the ground its pitch, against standing on level ground, is the
slope; how much the flat foot's attitude changes from stride to stride is the roughness.
Source: foot-flat phases as in Mariani et al. 2010, J. Biomech. 43:2999-3006 (not re-read); thresholds are our own.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.strides import Stride, StrideFinder
from monitor.settings import GaitSettings

Floats = NDArray[np.float64]
_STILL_SHARE = 0.3  # a foot that turns so much more slowly than it may is flat for certain


class Activity(StrEnum):
    """What the leg is doing. OTHER moves without the rhythm of steps; STILL may stand, sit or lie."""

    STILL = "still"
    WALKING = "walking"
    RUNNING = "running"
    KICK = "kick"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GaitSecond:
    """One second. None = unknown.

    strides : of this leg since the calibration. cadence_per_min : steps of both legs. stance_fraction : 0..1.
    slope_deg : of the ground, uphill +. roughness_deg : how unevenly the foot is put down.
    swings : that ended in this second.
    """

    time_s: float
    activity: Activity
    strides: int
    cadence_per_min: float | None
    stance_fraction: float | None
    slope_deg: float | None
    roughness_deg: float | None
    swings: tuple[Stride, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LegMotion:
    """The samples of one second at the foot's instants.

    foot_dps, shank_dps : rates about the hinge, toes up and leg forward +. foot_deg : pitch of the foot against level
    standing, toes up +. foot_up : (n, 3) up in the foot sensor's frame. turning_dps : the larger of the sensors' rates
    about any axis. shank_dps all NaN = no shank sensor.
    """

    time_s: Floats
    foot_dps: Floats
    shank_dps: Floats
    foot_deg: Floats
    foot_up: Floats
    turning_dps: Floats


class Gait:
    """`push` takes one second after the other."""

    def __init__(self, settings: GaitSettings) -> None:
        self._settings = settings
        self._finder = StrideFinder(settings)
        self._strides: deque[Stride] = deque(maxlen=int(settings.recent_strides) + 1)
        self._ground: deque[tuple[float, float, Floats]] = deque(maxlen=int(settings.recent_strides))  # when, pitch, up
        self._flat: list[LegMotion] = []  # the foot since it last struck the ground
        self._count = 0

    def push(self, second: LegMotion, until_s: float) -> GaitSecond:
        """The second that ends at until_s."""
        strides = self._finder.push(second.time_s, second.foot_dps, second.shank_dps)
        self._flat.append(second)
        for stride in strides:
            self._stand(stride)
            self._strides.append(stride)
            self._count += 1
        self._flat = self._flat[-int(self._settings.longest_stance_s) - 2 :]
        activity = self._activity(second, strides, until_s)
        walking = activity in (Activity.WALKING, Activity.RUNNING)
        slope_deg, roughness_deg = self._terrain() if walking else (None, None)
        return GaitSecond(
            until_s,
            activity,
            self._count,
            self._cadence_per_min() if walking else None,
            self._stance_fraction() if walking else None,
            slope_deg,
            roughness_deg,
            tuple(strides),
        )

    def _stand(self, stride: Stride) -> None:
        """How the foot stood on the ground before this swing: where it turned least."""
        begin_s = max(
            self._strides[-1].strike_s if self._strides else -math.inf,
            stride.toe_off_s - self._settings.longest_stance_s,
        )
        time_s, rate_dps, pitch_deg = (
            np.concatenate([getattr(part, name) for part in self._flat]) for name in ("time_s", "foot_dps", "foot_deg")
        )
        up = np.concatenate([part.foot_up for part in self._flat])
        rows = np.flatnonzero((time_s >= begin_s) & (time_s < stride.toe_off_s) & np.isfinite(rate_dps))
        least = int(self._settings.flat_least)
        if len(rows) < least:
            return
        turning = np.sort(np.abs(rate_dps[rows]))[least - 1]
        if turning > self._settings.flat_dps:
            return
        flat = rows[np.abs(rate_dps[rows]) <= max(turning, _STILL_SHARE * self._settings.flat_dps)]
        self._ground.append((stride.strike_s, float(np.median(pitch_deg[flat])), np.median(up[flat], axis=0)))

    def _activity(self, second: LegMotion, strides: list[Stride], until_s: float) -> Activity:
        known = second.turning_dps[np.isfinite(second.turning_dps)]
        if not len(known):
            return Activity.UNKNOWN
        period_s = self._period_s()
        last_s = self._strides[-1].strike_s if self._strides else -math.inf
        in_step = period_s is not None and until_s - last_s <= self._settings.rhythm_periods * period_s
        if any(self._is_kick(stride, in_step) for stride in strides):
            return Activity.KICK
        if in_step and period_s is not None:
            cadence = 120.0 / period_s
            return Activity.RUNNING if cadence >= self._settings.running_per_min else Activity.WALKING
        still = float(np.sqrt(np.mean(known**2))) < self._settings.still_dps
        return Activity.STILL if still else Activity.OTHER

    def _is_kick(self, stride: Stride, in_step: bool) -> bool:
        """A swing much faster than the steps around it."""
        if not math.isfinite(stride.shank_dps):
            return False
        usual = [other.shank_dps for other in list(self._strides)[:-1]]
        most = self._settings.kick_ratio * float(np.median(usual)) if in_step and len(usual) >= 2 else 0.0
        return stride.shank_dps > max(self._settings.kick_dps, most)

    def _period_s(self) -> float | None:
        """Median time of the last strides that followed each other."""
        strikes_s = np.array([stride.strike_s for stride in list(self._strides)[-6:]])
        periods_s = np.diff(strikes_s)
        periods_s = periods_s[periods_s <= self._settings.longest_stride_s]
        return float(np.median(periods_s)) if len(periods_s) and len(strikes_s) >= 2 else None

    def _cadence_per_min(self) -> float | None:
        period_s = self._period_s()
        return None if period_s is None else 120.0 / period_s

    def _stance_fraction(self) -> float | None:
        period_s = self._period_s()
        if period_s is None:
            return None
        swing_s = float(np.median([stride.strike_s - stride.toe_off_s for stride in list(self._strides)[-6:]]))
        return min(max(1.0 - swing_s / period_s, 0.0), 1.0)

    def _terrain(self) -> tuple[float | None, float | None]:
        """Slope from the last strides; roughness from how their flat feet differ."""
        oldest_s = self._strides[0].strike_s
        recent = [(pitch, up) for strike_s, pitch, up in self._ground if strike_s >= oldest_s]
        if len(recent) < self._settings.slope_strides:
            return None, None
        pitch_deg = float(np.median([pitch for pitch, _ in recent]))
        ups = np.array([up for _, up in recent])
        ups /= np.linalg.norm(ups, axis=1, keepdims=True)
        mean = ups.mean(axis=0)
        apart = np.degrees(np.arccos(np.clip(ups @ (mean / np.linalg.norm(mean)), -1.0, 1.0)))
        return (pitch_deg if math.isfinite(pitch_deg) else None), float(np.sqrt(np.mean(apart**2)))
