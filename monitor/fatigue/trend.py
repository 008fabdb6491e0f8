"""The fatigue reading: the level of the compression over about a minute of contraction, and where it is going."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Stream
from monitor.fatigue.compression import FIXED
from monitor.per_second import PerSecond
from monitor.settings import AngleSettings, TrendSettings


class Trend(PerSecond):
    """Two readings once a second: all contractions, and plantarflexed ones alone; and one of each channel.

    compression : Stream           output of Compression
    Output at 1 Hz: for "all", for "plantarflexed" (ankle <= `shortened_enter_deg`) and for each channel: reading
    (spectral scale against baseline, 1 = unchanged, NaN = too few contractions so far), frames since the start, frames
    in the last two minutes.
    A mean of the last minute lags behind a calf that tires; here the level is carried on by its own slope, so that it
    does not (Holt 1957, Int. J. Forecasting 2004;20:5-10, in steps of contraction and not of time).
    Source: Crampwatch detector study, whose optional level and slope this is: the mean alone told WATCH a minute late.
    """

    def __init__(self, compression: Stream, settings: TrendSettings, angle: AngleSettings) -> None:
        kinds = (("compression", ""), ("frames", ""), ("recent frames", ""))
        channels = tuple(
            Channel(f"{which} {kind}", unit) for which in self._readings(compression) for kind, unit in kinds
        )
        self._settings, self._plantarflexed_deg = settings, angle.shortened_enter_deg
        self._n = len(channels) // len(kinds)
        self._columns = [0, 0, *range(FIXED, len(compression.channels))]  # of the input, one for each reading
        super().__init__(compression, Stream(f"{compression.name} trend", 1.0, channels, compression.source_id))

    @staticmethod
    def _readings(compression: Stream) -> tuple[str, ...]:
        return ("all", "plantarflexed", *compression.labels[FIXED:])

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        self._level, self._slope, self._weight, self._frames = np.zeros((4, self._n))  # ln; ln per frame
        self._lately = np.zeros(self._n)  # frames of the last two minutes
        self._recent = np.zeros((round(self._settings.stale_window_s), self._n))
        self._age_s = 0

    def _second(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        u = rows[:, self._columns]
        member = np.isfinite(u)
        this = self._age_s % len(self._recent)
        self._age_s += 1
        self._lately -= self._recent[this]
        self._recent[this] = 0.0
        if member.any():
            member[:, 1] &= rows[:, 1] <= self._plantarflexed_deg
            self._recent[this] = count = np.add.reduce(member, axis=0, dtype=np.float64)
            self._lately += count
            self._weigh(np.add.reduce(np.where(member, u, 0.0), axis=0), count)
        out = np.empty((self._n, 3))
        out[:, 0], out[:, 1], out[:, 2] = np.exp(self._level), self._frames, self._lately
        out[self._frames < self._settings.first_reading_frames, 0] = np.nan
        return out.ravel()

    def _weigh(self, total: NDArray[np.float64], count: NDArray[np.float64]) -> None:
        """Frames forget their elders: the more of them in this second, the more. Without any the level stays."""
        steps = np.minimum(count, self._settings.frames_per_s_cap)
        forget = 1.0 - np.exp(-steps / self._settings.frames_constant)
        expected = self._level + self._slope * steps
        error = np.where(count > 0, total / np.maximum(count, 1) - expected, 0.0)
        begun = self._weight > 0
        self._weight = (1.0 - forget) * self._weight + forget
        self._level = expected + error * forget / np.maximum(self._weight, 1e-12)
        change = self._settings.slope_gain * forget**2 * error / np.maximum(steps, 1)
        most = self._settings.slope_most / self._settings.frames_constant
        self._slope = np.minimum(np.maximum(self._slope + np.where(begun, change, 0.0), -most), most)
        self._frames = self._frames + count
