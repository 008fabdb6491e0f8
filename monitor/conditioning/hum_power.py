"""How strong the mains hums in each channel, and the amplitude of the EMG without it.

A muscle's noise has no phase: over two seconds its part at 50 Hz averages out, and a hum stays. So a hum is found under
contractions that are many times as strong, which no look at single half seconds can tell from chance lines.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.bands import MAINS_HZ
from monitor.conditioning.windows import KINDS
from monitor.grid import TICK_RATE_HZ
from monitor.settings import QualitySettings

Floats = NDArray[np.float64]
_WINDOWS = 4  # two seconds; the mains may be off by 1 Hz, since sensors' clocks are
_TURNS = np.exp(-2j * np.pi * np.outer(np.arange(_WINDOWS), np.arange(2 * _WINDOWS)) / (2 * _WINDOWS)) / _WINDOWS
_OF_A_BIN = 1.5  # a line through a Hann window has two thirds of its power in the middle bin
_POWER = KINDS.index("power")
_FIRST = KINDS.index(f"{MAINS_HZ[0]:.0f} Hz real")


class HumPower:
    """The power of the hum in each channel at 2 Hz, unit squared; 0 where none is found.

    windows : Stream               output of `QualityWindows`
    The mains' bins of the last four windows are added in phase, at whatever frequency within 1 Hz they agree best. It
    is half a sine's squared amplitude; harmonics do not count. Windows that were lost leave it as it was.
    """

    def __init__(self, windows: Stream, settings: QualitySettings) -> None:
        self.input, self._least = windows, settings.hum_in_phase
        labels = [label.removesuffix(f" {KINDS[0]}") for label in windows.labels[:: len(KINDS)]]
        channels = tuple(Channel(label, "") for label in labels)
        self.output = Stream(f"{windows.name} hum power", windows.rate_hz, channels, windows.source_id)
        self._nothing = Chunk.empty(self.output)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.output.channels)
        self._bins = np.empty((0, n_channels, len(MAINS_HZ)), dtype=np.complex128)  # of the windows before
        self._powers = np.empty((0, n_channels))
        self._now = np.zeros(n_channels)

    def push(self, chunk: Chunk) -> Chunk:
        """Look at the next windows."""
        if not len(chunk):
            return self._nothing
        samples = np.asarray(chunk.samples, dtype=np.float64)
        rows = samples.reshape(len(chunk), len(self.output.channels), len(KINDS))
        bins = np.concatenate([self._bins, np.ascontiguousarray(rows[:, :, _FIRST:]).view(np.complex128)])
        powers = np.concatenate([self._powers, rows[:, :, _POWER]])
        self._bins, self._powers = bins[1 - _WINDOWS :], powers[1 - _WINDOWS :]
        out = np.empty((len(chunk), len(self._now)))
        first = min(len(chunk), len(chunk) - len(bins) + _WINDOWS - 1)  # that has enough of them before it
        out[:first] = self._now
        if first < len(chunk):
            out[first:] = self._found(bins, powers)
            self._now = out[-1]
        return Chunk(self.output, chunk.time_s, out)

    def _found(self, bins: NDArray[np.complex128], powers: Floats) -> Floats:
        """The hum at the end of each window but the first three. bins (n, C, mains), powers (n, C); (n - 3, C)."""
        together = np.ascontiguousarray(sliding_window_view(bins, _WINDOWS, axis=0))
        in_phase = np.abs(np.matmul(together, _TURNS))  # (n - 3, C, mains, turns)
        hum = _OF_A_BIN * np.maximum.reduce(in_phase, axis=(2, 3)) ** 2
        power = np.add.reduce(sliding_window_view(powers, _WINDOWS, axis=0), axis=2) / _WINDOWS
        found = np.where(hum > self._least * power, hum, 0.0)
        known = np.isfinite(power)
        if not known.all():
            now = self._now
            for row, is_known in zip(found, known, strict=True):
                row[:] = now = np.where(is_known, row, now)
        return found


class HumTaken:
    """Takes a hum off the ticks of each channel: their mean squares (n, C) and peaks (n, C); NaN = lost.

    No tick holds less than the hum, so the quietest of the last seconds tell its power better than what is found under
    contractions: they are taken off where they are near to that. Where they hold much less it was none, where they hold
    much more it matters to nothing. A little of the power stays, as it is never known exactly.
    changed_s : for so long no hum has begun in each channel, or gone from what may still be one (C,).
    taken : what was taken off the mean squares of the newest second (C,).
    """

    SECONDS = 2  # as long as what a hum is found in

    def __init__(self, n_channels: int, settings: QualitySettings) -> None:
        self._settings = settings
        self._past: deque[Floats] = deque(maxlen=round(self.SECONDS * TICK_RATE_HZ))
        self._hums, self._last = np.zeros(n_channels, dtype=bool), np.zeros(n_channels)
        self.changed_s = np.full(n_channels, np.inf)
        self.taken = np.zeros(n_channels)

    def push(self, mean_squares: Floats, peaks: Floats, hum: Floats) -> None:
        """The ticks of a second, from which it is taken in place, and the hum at its end (C,)."""
        self._past.extend(mean_squares.copy())
        self.changed_s += 1.0
        self.taken = np.zeros(len(self._hums))
        if not (hum.any() or self._hums.any()) or not self._past:
            return
        past, near = np.array(self._past), self._settings.hum_near
        rank = (self._settings.hum_quietest * np.isfinite(past).sum(axis=0)).astype(np.int64)
        quietest = np.take_along_axis(np.sort(past, axis=0), rank[None, :], axis=0)[0]  # NaN comes last
        most = near * quietest
        hums, before = (hum <= most) & (hum * near >= quietest) & (hum > 0), self._hums  # not where NaN
        changed = (hums & ~before) | (before & ~hums & (quietest <= near * self._last))
        self._hums, self._last = hums, np.where(hums, hum, self._last)
        self.changed_s = np.where(changed, 0.0, self.changed_s)
        self.taken = taken = np.where(hums, np.minimum(near * hum, quietest), 0.0)
        least = self._settings.hum_left * taken
        mean_squares[:, hums] = np.maximum(mean_squares - taken, least)[:, hums]
        peaks[:, hums] = np.maximum(peaks - np.sqrt(2 * taken), np.sqrt(2 * least))[:, hums]
