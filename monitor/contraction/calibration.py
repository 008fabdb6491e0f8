"""Finding the ankle's hinge in both sensors' frames: stand still, pump the ankle (plantarflexion first), walk.

Source: Crampwatch detector study; axes by principal components of the angular rate, Seel, Raisch & Schauer 2014,
Sensors 14:6891-6909 describe the hinge constraint that they satisfy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.settings import AngleSettings

_PUMP_DPS = 15.0  # RMS of the foot's rate in a second of ankle pumps; standing stays below
_WALK_DPS = 30.0  # RMS of the shank's rate in a second of walking
_PUMP_SECONDS = 6
_WALK_SECONDS = 10
_FIRST_MOVE_DEG = 8.0  # the first pump has begun when the foot has turned this far


@dataclass(frozen=True, slots=True)
class Calibration:
    """The hinge (unit vector, positive rate = dorsiflexion), in each sensor's frame, and the standing angle."""

    shank_axis: tuple[float, float, float]
    foot_axis: tuple[float, float, float]
    zero_deg: float
    from_s: float
    to_s: float

    def to_dict(self) -> dict[str, object]:
        """Plain data for a file."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, object]) -> Self:
        """From `to_dict`."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})  # type: ignore[arg-type]


def hinge_inclination_deg(up: NDArray[np.float64], axis: tuple[float, float, float]) -> NDArray[np.float64]:
    """How far the sensor is turned about its hinge axis. up: (n, 3) unit vectors. Wraps at +-180 deg."""
    across = _across(axis) @ up.T
    return -np.degrees(np.arctan2(across[0], across[1]))


@lru_cache(maxsize=64)
def _across(axis: tuple[float, float, float]) -> NDArray[np.float64]:
    """Two unit vectors across the axis and each other, (2, 3)."""
    j = np.asarray(axis)
    x = np.cross(j, np.eye(3)[np.argmin(np.abs(j))])
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(x, j)])


def wrap_deg(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Into -180..180 deg."""
    return (angle + 180.0) % 360.0 - 180.0


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

    def push(self, shank: Chunk, foot: Chunk, until_s: int) -> None:
        """Keep what lies within the window."""
        for segment, chunk in ((self._shank, shank), (self._foot, foot)):
            segment.push(chunk[slice(*np.searchsorted(chunk.time_s, self._window_s).tolist())], until_s - 1)

    def result(self, until_s: float) -> Calibration | str | None:
        """The calibration if what came before `until_s` holds it, None if it may still come, else what is missing."""
        found = _find(self._shank, self._foot, int(until_s), self._settings)
        return None if isinstance(found, str) and until_s < self._window_s[1] else found


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


def _find(shank: _Segment, foot: _Segment, last_s: int, settings: AngleSettings) -> Calibration | str:
    if shank.begin_s is None or foot.begin_s is None:
        return "no data from the shank and foot sensors"
    first_s = int(np.ceil(max(shank.begin_s, foot.begin_s)))
    if last_s - first_s < settings.still_s:
        return "stand still for 8 s to begin"
    rs, rf = shank.speeds_dps(first_s, last_s), foot.speeds_dps(first_s, last_s)
    still = (rs < settings.still_dps) & (rf < settings.still_dps)
    stand = _first_run(still, round(settings.still_s))
    if stand is None:
        return "nobody stood still for 5 s"
    stand_end = int(stand + np.argmin(np.append(still[stand:], False)))
    seconds = np.arange(len(rs))
    walk = (seconds >= stand_end) & (rs > _WALK_DPS)
    if not walk.any():
        return "no walking was seen after standing still"
    pump = (seconds >= stand_end) & (seconds < np.argmax(walk)) & (rf > _PUMP_DPS) & (rs < 0.5 * rf)
    if pump.sum() < _PUMP_SECONDS:
        return "no ankle pumps were seen between standing still and walking"
    if walk.sum() < _WALK_SECONDS:
        return "walk for 20 s after the ankle pumps"
    return _solve(shank.samples(), foot.samples(), first_s, (stand, stand_end), pump, walk)


def _first_run(flags: NDArray[np.bool_], length: int) -> int | None:
    run = np.convolve(flags, np.ones(length), mode="valid") >= length - 0.5
    return int(np.argmax(run)) if run.any() else None


def _solve(
    shank: Chunk, foot: Chunk, first_s: int, stand: tuple[int, int], pump: NDArray[np.bool_], walk: NDArray[np.bool_]
) -> Calibration | str:
    stand_s = (first_s + stand[0] + 0.5, first_s + stand[1] - 0.5)
    rest_shank, rest_foot = _between(shank, *stand_s), _between(foot, *stand_s)
    if not len(rest_shank) or not len(rest_foot):
        return "nobody stood still for 5 s"
    bias_shank, bias_foot = np.nanmean(rest_shank[:, 3:], axis=0), np.nanmean(rest_foot[:, 3:], axis=0)
    pump_s = (first_s + int(np.argmax(pump)) - 1.0, first_s + int(np.flatnonzero(pump)[-1]) + 1.0)
    pumping = _between(foot, *pump_s)[:, 3:] - bias_foot
    foot_axis = _principal(pumping)
    turned = np.cumsum(np.nan_to_num(pumping @ foot_axis)) / foot.stream.rate_hz
    moved = np.abs(turned) > _FIRST_MOVE_DEG
    if not moved.any():
        return "the ankle pumps were too small"
    foot_axis *= -np.sign(turned[np.argmax(moved)])  # the first pump is plantarflexion
    walk_seconds = first_s + np.flatnonzero(walk)
    walking_shank = _in_seconds(shank, walk_seconds)
    shank_axis = _principal(walking_shank.samples[:, 3:] - bias_shank)
    rate_foot = (foot.samples[:, 3:] - bias_foot) @ foot_axis
    rate_foot = np.interp(walking_shank.time_s, foot.time_s, np.nan_to_num(rate_foot))
    shared = np.nansum(((walking_shank.samples[:, 3:] - bias_shank) @ shank_axis) * rate_foot)
    shank_axis *= np.sign(shared) or 1.0  # leg and foot swing together
    zero = np.nanmedian(wrap_deg(_angle(rest_foot, foot_axis, rest_shank, shank_axis)))
    return Calibration(
        _as_tuple(shank_axis), _as_tuple(foot_axis), float(zero), float(first_s + stand[0]), float(walk_seconds[-1] + 1)
    )


def _angle(
    foot: NDArray[np.float64],
    foot_axis: NDArray[np.float64],
    shank: NDArray[np.float64],
    shank_axis: NDArray[np.float64],
) -> NDArray[np.float64]:
    n = min(len(foot), len(shank))
    return hinge_inclination_deg(foot[:n, :3], _as_tuple(foot_axis)) - hinge_inclination_deg(
        shank[:n, :3], _as_tuple(shank_axis)
    )


def _between(chunk: Chunk, from_s: float, to_s: float) -> NDArray[np.float64]:
    a, b = np.searchsorted(chunk.time_s, (from_s, to_s))
    return np.asarray(chunk.samples[a:b], dtype=np.float64)


def _in_seconds(chunk: Chunk, seconds: NDArray[np.int64]) -> Chunk:
    rows = np.isin(np.floor(chunk.time_s).astype(np.int64), seconds)
    return Chunk(chunk.stream, chunk.time_s[rows], chunk.samples[rows])


def _principal(gyr: NDArray[np.float64]) -> NDArray[np.float64]:
    known = gyr[np.isfinite(gyr).all(axis=1)]
    return np.linalg.eigh(np.einsum("ni,nj->ij", known, known))[1][:, -1]


def _as_tuple(vector: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
