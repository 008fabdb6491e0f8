"""One of the two sensors of an ankle: what it sent waits here, is followed, and is interpolated on the grid."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.contraction.hinge import hinge_inclination_deg
from monitor.contraction.inclination import Inclination
from monitor.contraction.orientation import QUATERNION, Orientation
from monitor.settings import AngleSettings

Axis = tuple[float, float, float]


class Segment:
    """imu : Stream        acc and gyr (see Inclination), or the sensor's own orientation w x y z

    told : the sensor says its orientation itself.
    delay_s : how much later than stamped its samples are taken to be; only later, so that none has yet to come.
    """

    def __init__(self, imu: Stream, settings: AngleSettings) -> None:
        self.told = imu.labels == QUATERNION
        self._stage = Orientation(imu, settings) if self.told else Inclination(imu, settings)
        self._settings = settings
        self.output = self._stage.output
        self.delay_s = 0.0
        self._new: list[Chunk] = []
        self._kept = Chunk.empty(self.output)
        self._last_acc_g = np.full((1, 3), np.nan)
        self._cut_off_s = np.empty(0)  # when the acceleration stood at the sensor's limit

    def push(self, chunk: Chunk) -> None:
        """Take samples."""
        self._new.append(chunk)

    def follow(self) -> None:
        """Turn what came into inclinations."""
        if self._new:
            came, self._new = Chunk.joined(self._new), []
            followed = self._stage.push(came)
            self._kept = Chunk.joined([self._kept, followed]) if len(self._kept) else followed
            if not self.told:
                self._find_cut_off(came)

    def _find_cut_off(self, came: Chunk) -> None:
        """Samples that repeat a large acceleration exactly: no movement does that, a limit does."""
        new_g = came.samples[:, :3].astype(np.float64)
        before_g, self._last_acc_g = self._last_acc_g, new_g[-1:]
        large = np.abs(new_g) >= self._settings.cut_off_g
        if not large.any():
            return
        stands = large & (new_g == np.concatenate([before_g, new_g[:-1]]))
        self._cut_off_s = np.concatenate([self._cut_off_s, came.time_s[stands.any(axis=1)]])

    def between(self, from_s: float, to_s: float) -> Chunk:
        """The inclinations of a span."""
        return self._kept[slice(*self._kept.time_s.searchsorted((from_s, to_s)).tolist())]

    def cut_off_between(self, from_s: float, to_s: float) -> bool:
        """Whether the acceleration stood at the sensor's limit in a span."""
        first, end = self._cut_off_s.searchsorted((from_s, to_s)).tolist()
        return end > first

    def forget(self, before_s: float) -> None:
        """Drop what is older."""
        self._kept = self._kept[int(self._kept.time_s.searchsorted(before_s)) :]
        self._cut_off_s = self._cut_off_s[int(self._cut_off_s.searchsorted(before_s)) :]

    def inclination_deg(self, axis: Axis, grid_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The hinge inclination at the grid's instants.

        NaN where the neighbours are too far apart, and where the hinge points up or down so steeply that gravity does
        not show the turn about it.
        """
        if not math.isfinite(self._kept.samples[:, 0].sum()):
            known = np.isfinite(self._kept.samples[:, 0])
            self._kept = Chunk(self.output, self._kept.time_s[known], self._kept.samples[known])
        if len(self._kept) < 2:
            return np.full(len(grid_s), np.nan)
        shift_s = self._stage.lead_s + self.delay_s
        first, end = self._kept.time_s.searchsorted(grid_s[[0, -1]] - shift_s).tolist()
        near = slice(max(0, first - 2), end + 2)
        time_s, up = self._kept.time_s[near] + shift_s, self._kept.samples[near, :3]
        turned = hinge_inclination_deg(up, axis)
        if np.abs(turned[1:] - turned[:-1]).max() > 180.0:
            turned = np.unwrap(turned, period=360.0)
        leaning = steep(up, axis, self._settings.steep_hinge)
        if leaning.any():
            turned[leaning] = np.nan
        out = np.interp(grid_s, time_s, turned)
        steps_s = time_s[1:] - time_s[:-1]
        if steps_s.max() > self._settings.max_gap_s:
            after = np.minimum(np.maximum(time_s.searchsorted(grid_s), 1), len(time_s) - 1)
            out[steps_s[after - 1] > self._settings.max_gap_s] = np.nan
        if grid_s[0] < time_s[0] or grid_s[-1] > time_s[-1] + 0.05:
            out[(grid_s < time_s[0]) | (grid_s > time_s[-1] + 0.05)] = np.nan
        return out


def steep(up: NDArray[np.floating], axis: Axis, limit: float) -> NDArray[np.bool_]:
    """Where the hinge stands so near the vertical. up: (n, 3) unit vectors."""
    return np.abs(up @ np.asarray(axis)) > limit
