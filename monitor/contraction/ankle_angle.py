"""The ankle angle from two inclinations about the calibrated hinge: dorsiflexion +, plantarflexion -, 0 = standing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.calibration import Calibrator
from monitor.contraction.gait import Activity, Gait, GaitSecond
from monitor.contraction.hinge import Calibration, hinge_inclination_deg, wrap_deg
from monitor.contraction.inclination import Inclination
from monitor.contraction.leg_motion import leg_motion
from monitor.contraction.orientation import QUATERNION, Orientation
from monitor.contraction.slip import SlipWatch
from monitor.settings import AngleSettings, GaitSettings

PROMPT = "calibrating: stand still 8 s, pump the ankle (point the toes first), walk 20 s"


class AnkleAngle:
    """Joins a shank and a foot IMU to the ankle angle on a fixed grid (the slower sensor's rate, at most 100 Hz).

    shank, foot : Stream           acc and gyr (see Inclination), or the sensor's own orientation w x y z

    It is no Stage, since it has two inputs: `push_shank` and `push_foot` take what came, `advance(until_s)` gives the
    angle up to there. NaN until the calibration is found, in gaps, and for ever if none is found (`note` says why).
    Source: Crampwatch detector study: inclination difference about the hinge, 1.9 deg RMSE on simulated truth.
    """

    def __init__(
        self,
        shank: Stream,
        foot: Stream,
        settings: AngleSettings,
        calibration: Calibration | None = None,
        window_s: tuple[float, float] | None = None,
        *,
        start_s: float = 0.0,
        gait: GaitSettings | None = None,
    ) -> None:
        self._shank, self._foot = _Segment(shank, settings), _Segment(foot, settings)
        self._gait = Gait(gait or GaitSettings())
        self.gait: GaitSecond | None = None  # what the leg did in the newest second, None before the calibration
        rate_hz = min(100.0, shank.rate_hz, foot.rate_hz)
        self.period_s = math.ceil(100.0 / rate_hz - 1e-3) * 0.01
        source_id = f"{shank.source_id}+{foot.source_id}"
        self.output = Stream("angle", 1 / self.period_s, (Channel("ankle", "deg"),), source_id)
        self._keep_s = 2 * settings.max_gap_s
        self._settings = settings
        self.calibration = calibration
        self._calibrator: Calibrator | None = None
        self._calibrated_s = -math.inf  # the angle is known from here on
        self._slip = SlipWatch(settings)
        self._slipped = ""  # what was seen of a sensor that slipped; the calibration is sought again for ever
        self.note = ""
        if calibration is None:
            self._calibrator = Calibrator(self._shank.output, self._foot.output, settings, window_s)
            self.note = PROMPT
        self._next = math.floor(start_s / self.period_s + 1e-6)
        self._looked_s = int(start_s)

    def push_shank(self, chunk: Chunk) -> None:
        """Take samples of the shank's IMU."""
        self._shank.push(chunk)

    def push_foot(self, chunk: Chunk) -> None:
        """Take samples of the foot's IMU."""
        self._foot.push(chunk)

    @property
    def pending(self) -> bool:
        """The first calibration may still be found (after a slip the leg's contractions do not wait for another)."""
        return self._calibrator is not None and not self._slipped

    def advance(self, until_s: float) -> Chunk:
        """The angle on the grid up to `until_s`, a whole second."""
        segments = (self._shank, self._foot)
        for segment in segments:
            segment.follow()
        self._look(int(until_s))
        last = math.floor(until_s / self.period_s + 1e-6)
        grid_s = np.multiply(np.arange(self._next + 1, last + 1), self.period_s, dtype=np.float64)
        self._next = max(self._next, last)
        angle_deg = self._angle_deg(grid_s)
        for segment in segments:
            segment.forget(until_s - self._keep_s)
        return Chunk(self.output, grid_s, angle_deg[:, None])

    def _look(self, until_s: int) -> None:
        """Calibrate, then watch the gait, once for every second, so that nothing depends on how often one asks."""
        while self._looked_s < until_s:
            second = self._looked_s = self._looked_s + 1
            shank, foot = self._shank.between(second - 1, second), self._foot.between(second - 1, second)
            if self.calibration is not None:
                self._watch(shank, foot, self.calibration, second)
            elif self._calibrator is not None:
                self._calibrator.push(shank, foot, second)
                self._take(self._calibrator.result(second), second)

    def _watch(self, shank: Chunk, foot: Chunk, calibration: Calibration, second: int) -> None:
        """What the leg does, and whether its sensors still sit where they were calibrated."""
        self.gait = self._gait.push(leg_motion(shank, foot, calibration), float(second))
        if self.gait.activity in (Activity.WALKING, Activity.RUNNING):
            slipped = self._slip.push(shank, foot)
            if slipped:
                self._slipped = f"{slipped} at {second} s"
                self.recalibrate(second)

    def recalibrate(self, from_s: float) -> None:
        """Forget the calibration; another is looked for from here on, and the angle is unknown until it is found."""
        window_s = (from_s, from_s + self._settings.calibration_window_s)
        self.calibration, self.gait, self._calibrated_s = None, None, math.inf
        self._slip = SlipWatch(self._settings)
        self._calibrator = Calibrator(self._shank.output, self._foot.output, self._settings, window_s)
        self.note = f"{self._slipped}; {PROMPT}" if self._slipped else PROMPT

    def _take(self, found: Calibration | str | None, second: int) -> None:
        """What the calibrator says: found, still to come, or why not."""
        if found is None:
            return
        self._calibrator = None
        if isinstance(found, Calibration):
            self.calibration, self._calibrated_s = found, found.to_s
            self.note = found.note or f"calibrated at {found.from_s:.0f}-{found.to_s:.0f} s"
            self._slipped = ""
        elif self._slipped:
            self.recalibrate(second)
        else:
            self.note = f"no ankle angle: {found}"

    def _angle_deg(self, grid_s: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.calibration is None or not len(grid_s):
            return np.full(len(grid_s), np.nan)
        foot = self._foot.inclination_deg(self.calibration.foot_axis, grid_s)
        shank = self._shank.inclination_deg(self.calibration.shank_axis, grid_s)
        angle = wrap_deg(foot - shank - self.calibration.zero_deg)
        angle[grid_s < self._calibrated_s] = np.nan
        return angle


class _Segment:
    """One of the two sensors: what it sent waits here, is followed, and is interpolated on the grid."""

    def __init__(self, imu: Stream, settings: AngleSettings) -> None:
        told = imu.labels == QUATERNION
        self._stage = Orientation(imu, settings) if told else Inclination(imu, settings)
        self._max_gap_s = settings.max_gap_s
        self.output = self._stage.output
        self._new: list[Chunk] = []
        self._kept = Chunk.empty(self.output)

    def push(self, chunk: Chunk) -> None:
        self._new.append(chunk)

    def follow(self) -> None:
        """Turn what came into inclinations."""
        if self._new:
            followed = self._stage.push(Chunk.joined(self._new))
            self._kept, self._new = Chunk.joined([self._kept, followed]), []

    def between(self, from_s: float, to_s: float) -> Chunk:
        return self._kept[slice(*self._kept.time_s.searchsorted((from_s, to_s)).tolist())]

    def forget(self, before_s: float) -> None:
        self._kept = self._kept[int(self._kept.time_s.searchsorted(before_s)) :]

    def inclination_deg(self, axis: tuple[float, float, float], grid_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The hinge inclination at the grid's instants; NaN where the neighbours are too far apart."""
        if not math.isfinite(self._kept.samples[:, 0].sum()):
            known = np.isfinite(self._kept.samples[:, 0])
            self._kept = Chunk(self.output, self._kept.time_s[known], self._kept.samples[known])
        if len(self._kept) < 2:
            return np.full(len(grid_s), np.nan)
        first, end = self._kept.time_s.searchsorted(grid_s[[0, -1]]).tolist()
        near = self._kept[max(0, first - 2) : end + 2]
        turned = hinge_inclination_deg(near.samples[:, :3].astype(np.float64), axis)
        time_s = near.time_s + self._stage.lead_s
        if np.abs(turned[1:] - turned[:-1]).max() > 180.0:
            turned = np.unwrap(turned, period=360.0)
        after = np.minimum(np.maximum(time_s.searchsorted(grid_s), 1), len(time_s) - 1)
        far = time_s[after] - time_s[after - 1] > self._max_gap_s
        outside = (grid_s < time_s[0]) | (grid_s > time_s[-1] + 0.05)
        return np.where(far | outside, np.nan, np.interp(grid_s, time_s, turned))


class RecordedAngle:
    """An ankle angle that comes measured (another system's recording), in the place of AnkleAngle."""

    pending = False
    calibration = None
    gait = None
    note = "ankle angle as recorded"

    def __init__(self, angle: Stream) -> None:
        self.output = angle
        self._kept = Chunk.empty(angle)

    def push(self, chunk: Chunk) -> None:
        """Take samples, deg, dorsiflexion +."""
        self._kept = Chunk.joined([self._kept, chunk])

    def advance(self, until_s: float) -> Chunk:
        """The angle up to `until_s`."""
        end = int(np.searchsorted(self._kept.time_s, until_s + 1e-6))
        out, self._kept = self._kept[:end], self._kept[end:]
        return out
