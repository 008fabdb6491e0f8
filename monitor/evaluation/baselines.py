"""The simple rules that ours has to beat, each as a score of one second; the larger, the more of a warning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.conditioning.filters import HighPass
from monitor.evaluation.tracks import Floats
from monitor.settings import FilterSettings

_BASELINE_S = (45, 330)  # of the session, as that of our own reading
_FLOOR_S = 120
_WORKING, _WORKING_SHARE = 3.0, 0.15  # x the floor of the first two minutes, and of the strong seconds of the baseline
_SMOOTH_S = 60.0
_RANDOM_S = 60.0  # how long a random score stays alike


class WorkingRms:
    """RMS of every second's EMG above 20 Hz, channel by channel, from samples in any chunks."""

    def __init__(self, emg: Stream) -> None:
        self._high_pass = HighPass(emg, FilterSettings())
        self._squares: dict[int, NDArray[np.float64]] = {}
        self._n_channels = len(emg.channels)

    def push(self, chunk: Chunk) -> None:
        """Take the next samples."""
        samples = np.asarray(self._high_pass.push(chunk).samples, dtype=np.float64)
        if not len(chunk):
            return
        seconds = np.floor(chunk.time_s).astype(np.int64)
        first = np.flatnonzero(np.diff(seconds, prepend=seconds[0] - 1))
        known = np.isfinite(samples)
        squares = np.add.reduceat(np.where(known, samples * samples, 0.0), first, axis=0)
        counts = np.add.reduceat(known.astype(np.float64), first, axis=0)
        for second, *sums in zip(seconds[first].tolist(), squares, counts, strict=True):
            self._squares[second] = self._squares.get(second, 0.0) + np.stack(sums)

    def score(self, n_seconds: int) -> Floats:
        """The rise of the working RMS over its own baseline (0 = as then), smoothed over a minute of work."""
        empty = np.zeros((2, self._n_channels))
        sums = np.array([self._squares.get(second, empty) for second in range(n_seconds)]).reshape(n_seconds, 2, -1)
        rms_uv = np.sqrt(np.divide(sums[:, 0], sums[:, 1], out=np.full(sums[:, 0].shape, np.nan), where=sums[:, 1] > 0))
        risen = np.array([_risen(column) for column in rms_uv.T])
        known = np.isfinite(risen).any(axis=0)
        return np.where(known, np.fmax.reduce(risen, axis=0), np.nan)


def _risen(rms_uv: Floats) -> Floats:
    """One channel's smoothed rise; NaN until there is a baseline."""
    early = rms_uv[:_FLOOR_S][np.isfinite(rms_uv[:_FLOOR_S])]
    out = np.full(len(rms_uv), np.nan)
    if not len(early):
        return out
    span = slice(*_BASELINE_S)
    strong = np.nanquantile(rms_uv[: _BASELINE_S[1]], 0.95)
    working = rms_uv > max(_WORKING * np.quantile(early, 0.1), _WORKING_SHARE * strong)
    base = rms_uv[span][working[span]]
    if not len(base):
        return out
    ratio, now = rms_uv / np.median(base), 1.0
    for second in range(_BASELINE_S[1], len(rms_uv)):
        now += (ratio[second] - now) / _SMOOTH_S if working[second] else 0.0
        out[second] = now - 1.0
    return out


def clock(n_seconds: int, planned_s: float) -> Floats:
    """Minus the minutes to the planned end: "the last twenty minutes" is a threshold of -20."""
    return (np.arange(1.0, n_seconds + 1.0) - planned_s) / 60.0


def at_random(n_seconds: int, seed: int) -> Floats:
    """A slow random course that knows nothing of the leg."""
    noise = np.random.default_rng(seed).standard_normal(n_seconds)
    keep, now = np.exp(-1.0 / _RANDOM_S), 0.0
    out = np.empty(n_seconds)
    for second, value in enumerate((np.sqrt(1.0 - keep**2) * noise).tolist()):
        now = keep * now + value
        out[second] = now
    return out
