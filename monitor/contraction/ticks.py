"""The amplitude of the EMG on the 20 ms grid: what the gate and the signs of a quiet calf are read from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S
from monitor.tick_cutter import Cut, TickCutter


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
        self._cutter = TickCutter()
        self._before = np.full((1, len(self.input.channels)), np.nan)  # the sample before the open tick

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the ticks that they close."""
        cut = self._cutter.push(chunk)
        if cut is None:
            return Chunk.empty(self.output)
        rows = np.concatenate([self._before, cut.samples])
        self._before = rows[-1:].copy()
        return Chunk(self.output, cut.ends_s, self._features(cut, rows[1:] - rows[:-1]))

    def _features(self, cut: Cut, difference: NDArray[np.float64]) -> NDArray[np.float64]:
        n_channels = difference.shape[1]
        both = np.concatenate([cut.samples, difference], axis=1)
        square, count = cut.per_tick(np.add, both * both), cut.counts[:, None]
        if not math.isfinite(square.sum()):
            known = np.isfinite(both)
            both, count = np.where(known, both, 0.0), cut.per_tick(np.add, known.astype(np.float64))
            square = cut.per_tick(np.add, both * both)
        mean_square = square / np.maximum(count, 1)
        out = np.empty((len(count), n_channels, len(self.KINDS)))
        out[:, :, 0], out[:, :, 1] = mean_square[:, :n_channels], mean_square[:, n_channels:]
        out[:, :, 2] = cut.per_tick(np.maximum, np.abs(both[:, :n_channels]))
        if count.min() < self._fewest:
            out = np.where(count[:, :n_channels, None] < self._fewest, np.nan, out)
        return out.reshape(len(out), -1)
