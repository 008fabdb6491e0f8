"""The EMG of a calf that should be quiet: which ticks are quiet, and how loud they are.

Source: Miller 2022 (table 1: raised resting EMG before cramps), Chaney & Sherman pilot (quiet EMG 2-3 x before night
cramps); the rules are those of the Crampwatch detector study.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from monitor.breaks import Breaks
from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S
from monitor.medians import quantile
from monitor.per_second import PerSecond
from monitor.settings import BaselineSettings, SignSettings


def quiet_input(ticks: Stream) -> Stream:
    """Output of TickFeatures, contraction (1, 0, NaN = lost) and ankle angle (deg, NaN = unknown)."""
    extra = (Channel("contraction", ""), Channel("ankle", "deg"))
    return Stream(f"{ticks.name} with contraction", ticks.rate_hz, ticks.channels + extra, ticks.source_id)


class QuietTicks:
    """Which ticks belong to a quiet calf, decided 0.4 s later.

    Output at 50 Hz: for every EMG channel RMS and peak (uV), then quiet (1 or 0). A tick is quiet if it is known, no
    contraction of `shortest_contraction_s` or longer lies within `quiet_margin_s`, and the ankle does not move.
    """

    def __init__(self, ticks: Stream, settings: SignSettings) -> None:
        self.input = ticks
        self._n_channels = (len(ticks.channels) - 2) // 3
        labels = [ticks.channels[3 * i].label.removesuffix(" ms") for i in range(self._n_channels)]
        unit = ticks.channels[2].unit
        channels = tuple(Channel(f"{label} {kind}", unit) for label in labels for kind in ("rms", "peak"))
        self.output = Stream("quiet ticks", TICK_RATE_HZ, (*channels, Channel("quiet", "")), ticks.source_id)
        self._settings = settings
        self._margin = round(settings.quiet_margin_s * TICK_RATE_HZ)
        self._shortest = round(settings.shortest_contraction_s * TICK_RATE_HZ)
        self._delay = self._margin + self._shortest + 2
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept = Chunk.empty(self.input)
        self._given = 0  # rows of _kept that were given already

    def push(self, chunk: Chunk) -> Chunk:
        """Take ticks; give those whose surroundings are known."""
        rows = Chunk.joined([self._kept, chunk]) if len(self._kept) else chunk
        ready = max(self._given, len(rows) - self._delay)
        if ready == self._given:
            self._kept = rows
            return Chunk.empty(self.output)
        out = rows[self._given : ready]
        values = np.empty((len(out), len(self.output.channels)))
        values[:, 0:-1:2], values[:, 1:-1:2] = np.sqrt(out.samples[:, 0:-2:3]), out.samples[:, 2:-2:3]
        values[:, -1] = self._quiet(rows)[self._given : ready]
        drop = max(0, ready - self._delay)
        self._kept, self._given = rows[drop:], ready - drop
        return Chunk(self.output, out.time_s, values)

    def _quiet(self, rows: Chunk) -> NDArray[np.bool_]:
        contraction, angle = rows.samples[:, -2], rows.samples[:, -1]
        quiet = np.isfinite(rows.samples[:, 0:-2:3]).any(axis=1) & np.isfinite(contraction)
        contracting = contraction == 1
        if contracting.any():
            quiet &= ~_near_long_runs(contracting, self._shortest, self._margin)
        moved_deg = np.abs(angle[1:] - angle[:-1])
        quiet[1:] &= ~(moved_deg > self._settings.still_angle_dps * TICK_S)
        return quiet


def _near_long_runs(flags: NDArray[np.bool_], shortest: int, margin: int) -> NDArray[np.bool_]:
    """Rows that are in a run of at least `shortest` or within `margin` of one."""
    framed = np.concatenate(([False], flags, [False]))
    edges = np.flatnonzero(framed[1:] != framed[:-1])
    near = np.zeros(len(flags), dtype=bool)
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if stop - start >= shortest:
            near[max(0, start - margin) : stop + margin] = True
    return near


HALF_SECOND = TICK_RATE_HZ / 2  # ticks; a second that is half quiet can be judged
_MEMORY_S = 120  # an older quiet second says nothing about now


class QuietActivity(PerSecond):
    """The EMG of the quiet calf against its own baseline.

    Output at 1 Hz: ratio (1 = as at the start; NaN = no quiet seconds lately or no baseline). The largest of the
    channels: a cramp begins in one head. Baseline: 30th percentile of the quiet seconds of the first 330 s,
    without breaks.
    """

    def __init__(
        self,
        quiet: Stream,
        settings: SignSettings,
        baseline: BaselineSettings,
        stored_uv: tuple[float, ...] | None = None,
        breaks: Breaks | None = None,
    ) -> None:
        self._settings, self._baseline, self._stored = settings, baseline, stored_uv
        self._breaks = breaks or Breaks()
        super().__init__(quiet, Stream("quiet activity", 1.0, (Channel("ratio", ""),), quiet.source_id))

    def reset(self) -> None:
        """Forget the past; a stored baseline comes back."""
        super().reset()
        self._age_s, self._frozen = 0, self._stored is not None
        self._early: list[NDArray[np.float64]] = []
        self.newest_uv: NDArray[np.float64] | None = None  # RMS of each channel in the newest second, if it rested
        self._recent: deque[tuple[int, NDArray[np.float64]]] = deque(maxlen=round(self._settings.quiet_seconds))
        self.baseline_uv = None if self._stored is None else np.asarray(self._stored)

    def forget(self, channels: NDArray[np.bool_]) -> None:
        """What these channels were at rest is not comparable with what they are now."""
        if self.baseline_uv is not None:
            self.baseline_uv = np.where(channels, np.nan, self.baseline_uv)
        self._early = [np.where(channels, np.nan, rms) for rms in self._early]

    def freeze(self) -> None:
        """Keep the baseline as it is."""
        self._frozen = True

    def _second(self, rows: NDArray[np.float64]) -> tuple[float]:
        quiet, self.newest_uv = rows[rows[:, -1] == 1], None
        if len(quiet) >= HALF_SECOND:
            self.newest_uv = rms = quantile(quiet[:, 0:-1:2], 0.5)
            self._recent.append((self._age_s, rms))
            self._learn(rms)
        while self._recent and self._age_s - self._recent[0][0] >= _MEMORY_S:
            self._recent.popleft()
        self._age_s += 1
        if self.baseline_uv is None or len(self._recent) < self._settings.quiet_seconds / 3:
            return (math.nan,)
        recent = quantile(np.array([rms for _, rms in self._recent]), 0.5)
        ratio = recent / self.baseline_uv
        possible = ratio[ratio <= self._settings.quiet_most]  # more is a bad electrode
        return (float(possible.max()) if len(possible) else math.nan,)

    def _learn(self, rms: NDArray[np.float64]) -> None:
        if self._frozen or self._age_s - self._breaks.total_s > self._baseline.end_s:
            return
        self._early.append(rms)
        enough = self._settings.baseline_quiet_s
        if len(self._early) < enough:
            return
        early = np.array(self._early)
        if math.isfinite(np.add.reduce(early, axis=None)):
            self.baseline_uv = np.maximum(quantile(early, 0.3), 1e-9)
            return
        known = [column[np.isfinite(column)] for column in early.T]  # a channel may have been bad for a while
        levels = [max(float(quantile(column, 0.3)), 1e-9) if len(column) >= enough else np.nan for column in known]
        if np.isfinite(levels).any():
            self.baseline_uv = np.array(levels)
