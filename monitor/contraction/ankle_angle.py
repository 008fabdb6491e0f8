"""The ankle angle from two inclinations about the calibrated hinge: dorsiflexion +, plantarflexion -, 0 = standing."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.calibration import Calibrator
from monitor.contraction.gait import Activity, Gait, GaitSecond
from monitor.contraction.hinge import Calibration, wrap_deg
from monitor.contraction.leg_motion import leg_motion
from monitor.contraction.segment import Segment, steep
from monitor.contraction.skew import SkewWatch
from monitor.contraction.slip import SlipWatch
from monitor.settings import AngleSettings, GaitSettings, SkewSettings

PROMPT = "calibrating: stand still 8 s, pump the ankle (point the toes first), walk 20 s"
_STEEP = "the ankle's hinge stands nearly upright, as in lying on the side: the angle is unknown"
_CUT_OFF_SECONDS = 60


class AnkleAngle:
    """Joins a shank and a foot IMU to the ankle angle on a fixed grid (the slower sensor's rate, at most 100 Hz).

    shank, foot : Stream           acc and gyr (see Inclination), or the sensor's own orientation w x y z

    It is no Stage, since it has two inputs: `push_shank` and `push_foot` take what came, `advance(until_s)` gives the
    angle up to there. NaN until the calibration is found, in gaps, and for ever if none is found (`note` says why).
    start_s : the angle is given from here on; heard_s : what was heard since then serves the calibration.
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
        heard_s: float | None = None,
        gait: GaitSettings | None = None,
        skew: SkewSettings | None = None,
    ) -> None:
        self._shank, self._foot = Segment(shank, settings), Segment(foot, settings)
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
        self._skew_settings = skew or SkewSettings()
        self._slip, self._skew = SlipWatch(settings), SkewWatch(self._skew_settings)
        self._steep = False  # in most of the newest second
        self._cut_off: dict[str, deque[bool]] = {name: deque(maxlen=_CUT_OFF_SECONDS) for name in ("shank", "foot")}
        self._again = False  # a calibration was asked for anew
        self._slipped = ""  # what was seen of a sensor that slipped; the calibration is sought again for ever
        self._calibrated = ""  # how it was calibrated, what to do for it, or why it was not
        if calibration is None:
            self._calibrator = Calibrator(self._shank.output, self._foot.output, settings, window_s)
            self._calibrated = PROMPT
        self._next = math.floor(start_s / self.period_s + 1e-6)
        self._looked_s = int(start_s if heard_s is None else heard_s)

    def push_shank(self, chunk: Chunk) -> None:
        """Take samples of the shank's IMU."""
        self._shank.push(chunk)

    def push_foot(self, chunk: Chunk) -> None:
        """Take samples of the foot's IMU."""
        self._foot.push(chunk)

    @property
    def pending(self) -> bool:
        """The first calibration may still be found; the leg's contractions do not wait for another one."""
        return self._calibrator is not None and not self._slipped and not self._again

    @property
    def calibrated_share(self) -> float | None:
        """How much of a calibration that is under way is done, 0..1; None = none is looked for."""
        return None if self._calibrator is None else self._calibrator.share

    @property
    def skew_s(self) -> float:
        """By how much the angle may be late: one sensor waits for the other, and nobody knows whose clock has moved."""
        return abs(self._skew.correction_s)

    @property
    def note(self) -> str:
        """How the angle was calibrated or what to do for it, and what is uncertain about it now."""
        return "; ".join(part for part in (self._calibrated, *self._doubts()) if part)

    def _doubts(self) -> Iterator[str]:
        if self._shank.told or self._foot.told:
            yield "orientation as the sensor itself says it"
        if self._steep:
            yield _STEEP
        if self.skew_s > 0:
            yield f"the sensors' clocks have moved by {1000 * self.skew_s:.0f} ms: corrected"
        for name, seconds in self._cut_off.items():
            if sum(seconds) >= self._settings.cut_off_seconds:
                yield f"the {name} sensor's acceleration is cut off at its limit: choose a wider range"

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
            for name, segment in (("shank", self._shank), ("foot", self._foot)):
                self._cut_off[name].append(segment.cut_off_between(second - 1, second))
            if self.calibration is not None:
                self._watch(shank, foot, self.calibration, second)
            elif self._calibrator is not None:
                self._calibrator.push(shank, foot, second)
                found = self._calibrator.result(second)
                self._prompt(self._calibrator.prompt)
                self._take(found, second)

    def _watch(self, shank: Chunk, foot: Chunk, calibration: Calibration, second: int) -> None:
        """What the leg does, and whether its sensors still sit where they were calibrated."""
        self.gait = self._gait.push(leg_motion(shank, foot, calibration), float(second))
        ups = ((shank, calibration.shank_axis), (foot, calibration.foot_axis))
        limit = self._settings.steep_hinge
        self._steep = any(2 * np.count_nonzero(steep(one.samples[:, :3], axis, limit)) > len(one) for one, axis in ups)
        if self._skew.push(shank, foot, self.gait.activity):
            late_s = self._skew.correction_s  # who is early waits for the other
            self._shank.delay_s, self._foot.delay_s = max(0.0, late_s), max(0.0, -late_s)
        if self.gait.activity in (Activity.WALKING, Activity.RUNNING):
            slipped = self._slip.push(shank, foot)
            if slipped:
                self._slipped = f"{slipped} at {second} s"
                self.recalibrate(second)

    def recalibrate(self, from_s: float) -> None:
        """Forget the calibration; another is looked for from here on, and the angle is unknown until it is found."""
        window_s = (from_s, from_s + self._settings.calibration_window_s)
        self.calibration, self.gait, self._calibrated_s = None, None, math.inf
        self._slip, self._skew = SlipWatch(self._settings), SkewWatch(self._skew_settings)
        self._shank.delay_s = self._foot.delay_s = 0.0
        self._steep, self._again = False, True
        self._calibrator = Calibrator(self._shank.output, self._foot.output, self._settings, window_s)
        self._prompt(PROMPT.removeprefix("calibrating: "))

    def _prompt(self, text: str) -> None:
        """What to do next."""
        self._calibrated = "; ".join(part for part in (self._slipped, f"calibrating: {text}") if part)

    def _take(self, found: Calibration | str | None, second: int) -> None:
        """What the calibrator says: found, still to come, or why not."""
        if found is None:
            return
        self._calibrator = None
        if isinstance(found, Calibration):
            self.calibration, self._calibrated_s = found, found.to_s
            self._calibrated = found.note or f"calibrated at {found.from_s:.0f}-{found.to_s:.0f} s"
            self._slipped = ""
        elif self._slipped:
            self.recalibrate(second)
        else:
            self._calibrated = f"no ankle angle: {found}"

    def _angle_deg(self, grid_s: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.calibration is None or not len(grid_s):
            return np.full(len(grid_s), np.nan)
        foot = self._foot.inclination_deg(self.calibration.foot_axis, grid_s)
        shank = self._shank.inclination_deg(self.calibration.shank_axis, grid_s)
        angle = wrap_deg(foot - shank - self.calibration.zero_deg)
        if grid_s[0] < self._calibrated_s:
            angle[grid_s < self._calibrated_s] = np.nan
        return angle


class RecordedAngle:
    """An ankle angle that comes measured (another system's recording), in the place of AnkleAngle."""

    pending = False
    calibration = None
    calibrated_share = None
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
