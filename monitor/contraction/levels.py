"""The rule by which a calf counts as contracting, whoever applies it: the gate as it goes, a summary after the fact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.settings import GateSettings

LN_LEVELS = np.arange(-1500, 1500) * 0.02
"""ln of amplitudes, in bins of 2 %: from 1e-13 to 1e13 of whatever unit a recording has, volts or counts of 32 bits."""


def on_threshold(floor: float, reference: float, settings: GateSettings) -> float:
    """The level above which the envelope is contraction, in its unit; it ends below `off_fraction` of that."""
    return max(settings.on_reference * reference, settings.on_floor * floor)


def smoothed(envelope: NDArray[np.float64], before: float) -> NDArray[np.float64]:
    """The mean of each tick and the one before (`before` the first); NaN before it counts for nothing."""
    earlier = np.concatenate([[before], envelope[:-1]])
    return np.where(np.isfinite(earlier), 0.5 * (earlier + envelope), envelope)
