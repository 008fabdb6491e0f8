"""What a lower leg does: the movements that a scenario is made of, as curves over one repetition.

Angles: ankle dorsiflexion +, plantarflexion -; shank pitch + = leaning forward. Drive: 1 = all that the calf can give.
Shapes of walking after Winter 1991 (The Biomechanics and Motor Control of Human Gait) and Perry 1992 (Gait Analysis):
the calf works from about 10 to 50 % of the stride, on a dorsiflexed ankle, and is nearly silent when the ankle points
at toe-off. Efforts, tempos and the shapes of the exercises are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_TABLE_SIZE = 2048


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
        rounded = np.fft.irfft(wave, _TABLE_SIZE)
        self._table = np.append(rounded, rounded[0])

    def __call__(self, phase: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at phases in 0 <= phase < 1."""
        place = phase * _TABLE_SIZE
        below = np.minimum(place.astype(np.int64), _TABLE_SIZE - 1)
        low = self._table[below]
        return low + (place - below) * (self._table[below + 1] - low)


def _flat() -> Cycle:
    return Cycle((0.0, 0.0), (1.0, 0.0), smoothing=0.0)


@dataclass(frozen=True, slots=True)
class Movement:
    """One kind of movement, repeated through its bout.

    period_s : length of a repetition; None = one repetition as long as the bout
    angle_deg, shank_deg : ankle angle and shank pitch
    drive : voluntary drive of the calf, 0..1, fresh
    travel_m, lift_m : path of the ankle against its mean motion, forward and up
    on_toes : the foot turns about the ball of the foot on the ground (else the ankle is where travel and lift put it)
    alternating : the right leg is half a repetition behind the left one
    strikes : the heel hits the ground where the phase is 0
    wobble_deg : how far the segments leave the sagittal plane
    """

    period_s: float | None = None
    angle_deg: Cycle = field(default_factory=_flat)
    shank_deg: Cycle = field(default_factory=_flat)
    drive: Cycle = field(default_factory=_flat)
    travel_m: Cycle = field(default_factory=_flat)
    lift_m: Cycle = field(default_factory=_flat)
    on_toes: bool = True
    alternating: bool = False
    strikes: bool = False
    wobble_deg: float = 0.0


MOVEMENTS: dict[str, Movement] = {
    "stand": Movement(),
    "pumps": Movement(
        period_s=1.9,
        angle_deg=Cycle(
            (0, 0), (0.05, 0), (0.27, -27), (0.35, -27), (0.68, 13), (0.75, 13), (0.97, 0), (1, 0), smoothing=0.03
        ),
        shank_deg=Cycle((0, 0), (0.3, 1.5), (0.7, -1), (1, 0), smoothing=0.05),
        drive=Cycle((0, 0), (0.02, 0), (0.1, 0.2), (0.3, 0.2), (0.38, 0), (1, 0), smoothing=0.012),
        on_toes=False,
        wobble_deg=1.0,
    ),
    "walk": Movement(
        period_s=1.12,
        angle_deg=Cycle(
            (0, 0), (0.08, -8), (0.3, 7), (0.44, 14.5), (0.62, -22), (0.8, 2.5), (0.95, 1), (1, 0), smoothing=0.025
        ),
        shank_deg=Cycle(
            (0, -17), (0.12, -8), (0.3, 8), (0.45, 17), (0.62, 43), (0.72, 42), (0.93, -20), (1, -17), smoothing=0.03
        ),
        drive=Cycle(
            (0, 0),
            (0.1, 0.01),
            (0.2, 0.1),
            (0.36, 0.27),
            (0.43, 0.27),
            (0.51, 0.02),
            (0.55, 0),
            (1, 0),
            smoothing=0.015,
        ),
        travel_m=Cycle((0, 0), (0.52, -0.66), (0.95, 0.06), (1, 0), smoothing=0.04),
        lift_m=Cycle((0, 0), (0.42, 0), (0.66, 0.17), (0.85, 0.04), (1, 0), smoothing=0.04),
        on_toes=False,
        alternating=True,
        strikes=True,
        wobble_deg=2.5,
    ),
    "raises": Movement(
        period_s=2.4,
        angle_deg=Cycle((0, 0), (0.06, 0), (0.36, -28.5), (0.58, -28.5), (0.92, 0), (1, 0), smoothing=0.03),
        shank_deg=Cycle((0, 0), (0.06, 0), (0.36, 4), (0.58, 4), (0.92, 0), (1, 0), smoothing=0.04),
        drive=Cycle(
            (0, 0),
            (0.025, 0),
            (0.1, 0.45),
            (0.3, 0.62),
            (0.55, 0.55),
            (0.66, 0.35),
            (0.86, 0.2),
            (0.92, 0),
            (1, 0),
            smoothing=0.012,
        ),
        wobble_deg=1.5,
    ),
    "hold": Movement(
        angle_deg=Cycle((0, 0), (0.05, 0), (0.15, -23), (0.85, -22), (0.96, 0), (1, 0), smoothing=0.015),
        shank_deg=Cycle((0, 0), (0.05, 0), (0.15, 3), (0.85, 3), (0.96, 0), (1, 0), smoothing=0.015),
        drive=Cycle((0, 0), (0.035, 0), (0.12, 0.42), (0.85, 0.42), (0.93, 0), (1, 0), smoothing=0.01),
        wobble_deg=0.5,
    ),
    "stretch": Movement(
        angle_deg=Cycle((0, 0), (0.01, 0), (0.08, 18), (0.92, 19), (0.99, 0), (1, 0), smoothing=0.01),
        shank_deg=Cycle((0, 0), (0.01, 0), (0.08, 18), (0.92, 19), (0.99, 0), (1, 0), smoothing=0.01),
    ),
    "point": Movement(  # sitting, the foot hangs pointed and relaxed: the calf is short and at rest
        angle_deg=Cycle((0, 0), (0.01, 0), (0.06, -18), (0.95, -18), (0.99, 0), (1, 0), smoothing=0.01),
        on_toes=False,
    ),
}
