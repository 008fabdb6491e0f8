"""Can a channel be used? One code per channel and 20 ms tick, with a plain sentence for each."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ, tick_end_s, tick_of
from monitor.settings import QualitySettings


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
    rails : (low, high) | None     the sensor's limits in the stream's unit; None = unknown, then nothing is called railed
    Lost: more than `lost_fraction` of the tick's samples; flat: no change at all for `flat_s`; railed: more than
    `railed_fraction` of the samples at a rail. A channel stays bad until it was good for `hold_s`.
    """

    def __init__(self, emg: Stream, rails: tuple[float, float] | None, settings: QualitySettings) -> None:
        self.input = emg
        channels = tuple(Channel(channel.label, "quality code") for channel in emg.channels)
        self.output = Stream(f"{emg.name} quality", TICK_RATE_HZ, channels, emg.source_id)
        self._rails = rails
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels)
        self._open = Chunk.empty(self.input)
        self._next: int | None = None
        self._last = np.full(n_channels, np.nan)
        self._flat_ticks = np.zeros(n_channels)
        self._code = np.zeros(n_channels)
        self._good_ticks = np.full(n_channels, np.inf)

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the codes of the ticks that they close."""
        if not len(chunk):
            return Chunk.empty(self.output)
        samples = Chunk.joined([self._open, chunk])
        ticks = tick_of(samples.time_s)
        closed = int(np.searchsorted(ticks, ticks[-1]))
        if self._next is None:
            self._next = int(ticks[0])
        first, self._next = self._next, int(ticks[-1])
        raw = np.full((self._next - first, len(self.output.channels)), float(Quality.LOST))
        still = np.zeros(raw.shape, dtype=bool)
        if closed:
            rows, codes, unchanged = self._judge(np.asarray(samples.samples[:closed], dtype=np.float64), ticks[:closed])
            raw[rows - first], still[rows - first] = codes, unchanged
        self._open = samples[closed:]
        return Chunk(self.output, tick_end_s(np.arange(first, self._next)), self._held(raw, still))

    def _judge(
        self, x: NDArray[np.float64], ticks: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
        edges = np.flatnonzero(np.diff(ticks, prepend=ticks[0] - 1))
        n = np.diff(edges, append=len(x))[:, None]
        lost = np.add.reduceat(~np.isfinite(x), edges, axis=0, dtype=np.float64) / n
        changed = np.diff(x, axis=0, prepend=self._last[None, :]) != 0
        self._last = x[-1]
        still = ~np.logical_or.reduceat(changed, edges, axis=0)
        railed = np.zeros(lost.shape)
        if self._rails is not None:
            at_rail = (x <= self._rails[0]) | (x >= self._rails[1])
            railed = np.add.reduceat(at_rail, edges, axis=0, dtype=np.float64) / n
        codes = np.where(railed > self._settings.railed_fraction, float(Quality.RAILED), float(Quality.GOOD))
        codes[lost > self._settings.lost_fraction] = Quality.LOST
        return ticks[edges], codes, still

    def _held(self, raw: NDArray[np.float64], still: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Flatness over time and the hold after a fault, tick by tick (50 a second)."""
        flat_ticks, hold_ticks = self._settings.flat_s * TICK_RATE_HZ, self._settings.hold_s * TICK_RATE_HZ
        if not (raw.any() or still.any() or self._code.any()):
            self._flat_ticks[:] = 0
            self._good_ticks += len(raw)
            return raw
        out = raw.copy()
        for row in range(len(raw)):
            self._flat_ticks = np.where(still[row], self._flat_ticks + 1, 0)
            code = np.where(
                (raw[row] == Quality.GOOD) & (self._flat_ticks >= flat_ticks), float(Quality.FLAT), raw[row]
            )
            self._good_ticks = np.where(code == Quality.GOOD, self._good_ticks + 1, 0)
            self._code = np.where((code == Quality.GOOD) & (self._good_ticks < hold_ticks), self._code, code)
            out[row] = self._code
        return out
