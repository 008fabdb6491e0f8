"""What is wrong with single ticks of a channel: lost, or at the limit that its sensor is known to have."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.faults import Quality
from monitor.grid import EARLY_S, TICK_RATE_HZ, TICK_S, last_complete_step, step_of
from monitor.runs import LONG_AGO, rows_since
from monitor.settings import QualitySettings
from monitor.tick_cutter import Cut, cut_ticks


class TickFaults:
    """Lost or railed, per channel, as codes of `Quality` at 50 Hz stamped at the tick's end.

    emg : Stream                   EMG as it came, uV or counts
    rails : (low, high) | None     the sensor's limits in the stream's unit; None = unknown, nothing is called railed
    Lost: more than `lost_fraction` of the tick's samples; railed: more than `railed_fraction` of the samples at a rail,
    and until the channel was good for `hold_s`. Chunks without a fault are only looked at as a whole.
    """

    def __init__(self, emg: Stream, rails: tuple[float, float] | None, settings: QualitySettings) -> None:
        self.input = emg
        channels = tuple(Channel(channel.label, "quality code") for channel in emg.channels)
        self.output = Stream(f"{emg.name} quality", TICK_RATE_HZ, channels, emg.source_id)
        self._nothing = Chunk.empty(self.output)
        self._rails = rails or (-np.inf, np.inf)
        self._without_rails = rails is None
        nearest = 0.0 if rails is None else min(-rails[0], rails[1])
        self._far_inside = (1 - 1e-6) * max(nearest, 0.0) ** 2  # a sum of squares below it holds no sample at a limit
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels)
        self._open: list[Chunk] = []  # chunks that hold samples of the open tick
        self._tick: int | None = None  # that is open
        self._last_s = -math.inf  # stamp of the last sample
        self._good_ticks = np.full(n_channels, LONG_AGO)
        self._calm = True  # no channel is bad, or was so lately

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the codes of the ticks that they close."""
        n = len(chunk.time_s)
        if not n:
            return self._nothing
        if self._tick is None:
            first_s = float(chunk.time_s[0])
            self._tick, self._last_s = step_of(first_s, TICK_S), first_s - 1 / self.input.rate_hz
        before_s, self._last_s = self._last_s, float(chunk.time_s[-1])
        # without a hole no tick can be empty: as many samples as fit into the time since the one before
        whole = (self._last_s - before_s) * self.input.rate_hz < n + 1.5
        self._calm = self._calm and whole and self._inside(chunk.samples)
        self._open.append(chunk)
        closed = last_complete_step(self._last_s, TICK_S) + 1 - self._tick
        if closed <= 0:
            return self._nothing
        if not self._calm:
            return self._carefully()
        ends_s = np.arange(self._tick + 1, self._tick + 1 + closed, dtype=np.float64) * TICK_S
        self._tick += closed
        self._open = [chunk]
        return Chunk(self.output, ends_s, np.zeros((closed, len(self._good_ticks))))

    def _inside(self, samples: NDArray[np.floating]) -> bool:
        """Whether all samples are known and none is at a limit."""
        if self._far_inside and np.vdot(samples, samples) < self._far_inside:
            return True
        if self._without_rails:
            return math.isfinite(np.add.reduce(samples, axis=None))
        low, high = self._rails
        return not samples.size or bool(  # a NaN is neither above nor below
            np.minimum.reduce(samples, axis=None) > low and np.maximum.reduce(samples, axis=None) < high
        )

    def _carefully(self) -> Chunk:
        """Tick by tick."""
        assert self._tick is not None
        rows = Chunk.joined(self._open)
        rows = rows[int(rows.time_s.searchsorted(self._tick * TICK_S - EARLY_S)) :]
        cut = cut_ticks(rows.time_s, np.asarray(rows.samples, dtype=np.float64), self._tick)
        if cut is None:
            return self._nothing
        codes = self._held(self._now(cut))
        self._tick += len(cut.counts)
        left = rows[len(cut.samples) :]
        self._open = [left] if len(left) else [rows[-1:]]
        self._calm = not codes.any() and self._inside(left.samples)
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

    def _held(self, codes: NDArray[np.float64]) -> NDArray[np.float64]:
        """The hold after a fault; lost samples say nothing about the electrode and have none."""
        lost = codes == Quality.LOST
        railed = codes == Quality.RAILED
        good_ticks = rows_since(railed, self._good_ticks)
        self._good_ticks = good_ticks[-1]
        held = np.where(good_ticks < self._settings.hold_s * TICK_RATE_HZ, float(Quality.RAILED), float(Quality.GOOD))
        return np.where(lost, float(Quality.LOST), held)
