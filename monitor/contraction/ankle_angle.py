"""The ankle angle from two inclinations about the calibrated hinge: dorsiflexion +, plantarflexion -, 0 = standing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.calibration import Calibration, Calibrator, hinge_inclination_deg, wrap_deg
from monitor.contraction.inclination import Inclination
from monitor.settings import AngleSettings


class AnkleAngle:
    """Joins a shank and a foot IMU to the ankle angle on a fixed grid (the slower sensor's rate, at most 100 Hz).

    It is no Stage, since it has two inputs: `push_shank` and `push_foot` take what came, `advance(until_s)` gives the angle up
    to there. NaN until the calibration is found, in gaps, and for ever if none is found (`note` says why).
    Source: Crampwatch detector study: inclination difference about the hinge, 1.9 deg RMSE on simulated truth.
    """

    def __init__(
        self,
        shank: Stream,
        foot: Stream,
        settings: AngleSettings,
        calibration: Calibration | None = None,
        window_s: tuple[float, float] | None = None,
    ) -> None:
        self._shank, self._foot = Inclination(shank, settings), Inclination(foot, settings)
        rate_hz = min(100.0, shank.rate_hz, foot.rate_hz)
        self.period_s = math.ceil(100.0 / rate_hz - 1e-3) * 0.01
        self.output = Stream(
            "angle", 1 / self.period_s, (Channel("ankle", "deg"),), f"{shank.source_id}+{foot.source_id}"
        )
        self._max_gap_s = settings.max_gap_s
        self._kept_shank, self._kept_foot = Chunk.empty(self._shank.output), Chunk.empty(self._foot.output)
        self._calibrator = (
            None if calibration else Calibrator(self._shank.output, self._foot.output, settings, window_s)
        )
        self.calibration = calibration
        self.note = (
            "" if calibration else "calibrating: stand still 8 s, pump the ankle (point the toes first), walk 20 s"
        )
        self._next = 0
        self._looked_s = 0.0

    def push_shank(self, chunk: Chunk) -> None:
        """Take samples of the shank's IMU."""
        self._kept_shank = Chunk.joined([self._kept_shank, self._shank.push(chunk)])

    def push_foot(self, chunk: Chunk) -> None:
        """Take samples of the foot's IMU."""
        self._kept_foot = Chunk.joined([self._kept_foot, self._foot.push(chunk)])

    @property
    def newest_s(self) -> float:
        """Up to where both sensors have spoken; -inf if one has not."""
        ends = [float(kept.time_s[-1]) if len(kept) else -np.inf for kept in (self._kept_shank, self._kept_foot)]
        return min(ends)

    def advance(self, until_s: float) -> Chunk:
        """The angle on the grid up to `until_s`, a whole second."""
        self._calibrate(until_s)
        last = math.floor(until_s / self.period_s + 1e-6)
        grid_s = np.arange(self._next, last) * self.period_s + self.period_s
        self._next = max(self._next, last)
        angle = self._angle_deg(grid_s)
        keep_s = until_s - 2 * self._max_gap_s
        self._kept_shank = self._kept_shank[int(np.searchsorted(self._kept_shank.time_s, keep_s)) :]
        self._kept_foot = self._kept_foot[int(np.searchsorted(self._kept_foot.time_s, keep_s)) :]
        return Chunk(self.output, grid_s, angle[:, None])

    def _calibrate(self, until_s: float) -> None:
        """Once for every second that has passed, so that the answer does not depend on how often one asks."""
        if self._calibrator is None:
            return
        shank, foot = self._kept_shank, self._kept_foot
        for second in range(int(self._looked_s) + 1, int(until_s) + 1):
            self._calibrator.push(_part(shank, self._looked_s, second), _part(foot, self._looked_s, second))
            self._looked_s = float(second)
            found = self._calibrator.result(self._looked_s)
            if isinstance(found, str):
                self.note = f"no ankle angle: {found}"
            elif found is not None:
                self.calibration = found
                self.note = f"calibrated at {found.from_s:.0f}-{found.to_s:.0f} s"
            if found is not None:
                self._calibrator = None
                return

    @property
    def pending(self) -> bool:
        """The calibration may still be found."""
        return self._calibrator is not None

    def _angle_deg(self, grid_s: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.calibration is None or not len(grid_s):
            return np.full(len(grid_s), np.nan)
        from_s = self.calibration.to_s if self.note.startswith("calibrated") else -np.inf
        foot = _interpolated(self._kept_foot, self.calibration.foot_axis, grid_s, self._max_gap_s)
        shank = _interpolated(self._kept_shank, self.calibration.shank_axis, grid_s, self._max_gap_s)
        angle = wrap_deg(foot - shank - self.calibration.zero_deg)
        angle[grid_s < from_s] = np.nan
        return angle


class RecordedAngle:
    """An ankle angle that comes measured (another system's recording), in the place of AnkleAngle."""

    pending = False
    calibration = None
    note = "ankle angle as recorded"

    def __init__(self, angle: Stream) -> None:
        self.output = angle
        self._kept = Chunk.empty(angle)

    def push(self, chunk: Chunk) -> None:
        """Take samples, deg, dorsiflexion +."""
        self._kept = Chunk.joined([self._kept, chunk])

    @property
    def newest_s(self) -> float:
        """Up to where the angle is known."""
        return float(self._kept.time_s[-1]) if len(self._kept) else -np.inf

    def advance(self, until_s: float) -> Chunk:
        """The angle up to `until_s`."""
        end = int(np.searchsorted(self._kept.time_s, until_s + 1e-6))
        out, self._kept = self._kept[:end], self._kept[end:]
        return out


def _part(chunk: Chunk, from_s: float, to_s: float) -> Chunk:
    return chunk[slice(*np.searchsorted(chunk.time_s, (from_s, to_s)))]


def _interpolated(
    inclination: Chunk, axis: tuple[float, float, float], grid_s: NDArray[np.float64], max_gap_s: float
) -> NDArray[np.float64]:
    """The hinge inclination at the grid's instants; NaN where the neighbours are too far apart."""
    known = np.isfinite(inclination.samples[:, 0])
    time_s = inclination.time_s[known]
    if len(time_s) < 2:
        return np.full(len(grid_s), np.nan)
    turned = np.unwrap(hinge_inclination_deg(inclination.samples[known, :3], axis), period=360.0)
    after = np.clip(np.searchsorted(time_s, grid_s), 1, len(time_s) - 1)
    far = (time_s[after] - time_s[after - 1] > max_gap_s) | (grid_s < time_s[0]) | (grid_s > time_s[-1] + 0.05)
    out = np.interp(grid_s, time_s, turned)
    out[far] = np.nan
    return out
