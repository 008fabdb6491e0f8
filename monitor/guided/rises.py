"""Heel rises, found in the ankle angle or, without one, in the bursts of the EMG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.bursts import Contraction
from monitor.settings import GuidedSettings


@dataclass(frozen=True, slots=True)
class Rise:
    """One heel rise, session seconds: the heel leaves the ground, is highest, is down again.

    height_deg : plantarflexion from the lowest to the highest point, None = the angle is unknown.
    """

    start_s: float
    peak_s: float
    end_s: float
    height_deg: float | None


def rises_in_angle(
    time_s: NDArray[np.float64], angle_deg: NDArray[np.float64], settings: GuidedSettings
) -> tuple[Rise, ...]:
    """Rises that have ended. angle_deg: dorsiflexion +, NaN = unknown, which ends a rise uncounted.

    A rise is a fall of the angle by `least_rise_deg` or more and its return by half of that fall.
    """
    found: list[Rise] = []
    low_at = high_at = 0
    rising, known = False, False
    for at, angle in enumerate(angle_deg.tolist()):
        if angle != angle:  # NaN
            known = rising = False
            continue
        if not known:
            low_at = high_at = at
            known = True
        if not rising:
            low_at = at if angle >= angle_deg[low_at] else low_at
            if angle_deg[low_at] - angle >= settings.least_rise_deg:
                rising, high_at = True, at
        else:
            high_at = at if angle <= angle_deg[high_at] else high_at
            height_deg = float(angle_deg[low_at] - angle_deg[high_at])
            if angle - angle_deg[high_at] >= 0.5 * height_deg:
                found.append(Rise(float(time_s[low_at]), float(time_s[high_at]), float(time_s[at]), height_deg))
                rising, low_at = False, at
    return tuple(found)


def rises_in_bursts(contractions: Iterable[Contraction], settings: GuidedSettings) -> tuple[Rise, ...]:
    """Each contraction of `shortest_burst_s` or more as a rise of unknown height."""
    return tuple(
        Rise(each.start_s, 0.5 * (each.start_s + each.end_s), each.end_s, None)
        for each in contractions
        if each.end_s - each.start_s >= settings.shortest_burst_s
    )


def within(rises: Sequence[Rise], from_s: float, to_s: float) -> tuple[Rise, ...]:
    """Those that are highest within a span."""
    return tuple(rise for rise in rises if from_s <= rise.peak_s < to_s)
