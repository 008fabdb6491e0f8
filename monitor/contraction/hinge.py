"""The ankle as a hinge: its axis in the frames of a shank and a foot sensor, and the angle about it.

Source: Seel, Raisch & Schauer 2014, Sensors 14:6891-6909, on the hinge constraint and arbitrary mounting.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk


@dataclass(frozen=True, slots=True)
class Calibration:
    """The hinge (unit vector, positive rate = dorsiflexion), in each sensor's frame, and the standing angle.

    level_deg: the foot's inclination on level ground, None = nobody was seen standing.
    """

    shank_axis: tuple[float, float, float]
    foot_axis: tuple[float, float, float]
    zero_deg: float
    from_s: float
    to_s: float
    note: str = ""  # what is uncertain about it, for people
    level_deg: float | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain data for a file."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, object]) -> Self:
        """From `to_dict`."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})  # type: ignore[arg-type]


def hinge_inclination_deg(up: NDArray[np.floating], axis: tuple[float, float, float]) -> NDArray[np.float64]:
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


def principal(gyr: NDArray[np.floating]) -> NDArray[np.float64]:
    """The axis about which the sensor turns most, unit vector of arbitrary sign. gyr: (n, 3)."""
    known = np.asarray(gyr[np.isfinite(gyr).all(axis=1)], dtype=np.float64)
    return np.linalg.eigh(np.einsum("ni,nj->ij", known, known))[1][:, -1]


def as_tuple(vector: NDArray[np.float64]) -> tuple[float, float, float]:
    """Three plain numbers."""
    return float(vector[0]), float(vector[1]), float(vector[2])


def angle_deg(
    foot: NDArray[np.float64],
    foot_axis: NDArray[np.float64],
    shank: NDArray[np.float64],
    shank_axis: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Foot against shank about the hinge, without a zero. foot, shank: (n, 3 or more), samples that begin together."""
    n = min(len(foot), len(shank))
    foot_deg = hinge_inclination_deg(foot[:n, :3], as_tuple(foot_axis))
    return wrap_deg(foot_deg - hinge_inclination_deg(shank[:n, :3], as_tuple(shank_axis)))


def level_deg(foot: NDArray[np.float64], foot_axis: NDArray[np.float64]) -> float | None:
    """The foot's inclination while standing. foot: (n, 3 or more); None = it was not seen."""
    inclination = hinge_inclination_deg(foot[:, :3], as_tuple(foot_axis))
    return float(np.nanmedian(inclination)) if np.isfinite(inclination).any() else None


def between(chunk: Chunk, from_s: float, to_s: float) -> NDArray[np.float64]:
    """The samples of a span."""
    a, b = np.searchsorted(chunk.time_s, (from_s, to_s))
    return np.asarray(chunk.samples[a:b], dtype=np.float64)


def in_seconds(chunk: Chunk, seconds: NDArray[np.int64]) -> Chunk:
    """The samples of some whole seconds."""
    rows = np.isin(np.floor(chunk.time_s).astype(np.int64), seconds)
    return Chunk(chunk.stream, chunk.time_s[rows], chunk.samples[rows])


def same_sense(
    shank: Chunk, shank_axis: NDArray[np.float64], foot: Chunk, foot_axis: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The shank's axis pointing the same way as the foot's: in walking the leg and the foot swing together."""
    rate_foot = np.interp(shank.time_s, foot.time_s, np.nan_to_num(foot.samples[:, 3:] @ foot_axis))
    return shank_axis * (np.sign(np.nansum((shank.samples[:, 3:] @ shank_axis) * rate_foot)) or 1.0)
