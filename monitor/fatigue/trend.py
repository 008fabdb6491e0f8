"""The fatigue reading that people see: a frame-weighted mean of the compression over about a minute of contraction."""

from __future__ import annotations

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import closes_second
from monitor.settings import AngleSettings, TrendSettings


class Trend:
    """Two readings side by side, once a second: all contractions, and plantarflexed ones alone; and one of each channel.

    compression : Stream           output of Compression: u of all channels, ankle angle, u of each channel
    Output at 1 Hz: for "all", for "plantarflexed" (ankle <= `shortened_enter_deg`) and for each channel: reading (spectral
    scale against baseline, 1 = unchanged, NaN = too few contractions so far), frames since the start, frames in the last
    two minutes.
    Source: Crampwatch detector study: with matched frames this mean equals Kalman, Theil-Sen and CUSUM.
    """

    def __init__(self, compression: Stream, settings: TrendSettings, angle: AngleSettings) -> None:
        self.input = compression
        kinds = (("compression", ""), ("frames", ""), ("recent frames", ""))
        channels = tuple(
            Channel(f"{which} {kind}", unit) for which in self._readings(compression) for kind, unit in kinds
        )
        self.output = Stream(f"{compression.name} trend", 1.0, channels, compression.source_id)
        self._settings, self._plantarflexed_deg = settings, angle.shortened_enter_deg
        self.reset()

    @staticmethod
    def _readings(compression: Stream) -> tuple[str, ...]:
        return ("all", "plantarflexed", *compression.labels[2:])

    def reset(self) -> None:
        """Forget the past."""
        n = len(self.output.channels) // 3
        self._weighted, self._weight, self._frames = np.zeros(n), np.zeros(n), np.zeros(n)
        self._recent = np.zeros((round(self._settings.stale_window_s), n))
        self._sum, self._count = np.zeros(n), np.zeros(n)

    def push(self, chunk: Chunk) -> Chunk:
        """Take frames; give the seconds that they close."""
        ends = np.flatnonzero(closes_second(chunk.time_s))
        out = np.empty((len(ends), len(self.output.channels)))
        u = chunk.samples[:, [0, 0, *range(2, chunk.samples.shape[1])]]
        member = np.isfinite(u)
        member[:, 1] &= chunk.samples[:, 1] <= self._plantarflexed_deg
        weighted = np.where(member, np.nan_to_num(u), 0.0)
        edges = np.concatenate(([0], ends + 1, [len(chunk)]))
        for i, (a, b) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
            for row in range(a, b):  # one by one: the sum must not depend on how the frames came
                self._sum = self._sum + weighted[row]
            self._count += member[a:b].sum(axis=0)
            if i < len(ends):
                out[i] = self._close()
        return Chunk(self.output, np.ceil(chunk.time_s[ends] - 1e-6), out)

    def _close(self) -> np.ndarray:
        """One second is complete."""
        n = np.minimum(self._count, self._settings.frames_per_s_cap)
        keep = np.exp(-n / self._settings.frames_constant)
        mean = self._sum / np.maximum(self._count, 1)
        self._weighted = keep * self._weighted + (1 - keep) * mean
        self._weight = keep * self._weight + (1 - keep)
        self._frames = self._frames + self._count
        self._recent = np.concatenate([self._recent[1:], self._count[None, :]])
        known = self._frames >= self._settings.first_reading_frames
        reading = np.where(known, np.exp(self._weighted / np.maximum(self._weight, 1e-12)), np.nan)
        self._sum, self._count = np.zeros_like(self._sum), np.zeros_like(self._count)
        return np.stack([reading, self._frames, self._recent.sum(axis=0)], axis=1).ravel()
