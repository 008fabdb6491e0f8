"""When a contraction began and ended, to the sample: the gate says that there was one, then its edges are refined."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.grid import TICK_S
from monitor.settings import GateSettings

_AFTER_S = 0.2  # of the signal after the gate has closed, before the end is refined
_MOST_STEP, _MOST_SUM = 5.0, 30.0  # a single spike must not hold the sum up
_RINGING_DB = 30.0  # above this the high-pass filter's ringing outlasts the contraction: its slow part is taken out
_EPS_S = 1e-6


@dataclass(frozen=True, slots=True)
class Contraction:
    """One contraction, session seconds. snr_db: RMS within it against the quiet signal around it.

    sure : the signal stands far enough out of the noise for the edges to be trusted; else they may be off by 50 ms and
    more.
    """

    start_s: float
    end_s: float
    snr_db: float
    sure: bool


class Contractions:
    """Refines what the gate opened and closed.

    emg : Stream                   high-passed EMG, as the tick features are made of
    push() takes its samples and the gate's ticks of the same push; take() gives the contractions that are known at an
    instant, each `_AFTER_S` after the gate has closed at the latest needed sample. One that has not ended is not given.
    Edge: Page's cumulative sum of the log-likelihood ratio of "`onset_ratio` times the quiet power" against "quiet",
    summed over the channels, forwards up to where the gate opens, backwards from 0.2 s after it has closed; the edge is
    where the sum was last zero. The quiet power is that of the quieter half of the ticks in front of the edge.
    Source: Page 1954, Biometrika 41:100; sums of this kind find simulated onsets to 9 ms (Drapala 2019).
    """

    def __init__(self, emg: Stream, settings: GateSettings) -> None:
        self.input = emg
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept = Chunk.empty(self.input)
        self._active = False
        self._start_s = self._quiet = math.nan
        self._closed_s: list[tuple[float, float, float]] = []  # start, quiet power before, where the gate closed
        self._known: list[tuple[float, Contraction]] = []

    def push(self, filtered: Chunk, gate: Chunk) -> None:
        """Take the next samples and ticks."""
        if len(filtered):
            self._kept = Chunk.joined([self._kept, filtered]) if len(self._kept) else filtered
        active = gate.samples[:, 0] == 1
        if len(active) and (active.any() or self._active):
            edges = np.flatnonzero(active != np.concatenate(([self._active], active[:-1])))
            for edge in edges.tolist():
                self._turn(bool(active[edge]), float(gate.time_s[edge]))
            self._active = bool(active[-1])
        if len(self._kept):
            newest_s = float(self._kept.time_s[-1])
            self._finish(newest_s)
            self._forget(newest_s - 1.0 - _AFTER_S - self._settings.onset_quiet_s)

    def take(self, until_s: float) -> tuple[Contraction, ...]:
        """The contractions that were known by `until_s`."""
        ready = tuple(found for known_s, found in self._known if known_s <= until_s + _EPS_S)
        self._known = self._known[len(ready) :]
        return ready

    def _turn(self, opens: bool, end_s: float) -> None:
        """The gate opens or closes in the tick that ends at `end_s`."""
        if opens:
            self._start_s, self._quiet = self._edge(end_s - self._settings.onset_quiet_s, end_s, forwards=True)
        elif math.isfinite(self._start_s):
            self._closed_s.append((self._start_s, self._quiet, end_s))

    def _finish(self, newest_s: float) -> None:
        while self._closed_s and newest_s >= self._closed_s[0][2] + _AFTER_S:
            start_s, quiet, closed_s = self._closed_s.pop(0)
            span_s = closed_s - self._settings.onset_back_s, closed_s + _AFTER_S
            end_s, quiet_after = self._edge(*span_s, forwards=False)
            power = self._power(max(start_s, closed_s - 1.0), end_s)
            floor = min((each for each in (quiet, quiet_after) if each > 0), default=math.nan)
            snr_db = 10 * math.log10(power / floor) if power > 0 and floor > 0 else math.nan
            if snr_db > _RINGING_DB:
                end_s, _ = self._edge(*span_s, forwards=False, slow=False)
            sure = snr_db >= self._settings.onset_least_db
            self._known.append((closed_s + _AFTER_S, Contraction(start_s, max(end_s, start_s), snr_db, sure)))

    def _rows(self, from_s: float, to_s: float) -> Chunk:
        return self._kept[slice(*self._kept.time_s.searchsorted((from_s - _EPS_S, to_s - _EPS_S)).tolist())]

    def _power(self, from_s: float, to_s: float) -> float:
        samples = np.asarray(self._rows(from_s, to_s).samples, dtype=np.float64)
        total = float(np.einsum("nc,nc->", samples, samples))
        if not samples.size or math.isfinite(total):
            return total / samples.size if samples.size else math.nan
        known = samples[np.isfinite(samples)]
        return float(np.einsum("n,n->", known, known)) / len(known) if len(known) else math.nan

    def _edge(self, from_s: float, to_s: float, *, forwards: bool, slow: bool = True) -> tuple[float, float]:
        """The edge in a stretch that is quiet at its beginning (backwards: at its end), and the quiet power.

        slow : as it is; else by the second difference.
        """
        rows = self._rows(from_s, to_s)
        if not len(rows):
            return to_s if forwards else from_s, math.nan
        samples = np.asarray(rows.samples, dtype=np.float64)
        time_s, square = rows.time_s, (samples if slow else _second_difference(samples)) ** 2
        if not forwards:
            time_s, square = time_s[::-1], square[::-1]
        quiet = _quiet_power(square, round(TICK_S * self.input.rate_hz))
        if forwards:
            late = int(time_s.searchsorted(to_s - self._settings.onset_back_s))
            time_s, square = time_s[late:], square[late:]
        last_zero = _last_zero(square / quiet, self._settings.onset_ratio)
        edge_s = float(time_s[min(last_zero + 1, len(time_s) - 1)])
        levels = [level for level in quiet.tolist() if math.isfinite(level)]
        return edge_s, sum(levels) / len(levels) if levels else math.nan

    def _forget(self, oldest_s: float) -> None:
        self._kept = self._kept[int(self._kept.time_s.searchsorted(oldest_s)) :]


def _second_difference(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """What changes fast: (n, n_channels), 0 in the first two rows."""
    out = np.zeros_like(samples)
    out[2:] = samples[2:] - 2 * samples[1:-1] + samples[:-2]
    return out


def _quiet_power(square: NDArray[np.float64], n_tick: int) -> NDArray[np.float64]:
    """(n_channels,) mean of the quieter half of the ticks. square: (n, n_channels)."""
    n = len(square) // n_tick
    if not n:
        return np.full(int(square.shape[1]), np.nan)
    ticks = np.add.reduce(square[: n * n_tick].reshape(n, n_tick, -1), axis=1)
    quieter = np.sort(ticks, axis=0)[: max(1, n // 2)]  # NaN go last
    return np.maximum(np.add.reduce(quieter, axis=0) / (n_tick * len(quieter)), 1e-12)


def _last_zero(power: NDArray[np.float64], ratio: float) -> int:
    """Row at which the cumulative sum was last at zero, -1 = never. power: (n, n_channels) against the quiet power."""
    gain = power * (0.5 * (1 - 1 / ratio)) - 0.5 * math.log(ratio)
    steps = np.add.reduce(gain, axis=1)
    if not math.isfinite(np.add.reduce(steps)):
        steps = np.where(np.isfinite(gain), gain, 0.0).sum(axis=1)
    total, last = 0.0, -1
    for row, step in enumerate(np.minimum(steps, _MOST_STEP).tolist()):
        total += step
        if total <= 0.0:
            total, last = 0.0, row
        elif total > _MOST_SUM:
            total = _MOST_SUM
    return last
