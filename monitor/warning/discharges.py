"""Isolated discharges of the quiet calf: single twitches, and tonic firing, which is something else.

Source: Miller 2022 (table 1: fasciculation before cramps); the rules are those of the Crampwatch detector study.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from monitor.breaks import Breaks
from monitor.chunk import Channel, Stream
from monitor.grid import TICK_RATE_HZ
from monitor.lately import Lately
from monitor.medians import quantile
from monitor.per_second import PerSecond
from monitor.settings import BaselineSettings, SignSettings
from monitor.warning.quiet import HALF_SECOND


class Discharges(PerSecond):
    """Twitches of the quiet calf per minute, and its seconds of tonic firing.

    Output at 1 Hz: twitches per minute over the last two minutes (NaN = too little quiet time), the same in the
    baseline, and seconds of tonic firing per quiet minute of the last two.
    A discharge is a peak above `twitch_ratio` x the second's quiet RMS and `twitch_floor_uv` (where the unit is uV),
    the largest within 60 ms; a second with `tonic_events_per_s` or more of them is tonic firing and holds no twitch.
    """

    def __init__(
        self,
        quiet: Stream,
        settings: SignSettings,
        baseline: BaselineSettings,
        stored: float | None = None,
        breaks: Breaks | None = None,
    ) -> None:
        self._settings, self._baseline, self._stored = settings, baseline, stored
        self._breaks = breaks or Breaks()
        channels = (Channel("rate", "per min"), Channel("baseline", "per min"), Channel("tonic", "s/min"))
        output = Stream("discharges", 1.0, channels, quiet.source_id)
        self._floor = settings.twitch_floor_uv if quiet.channels[0].unit == "uV" else 0.0
        super().__init__(quiet, output)

    def reset(self) -> None:
        """Forget the past; a stored baseline comes back."""
        super().reset()
        self._age_s, self._frozen = 0, self._stored is not None
        n_seconds = round(self._settings.twitch_window_s)
        self._twitches, self._quiet, self._tonic = (Lately(n_seconds) for _ in range(3))  # quiet: ticks; tonic: seconds
        self._early_twitches = self._early_quiet = 0
        self.baseline_per_min = self._stored

    def freeze(self) -> None:
        """Keep the baseline as it is."""
        self._frozen = True

    def _second(self, rows: NDArray[np.float64]) -> tuple[float, float, float]:
        quiet = rows[:, -1] == 1
        n_quiet = int(np.count_nonzero(quiet))
        events = self._events(rows, quiet) if n_quiet >= HALF_SECOND else 0
        tonic = events >= self._settings.tonic_events_per_s
        twitches = 0 if tonic else events
        self._twitches.push(twitches)
        self._quiet.push(n_quiet)
        self._tonic.push(int(tonic))
        if not self._frozen and self._age_s - self._breaks.total_s <= self._baseline.end_s:
            self._learn(twitches, n_quiet)
        self._age_s += 1
        quiet_s = self._quiet.total / TICK_RATE_HZ
        baseline = math.nan if self.baseline_per_min is None else self.baseline_per_min
        if quiet_s < self._settings.twitch_min_quiet_s:
            return math.nan, baseline, math.nan
        return 60 * self._twitches.total / quiet_s, baseline, 60 * self._tonic.total / quiet_s

    def _learn(self, twitches: int, n_quiet: int) -> None:
        self._early_twitches += twitches
        self._early_quiet += n_quiet
        quiet_s = self._early_quiet / TICK_RATE_HZ
        if quiet_s >= self._settings.baseline_quiet_s:
            self.baseline_per_min = _rate_per_min(self._early_twitches, quiet_s)

    def _events(self, rows: NDArray[np.float64], quiet: NDArray[np.bool_]) -> int:
        """Tops of the peaks above the limit; 3 ticks on either side must not be higher."""
        rms, peak = rows[:, 0:-1:2], rows[:, 1:-1:2]
        limit = np.maximum(self._settings.twitch_ratio * quantile(rms[quiet], 0.5), self._floor)
        if not (peak > limit)[quiet].any():
            return 0
        height = np.where(quiet, np.nan_to_num(peak / limit).max(axis=1), 0.0)
        around = sliding_window_view(np.pad(height, 3), 7).max(axis=1)
        tops = (height > 1) & (height >= around)
        return int(np.count_nonzero(tops & ~np.concatenate(([False], tops[:-1]))))


def _rate_per_min(n: float, quiet_s: float) -> float:
    """Events per quiet minute for a baseline: drawn towards one per minute while there is little to see, never 0."""
    return (n + 0.6) / (quiet_s / 60 + 0.6)
