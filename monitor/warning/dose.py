"""How much the calf has worked in the shortened position: a sum that leaks, for what was long ago counts less.

Source: Bertolasi 1993, Behringer 2014: cramps come in the shortened position; the time constant is the study's.
"""

from __future__ import annotations

import math

from monitor.settings import SignSettings


class LeakyDose:
    """Minutes of shortened contraction. push() takes one second after the other."""

    def __init__(self, settings: SignSettings) -> None:
        self._kept = math.exp(-1.0 / settings.dose_memory_s)
        self.minutes = 0.0

    def push(self, shortened_s: float, known: bool) -> float:
        """The dose at the end of this second, NaN = unknown. known : the angle was, for most of the last minutes."""
        self.minutes = self.minutes * self._kept + shortened_s / 60.0
        return self.minutes if known else math.nan
