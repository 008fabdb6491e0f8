"""The amplitude of the EMG on the 20 ms grid: what the gate and the signs of a quiet calf are read from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S, tick_end_s, tick_of


class TickFeatures:
    """Amplitude of the EMG per 20 ms tick and channel, stamped at the tick's end.

    emg : Stream                   high-passed EMG, uV
    Output at 50 Hz, for every channel in turn: mean square (uV2), mean square of the first difference (uV2; the
    gate's envelope), largest absolute value (uV). NaN where more than half of the tick's samples are lost.
    A tick that no sample fell into is a row of NaN. The last tick is given when a sample after it comes.
    """

    KINDS = ("ms", "dms", "peak")

    def __init__(self, emg: Stream) -> None:
        self.input = emg
        channels = tuple(
            Channel(f"{channel.label} {kind}", channel.unit if kind == "peak" else f"{channel.unit}2")
            for channel in emg.channels
            for kind in self.KINDS
        )
        self.output = Stream(f"{emg.name} ticks", TICK_RATE_HZ, channels, emg.source_id)
        self._fewest = 0.5 * emg.rate_hz * TICK_S
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels)
        self._open = Chunk.empty(self.input)
        self._before = np.full(n_channels, np.nan)  # the sample before the open tick
        self._next: int | None = None

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the ticks that they close."""
        if not len(chunk):
            return Chunk.empty(self.output)
        samples = Chunk.joined([self._open, chunk])
        ticks = tick_of(samples.time_s)
        closed = int(np.searchsorted(ticks, ticks[-1]))
        if self._next is None:
            self._next = int(ticks[0])
        if not closed:
            self._open = samples
            return self._gap(int(ticks[-1]))
        rows, features = self._features(samples.samples[:closed], ticks[:closed])
        self._before = np.asarray(samples.samples[closed - 1], dtype=np.float64)
        self._open = samples[closed:]
        first, self._next = self._next, int(ticks[-1])
        out = np.full((self._next - first, len(self.output.channels)), np.nan)
        out[rows - first] = features
        return Chunk(self.output, tick_end_s(np.arange(first, self._next)), out)

    def _gap(self, until: int) -> Chunk:
        first, self._next = self._next or 0, until
        n = until - first
        time_s = tick_end_s(np.arange(first, until))
        return Chunk(self.output, time_s, np.full((n, len(self.output.channels)), np.nan))

    def _features(
        self, x: NDArray[np.floating], ticks: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        x = np.asarray(x, dtype=np.float64)
        difference = np.diff(x, axis=0, prepend=self._before[None, :])
        edges = np.flatnonzero(np.diff(ticks, prepend=ticks[0] - 1))
        known, known_difference = np.isfinite(x), np.isfinite(difference)
        count = np.add.reduceat(known, edges, axis=0, dtype=np.float64)
        count_difference = np.add.reduceat(known_difference, edges, axis=0, dtype=np.float64)
        square = np.add.reduceat(np.where(known, x, 0.0) ** 2, edges, axis=0)
        square_difference = np.add.reduceat(np.where(known_difference, difference, 0.0) ** 2, edges, axis=0)
        peak = np.maximum.reduceat(np.where(known, np.abs(x), 0.0), edges, axis=0)
        few = count < self._fewest
        features = np.stack(
            [square / np.maximum(count, 1), square_difference / np.maximum(count_difference, 1), peak], axis=2
        )
        features[few] = np.nan
        return ticks[edges], features.reshape(len(edges), -1)
