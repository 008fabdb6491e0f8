"""Finding the ankle's hinge in both sensors' frames: stand still, pump the ankle (plantarflexion first), walk.

Source: Crampwatch detector study; axes by principal components of the angular rate, Seel, Raisch & Schauer 2014,
Sensors 14:6891-6909 describe the hinge constraint that they satisfy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.contraction.gait_calibration import from_gait
from monitor.contraction.hinge import (
    Calibration,
    angle_deg,
    as_tuple,
    between,
    in_seconds,
    level_deg,
    principal,
    same_sense,
    wrap_deg,
)
from monitor.settings import AngleSettings


@dataclass(frozen=True, slots=True)
class Missing:
    """What a calibration lacks. reason: told in the end; prompt: what to do now; share: what is done, 0..1."""

    reason: str
    prompt: str
    share: float = 0.0


class Calibrator:
    """Gathers the outputs of two Inclinations for the first two minutes and looks once a second whether all is there.

    `push` takes the samples of the second that ends at `until_s`, each second in turn; then `result` may be asked.
    """

    def __init__(
        self, shank: Stream, foot: Stream, settings: AngleSettings, window_s: tuple[float, float] | None = None
    ) -> None:
        self._settings = settings
        self._window_s = window_s or (0.0, settings.calibration_window_s)
        self._shank, self._foot = _Segment(shank), _Segment(foot)
        self.prompt = "stand still"  # what the athlete is to do now, and how far it is
        self.share = 0.0  # of the whole calibration, 0..1

    def push(self, shank: Chunk, foot: Chunk, until_s: int) -> None:
        """Keep what lies within the window."""
        for segment, chunk in ((self._shank, shank), (self._foot, foot)):
            segment.push(chunk[slice(*np.searchsorted(chunk.time_s, self._window_s).tolist())], until_s - 1)

    def result(self, until_s: float) -> Calibration | str | None:
        """The calibration if what came before `until_s` holds it, None if it may still come, else what is missing."""
        found = _find(self._shank, self._foot, int(until_s), self._settings)
        if isinstance(found, Calibration):
            return found
        self.prompt, self.share = found.prompt, found.share
        if until_s < self._window_s[1]:
            return None
        return from_gait(self._shank.samples(), self._foot.samples(), found.reason, self._settings)


class _Segment:
    """What one sensor said: its samples, and how fast it turned in each second."""

    def __init__(self, stream: Stream) -> None:
        self._chunks = [Chunk.empty(stream)]
        self._speeds: list[float] = []
        self._first_s = 0  # the second of the first speed
        self.begin_s: float | None = None

    def push(self, chunk: Chunk, second: int) -> None:
        """Add the samples of one second, which follows the one before."""
        if len(chunk):
            self._chunks.append(chunk)
        if self.begin_s is None and len(chunk):
            self.begin_s, self._first_s = float(chunk.time_s[0]), second
        if self.begin_s is not None:
            self._speeds.append(_speed_dps(chunk))

    def speeds_dps(self, first_s: int, last_s: int) -> NDArray[np.float64]:
        """RMS of the rate of turn in each second, deg/s; NaN where the second is not whole."""
        return np.array(self._speeds[first_s - self._first_s : last_s - self._first_s])

    def samples(self) -> Chunk:
        """All of them."""
        self._chunks = [Chunk.joined(self._chunks)]
        return self._chunks[0]


def _speed_dps(chunk: Chunk) -> float:
    turning = np.sum(chunk.samples[:, 3:] ** 2, axis=1)
    known = turning[np.isfinite(turning)]
    whole = len(chunk) >= 0.5 * chunk.stream.rate_hz and len(known)
    return float(np.sqrt(known.mean())) if whole else np.nan


def _find(shank: _Segment, foot: _Segment, last_s: int, settings: AngleSettings) -> Calibration | Missing:
    if shank.begin_s is None or foot.begin_s is None:
        return Missing("no data from the shank and foot sensors", "waiting for the shank and foot sensors")
    first_s = int(np.ceil(max(shank.begin_s, foot.begin_s)))
    rs, rf = shank.speeds_dps(first_s, last_s), foot.speeds_dps(first_s, last_s)
    still = (rs < settings.still_dps) & (rf < settings.still_dps)
    stand = _first_run(still, round(settings.still_s))
    if stand is None:
        now = int(np.argmin(np.append(still[::-1], False)))
        reason = "stand still for 8 s to begin" if last_s - first_s < settings.still_s else "nobody stood still for 5 s"
        return Missing(reason, f"stand still: {now} of {settings.still_s:.0f} s", now / _whole_s(settings))
    stand_end = int(stand + np.argmin(np.append(still[stand:], False)))
    seconds = np.arange(len(rs))
    walk = (seconds >= stand_end) & (rs > settings.walk_dps)
    first_walk = int(np.argmax(np.append(walk, True)))
    pump = (seconds >= stand_end) & (seconds < first_walk) & (rf > settings.pump_dps) & (rs < 0.5 * rf)
    missing = _missing(int(pump.sum()), int(walk.sum()), settings)
    if missing is not None:
        return missing
    return _solve(shank.samples(), foot.samples(), first_s, (stand, stand_end), pump, walk, settings)


def _whole_s(settings: AngleSettings) -> float:
    return settings.still_s + settings.pump_s + settings.walk_s


def _missing(pumped_s: int, walked_s: int, settings: AngleSettings) -> Missing | None:
    """What is still to do after standing still."""
    done_s = settings.still_s + min(pumped_s, settings.pump_s) + min(walked_s, settings.walk_s)
    share = done_s / _whole_s(settings)
    if pumped_s < settings.pump_s:
        if walked_s:
            reason = "no ankle pumps were seen between standing still and walking"
            return Missing(reason, f"{reason}: go on walking, the angle will be less certain", share)
        prompt = f"now pump the ankle, toes down first: {pumped_s} of {settings.pump_s:.0f} s"
        return Missing("no walking was seen after standing still", prompt, share)
    if walked_s < settings.walk_s:
        reason = "walk for 20 s after the ankle pumps" if walked_s else "no walking was seen after standing still"
        return Missing(reason, f"now walk: {walked_s} of {settings.walk_s:.0f} s", share)
    return None


def _first_run(flags: NDArray[np.bool_], length: int) -> int | None:
    if len(flags) < length:
        return None
    run = np.convolve(flags, np.ones(length), mode="valid") >= length - 0.5
    return int(np.argmax(run)) if run.any() else None


def _solve(
    shank: Chunk,
    foot: Chunk,
    first_s: int,
    stand: tuple[int, int],
    pump: NDArray[np.bool_],
    walk: NDArray[np.bool_],
    settings: AngleSettings,
) -> Calibration | Missing:
    stand_s = (first_s + stand[0] + 0.5, first_s + stand[1] - 0.5)
    rest_shank, rest_foot = between(shank, *stand_s), between(foot, *stand_s)
    if not len(rest_shank) or not len(rest_foot):
        return Missing("nobody stood still for 5 s", "stand still")
    bias_shank, bias_foot = np.nanmean(rest_shank[:, 3:], axis=0), np.nanmean(rest_foot[:, 3:], axis=0)
    pump_s = (first_s + int(np.argmax(pump)) - 1.0, first_s + int(np.flatnonzero(pump)[-1]) + 1.0)
    pumping = between(foot, *pump_s)[:, 3:] - bias_foot
    foot_axis = principal(pumping)
    turned = np.cumsum(np.nan_to_num(pumping @ foot_axis)) / foot.stream.rate_hz
    moved = np.abs(turned) > settings.first_move_deg
    if not moved.any():
        return Missing("the ankle pumps were too small", "the ankle pumps were too small: stop, and begin again")
    foot_axis *= -np.sign(turned[np.argmax(moved)])  # the first pump is plantarflexion
    walk_seconds = first_s + np.flatnonzero(walk)
    walking_shank = in_seconds(shank, walk_seconds)
    shank_axis = principal(walking_shank.samples[:, 3:] - bias_shank)
    shank_axis = same_sense(walking_shank, shank_axis, foot, foot_axis)
    standing = angle_deg(rest_foot, foot_axis, rest_shank, shank_axis)
    zero = float(np.nanmedian(standing))
    pumped = wrap_deg(angle_deg(between(foot, *pump_s), foot_axis, between(shank, *pump_s), shank_axis) - zero)
    walking_axis = principal(in_seconds(foot, walk_seconds).samples[:, 3:] - bias_foot)
    span_s = float(first_s + stand[0]), float(walk_seconds[-1] + 1)
    note = verdict(
        span_s,
        float(np.subtract(*np.nanpercentile(pumped, (95, 5)))),
        float(np.degrees(np.arccos(min(1.0, abs(float(foot_axis @ walking_axis)))))),
        float(np.nanstd(wrap_deg(standing - zero))),
        settings,
    )
    return Calibration(as_tuple(shank_axis), as_tuple(foot_axis), zero, *span_s, note, level_deg(rest_foot, foot_axis))


def verdict(
    span_s: tuple[float, float], pumps_deg: float, axes_deg: float, sway_deg: float, settings: AngleSettings
) -> str:
    """What was found, in words, and what is poor about it.

    pumps_deg : range of the ankle pumps; axes_deg : between the hinge of the pumps and that of the walk;
    sway_deg : how much the standing angle varied.
    """
    found = f"pumps {pumps_deg:.0f} deg, axes agree to {axes_deg:.0f} deg, standing angle 0 +- {sway_deg:.1f} deg"
    poor = [
        text
        for text, bad in (
            ("the pumps were small", pumps_deg < settings.least_pumps_deg),
            ("the axes do not agree", axes_deg > settings.most_axes_deg),
            ("the stand was not still", sway_deg > settings.most_sway_deg),
        )
        if bad
    ]
    told = f"calibrated at {span_s[0]:.0f}-{span_s[1]:.0f} s: {found}"
    return f"{told}; poor, calibrate again: {', '.join(poor)}" if poor else told
