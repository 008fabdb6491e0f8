"""A calf that works without pause and without being asked: is it a cramp, or a hold that one asks about?

What tells a cramp (Ross & Thomas 1995; Khan & Burne 2007): one head works while the other is silent; the activity does
not pause while the ankle moves; or it began by itself in a pointed, resting foot. A sustained contraction of both heads
(or of a single channel) that has none of these may as well be a tiptoe hold or standing tone: it is asked about.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Stream
from monitor.grid import TICK_RATE_HZ, TICK_S
from monitor.medians import quantiles
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
    Channel("quietest other", "of own strong contraction"),  # with `silent_hum`
    Channel("steadiness", ""),
    Channel("ankle", "deg"),
    Channel("ankle speed", "deg/s"),
    Channel("fallen for", "s"),
    Channel("fallen to", "of the contraction"),
    Channel("turned", "deg"),
    Channel("not sustained for", "s"),
)


class _Window(NamedTuple):
    """The last seconds: per channel the low (10th percentile) and median RMS, uV; the ankle. NaN = unknown."""

    low: list[float]
    middle: list[float]
    ankle_deg: float
    ankle_dps: float


class _Heads(NamedTuple):
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
    hum_changed_s : for so long each channel has had its hum, or none (C,); what has changed in the window is no cramp.
    hum_taken : what was taken off the mean squares of the second as hum (C,); `silent_hum` of it may be muscle.
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
        self.hum_changed_s = np.full(self._n_channels, math.inf)
        self.hum_taken = np.zeros(self._n_channels)
        self.levels = OwnLevels(self._n_channels, self._learn_s)
        n_seconds = round(self._settings.window_s)
        self._recent: deque[Floats] = deque(maxlen=n_seconds)  # frames of each second (n, C)
        self._ankle: deque[list[float]] = deque(maxlen=n_seconds)  # and the angle at their ends
        self._hums: deque[Floats] = deque(maxlen=n_seconds)  # what was taken off as hum in each second (C,)
        self._minute: deque[Floats] = deque(maxlen=_REST_MEMORY_S)  # frames
        self._rested_short = False  # the ankle has been still and short since a second in which the calf rested
        self._sustained_s = 0.0
        self._pauseless_s = 0.0  # for so long the calf has not paused while the ankle moves as in gait
        self._since_hum_s = math.inf
        self._episode: Episode | None = None

    def _second(self, rows: Floats) -> Floats:
        ticks = rows[: len(rows) // _FRAME_TICKS * _FRAME_TICKS].reshape(-1, _FRAME_TICKS, rows.shape[1])
        frames = _rms(ticks[:, :, 0:-2:3])
        contracting = np.add.reduce(ticks[:, :, -2], axis=1).tolist()  # ticks of each frame
        self.levels.push(frames, [n_ticks > _FRAME_TICKS / 2 for n_ticks in contracting])  # NaN is not
        self._recent.append(frames)
        self._minute.append(frames)
        self._hums.append(self.hum_taken)
        self._ankle.append(ticks[:, -1, -1].tolist())
        window = self._window()
        self._remember_rest(contracting, window)
        heads = self._heads(window)
        verdict = self._verdict(window, heads)
        self._sustained_s = self._sustained_s + 1 if verdict else 0.0
        lead = None if heads is None else heads.lead
        told = (verdict, self._sustained_s, *(heads or [math.nan] * len(_Heads._fields)))
        return np.array([*told, window.ankle_deg, window.ankle_dps, *self._follow(frames, window, lead, verdict)])

    def _window(self) -> _Window:
        frames = np.concatenate(self._recent)
        expected = self._settings.window_s * TICK_RATE_HZ / _FRAME_TICKS
        return _Window(*_low_and_middle(frames, _KNOWN * expected), *self._turning(_KNOWN * expected))

    def _turning(self, fewest: float) -> tuple[float, float]:
        """The ankle's angle, deg, and how fast it turned on the average, deg/s; NaN from fewer frames."""
        known = [deg for second in self._ankle for deg in second if math.isfinite(deg)]
        if len(known) < fewest:
            return math.nan, math.nan
        moved_deg = sum(abs(after - before) for before, after in itertools.pairwise(known))
        return known[-1], moved_deg / (len(known) - 1) / (_FRAME_TICKS * TICK_S)

    def _remember_rest(self, contracting: list[float], window: _Window) -> None:
        still_short = window.ankle_dps <= self._settings.still_dps and window.ankle_deg <= self._short_deg
        rests = len(contracting) > 0 and not any(contracting)  # the unknown is no rest
        self._rested_short = still_short and (self._rested_short or rests)

    def _heads(self, window: _Window) -> _Heads | None:
        """The channel that is most at work, and how far it stands out of the others, whose hum may be muscle."""
        levels = list(zip(window.low, self.levels.rest, self.levels.strong, strict=True))
        efforts = [self._effort(*each) for each in levels]
        known = [effort for effort in efforts if math.isfinite(effort)]
        if not known:
            return None
        effort = max(known)
        lead = efforts.index(effort)
        hum = np.maximum.reduce(self._hums)
        humming = list(efforts)
        if hum.any():
            hums = (self._settings.silent_hum * hum).tolist()
            humming = [self._effort(*level, each) for level, each in zip(levels, hums, strict=True)]
        del humming[lead]
        silent = min(filter(math.isfinite, humming), default=math.nan)
        low, rest, _ = levels[lead]
        return _Heads(lead, low / rest, effort, 20 * math.log10(effort / silent), silent, low / window.middle[lead])

    def _effort(self, low: float, rest: float, strong: float, hum: float = 0.0) -> float:
        """Of its own strong contraction, without its rest; NaN = unknown, or no contraction stands out of its rest."""
        if not (math.isfinite(low) and strong >= self._settings.rest_ratio * rest):
            return math.nan
        return math.sqrt(max(low**2 + hum - rest**2, (0.5 * rest) ** 2)) / strong

    def _verdict(self, window: _Window, heads: _Heads | None) -> Verdict:
        """Whether there is a sustained contraction, and why it is a cramp, if it is."""
        settings, pauseless_s, self._pauseless_s = self._settings, self._pauseless_s, 0.0
        self._since_hum_s += 1.0
        if heads is None or heads.above_rest < settings.rest_ratio or heads.effort < settings.effort_least:
            return Verdict.NOTHING
        if heads.steadiness > settings.steady_most or self.hum_changed_s[heads.lead] < settings.window_s:
            self._since_hum_s = 0.0
            return Verdict.NOTHING
        if heads.steadiness < settings.steady_least:
            return Verdict.NOTHING
        if heads.stands_out_db >= settings.heads_db and heads.quietest < settings.effort_least:
            return Verdict.ONE_HEAD
        if window.ankle_dps >= settings.gait_dps and heads.effort >= settings.gait_effort:
            self._pauseless_s = pauseless_s + 1.0
            if self._pauseless_s >= settings.gait_hold_s and self._since_hum_s >= settings.window_s:
                return Verdict.NO_PAUSE
        return Verdict.FROM_REST if self._rested_short else Verdict.ASK

    def _follow(
        self, frames: Floats, window: _Window, lead: int | None, verdict: Verdict
    ) -> tuple[float, float, float, float]:
        """How far the contraction that is watched has gone: see `Episode.push`. None is watched: long gone."""
        other = self._episode is not None and verdict.cramp and lead != self._episode.lead
        if verdict and lead is not None and (self._episode is None or other):
            lows = [float(_quantile(frames[:, lead], 0.1)) for frames in self._minute]
            rest_uv = float(_quantile(np.array(lows), 0.2))
            self._episode = Episode(lead, rest_uv, window.ankle_deg, self._settings)
        watched = self._episode
        if watched is None:
            return 0.0, math.nan, math.nan, self._settings.came_back_s
        told = watched.push(frames[:, watched.lead], window.middle[watched.lead], window.ankle_deg, bool(verdict))
        if watched.over:
            self._episode = None
        return told


def _rms(power: Floats) -> Floats:
    """RMS of each frame, (n, C), NaN where it is mostly unknown. power : mean squares of its ticks, (n, ticks, C)."""
    total = np.add.reduce(power, axis=1)
    if math.isfinite(np.add.reduce(total, axis=None)):
        return np.sqrt(total / power.shape[1])
    known = np.isfinite(power)
    n_known = known.sum(axis=1)
    mean = np.where(known, power, 0.0).sum(axis=1) / np.maximum(n_known, 1)
    return np.where(2 * n_known > power.shape[1], np.sqrt(mean), np.nan)


def _low_and_middle(frames: Floats, fewest: float) -> tuple[list[float], list[float]]:
    """10th percentile and median of each column (n, C), of the rows that all know; NaN for one with fewer known."""
    if len(frames) >= fewest and math.isfinite(np.add.reduce(frames, axis=None)):
        low, middle = quantiles(frames, 0.1, 0.5)
        return low.tolist(), middle.tolist()
    enough = np.isfinite(frames).sum(axis=0) >= fewest
    out = np.full((2, frames.shape[1]), math.nan)
    both = frames[np.isfinite(frames[:, enough]).all(axis=1)]  # channels are compared at the same instants
    if len(both):
        out[:, enough] = quantiles(both[:, enough], 0.1, 0.5)
    low, middle = out.tolist()
    return low, middle


def _quantile(values: Floats, share: float) -> float:
    """Of the known values, NaN where there are none."""
    known = values[np.isfinite(values)]
    return float(quantiles(known, share)[0]) if len(known) else math.nan


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
