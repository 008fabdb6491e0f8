"""Every half second of each channel in a few numbers, straight from the samples: what the rules of quality look at."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.bands import MAINS_HZ, N_SUMS, SUMS, weights
from monitor.grid import EARLY_S, complete_steps, step_of
from monitor.settings import QualitySettings

WINDOW_S = 0.5
KINDS = (
    "known",  # share of the samples that came
    "still",  # 1 = no two samples differ
    "railed",  # share of samples that stay at the channel's own largest or smallest value
    "step",  # smallest step between two samples so far: the resolution
    *SUMS,
    *(f"{mains_hz:.0f} Hz {moment}" for mains_hz in MAINS_HZ for moment in ("lines", "first moment", "second moment")),
    *(f"{mains_hz:.0f} Hz {part}" for mains_hz in MAINS_HZ for part in ("real", "imaginary")),  # of its own bin alone
)
_N_LEVELS = len(KINDS) - N_SUMS - 2 * len(MAINS_HZ)
_TOGETHER = 8  # windows: what the processor's cache holds
_STEPS_EACH = 16  # windows: the resolution is looked at in the first so many, and then in one of so many


class QualityWindows:
    """Half-second windows of each channel: Hann and rfft, each feature a sum of bins (see `bands`).

    emg : Stream                   EMG as it came, uV or counts
    Output at 2 Hz, stamped at the window's end: for each channel in turn the `KINDS`, powers in the channel's unit
    squared. All but the share of known samples are NaN where more than `window_loss` of a window is lost; fewer lost
    samples count as the mean.
    """

    def __init__(self, emg: Stream, settings: QualitySettings) -> None:
        self.input = emg
        channels = tuple(Channel(f"{channel.label} {kind}", "") for channel in emg.channels for kind in KINDS)
        self.output = Stream(f"{emg.name} windows", 1 / WINDOW_S, channels, emg.source_id)
        self._nothing = Chunk.empty(self.output)
        self._n = round(WINDOW_S * emg.rate_hz)
        self._weights = np.repeat(weights(self._n, emg.rate_hz, settings).T, 2, axis=0)  # for both parts of a bin
        lines = [round(mains_hz * self._n / emg.rate_hz) for mains_hz in MAINS_HZ]
        self._lines = [part for line in lines for part in (2 * line, 2 * line + 1)]
        window = np.hanning(self._n + 1)[:-1]
        self._window = window * np.sqrt(2 / (self._n * np.sum(window**2)))
        self._fewest = math.ceil((1 - settings.window_loss) * self._n)
        self._rail_steps = settings.rail_steps
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels)
        self._kept: list[Chunk] = []
        self._open: int | None = None  # the window that is not complete
        self._due_s = -math.inf  # an instant before its end
        self._high, self._low = [-math.inf] * n_channels, [math.inf] * n_channels
        self._step = [math.inf] * n_channels
        self._age = 0

    def push(self, chunk: Chunk) -> Chunk:
        """Take samples; give the windows that they close."""
        if not len(chunk.time_s):
            return self._nothing
        self._kept.append(chunk)
        last_s = float(chunk.time_s[-1])
        if last_s < self._due_s:
            return self._nothing
        if self._open is None:
            self._open = step_of(float(chunk.time_s[0]), WINDOW_S)
        self._due_s = (self._open + 1) * WINDOW_S - 2 * EARLY_S  # before it no window can be complete
        if last_s < self._due_s:
            return self._nothing
        rows = Chunk.joined(self._kept)
        ends_s, stops = complete_steps(rows.time_s, self._open, WINDOW_S)
        if not len(stops):
            return self._nothing
        self._open += len(stops)
        self._due_s += len(stops) * WINDOW_S
        out = np.empty((len(stops), len(self.input.channels), len(KINDS)))
        edges = [0, *stops.tolist()]
        for first, last in self._whole_or_single(rows.samples, edges):
            start = max(edges[first], edges[last] - (last - first) * self._n)
            self._features(rows.samples[start : edges[last]], out[first:last])
        self._kept = [rows[edges[-1] :]] if edges[-1] < len(rows) else []
        return Chunk(self.output, ends_s, out.reshape(len(out), -1))

    def _whole_or_single(self, samples: NDArray[np.floating], edges: list[int]) -> Iterator[tuple[int, int]]:
        """The windows to look at together, first and the one after the last: some whole ones, or one with a loss."""
        known = math.isfinite(np.add.reduce(samples, axis=None))
        first = 0
        while first < len(edges) - 1:
            last = first + 1
            while (
                known
                and last - first < _TOGETHER
                and last < len(edges) - 1
                and edges[last + 1] - edges[first] == (last + 1 - first) * self._n
            ):
                last += 1
            yield first, last
            first = last

    def _features(self, rows: NDArray[np.floating], out: NDArray[np.float64]) -> None:
        """Windows that are whole, or one, into out (n_windows, n_channels, kinds)."""
        whole = (len(out), self._n, rows.shape[1])
        if len(rows) == len(out) * self._n:
            samples = np.array(rows.reshape(whole).transpose(0, 2, 1), dtype=np.float64, order="C")  # its own
            total = np.add.reduce(samples, axis=2, keepdims=True)
            if math.isfinite(np.add.reduce(total, axis=None)):
                high, low = np.maximum.reduce(samples, axis=2), np.minimum.reduce(samples, axis=2)
                samples -= total / self._n
                self._of_whole(samples, high.tolist(), low.tolist(), out)
                out[:, :, 0] = 1.0
                return
        self._of_lossy(np.ascontiguousarray(rows.T, dtype=np.float64), out)

    def _of_lossy(self, samples: NDArray[np.float64], out: NDArray[np.float64]) -> None:
        """One window of which samples are missing. samples : (n_channels, n or fewer), NaN = lost."""
        known = np.isfinite(samples)
        count = known.sum(axis=1)
        mean = np.where(known, samples, 0.0).sum(axis=1) / np.maximum(count, 1)
        whole = np.zeros((1, len(samples), self._n))
        whole[0, :, : samples.shape[1]] = np.where(known, samples - mean[:, None], 0.0)
        high = np.where(known, samples, -np.inf).max(axis=1, initial=-np.inf)
        low = np.where(known, samples, np.inf).min(axis=1, initial=np.inf)
        self._of_whole(whole, [high.tolist()], [low.tolist()], out)
        out[0, :, 0] = count / self._n
        out[0, count < self._fewest, 1:] = np.nan

    def _of_whole(
        self,
        samples: NDArray[np.float64],
        highs: list[list[float]],
        lows: list[list[float]],
        out: NDArray[np.float64],
    ) -> None:
        """samples: (n_windows, n_channels, n) about their mean; highs, lows: their extremes as they came."""
        for window, high, low, levels in zip(samples, highs, lows, out[:, :, 1:_N_LEVELS], strict=True):
            if self._age % _STEPS_EACH == 0 or self._age < _STEPS_EACH:
                self._look_at_steps(window)
            self._age += 1
            levels[:] = [
                (top == bottom, self._railed(c, window, top, bottom), self._step[c])
                for c, (top, bottom) in enumerate(zip(high, low, strict=True))
            ]
        spectra = np.fft.rfft(samples * self._window, axis=2).view(np.float64)  # real and imaginary parts in turn
        out[:, :, _N_LEVELS + N_SUMS :] = spectra[:, :, self._lines]
        # each window's is always of this size, so always the same to the last digit
        np.matmul(np.square(spectra, out=spectra), self._weights, out=out[:, :, _N_LEVELS : _N_LEVELS + N_SUMS])

    def _look_at_steps(self, samples: NDArray[np.float64]) -> None:
        steps = np.abs(samples[:, 1:] - samples[:, :-1])
        steps[steps < 1e-9 * np.abs(samples).max()] = np.inf  # rounding is no step
        self._step = [min(pair) for pair in zip(self._step, steps.min(axis=1).tolist(), strict=True)]

    def _railed(self, c: int, window: NDArray[np.float64], top: float, bottom: float) -> float:
        """Share of the channel's samples that stay at an extreme of all seen so far."""
        at_top, at_bottom = top >= self._high[c], bottom <= self._low[c]
        if not (at_top or at_bottom):
            return 0.0
        self._high[c], self._low[c] = max(self._high[c], top), min(self._low[c], bottom)
        if self._high[c] - self._low[c] < self._rail_steps * self._step[c]:
            return 0.0
        samples = window[c]
        stays = samples[1:] == samples[:-1]
        extreme = np.zeros_like(stays)
        if at_top:
            extreme |= samples[1:] == samples.max()
        if at_bottom:
            extreme |= samples[1:] == samples.min()
        return float(np.count_nonzero(stays & extreme)) / len(samples)
