"""Is white noise an electrode that is off, or the rest of an electrode that is on?

A calf at full rest under a good electrode leaves the amplifier's own noise, which is as white as that of an open input.
What tells them apart is the work in between: noise that gave way to bursts and came back at its level is rest.
"""

from __future__ import annotations

import math

from monitor.settings import QualitySettings

_LONGEST_BURST = 20  # windows
_GIVES_WAY = 4  # windows without noise before a burst, at most


class RestNoise:
    """The level of white noise that one channel is known to have at rest."""

    def __init__(self, settings: QualitySettings) -> None:
        self._settings = settings
        self._level = math.nan
        self._since = 0  # windows since noise at that level
        self._burst = self._white_burst = False  # something louder came since, and was white, too
        self._returns = self._white_returns = 0

    @property
    def heard(self) -> bool:
        """Whether there was any white noise so far; else nothing is known of it."""
        return not math.isnan(self._level)

    def push(self, white: bool, rms: float) -> bool:
        """Take one window. Gives whether it may be white without being off."""
        s, level = self._settings, self._level
        at_rest = level / s.noise_rest < rms < level * s.noise_rest  # false while no level is known
        proven = self._returns >= s.noise_returns
        if white and at_rest:
            self._came_back(rms)
        else:
            self._since += 1
            if rms >= s.noise_burst * level and (self._since <= _GIVES_WAY or self._burst):
                self._burst, self._white_burst = True, self._white_burst or white
            elif white and not self._burst and not proven:
                self._level, self._since, self._returns, self._white_returns = rms, 0, 0, 0
        by_nature = self._white_returns >= s.noise_returns  # its bursts are white, too: white says nothing here
        return by_nature or (at_rest and proven)

    def _came_back(self, rms: float) -> None:
        back = self._burst and self._since <= _LONGEST_BURST
        self._returns += back
        self._white_returns += back and self._white_burst
        self._since, self._burst, self._white_burst = 0, False, False
        self._level = 0.8 * self._level + 0.2 * rms
