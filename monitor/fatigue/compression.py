"""How far the spectrum is compressed against the athlete's own baseline, frame by frame, at equal angle and effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.fatigue.baseline import EFFORT, N_COVARIATES, Fit, Sums, covariates, fit
from monitor.fatigue.mdf import harmonics_hz
from monitor.fatigue.offsets import ChannelOffsets
from monitor.fatigue.recent import RecentSums
from monitor.grid import HOP_S, second_spans
from monitor.medians import channel_median
from monitor.settings import BaselineSettings, SpectrumSettings

FIXED = 4  # columns of the output before those of the channels
_T = N_COVARIATES - 1  # the covariates but for time, which is last
_EFFORT_FRAMES = 50  # the zero of the effort is the mean of the first frames


def compression_input(frames: Stream) -> Stream:
    """Frames with three more columns.

    They are contraction (1 = all of the frame), ankle angle (deg, NaN = unknown), and whether an angle is to be
    expected (1) or the session has none (0).
    """
    extra = (Channel("contraction", ""), Channel("ankle", "deg"), Channel("angle expected", ""))
    return Stream(f"{frames.name} matched", frames.rate_hz, frames.channels + extra, frames.source_id)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Contraction frames of one second.

    power (n, C, all bins); logs (n, C, bins of the score); ln_power (n, C), NaN = channel not usable; the others (n,).
    effort : mean of the log-spectrum over the score's bins, median over the channels. The score does not respond to it,
        nor do its errors: with ln power instead, readings of one channel erred by half as much again.
    age_s : of the contraction
    """

    time_s: NDArray[np.float64]
    power: NDArray[np.float64]
    logs: NDArray[np.float64]
    ln_power: NDArray[np.float64]
    effort: NDArray[np.float64]
    age_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    angle_expected: NDArray[np.bool_]

    def where(self, rows: NDArray[np.bool_]) -> _Rows:
        return _Rows(*(getattr(self, name)[rows] for name in self.__slots__))

    @classmethod
    def joined(cls, parts: Sequence[_Rows]) -> _Rows:
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


class Compression:
    """The condition-adjusted log-spectral dilation score.

    matched : Stream               see `compression_input`
    frequency_hz : (B,)            the frames' bins
    labels : (C,)                  the EMG channels' labels
    Output at the frames' stamps: u = ln(spectral scale now / at the start of the session), the median over the usable
    channels, NaN outside contractions and without a baseline; ankle angle of the frame (deg); ln(amplitude / that of
    the baseline); u as it would be without matching the effort; u of every channel.
    The baseline is gathered from `start_s` to `end_s` after the first sample, usable from `usable_frames`, refitted
    every `refit_s`, then frozen. What a second brings is learnt at its end. A person may freeze it earlier, or have it
    fitted again from the last `recent_s`.
    Source: Crampwatch detector study: 2 % error of a ten-second reading on simulated sessions, against 7 % of the MDF.
    """

    def __init__(
        self,
        matched: Stream,
        labels: tuple[str, ...],
        frequency_hz: NDArray[np.float64],
        spectrum: SpectrumSettings,
        settings: BaselineSettings,
        stored: Fit | None = None,
    ) -> None:
        self.input = matched
        fixed = (("all", "ln"), ("ankle", "deg"), ("amplitude", "ln"), ("at any effort", "ln"))
        channels = tuple(Channel(*each) for each in (*fixed, *((label, "ln") for label in labels)))
        self.output = Stream(f"{matched.name} compression", matched.rate_hz, channels, matched.source_id)
        self.frequency_hz, self._spectrum, self._settings, self._stored = frequency_hz, spectrum, settings, stored
        self._n_channels = len(labels)
        self.reset()

    def reset(self) -> None:
        """Forget the past, the baseline too (a stored one comes back)."""
        self.fit: Fit | None = self._stored
        self._leave_out(self._spectrum.mains_hz)
        self._lines_hz: tuple[float, ...] = ()
        self._sums = Sums(self._n_channels, len(self._score), len(self.frequency_hz))
        self._waiting: list[_Rows] = []
        self._run = 0  # frames of the contraction that goes on
        self._effort_zero: float | None = None if self._stored is None else self._stored.effort_zero
        self._recent = RecentSums(lambda parts: self._sums_of(_Rows.joined(parts), 0.0), self._settings.recent_s)
        self._frozen = self._stored is not None
        self._origin_s: float | None = None
        self._offsets = ChannelOffsets(self._n_channels)
        self._heard: list[NDArray[np.float64]] = []  # u of the open second
        self._second: int | None = None
        self._last_fit_s = -np.inf

    def heed(self, hum_hz: float) -> None:
        """The mains that hums, 0 = none: its bins are left out, if the baseline has not begun; later they stay."""
        self._lines_hz = harmonics_hz(hum_hz, (0.0, float(self.frequency_hz[-1])))
        begun = self._frozen or self._waiting or self._sums.n_frames
        if hum_hz and self._spectrum.mains_hz and not begun and hum_hz != self._mains_hz:
            self._leave_out(hum_hz)
            self._sums = Sums(self._n_channels, len(self._score), len(self.frequency_hz))

    def _leave_out(self, mains_hz: float) -> None:
        """Choose the bins of the score; a stored template keeps its own: at another rate others would be chosen."""
        stored, self._mains_hz = self._stored, mains_hz
        own = _score_bins(self.frequency_hz, self._spectrum, mains_hz)
        self._score = own if stored is None else np.array(stored.score_bins)

    @property
    def calibration_fraction(self) -> float:
        """How much of the first usable baseline is gathered, 0..1."""
        if self.fit is not None:
            return 1.0
        waiting = sum(len(rows.time_s) for rows in self._waiting)
        return min(1.0, (self._sums.n_frames + waiting) / self._settings.usable_frames)

    def push(self, chunk: Chunk) -> Chunk:
        """Score the next frames."""
        out = np.full((len(chunk), len(self.output.channels)), np.nan)
        out[:, 1] = chunk.samples[:, -2]
        if len(chunk) and self._origin_s is None:
            self._origin_s = float(np.floor(chunk.time_s[0]))
        for second, first, end in second_spans(chunk.time_s):
            self._enter(second)
            age_s = self._ages_s(chunk.samples[first:end, -3] == 1)
            kept = np.flatnonzero(np.isfinite(age_s))
            if len(kept):
                kept, rows = self._rows(chunk, first + kept, age_s[kept])
                u, beside = self._scored(rows)
                out[kept, 0] = together = self._offsets.together(u)
                self._heard.append(u)
                out[kept, FIXED:] = u
                if beside is not None:
                    out[kept, 2], out[kept, 3] = beside[:, 0], together + beside[:, 1]
                self._gather(rows)
        return Chunk(self.output, chunk.time_s, out)

    def _ages_s(self, working: NDArray[np.bool_]) -> NDArray[np.float64]:
        """How long the contraction has gone on, for consecutive frames; NaN outside contractions."""
        at = np.arange(len(working))
        last_rest = np.maximum.accumulate(np.where(working, -1 - self._run, at))
        self._run = int(len(working) - 1 - last_rest[-1])
        return np.where(working, (at - last_rest - 1) * HOP_S, np.nan)

    def _rows(
        self, chunk: Chunk, kept: NDArray[np.int64], age_s: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], _Rows]:
        """Of the kept rows those with a known channel."""
        power = np.asarray(chunk.samples[kept, :-3], dtype=np.float64).reshape(len(kept), self._n_channels, -1)
        known = np.isfinite(power[:, :, 0])
        if not known.all():
            some = known.any(axis=1)
            kept, power, known, age_s = kept[some], power[some], known[some], age_s[some]
        scored = power[:, :, self._score]
        logs = np.log(np.maximum(scored, 1e-12))
        ln_power = np.log(np.where(known, scored.sum(axis=2), np.nan) + 1e-12)
        ln_power = self._without_outliers(ln_power)
        angle, expected = chunk.samples[kept, -2].astype(np.float64), chunk.samples[kept, -1] == 1
        effort = channel_median(np.where(np.isfinite(ln_power), logs.mean(axis=2), np.nan))
        return kept, _Rows(chunk.time_s[kept], power, logs, ln_power, effort, age_s, angle, expected)

    def _without_outliers(self, ln_power: NDArray[np.float64]) -> NDArray[np.float64]:
        """A channel far louder or quieter than its baseline says, against the others, is left out."""
        if self.fit is None or self._n_channels < 3 or not len(ln_power):
            return ln_power
        offset = ln_power - self.fit.base_ln_power
        with np.errstate(invalid="ignore"):
            far = np.abs(offset - channel_median(offset)[:, None]) > self._spectrum.max_channel_offset
        return np.where(far, np.nan, ln_power)

    def _scored(self, rows: _Rows) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """u of every channel, (n, C); ln amplitude against the baseline's mean and what it does to u, (n, 2)."""
        if self.fit is None:
            return np.full(rows.ln_power.shape, np.nan), None
        assert self._origin_s is not None
        effort = rows.effort - self.fit.effort_zero
        phi = covariates(rows.angle_deg, effort, rows.age_s, rows.time_s, self._origin_s)[:, :_T]
        z = np.einsum("ncb,cb->nc", rows.logs, self.fit.template)
        expected = phi @ self.fit.weights[:, :_T].T
        without_angle = ~np.isfinite(rows.angle_deg)
        if without_angle.any():
            expected[without_angle] = phi[without_angle] @ self.fit.effort_weights[:, :_T].T
        u = np.where(np.isfinite(rows.ln_power), z - expected, np.nan)
        low, high = self.fit.effort_range
        margin = self._settings.effort_margin
        seen = (rows.effort > low - margin) & (rows.effort < high + margin)
        louder = channel_median(rows.ln_power - self.fit.base_ln_power) / 2
        by_effort = (phi[:, EFFORT] - self.fit.mean_row[EFFORT]) @ self.fit.effort_slopes
        return np.where(seen[:, None], u, np.nan), np.stack([louder, by_effort], axis=1)

    def _gather(self, rows: _Rows) -> None:
        """Add frames to the baseline; before the zero of the effort is known they wait."""
        assert self._origin_s is not None
        age_s = rows.time_s - self._origin_s
        few = self._sums.n_frames < self._settings.usable_frames  # a calf that rested long is learnt later
        matched = np.isfinite(rows.angle_deg) | ~rows.angle_expected
        if self._effort_zero is not None and matched.any():
            self._recent.push(rows.where(matched))
        wanted = matched & (age_s >= self._settings.start_s) & ((age_s <= self._settings.end_s) | few)
        if self._frozen or not wanted.any():
            return
        self._waiting.append(rows.where(wanted))
        if self._effort_zero is None:
            efforts = np.concatenate([waiting.effort for waiting in self._waiting])
            if len(efforts) < _EFFORT_FRAMES:
                return
            self._effort_zero = float(np.mean(efforts))
            for waiting in self._waiting:
                self._recent.push(waiting)
        for waiting in self._waiting:
            self._add(self._sums, waiting, self._origin_s + self._settings.start_s)
        self._waiting = []

    def _add(self, sums: Sums, rows: _Rows, start_s: float) -> Sums:
        assert self._effort_zero is not None
        a = covariates(rows.angle_deg, rows.effort - self._effort_zero, rows.age_s, rows.time_s, start_s)
        sums.add(a, rows.logs, rows.power, rows.ln_power, rows.effort)
        return sums

    def _sums_of(self, rows: _Rows, start_s: float) -> Sums:
        return self._add(Sums(self._n_channels, len(self._score), len(self.frequency_hz)), rows, start_s)

    def freeze(self) -> bool:
        """Keep the baseline as it is for the rest of the session; False = there is none yet."""
        self._frozen = self._frozen or self.fit is not None
        return self._frozen

    @property
    def recent_frames(self) -> int:
        """Frames that a fit from the last minutes would rest on."""
        return 0 if self._second is None else self._recent.n_frames(self._second)

    def refit(self) -> bool:
        """Fit the baseline again from the last `recent_s`, for the rest of the session; False = too few frames there.

        What is read from now on is against the start of that time.
        """
        if self.recent_frames < self._settings.usable_frames or self._second is None:
            return False
        sums = self._recent.sums(self._second)
        if sums is None or self._effort_zero is None:
            return False
        self.fit = fit(sums, self._score, self.frequency_hz, self._effort_zero, self._settings, self._lines_hz)
        self._frozen, self._offsets, self._heard = True, ChannelOffsets(self._n_channels), []
        return True

    def _enter(self, second: int) -> None:
        """At the start of a second, learn from those before."""
        if second == self._second or self._origin_s is None:
            return
        self._second = second
        if self._heard:
            self._offsets.learn(np.concatenate(self._heard))
            self._heard = []
        age_s = second - self._origin_s
        due = self.fit is None or second - self._last_fit_s >= self._settings.refit_s
        enough = self._sums.n_frames >= self._settings.usable_frames
        if (
            not self._frozen
            and self._effort_zero is not None
            and due
            and enough
            and (age_s <= self._settings.freeze_s or self.fit is None)
        ):
            self.fit = fit(
                self._sums, self._score, self.frequency_hz, self._effort_zero, self._settings, self._lines_hz
            )
            self._last_fit_s = second


def _score_bins(frequency_hz: NDArray[np.float64], settings: SpectrumSettings, mains_hz: float) -> NDArray[np.int64]:
    """The bins of the score: its band without those near a harmonic of the mains; mains_hz 0 = there is none."""
    inside = (frequency_hz >= settings.score_low_hz) & (frequency_hz <= settings.score_high_hz)
    if mains_hz:
        from_line_hz = np.abs(frequency_hz - mains_hz * np.round(frequency_hz / mains_hz))
        near = (from_line_hz < settings.mains_half_width_hz) & (frequency_hz > mains_hz / 2)
        inside &= ~near
    return np.flatnonzero(inside)
