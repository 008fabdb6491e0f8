"""What the leg does and on what ground, once a second: strides, cadence, stance, slope, roughness, activity.

It needs the calibrated hinge. While the foot is flat on the ground its pitch, against standing on level ground, is the
slope; how much the flat foot's attitude changes from stride to stride is the roughness.
Source: foot-flat phases as in Mariani et al. 2010, J. Biomech. 43:2999-3006 (not re-read); thresholds are our own.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.strides import Stride, StrideFinder
from monitor.medians import middle
from monitor.settings import GaitSettings

Floats = NDArray[np.float64]
_WHEN = ("time_s", "foot_dps")  # of a LegMotion
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
        period_s = self._period_s()
        activity = self._activity(second, strides, until_s, period_s)
        walking = activity in (Activity.WALKING, Activity.RUNNING)
        slope_deg, roughness_deg = self._terrain() if walking else (None, None)
        return GaitSecond(
            until_s,
            activity,
            self._count,
            120.0 / period_s if walking and period_s is not None else None,
            self._stance_fraction(period_s) if walking and period_s is not None else None,
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
        time_s, rate_dps = (np.concatenate([getattr(part, name) for part in self._flat]) for name in _WHEN)
        rows = np.flatnonzero((time_s >= begin_s) & (time_s < stride.toe_off_s) & np.isfinite(rate_dps))
        least = int(self._settings.flat_least)
        if len(rows) < least:
            return
        rates = np.abs(rate_dps[rows])
        turning = np.sort(rates)[least - 1]
        if turning > self._settings.flat_dps:
            return
        flat = rows[rates <= max(turning, _STILL_SHARE * self._settings.flat_dps)]
        stands = np.concatenate([np.column_stack([part.foot_deg, part.foot_up]) for part in self._flat])[flat]
        pitch_deg, *up = middle(stands).tolist()
        self._ground.append((stride.strike_s, pitch_deg, np.array(up)))

    def _activity(self, second: LegMotion, strides: list[Stride], until_s: float, period_s: float | None) -> Activity:
        known = second.turning_dps[np.isfinite(second.turning_dps)]
        if not len(known):
            return Activity.UNKNOWN
        last_s = self._strides[-1].strike_s if self._strides else -math.inf
        in_step = period_s is not None and until_s - last_s <= self._settings.rhythm_periods * period_s
        if any(self._is_kick(stride, in_step) for stride in strides):
            return Activity.KICK
        if in_step and period_s is not None:
            cadence = 120.0 / period_s
            return Activity.RUNNING if cadence >= self._settings.running_per_min else Activity.WALKING
        still = math.sqrt(np.vdot(known, known) / len(known)) < self._settings.still_dps
        return Activity.STILL if still else Activity.OTHER

    def _is_kick(self, stride: Stride, in_step: bool) -> bool:
        """A swing much faster than the steps around it."""
        if not math.isfinite(stride.shank_dps):
            return False
        usual = [other.shank_dps for other in list(self._strides)[:-1]]
        most = self._settings.kick_ratio * median(usual) if in_step and len(usual) >= 2 else 0.0
        return stride.shank_dps > max(self._settings.kick_dps, most)

    def _period_s(self) -> float | None:
        """Median time of the last strides that followed each other."""
        strikes_s = [stride.strike_s for stride in list(self._strides)[-6:]]
        periods_s = [after - before for before, after in itertools.pairwise(strikes_s)]
        in_a_row = [period_s for period_s in periods_s if period_s <= self._settings.longest_stride_s]
        return median(in_a_row) if in_a_row else None

    def _stance_fraction(self, period_s: float) -> float:
        swing_s = median(stride.strike_s - stride.toe_off_s for stride in list(self._strides)[-6:])
        return min(max(1.0 - swing_s / period_s, 0.0), 1.0)

    def _terrain(self) -> tuple[float | None, float | None]:
        """Slope from the last strides; roughness from how their flat feet differ."""
        oldest_s = self._strides[0].strike_s
        recent = [(pitch, up) for strike_s, pitch, up in self._ground if strike_s >= oldest_s]
        if len(recent) < self._settings.slope_strides:
            return None, None
        pitches_deg = [pitch for pitch, _ in recent]
        ups = np.array([up for _, up in recent])
        ups /= np.sqrt(np.einsum("na,na->n", ups, ups))[:, None]
        mean = ups.sum(axis=0)
        near = np.minimum(ups @ (mean / math.sqrt(np.vdot(mean, mean))), 1.0)  # pyright: ignore[reportUnknownArgumentType] - numpy tells no type
        apart = np.arccos(np.maximum(near, -1.0))
        slope_deg = median(pitches_deg) if all(map(math.isfinite, pitches_deg)) else None
        return slope_deg, math.degrees(math.sqrt(np.vdot(apart, apart) / len(apart)))  # pyright: ignore[reportUnknownArgumentType]
