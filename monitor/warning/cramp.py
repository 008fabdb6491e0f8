"""A calf that works without pause and without being asked: is it a cramp, or a hold that one asks about?

What tells a cramp (Ross & Thomas 1995; Khan & Burne 2007): one head works while the other is silent; the activity does
not pause while the ankle moves; or it began by itself in a pointed, resting foot. A sustained contraction of both heads
(or of a single channel) that has none of these may as well be a tiptoe hold or standing tone: it is asked about.
"""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S
from monitor.medians import quantile
from monitor.per_second import PerSecond
from monitor.settings import AngleSettings, BaselineSettings, CrampSettings
from monitor.warning.cramp_episode import Episode
from monitor.warning.cramp_levels import OwnLevels
from monitor.warning.evidence import CrampReading, Verdict

Floats = NDArray[np.float64]
_FRAME_TICKS = 5
_KNOWN = 0.7  # share of a window that must be known
_REST_MEMORY_S = 60


COLUMNS = (
    Channel("verdict", ""),
    Channel("sustained", "s"),
    Channel("lead", ""),  # the channel's number
    Channel("above rest", "x rest"),
    Channel("effort", "of own strong contraction"),
    Channel("stands out", "dB"),  # against the quietest of the other channels
    Channel("quietest other", "of own strong contraction"),
    Channel("steadiness", ""),
    Channel("ankle", "deg"),
    Channel("ankle speed", "deg/s"),
    Channel("fallen for", "s"),
    Channel("fallen to", "of the contraction"),
    Channel("turned", "deg"),
    Channel("not sustained for", "s"),
)


@dataclass(frozen=True, slots=True)
class _Window:
    """The last seconds: per channel the low (10th percentile) and median RMS, uV; the ankle. NaN = unknown."""

    low: Floats
    middle: Floats
    ankle_deg: float
    ankle_dps: float


@dataclass(frozen=True, slots=True)
class _Heads:
    """The leading channel against its own rest and strength and against the others; see `COLUMNS`."""

    lead: int
    above_rest: float
    effort: float
    stands_out_db: float
    quietest: float
    steadiness: float


class CrampWatch(PerSecond):
    """Sustained activity once a second, NaN = unknown; see `COLUMNS`.

    ticks : Stream                 see `signs.quiet_input`
    Works on frames of 100 ms and windows of `window_s`. A channel is sustained where the 10th percentile of its frames
    exceeds `rest_ratio` x its own rest and `effort_least` of its own strong contraction.
    """

    def __init__(
        self, ticks: Stream, settings: CrampSettings, baseline: BaselineSettings, angle: AngleSettings
    ) -> None:
        self._settings, self._learn_s, self._short_deg = settings, baseline.end_s, angle.shortened_enter_deg
        self._n_channels = (len(ticks.channels) - 2) // 3
        super().__init__(ticks, Stream("sustained activity", 1.0, COLUMNS, ticks.source_id))

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        self.levels = OwnLevels(self._n_channels, self._learn_s)
        n_seconds = round(self._settings.window_s)
        self._seconds: deque[tuple[Floats, Floats]] = deque(maxlen=n_seconds)  # frames (n, C) and ankle (n,)
        self._lows: deque[Floats] = deque(maxlen=_REST_MEMORY_S)
        self._rested_short = False  # the ankle has been still and short since a second in which the calf rested
        self._sustained_s = 0.0
        self._episode: Episode | None = None

    def _second(self, rows: Floats) -> Floats:
        frames, contracting, ankle = self._framed(rows)
        self.levels.push(frames, contracting > 0.5)  # NaN is not
        self._seconds.append((frames, ankle))
        self._lows.append(_low(frames, 0.1))
        window = self._window()
        self._remember_rest(contracting, window)
        heads = self._heads(window)
        verdict = self._verdict(window, heads)
        self._sustained_s = self._sustained_s + 1 if verdict else 0.0
        lead = None if heads is None else heads.lead
        told = (verdict, self._sustained_s, *(dataclasses.astuple(heads) if heads else [math.nan] * 6))
        return np.array([*told, window.ankle_deg, window.ankle_dps, *self._follow(frames, window, lead, verdict)])

    def _framed(self, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """RMS (n, C), share of contraction (n,) and ankle angle (n,) of each 100 ms; NaN where mostly unknown."""
        n_frames = len(rows) // _FRAME_TICKS
        ticks = rows[: n_frames * _FRAME_TICKS].reshape(n_frames, _FRAME_TICKS, rows.shape[1])
        power = ticks[:, :, 0:-2:3]
        known = np.isfinite(power).sum(axis=1)
        mean = np.where(np.isfinite(power), power, 0.0).sum(axis=1) / np.maximum(known, 1)
        frames = np.where(2 * known > _FRAME_TICKS, np.sqrt(mean), np.nan)
        return frames, ticks[:, :, -2].mean(axis=1), ticks[:, -1, -1]

    def _window(self) -> _Window:
        frames = np.concatenate([frames for frames, _ in self._seconds])
        ankle = np.concatenate([ankle for _, ankle in self._seconds])
        expected = self._settings.window_s * TICK_RATE_HZ / _FRAME_TICKS
        enough = np.isfinite(frames).sum(axis=0) >= _KNOWN * expected
        both = frames[np.isfinite(frames[:, enough]).all(axis=1)]  # channels are compared at the same instants
        low, middle = (np.where(enough, _low(both, share), math.nan) for share in (0.1, 0.5))
        known = ankle[np.isfinite(ankle)]
        if len(known) < _KNOWN * expected:
            return _Window(low, middle, math.nan, math.nan)
        speed_dps = np.nanmean(np.abs(np.diff(known))) / (_FRAME_TICKS * TICK_S)
        return _Window(low, middle, float(known[-1]), float(speed_dps))

    def _remember_rest(self, contracting: Floats, window: _Window) -> None:
        still_short = window.ankle_dps <= self._settings.still_dps and window.ankle_deg <= self._short_deg
        rests = len(contracting) > 0 and bool((contracting == 0).all())  # the unknown is no rest
        self._rested_short = still_short and (self._rested_short or rests)

    def _heads(self, window: _Window) -> _Heads | None:
        """The channel that is most at work, and how far it stands out."""
        rest, strong = self.levels.rest, self.levels.strong
        own = np.sqrt(np.maximum(window.low**2 - rest**2, (0.5 * rest) ** 2))
        effort = np.where(strong >= self._settings.rest_ratio * rest, own / strong, math.nan)
        if not np.isfinite(effort).any():
            return None
        lead = int(np.nanargmax(effort))
        others = np.delete(effort, lead)
        others = others[np.isfinite(others)]
        silent = float(others.min()) if len(others) else math.nan
        return _Heads(
            lead,
            float(window.low[lead] / rest[lead]),
            float(effort[lead]),
            20 * math.log10(float(effort[lead]) / silent),
            silent,
            float(window.low[lead] / window.middle[lead]),
        )

    def _verdict(self, window: _Window, heads: _Heads | None) -> Verdict:
        """Whether there is a sustained contraction, and why it is a cramp, if it is."""
        settings = self._settings
        if heads is None or heads.above_rest < settings.rest_ratio or heads.effort < settings.effort_least:
            return Verdict.NOTHING
        if not settings.steady_least <= heads.steadiness <= settings.steady_most:
            return Verdict.NOTHING
        if heads.stands_out_db >= settings.heads_db and heads.quietest < settings.effort_least:
            return Verdict.ONE_HEAD
        if window.ankle_dps >= settings.gait_dps and heads.effort >= settings.gait_effort:
            return Verdict.NO_PAUSE
        return Verdict.FROM_REST if self._rested_short else Verdict.ASK

    def _follow(
        self, frames: Floats, window: _Window, lead: int | None, verdict: Verdict
    ) -> tuple[float, float, float, float]:
        """How far the contraction that is watched has gone: see `Episode.push`. None is watched: long gone."""
        other = self._episode is not None and verdict.cramp and lead != self._episode.lead
        if verdict and lead is not None and (self._episode is None or other):
            rest_uv = float(_low(np.array(self._lows), 0.2)[lead])
            self._episode = Episode(lead, rest_uv, window.ankle_deg, self._settings)
        watched = self._episode
        if watched is None:
            return 0.0, math.nan, math.nan, self._settings.came_back_s
        middle_uv = float(window.middle[watched.lead])
        told = watched.push(frames[:, watched.lead], middle_uv, window.ankle_deg, bool(verdict))
        if watched.over:
            self._episode = None
        return told


def _low(frames: Floats, share: float) -> Floats:
    """A quantile of each column's known rows, NaN where there are none."""
    if len(frames) and math.isfinite(frames.sum()):
        return quantile(frames, share)
    columns = [column[np.isfinite(column)] for column in frames.T]
    return np.array([quantile(column[:, None], share)[0] if len(column) else math.nan for column in columns])


def cramp_reading(second: Floats, labels: tuple[str, ...]) -> CrampReading | None:
    """A row of CrampWatch's output in words; None where no channel can say."""
    verdict, sustained_s, lead, above, effort, apart_db, _, steadiness, *rest = second.tolist()
    if math.isnan(lead):
        return None
    ankle_deg, ankle_dps, fallen_s, fallen_to, turned_deg, unsustained_s = rest
    return CrampReading(
        Verdict(int(verdict)),
        sustained_s,
        labels[int(lead)],
        above,
        effort,
        known(apart_db),
        steadiness,
        known(ankle_deg),
        known(ankle_dps),
        fallen_s,
        known(fallen_to),
        known(turned_deg),
        unsustained_s,
    )


def known(value: float) -> float | None:
    """None where it is NaN."""
    return None if math.isnan(value) else value
