"""Spectra of short frames, straight from the samples: Hann window and rfft, no filter before it."""

# pyright: standard
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.fatigue.mdf import bridge_lines, harmonics_hz, median_frequency
from monitor.grid import HOP_S, TICK_S, complete_steps, step_of
from monitor.per_second import PerSecond
from monitor.runs import bridged
from monitor.settings import SpectrumSettings

_BLOCK = 64  # frames at a time: what the processor's cache holds


class Frames:
    """Power per frequency bin of the last 128 ms, every 60 ms, stamped at the end of the tick that closes the frame.

    emg : Stream                   EMG as it came (an offset does no harm), uV or counts
    Output: for every channel in turn one column per bin of `frequency_hz` (20 to min(450, 0.45 rate) Hz), unit squared
    per bin; NaN if the frame holds a hole that no line bridges (see `bridged`), or began before the recording.
    Source: Crampwatch detector study: Hann + rfft + band mask has the least bias of the estimators compared.
    """

    def __init__(self, emg: Stream, settings: SpectrumSettings) -> None:
        self.input = emg
        self.n_frame = 2 * round(settings.frame_s * emg.rate_hz / 2)  # even: a rate measured twice gives the same bins
        every_hz = np.fft.rfftfreq(self.n_frame, 1 / emg.rate_hz)
        high_hz = min(settings.high_hz, 0.45 * emg.rate_hz)
        self._bins = slice(*np.searchsorted(every_hz, [settings.low_hz, np.nextafter(high_hz, np.inf)]).tolist())
        self.frequency_hz = every_hz[self._bins].astype(np.float64)
        channels = tuple(
            Channel(f"{channel.label} {frequency:.1f} Hz", f"{channel.unit}2")
            for channel in emg.channels
            for frequency in self.frequency_hz
        )
        self.output = Stream(f"{emg.name} frames", 1 / HOP_S, channels, emg.source_id)
        self._window = np.hanning(self.n_frame + 1)[:-1]
        self._scale = 2 / (self.n_frame * np.sum(self._window**2))
        self._longest_s = self.n_frame / emg.rate_hz + TICK_S
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept = Chunk.empty(self.input)
        self._hop: int | None = None  # the open one; the next frame ends with it

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the frames that they close."""
        if not len(chunk):
            return Chunk.empty(self.output)
        samples = Chunk.joined([self._kept, chunk])
        if self._hop is None:
            self._hop = step_of(float(chunk.time_s[0]), HOP_S)
        ends_s, stops = complete_steps(samples.time_s, self._hop, HOP_S)
        self._hop += len(stops)
        if len(stops):
            out = self._frames(samples, stops - self.n_frame, ends_s)
            self._kept = samples[max(0, int(stops[-1]) - self.n_frame) :]
            return Chunk(self.output, ends_s, out)
        self._kept = samples
        return Chunk.empty(self.output)

    def _frames(self, samples: Chunk, starts: NDArray[np.int64], ends_s: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.empty((len(starts), len(self.input.channels), len(self.frequency_hz)))
        begins = np.maximum(starts, 0)
        channels = np.ascontiguousarray(samples.samples.T, dtype=np.float64)
        for first in range(0, len(starts), _BLOCK):
            block = slice(first, first + _BLOCK)
            out[block] = self._power(channels.take(begins[block, None] + np.arange(self.n_frame), axis=1, mode="clip"))
        # a frame does not begin before the recording, nor does it reach over a hole in time
        out[(starts < 0) | (ends_s - samples.time_s[begins] >= self._longest_s)] = np.nan
        return out.reshape(len(starts), len(self.output.channels))

    def _power(self, windows: NDArray[np.float64]) -> NDArray[np.float64]:
        """windows: (n_channels, n, n_frame); gives (n, n_channels, bins)."""
        from scipy.fft import rfft  # late: it takes a third of a second to import, and the window should open before

        windows = bridged(windows)
        windows -= np.einsum("cnt->cn", windows)[:, :, None] / self.n_frame
        windows *= self._window
        spectrum = np.asarray(rfft(windows, axis=2), dtype=np.complex128)[:, :, self._bins].transpose(1, 0, 2)
        return (spectrum.real**2 + spectrum.imag**2) * self._scale


class PooledMdf(PerSecond):
    """Median frequency of the last ten seconds' contraction frames, once a second.

    frames : Stream                output of Frames, with every frame outside a contraction set to NaN
    Output at 1 Hz: MDF per channel, Hz; NaN where fewer than 5 frames of contraction fell into the ten seconds.
    Spectra are pooled first, then one MDF is taken of them (De Luca 1997, J. Appl. Biomech. 13:135-163).
    lines_hz : harmonics of a mains that hums, bridged before.
    """

    SECONDS = 10
    FEWEST_FRAMES = 5

    def __init__(self, frames: Stream, emg: Stream, frequency_hz: NDArray[np.float64]) -> None:
        self._frequency_hz = frequency_hz
        half_bin_hz = (frequency_hz[1] - frequency_hz[0]) / 2
        self._band_hz = (float(frequency_hz[0] - half_bin_hz), float(frequency_hz[-1] + half_bin_hz))
        channels = tuple(Channel(channel.label, "Hz") for channel in emg.channels)
        super().__init__(frames, Stream(f"{emg.name} mdf", 1.0, channels, emg.source_id))

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        shape = (self.SECONDS, len(self.output.channels), len(self._frequency_hz))
        self._sums, self._counts = np.zeros(shape), np.zeros(shape[:2])
        self._age_s = 0
        self.lines_hz: tuple[float, ...] = ()

    def heed(self, hum_hz: float) -> None:
        """The mains that hums from now on, 0 = none."""
        self.lines_hz = harmonics_hz(hum_hz, self._band_hz)

    def _second(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        power = rows.reshape(len(rows), *self._sums.shape[1:])
        known = np.isfinite(power[:, :, 0])
        some = known.any(axis=1)
        this = self._age_s % self.SECONDS
        self._age_s += 1
        self._counts[this] = np.add.reduce(known, axis=0)
        self._sums[this] = np.add.reduce(_zero_where(~known[some], power[some]), axis=0)
        enough = np.add.reduce(self._counts, axis=0) >= self.FEWEST_FRAMES
        if not enough.any():
            return np.full(len(enough), np.nan)
        pooled = bridge_lines(self._frequency_hz, np.add.reduce(self._sums, axis=0), self.lines_hz)
        return np.where(enough, median_frequency(self._frequency_hz, pooled, self._band_hz), np.nan)


def _zero_where(unknown: NDArray[np.bool_], power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spectra (n, n_channels, bins) with those of some channels (n, n_channels) set to zero."""
    return np.where(unknown[:, :, None], 0.0, power) if unknown.any() else power
