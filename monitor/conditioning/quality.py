"""Can a channel be used? One code per channel and 20 ms tick, with a plain sentence for each."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ
from monitor.runs import LONG_AGO, rows_since
from monitor.settings import QualitySettings
from monitor.tick_cutter import Cut, TickCutter


class Quality(IntEnum):
    """What is wrong with a channel; the worst first."""

    GOOD = 0
    LOST = 1
    FLAT = 2
    RAILED = 3


SENTENCES = {
    Quality.LOST: "{label} {leg}: no data from the sensor",
    Quality.FLAT: "{label} {leg}: the signal is flat, is the electrode connected?",
    Quality.RAILED: "{label} {leg}: the signal is at its limit, press the electrode on or dry the skin",
}


class ChannelQuality:
    """Lost, flat or railed, per channel, as codes of `Quality` at 50 Hz stamped at the tick's end.

    emg : Stream                   EMG as it came, uV or counts
    rails : (low, high) | None     the sensor's limits in the stream's unit; None = unknown, nothing is called railed
    Lost: more than `lost_fraction` of the tick's samples; flat: no change at all for `flat_s`; railed: more than
    `railed_fraction` of the samples at a rail. Flat and railed channels stay bad until they were good for `hold_s`.
    """

    def __init__(self, emg: Stream, rails: tuple[float, float] | None, settings: QualitySettings) -> None:
        self.input = emg
        channels = tuple(Channel(channel.label, "quality code") for channel in emg.channels)
        self.output = Stream(f"{emg.name} quality", TICK_RATE_HZ, channels, emg.source_id)
        self._rails = rails or (-np.inf, np.inf)
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels)
        self._cutter = TickCutter()
        self._last = np.full((1, n_channels), np.nan)  # the sample before the open tick
        self._flat_ticks = np.zeros(n_channels, dtype=np.int64)
        self._good_ticks = np.full(n_channels, LONG_AGO)
        self._codes = np.zeros(n_channels)
        self._calm = True  # no channel is bad, or was so lately

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the codes of the ticks that they close."""
        cut = self._cutter.push(chunk)
        if cut is None:
            return Chunk.empty(self.output)
        high, low = cut.per_tick(np.maximum, cut.samples), cut.per_tick(np.minimum, cut.samples)
        lively = (low < high).all() and low.min() > self._rails[0] and high.max() < self._rails[1]  # no NaN either
        if self._calm and cut.filled is None and lively:
            self._flat_ticks[:] = 0
            codes = np.zeros(low.shape)
        else:
            codes = self._held(self._now(cut), self._still(cut, low, high))
            self._calm = not self._codes.any()
        self._last = cut.samples[-1:].copy()
        return Chunk(self.output, cut.ends_s, codes)

    def _now(self, cut: Cut) -> NDArray[np.float64]:
        """What is wrong with each tick by itself."""
        n = np.maximum(cut.counts, 1)[:, None]
        at_rail = (cut.samples <= self._rails[0]) | (cut.samples >= self._rails[1])
        railed = cut.per_tick(np.add, at_rail.astype(np.float64)) / n
        lost = cut.per_tick(np.add, (~np.isfinite(cut.samples)).astype(np.float64)) / n
        lost[cut.counts == 0] = 1
        codes = np.where(railed > self._settings.railed_fraction, float(Quality.RAILED), float(Quality.GOOD))
        codes[lost > self._settings.lost_fraction] = Quality.LOST
        return codes

    def _still(self, cut: Cut, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Ticks in which nothing changes, not even from the sample before."""
        filled = slice(None) if cut.filled is None else cut.filled
        still = np.zeros(low.shape, dtype=bool)
        still[filled] = (low[filled] == high[filled]) & (low[filled] == cut.before(self._last))
        return still

    def _held(self, codes: NDArray[np.float64], still: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Flatness over time, and the hold after a fault."""
        flat_ticks = rows_since(~still, self._flat_ticks)
        flat = (codes == Quality.GOOD) & (flat_ticks >= self._settings.flat_s * TICK_RATE_HZ)
        codes = np.concatenate([self._codes[None, :], np.where(flat, float(Quality.FLAT), codes)])
        lost = codes[1:] == Quality.LOST
        codes[1:][lost] = Quality.GOOD  # lost samples say nothing about the electrode: no hold
        good_ticks = rows_since(codes[1:] != Quality.GOOD, self._good_ticks)
        last_bad = np.maximum(np.arange(1, len(codes))[:, None] - good_ticks, 0)
        fault = np.take_along_axis(codes, last_bad, axis=0)
        held = np.where(good_ticks < self._settings.hold_s * TICK_RATE_HZ, fault, codes[1:])
        self._flat_ticks, self._good_ticks, self._codes = flat_ticks[-1], good_ticks[-1], held[-1]
        return np.where(lost, float(Quality.LOST), held)
