"""One sustained contraction from its beginning until it is long gone: has it let go, and was it stretched?"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from monitor.settings import CrampSettings

_FRAME_S = 0.1
_SMOOTH = 5  # frames, of which most must be down: a twitch lasts one or two
_AT_REST = 0.6  # of the contraction's level: rest that is as loud as that hides its end


class Episode:
    """lead : the channel that leads; rest_uv : its RMS at rest lately; ankle_deg : where the contraction was found."""

    def __init__(self, lead: int, rest_uv: float, ankle_deg: float, settings: CrampSettings) -> None:
        self.lead = lead
        self._rest_uv, self._ankle_deg, self._settings = rest_uv, ankle_deg, settings
        self._level_uv = 0.0
        self._recent: deque[NDArray[np.float64]] = deque(maxlen=math.ceil(settings.relief_after_s) + 1)
        self._gone_s = 0.0

    @property
    def over(self) -> bool:
        """Whether it has been gone for so long that what comes is another one."""
        return self._gone_s >= self._settings.came_back_s

    def push(
        self, frames: NDArray[np.float64], middle_uv: float, ankle_deg: float, sustained: bool
    ) -> tuple[float, float, float, float]:
        """One second. frames : of the leading channel, uV; middle_uv : median of its window, NaN = unknown.

        Gives: for how long its activity has been down (s; what is unknown does not count), where it stands (of its
        level), how far the ankle was turned since (deg, dorsiflexion +), for how long it has not been sustained (s).
        """
        if sustained:
            self._gone_s = 0.0
        elif not math.isnan(middle_uv):
            self._gone_s += 1.0
        if sustained:
            self._level_uv = max(self._level_uv, middle_uv)
        self._recent.append(frames)
        known = frames[np.isfinite(frames)]
        now = math.sqrt(float((known**2).mean())) / self._level_uv if len(known) else math.nan
        return self._fallen_s(), now, ankle_deg - self._ankle_deg, self._gone_s

    def _fallen_s(self) -> float:
        """For how long, of what is known of the last seconds, it has been below the limit; a twitch may stand out."""
        frames = np.concatenate(self._recent)
        down = (frames[np.isfinite(frames)] < self._limit_uv()).astype(np.float64)
        if not len(down):
            return 0.0
        mostly = np.convolve(down, np.ones(_SMOOTH))[: len(down)] > _SMOOTH / 2
        return _FRAME_S * (len(down) if mostly.all() else int(np.argmin(mostly[::-1])))

    def _limit_uv(self) -> float:
        settings = self._settings
        quiet_uv = min(settings.relief_rest_ratio * self._rest_uv, _AT_REST * self._level_uv)
        return max(settings.relief_fraction * self._level_uv, quiet_uv)
