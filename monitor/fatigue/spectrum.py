"""Spectra of short frames, straight from the samples: Hann window and rfft, no filter before it."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import rfft

from monitor.chunk import Channel, Chunk, Stream
from monitor.fatigue.mdf import median_frequency
from monitor.grid import HOP_S, HOP_TICKS, closes_second, tick_of
from monitor.settings import SpectrumSettings


class Frames:
    """Power per frequency bin of the last 128 ms, every 60 ms, stamped at the end of the tick that closes the frame.

    emg : Stream                   EMG as it came (an offset does no harm), uV or counts
    Output: for every channel in turn one column per bin of `frequency_hz` (20 to min(450, 0.45 rate) Hz), unit squared per
    bin; NaN if the frame holds a lost sample or began before the recording.
    Source: Crampwatch detector study: Hann + rfft + band mask has the least bias of the estimators compared.
    """

    def __init__(self, emg: Stream, settings: SpectrumSettings) -> None:
        self.input = emg
        self.n_frame = 2 * round(settings.frame_s * emg.rate_hz / 2)  # even: a rate measured twice gives the same bins
        every_hz = np.fft.rfftfreq(self.n_frame, 1 / emg.rate_hz)
        high_hz = min(settings.high_hz, 0.45 * emg.rate_hz)
        self._bins = np.flatnonzero((every_hz >= settings.low_hz) & (every_hz <= high_hz))
        self.frequency_hz: NDArray[np.float64] = every_hz[self._bins]
        channels = tuple(
            Channel(f"{channel.label} {frequency:.1f} Hz", f"{channel.unit}2")
            for channel in emg.channels
            for frequency in self.frequency_hz
        )
        self.output = Stream(f"{emg.name} frames", 1 / HOP_S, channels, emg.source_id)
        self._window = np.hanning(self.n_frame + 1)[:-1]
        self._scale = 2 / (self.n_frame * np.sum(self._window**2))
        self._longest_s = self.n_frame / emg.rate_hz + HOP_S / HOP_TICKS
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept = Chunk.empty(self.input)
        self._next: int | None = None  # the hop that the next frame closes

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the frames that they close."""
        if not len(chunk):
            return Chunk.empty(self.output)
        samples = Chunk.joined([self._kept, chunk])
        hops = tick_of(samples.time_s) // HOP_TICKS
        if self._next is None:
            self._next = int(hops[0])
        closing = np.arange(self._next, hops[-1])
        ends = np.searchsorted(hops, closing, side="right")  # one past the last sample of the frame
        out = self._frames(samples, ends, (closing + 1) * HOP_S)
        self._next = max(self._next, int(hops[-1]))
        self._kept = samples[max(0, int(np.searchsorted(hops, self._next)) - self.n_frame) :]
        return Chunk(self.output, (closing + 1) * HOP_S, out)

    def _frames(self, samples: Chunk, ends: NDArray[np.int64], end_s: NDArray[np.float64]) -> NDArray[np.float64]:
        n_channels, n_bins = len(self.input.channels), len(self.frequency_hz)
        out = np.full((len(ends), n_channels, n_bins), np.nan)
        starts = ends - self.n_frame
        whole = np.flatnonzero(starts >= 0)
        if len(whole):
            span_s = end_s[whole] - samples.time_s[starts[whole]]
            whole = whole[span_s < self._longest_s]  # a frame does not reach over a hole in time
        if len(whole):
            windows = sliding_window_view(samples.samples, self.n_frame, axis=0)[starts[whole]].astype(np.float64)
            windows -= windows.mean(axis=2, keepdims=True)
            spectrum = rfft(windows * self._window, axis=2)[:, :, self._bins]
            out[whole] = (spectrum.real**2 + spectrum.imag**2) * self._scale
        return out.reshape(len(ends), n_channels * n_bins)


class PooledMdf:
    """Median frequency of the last ten seconds' contraction frames, once a second.

    frames : Stream                output of Frames, with every frame outside a contraction set to NaN
    Output at 1 Hz: MDF per channel, Hz; NaN where fewer than 5 frames of contraction fell into the ten seconds.
    Spectra are pooled first, then one MDF is taken of them (De Luca 1997, J. Appl. Biomech. 13:135-163).
    """

    SECONDS = 10
    FEWEST_FRAMES = 5

    def __init__(self, frames: Stream, emg: Stream, frequency_hz: NDArray[np.float64]) -> None:
        self.input = frames
        self.output = Stream(f"{emg.name} mdf", 1.0, tuple(Channel(c.label, "Hz") for c in emg.channels), emg.source_id)
        self._frequency_hz = frequency_hz
        half_bin_hz = (frequency_hz[1] - frequency_hz[0]) / 2
        self._band_hz = (float(frequency_hz[0] - half_bin_hz), float(frequency_hz[-1] + half_bin_hz))
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        shape = (self.SECONDS, len(self.output.channels), len(self._frequency_hz))
        self._sums, self._counts = np.zeros(shape), np.zeros(shape[:2])

    def push(self, chunk: Chunk) -> Chunk:
        """Take frames; give the seconds that they close."""
        power = np.reshape(chunk.samples, (len(chunk), *self._sums.shape[1:]))
        ends = np.flatnonzero(closes_second(chunk.time_s))
        out = np.full((len(ends), len(self.output.channels)), np.nan)
        for i, part in enumerate(np.split(power, ends + 1)):
            known = np.isfinite(part[:, :, 0])
            self._sums[-1] += np.where(known[:, :, None], part, 0.0).sum(axis=0)
            self._counts[-1] += known.sum(axis=0)
            if i < len(ends):
                pooled, count = self._sums.sum(axis=0), self._counts.sum(axis=0)
                mdf = median_frequency(self._frequency_hz, pooled, self._band_hz)
                out[i] = np.where(count >= self.FEWEST_FRAMES, mdf, np.nan)
                self._sums, self._counts = _shifted(self._sums), _shifted(self._counts)
        return Chunk(self.output, np.ceil(chunk.time_s[ends] - 1e-6), out)


def _shifted(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([seconds[1:], np.zeros_like(seconds[:1])])
