"""The ankle's hinge from walking alone, for a session that did not begin with the calibration.

Axes by principal components of the angular rate in walking. The sign: the fastest turn of a walking ankle is the
push-off, a plantarflexion (about 250 deg/s against 150 deg/s of dorsiflexion; Winter 1991). The zero: the first 5 s of
still standing, or else the mean of the first strides, which is arbitrary and said to be.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.contraction.hinge import (
    Calibration,
    angle_deg,
    as_tuple,
    between,
    in_seconds,
    level_deg,
    principal,
    same_sense,
)
from monitor.settings import AngleSettings


def from_gait(shank: Chunk, foot: Chunk, missing: str, settings: AngleSettings) -> Calibration | str:
    """A calibration from the walking in these inclinations; `missing` with the reason if it does not serve."""
    walk = _seconds(shank, lambda speed: speed > settings.walk_dps)
    if len(walk) < settings.walk_s or not len(foot):
        return f"{missing}, and no {settings.walk_s:.0f} s of walking either"
    walking_shank, walking_foot = in_seconds(shank, walk), in_seconds(foot, walk)
    foot_axis, shank_axis = principal(walking_foot.samples[:, 3:]), principal(walking_shank.samples[:, 3:])
    shank_axis = same_sense(walking_shank, shank_axis, foot, foot_axis)
    skew = _skew_of_ankle_rate(walking_shank, shank_axis, walking_foot, foot_axis)
    if not abs(skew) > settings.push_off_skew:
        return f"{missing}, and the walking does not show which way the ankle bends"
    foot_axis, shank_axis = -np.sign(skew) * foot_axis, -np.sign(skew) * shank_axis
    still = _stand(shank, foot, settings)
    span_s = still or (float(walk[0]), float(walk[-1] + 1))
    raw = angle_deg(between(foot, *span_s), foot_axis, between(shank, *span_s), shank_axis)
    if not np.isfinite(raw).any():
        return missing
    zero = float(np.nanmedian(raw) if still else np.nanmean(_unwrapped(raw)))
    how = "zero from standing still" if still else "the zero is arbitrary: the mean of the first strides"
    note = f"not calibrated ({missing}): axes and sign from walking, {how}"
    level = level_deg(between(foot, *span_s), foot_axis) if still else None
    return Calibration(as_tuple(shank_axis), as_tuple(foot_axis), zero, span_s[0], float(walk[-1] + 1), note, level)


def _seconds(chunk: Chunk, fits: Callable[[NDArray[np.float64]], NDArray[np.bool_]]) -> NDArray[np.int64]:
    """The whole seconds whose RMS rate of turn fits."""
    if not len(chunk):
        return np.empty(0, dtype=np.int64)
    second = np.floor(chunk.time_s).astype(np.int64)
    first = int(second[0])
    turning = np.nan_to_num(np.sum(chunk.samples[:, 3:] ** 2, axis=1))
    n = np.bincount(second - first)
    speed = np.sqrt(np.bincount(second - first, weights=turning) / np.maximum(n, 1))
    return first + np.flatnonzero((n >= 0.5 * chunk.stream.rate_hz) & fits(speed))


def _stand(shank: Chunk, foot: Chunk, settings: AngleSettings) -> tuple[float, float] | None:
    """The first five seconds in which both sensors are still."""
    shank_still, foot_still = (_seconds(chunk, lambda speed: speed < settings.still_dps) for chunk in (shank, foot))
    both = np.intersect1d(shank_still, foot_still)
    n = round(settings.still_s)
    for i in range(len(both) - n + 1):
        if both[i + n - 1] - both[i] == n - 1:
            return float(both[i]), float(both[i] + n)
    return None


def _skew_of_ankle_rate(
    shank: Chunk, shank_axis: NDArray[np.float64], foot: Chunk, foot_axis: NDArray[np.float64]
) -> float:
    rate_foot = np.interp(shank.time_s, foot.time_s, np.nan_to_num(foot.samples[:, 3:] @ foot_axis))
    rate: NDArray[np.float64] = rate_foot - np.nan_to_num(shank.samples[:, 3:] @ shank_axis)
    rate = rate - rate.mean()
    return float(np.mean(rate**3) / max(np.mean(rate**2) ** 1.5, 1e-12))


def _unwrapped(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Around the median, so that a mean over the wrap is no nonsense."""
    middle = np.nanmedian(angle)
    return middle + (angle - middle + 180.0) % 360.0 - 180.0
