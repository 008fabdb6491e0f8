"""Filters with state: any chunking gives the same output.

They serve the picture and the amplitude, never the spectrum.
"""

# pyright: standard
from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.runs import LONG_AGO, SHORT_HOLE, in_long_holes, rows_since
from monitor.settings import FilterSettings


class HighPass:
    """Second-order Butterworth high-pass, causal, per channel; starts settled on the first sample.

    Lost samples (NaN) come out as NaN, and so does the settling time after more than `SHORT_HOLE` of them in a row: the
    filter is fed the last value seen, so that a constant offset makes no step.
    Delay: that of the filter (about 1 ms above 60 Hz). Source: De Luca et al. 2010, J. Biomech. 43:1573-1579.
    """

    def __init__(self, emg: Stream, settings: FilterSettings) -> None:
        self.input = emg
        self.output = replace(emg, name=f"{emg.name} filtered")
        from scipy import signal  # late: it takes a second to import, and the window should open before

        section = np.asarray(signal.butter(2, settings.high_pass_hz, "highpass", fs=emg.rate_hz, output="sos"))[0]
        self._b, self._a = section[:3], section[3:]
        self._lfilter, self._steady = signal.lfilter, signal.lfilter_zi(self._b, self._a)
        self._settle = round(settings.settle_s * emg.rate_hz)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels)
        self._state: NDArray[np.float64] | None = None
        self._held = np.full(n_channels, np.nan)
        self._since_lost = np.full(n_channels, LONG_AGO)  # in a hole that is not short
        self._lost_before = np.zeros((SHORT_HOLE, n_channels), dtype=bool)
        self._settled = True  # in all channels

    def push(self, chunk: Chunk) -> Chunk:
        """Filter the next samples."""
        if not len(chunk):
            return Chunk.empty(self.output)
        samples = np.asarray(chunk.samples, dtype=np.float64)
        if self._settled and math.isfinite(samples.sum()):
            self._held = samples[-1].copy()
            if self._lost_before.any():
                self._lost_before = np.concatenate([self._lost_before, np.zeros_like(samples, dtype=bool)])[
                    -SHORT_HOLE:
                ]
            return Chunk(self.output, chunk.time_s, self._filtered(samples))
        lost = ~np.isfinite(samples)
        filtered = self._filtered(self._hold(samples, lost))
        filtered[self._unsettled(lost)] = np.nan
        return Chunk(self.output, chunk.time_s, filtered)

    def _filtered(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._state is None:
            self._state = self._steady[:, None] * samples[0]
        filtered, self._state = self._lfilter(self._b, self._a, samples, axis=0, zi=self._state)
        return filtered

    def _hold(self, samples: NDArray[np.float64], lost: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Replace lost samples by the last one seen (by 0 before the first)."""
        rows = np.where(lost, -1, np.arange(len(samples))[:, None])
        rows = np.maximum.accumulate(rows, axis=0)
        held = np.where(rows >= 0, np.take_along_axis(samples, np.maximum(rows, 0), axis=0), self._held)
        self._held = held[-1].copy()
        return np.nan_to_num(held, nan=0.0)

    def _unsettled(self, lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows that are lost or follow a long hole too closely."""
        since_lost = rows_since(in_long_holes(lost, self._lost_before), self._since_lost)
        self._lost_before = np.concatenate([self._lost_before, lost])[-SHORT_HOLE:]
        self._since_lost = np.minimum(since_lost[-1], LONG_AGO)
        self._settled = bool(self._since_lost.min() >= self._settle)
        return lost | (since_lost <= self._settle)


class Notch:
    """Takes the mains and its two next harmonics out of the picture of the EMG; no feature is taken after it.

    emg : Stream                   high-passed EMG; mains_hz : 50 or 60
    Lost samples stay NaN and count as 0. Second-order notches of quality 30, causal: a burst rings for about 0.2 s.
    """

    QUALITY = 30.0
    HARMONICS = (1, 2, 3)

    def __init__(self, emg: Stream, mains_hz: float) -> None:
        self.input = emg
        self.output = replace(emg, name=f"{emg.name} without mains")
        from scipy import signal  # late, as above

        lines_hz = [mains_hz * n for n in self.HARMONICS if mains_hz * n < 0.45 * emg.rate_hz]
        sections = [signal.tf2sos(*signal.iirnotch(line_hz, self.QUALITY, fs=emg.rate_hz))[0] for line_hz in lines_hz]
        self._sections, self._sosfilt = np.array(sections), signal.sosfilt
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._state = np.zeros((len(self._sections), 2, len(self.input.channels)))

    def push(self, chunk: Chunk) -> Chunk:
        """Filter the next samples."""
        if not len(chunk) or not len(self._sections):
            return Chunk(self.output, chunk.time_s, chunk.samples)
        samples = np.asarray(chunk.samples, dtype=np.float64)
        lost = ~np.isfinite(samples)
        filtered, self._state = self._sosfilt(self._sections, np.where(lost, 0.0, samples), axis=0, zi=self._state)
        filtered[lost] = np.nan
        return Chunk(self.output, chunk.time_s, filtered)
