"""Involuntary activity of a calf that should be quiet: raised quiet EMG and twitches.

Source: Miller 2022 (table 1: resting EMG and fasciculation before cramps), Chaney & Sherman pilot (quiet EMG 2-3 x before
night cramps); the rules are those of the Crampwatch detector study.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S, second_of
from monitor.settings import BaselineSettings, SignSettings


def quiet_input(ticks: Stream) -> Stream:
    """Output of TickFeatures with two more columns: contraction (1, 0, NaN = lost), ankle angle (deg, NaN = unknown)."""
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
        rows = Chunk.joined([self._kept, chunk])
        ready = max(self._given, len(rows) - self._delay)
        if ready == self._given:
            self._kept = rows
            return Chunk.empty(self.output)
        quiet = self._quiet(rows)[self._given : ready]
        out = rows[self._given : ready]
        features = np.reshape(out.samples[:, :-2], (len(out), self._n_channels, 3))
        values = np.stack([np.sqrt(features[:, :, 0]), features[:, :, 2]], axis=2).reshape(len(out), -1)
        drop = max(0, ready - self._delay)
        self._kept, self._given = rows[drop:], ready - drop
        return Chunk(self.output, out.time_s, np.concatenate([values, quiet[:, None]], axis=1))

    def _quiet(self, rows: Chunk) -> NDArray[np.float64]:
        contraction, angle = rows.samples[:, -2], rows.samples[:, -1]
        long = _opened(contraction == 1, self._shortest)
        near = (
            np.convolve(long, np.ones(2 * self._margin + 1), mode="full")[self._margin : self._margin + len(long)] > 0.5
        )
        with np.errstate(invalid="ignore"):
            moving = np.abs(np.diff(angle, prepend=np.nan)) > self._settings.still_angle_dps * TICK_S
        known = np.isfinite(contraction) & np.isfinite(rows.samples[:, 0:-2:3]).all(axis=1)
        return (known & ~near & ~moving).astype(np.float64)


def _opened(flags: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Only the runs of at least `length`."""
    if len(flags) < length:
        return np.zeros(len(flags), dtype=bool)
    full = np.convolve(flags, np.ones(length), mode="valid") > length - 0.5
    return np.convolve(full, np.ones(length), mode="full") > 0.5


def _second_ends(time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.flatnonzero(second_of(time_s + TICK_S) > second_of(time_s))


class _PerSecond:
    """Gathers the ticks of a second and hands them over when it is complete."""

    def __init__(self, quiet: Stream, output: Stream) -> None:
        self.input, self.output = quiet, output
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept = Chunk.empty(self.input)
        self._age_s = 0

    def push(self, chunk: Chunk) -> Chunk:
        """Take quiet ticks; give the seconds that they close."""
        rows = Chunk.joined([self._kept, chunk])
        ends = _second_ends(rows.time_s)
        out = np.full((len(ends), len(self.output.channels)), np.nan)
        start = 0
        for i, end in enumerate(ends):
            out[i] = self._second(np.asarray(rows.samples[start : end + 1], dtype=np.float64))
            self._age_s += 1
            start = int(end) + 1
        self._kept = rows[start:]
        return Chunk(self.output, np.round(rows.time_s[ends]), out)

    def _second(self, ticks: NDArray[np.float64]) -> tuple[float, ...]:
        raise NotImplementedError


_HALF = TICK_RATE_HZ / 2  # ticks; a second that is half quiet can be judged
_MEMORY_S = 120  # an older quiet second says nothing about now


class QuietActivity(_PerSecond):
    """The EMG of the quiet calf against its own baseline.

    Output at 1 Hz: ratio (1 = as at the start; NaN = no quiet seconds lately or no baseline). The largest of the channels:
    a cramp begins in one head. Baseline: 30th percentile of the quiet seconds of the first 330 s.
    """

    def __init__(
        self,
        quiet: Stream,
        settings: SignSettings,
        baseline: BaselineSettings,
        stored_uv: tuple[float, ...] | None = None,
    ) -> None:
        self._settings, self._baseline, self._stored = settings, baseline, stored_uv
        super().__init__(quiet, Stream("quiet activity", 1.0, (Channel("ratio", ""),), quiet.source_id))

    def reset(self) -> None:
        """Forget the past; a stored baseline comes back."""
        super().reset()
        self._early: list[NDArray[np.float64]] = []
        self._recent: list[tuple[int, NDArray[np.float64]]] = []
        self.baseline_uv = None if self._stored is None else np.asarray(self._stored)

    def _second(self, ticks: NDArray[np.float64]) -> tuple[float, ...]:
        quiet = ticks[ticks[:, -1] == 1]
        if len(quiet) >= _HALF:
            rms = np.median(quiet[:, 0:-1:2], axis=0)
            self._recent = [*self._recent, (self._age_s, rms)][-round(self._settings.quiet_seconds) :]
            self._learn(rms)
        self._recent = [(age_s, rms) for age_s, rms in self._recent if self._age_s - age_s < _MEMORY_S]
        if self.baseline_uv is None or len(self._recent) < self._settings.quiet_seconds / 3:
            return (np.nan,)
        return (float(np.max(np.median([rms for _, rms in self._recent], axis=0) / self.baseline_uv)),)

    def _learn(self, rms: NDArray[np.float64]) -> None:
        if self._stored is not None or self._age_s > self._baseline.end_s:
            return
        self._early.append(rms)
        if len(self._early) >= self._settings.baseline_quiet_s:
            self.baseline_uv = np.maximum(np.percentile(self._early, 30, axis=0), 1e-9)


class Twitches(_PerSecond):
    """Isolated discharges of the quiet calf per minute.

    Output at 1 Hz: rate per minute over the last two minutes (NaN = too little quiet time), the same in the baseline.
    A twitch is a peak above `twitch_ratio` x the second's quiet RMS and `twitch_floor_uv` (where the unit is uV), the
    largest within 60 ms; a second with `tonic_events_per_s` or more is tonic firing and counts none.
    """

    def __init__(
        self, quiet: Stream, settings: SignSettings, baseline: BaselineSettings, stored: float | None = None
    ) -> None:
        self._settings, self._baseline, self._stored = settings, baseline, stored
        output = Stream("twitches", 1.0, (Channel("rate", "per min"), Channel("baseline", "per min")), quiet.source_id)
        self._floor = settings.twitch_floor_uv if quiet.channels[0].unit == "uV" else 0.0
        super().__init__(quiet, output)

    def reset(self) -> None:
        """Forget the past; a stored baseline comes back."""
        super().reset()
        self._recent = np.zeros((round(self._settings.twitch_window_s), 2))
        self._early = np.zeros(2)
        self.baseline_per_min = self._stored

    def _second(self, ticks: NDArray[np.float64]) -> tuple[float, ...]:
        quiet = ticks[:, -1] == 1
        events = self._events(ticks, quiet) if quiet.sum() >= _HALF else 0
        second = np.array([events if events < self._settings.tonic_events_per_s else 0, quiet.sum() / TICK_RATE_HZ])
        self._recent = np.concatenate([self._recent[1:], second[None, :]])
        if self._stored is None and self._age_s <= self._baseline.end_s:
            self._early = self._early + second
            if self._early[1] >= self._settings.baseline_quiet_s:
                self.baseline_per_min = _rate_per_min(*self._early)
        n, quiet_s = self._recent.sum(axis=0)
        rate = _rate_per_min(n, quiet_s) if quiet_s >= self._settings.twitch_min_quiet_s else np.nan
        return rate, np.nan if self.baseline_per_min is None else self.baseline_per_min

    def _events(self, ticks: NDArray[np.float64], quiet: NDArray[np.bool_]) -> int:
        rms, peak = ticks[:, 0:-1:2], ticks[:, 1:-1:2]
        limit = np.maximum(self._settings.twitch_ratio * np.median(rms[quiet], axis=0), self._floor)
        height = np.where(quiet, np.max(np.nan_to_num(peak) / limit, axis=1), 0.0)
        padded = np.pad(height, 3)
        around = np.max(np.stack([padded[i : i + len(height)] for i in range(7)]), axis=0)
        tops = (height > 1) & (height >= around)
        return int(np.sum(tops & ~np.roll(np.append(tops, False), 1)[:-1]))


def _rate_per_min(n: float, quiet_s: float) -> float:
    """Events per quiet minute, drawn towards one per minute while there is little to see."""
    return float((n + 0.6) / (quiet_s / 60 + 0.6))
