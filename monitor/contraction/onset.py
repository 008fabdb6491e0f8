"""When the calf contracts: a gate on the EMG's envelope with thresholds from the athlete's own activity and rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.levels import LN_LEVELS, on_threshold, smoothed
from monitor.grid import TICK_RATE_HZ, second_spans
from monitor.medians import channel_median
from monitor.runs import latched
from monitor.settings import GateSettings


class Gate:
    """Contraction yes or no per 20 ms tick.

    ticks : Stream                 output of TickFeatures
    Output at 50 Hz: active (1, 0, NaN where lost), envelope, threshold to switch on, reference (uV; NaN = none yet).
    On where the envelope (root of the channel median of the mean squared first difference, mean of two ticks) exceeds
    max(0.15 x reference, 3 x floor), off below 0.6 of that. Floor: 10th percentile of the first 120 s of signal, then
    frozen; reference: 95th percentile of the seconds with contraction, with 5 min of them forgotten. Both are taken
    anew once a second and hold for the next.
    Source: Crampwatch detector study; the first difference stands in for the Teager-Kaiser operator (Solnik 2008).
    """

    def __init__(self, ticks: Stream, settings: GateSettings) -> None:
        self.input = ticks
        channels = (
            Channel("active", ""),
            Channel("envelope", "uV"),
            Channel("threshold", "uV"),
            Channel("reference", "uV"),
        )
        self.output = Stream(f"{ticks.name} gate", TICK_RATE_HZ, channels, ticks.source_id)
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self.floor_uv: float | None = None
        self.reference_uv: float | None = None
        self._early = np.zeros(len(LN_LEVELS) + 1)
        self._recent = np.zeros(len(LN_LEVELS) + 1)
        self._second: int | None = None
        self._heard: list[float] = []
        self._before = np.nan  # the envelope of the tick before
        self._active = self._was_active = False

    def start_from(self, floor_uv: float, reference_uv: float) -> None:
        """Begin with the levels of an earlier session with the same electrodes; the floor is frozen."""
        self.floor_uv, self.reference_uv = floor_uv, reference_uv
        self._early[:] = 0
        self._early[np.searchsorted(LN_LEVELS, np.log(floor_uv))] = self._settings.floor_window_s * TICK_RATE_HZ
        self._recent[np.searchsorted(LN_LEVELS, np.log(reference_uv))] = (
            self._settings.forgetting_s * TICK_RATE_HZ * 0.2
        )

    def push(self, chunk: Chunk) -> Chunk:
        """Decide the next ticks."""
        if not len(chunk):
            return Chunk.empty(self.output)
        envelope = np.sqrt(channel_median(np.asarray(chunk.samples[:, 1::3], dtype=np.float64)))
        smooth = smoothed(envelope, self._before)
        self._before = float(envelope[-1])
        out = np.empty((len(chunk), 4))
        out[:, 1] = envelope
        for second, first, end in second_spans(chunk.time_s):
            self._enter(second)
            threshold_uv = self._threshold_uv()
            self._heard.extend(envelope[first:end].tolist())
            out[first:end, 0] = self._switch(smooth[first:end], threshold_uv)
            out[first:end, 2], out[first:end, 3] = threshold_uv, self.reference_uv or np.nan
        return Chunk(self.output, chunk.time_s, out)

    def _enter(self, second: int) -> None:
        """At the start of a new second, learn from the one before."""
        if self._second is not None and second != self._second:
            self._learn(np.asarray(self._heard))
            self._heard, self._was_active = [], self._active
        self._second = second

    def _learn(self, envelope: NDArray[np.float64]) -> None:
        known = envelope[np.isfinite(envelope) & (envelope > 0)]
        if not len(known):
            return
        counts = np.bincount(np.searchsorted(LN_LEVELS, np.log(known)), minlength=len(LN_LEVELS) + 1)[
            : len(LN_LEVELS) + 1
        ]
        if self._early.sum() < self._settings.floor_window_s * TICK_RATE_HZ:
            self._early += counts
            self.floor_uv = _percentile(self._early, self._settings.floor_percentile)
        if not self._was_active:
            return  # rest does not wear the reference down, or rising quiet EMG would count as contraction
        self._recent *= np.exp(-len(known) / TICK_RATE_HZ / self._settings.forgetting_s)
        self._recent += counts
        self.reference_uv = _percentile(self._recent, self._settings.reference_percentile)

    def _threshold_uv(self) -> float:
        if self.floor_uv is None:
            return np.inf
        return on_threshold(self.floor_uv, self.reference_uv or 0.0, self._settings)

    def _switch(self, smooth: NDArray[np.float64], threshold_uv: float) -> NDArray[np.float64]:
        off = ~(smooth >= self._settings.off_fraction * threshold_uv)  # where lost, too
        active = latched(smooth > threshold_uv, off, self._active)
        self._active, self._was_active = bool(active[-1]), self._was_active or bool(active.any())
        return np.where(np.isfinite(smooth), active, np.nan)


def _percentile(histogram: NDArray[np.float64], percent: float) -> float:
    total = np.cumsum(histogram)
    return float(
        np.exp(LN_LEVELS[min(int(np.searchsorted(total, float(total[-1]) * percent / 100)), len(LN_LEVELS) - 1)])
    )
