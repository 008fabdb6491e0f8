"""One second of a lower leg about its calibrated hinge, from the inclinations of its two sensors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.contraction.gait import LegMotion
from monitor.contraction.hinge import Calibration, hinge_inclination_deg, wrap_deg


def leg_motion(shank: Chunk, foot: Chunk, calibration: Calibration) -> LegMotion:
    """What the outputs of two Inclinations say about one second, at the foot's instants. Lost samples stay NaN."""
    samples = np.asarray(foot.samples, dtype=np.float64)
    turning_dps = turning(samples[:, 3:])
    foot_deg = np.full(len(foot), np.nan)
    if calibration.level_deg is not None and len(foot):
        foot_deg = wrap_deg(hinge_inclination_deg(samples[:, :3], calibration.foot_axis) - calibration.level_deg)
    shank_dps = np.full(len(foot), np.nan)
    if len(shank) and len(foot):
        shank_dps = np.interp(foot.time_s, shank.time_s, _rate_dps(shank, calibration.shank_axis))
        its_turning = turning(shank.samples[:, 3:])
        turning_dps = np.fmax(turning_dps, np.interp(foot.time_s, shank.time_s, its_turning))
    return LegMotion(
        foot.time_s, _rate_dps(foot, calibration.foot_axis), shank_dps, foot_deg, samples[:, :3], turning_dps
    )


def turning(gyr_dps: NDArray[np.floating]) -> NDArray[np.float64]:
    """How fast a sensor turns about any axis. gyr_dps : (n, 3)."""
    return np.sqrt(np.einsum("na,na->n", gyr_dps, gyr_dps, dtype=np.float64))


def _rate_dps(chunk: Chunk, axis: tuple[float, float, float]) -> NDArray[np.float64]:
    return np.einsum("nc,c->n", np.asarray(chunk.samples[:, 3:], dtype=np.float64), np.asarray(axis))
