"""What one second of a leg's EMG said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.bursts import Contraction
from monitor.fatigue.course import CourseSecond
from monitor.fatigue.electrodes import Moved
from monitor.warning.signs import Signs


@dataclass(frozen=True, slots=True, eq=False)
class EmgSecond:
    """What one second of EMG said. NaN = unknown. mdf_hz (C,)."""

    packets: bool
    quality: NDArray[np.float64]  # (C,) what is wrong in most of the second, else GOOD
    mdf_hz: NDArray[np.float64]
    compression: NDArray[np.float64]  # reading, frames, recent frames; of all, of the plantarflexed, of each channel
    course: CourseSecond  # how surely and how fast the readings move
    dose_min: float  # shortened contraction, what is long ago counting less
    shortened_s: float
    shortened_share: float
    exposure_s_per_min: float  # shortened seconds weighted by effort, of the last minute
    contractions: tuple[Contraction, ...]  # that became known in it
    stance_ratio: NDArray[np.float64]  # (C,) amplitude in stance over that in swing, of the last strides of walking
    misplaced: NDArray[np.bool_]  # (C,) the electrode works where a calf rests
    electrodes: Moved
    signs: Signs
