"""Smooth curves over one repetition of a movement, and what a movement is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_TABLE_SIZE = 2048
_SILENT = 1e-6


class Cycle:
    """A smooth periodic curve near its knots.

    knots : (phase, value), phases rising from 0 to 1, first and last value equal
    smoothing : width (sd, in phase) of the Gaussian that rounds the corners, so that accelerations stay finite
    """

    def __init__(self, *knots: tuple[float, float], smoothing: float) -> None:
        phases, values = zip(*knots, strict=True)
        corners = np.interp(np.arange(_TABLE_SIZE) / _TABLE_SIZE, phases, values)
        wave = np.fft.rfft(corners)
        wave *= np.exp(-2.0 * (np.pi * smoothing * np.arange(len(wave))) ** 2)
        self._keep(np.fft.irfft(wave, _TABLE_SIZE))

    def __call__(self, phase: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at phases in 0 <= phase < 1."""
        place = phase * _TABLE_SIZE
        below = np.minimum(place.astype(np.int64), _TABLE_SIZE - 1)
        low = self._table[below]
        return low + (place - below) * (self._table[below + 1] - low)

    def lingering(self, decay: float) -> Cycle:
        """The curve, above 0, if it could fall no faster than exp(-phase / decay): a muscle that relaxes late."""
        return _lingering(self, decay)

    def _keep(self, values: NDArray[np.float64]) -> None:
        self._table = np.append(values, values[0])

    def _held(self, decay: float) -> NDArray[np.float64]:
        twice = np.log(np.maximum(np.tile(self._table[:-1], 2), _SILENT))  # what lingers goes over into the next turn
        ramp = np.arange(2 * _TABLE_SIZE) / (_TABLE_SIZE * decay)
        return np.exp(np.maximum.accumulate(twice + ramp) - ramp)[_TABLE_SIZE:]


@lru_cache(maxsize=512)
def _lingering(cycle: Cycle, decay: float) -> Cycle:
    held = Cycle((0.0, 0.0), (1.0, 0.0), smoothing=0.0)
    held._keep(cycle._held(decay))
    return held


def flat() -> Cycle:
    """0 all along."""
    return Cycle((0.0, 0.0), (1.0, 0.0), smoothing=0.0)


@dataclass(frozen=True, slots=True)
class Movement:
    """One kind of movement, repeated through its bout.

    period_s : length of a repetition; None = one repetition as long as the bout
    angle_deg, shank_deg : ankle angle and shank pitch
    drive : voluntary drive of the calf, 0..1, fresh
    travel_m, lift_m : path of the ankle against its mean motion, forward and up
    contact : 1 while the foot stands flat on the ground (slope and roughness show then), 0 in the air
    on_toes : the foot turns about the ball of the foot on the ground (else the ankle is where travel and lift put it)
    alternating : the right leg is half a repetition behind the left one
    impact : how hard the heel hits the ground where the phase is 0; walking = 1, 0 = it does not
    toe_off : phase at which the foot leaves the ground, None = it does not
    wobble_deg : how far the segments leave the sagittal plane
    """

    period_s: float | None = None
    angle_deg: Cycle = field(default_factory=flat)
    shank_deg: Cycle = field(default_factory=flat)
    drive: Cycle = field(default_factory=flat)
    travel_m: Cycle = field(default_factory=flat)
    lift_m: Cycle = field(default_factory=flat)
    contact: Cycle = field(default_factory=flat)
    on_toes: bool = True
    alternating: bool = False
    impact: float = 0.0
    toe_off: float | None = None
    wobble_deg: float = 0.0
