"""How the fatigue reading goes: in steps of ten seconds, how surely, how fast, and beside the amplitude.

Everything here is against the athlete's own baseline: 1 = unchanged. Intervals are 95 %.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Stream
from monitor.fatigue.slope import robust_slope
from monitor.per_second import PerSecond
from monitor.settings import AngleSettings, TrendSettings

_Z95 = 1.959964
_COLUMNS = ("reading", "frames", "level sd", "slope", "slope low", "slope high")
_BESIDE = ("amplitude", "at any effort", "lowest", "beyond", "matched")
_UNKNOWN = np.array([math.nan, 0, *[math.nan] * 4] * 2 + [math.nan] * len(_BESIDE))
_FEWEST_STEPS, _USUAL_SCATTER = 4, 0.05  # fewer steps do not tell how far they scatter; ln, as one channel (simulated)
_SECONDS_PER_MIN = 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One reading's course at one moment; NaN = unknown.

    reading: the last complete ten seconds alone, and how many frames they had; level_sd: standard error of ln level
    slope_pct_per_min with its interval: of the last five minutes, % of the baseline per minute
    """

    reading: float
    frames: int
    level_sd: float
    slope_pct_per_min: float
    slope_low: float
    slope_high: float

    def interval_of(self, level: float) -> tuple[float, float] | None:
        """The 95 % interval of a level; None = unknown."""
        if not math.isfinite(self.level_sd):
            return None
        return level * math.exp(-_Z95 * self.level_sd), level * math.exp(_Z95 * self.level_sd)


@dataclass(frozen=True, slots=True)
class CourseSecond:
    """What Course says at the end of a second; NaN = unknown.

    amplitude, at_any_effort, lowest : amplitude, unmatched spectrum and lowest level so far, against the baseline
    beyond : amplitude against the baseline's, of contractions of efforts that it does not know, where the last two
        minutes held none, or too few, that it does
    matched : the last contractions were compared at equal ankle angle (most of them), not at equal effort alone;
        None = nothing was compared yet
    """

    all: Progress
    plantarflexed: Progress
    amplitude: float
    at_any_effort: float
    lowest: float
    beyond: float
    matched: bool | None

    @classmethod
    def unknown(cls) -> CourseSecond:
        """Before anything is known."""
        return cls.from_row(_UNKNOWN)

    @classmethod
    def from_row(cls, row: NDArray[np.floating], baseline_sd: float = 0.0) -> CourseSecond:
        """From a row of the stage's output. baseline_sd : standard error of the baseline's level, ln."""
        values = [float(value) for value in row]
        n = len(_COLUMNS)
        both = [
            Progress(x[0], int(x[1]), math.hypot(x[2], baseline_sd), *x[3:]) for x in (values[:n], values[n : 2 * n])
        ]
        *beside, matched = values[2 * n :]
        return cls(both[0], both[1], *beside, matched=matched == 1 if math.isfinite(matched) else None)


class Course(PerSecond):
    """Steps of ten seconds, the level's standard error, the slope of five minutes, amplitude beside spectrum.

    compression : Stream           output of Compression
    Output at 1 Hz, see `CourseSecond`. The level's error: how far the steps scatter from one to the next, spread over
    the memory of the level, and what matching leaves.
    Sources: Theil-Sen on values of ten seconds, five minutes: sd 0.75 %/min (simulated); JASA: Luttmann et al. 1996.
    """

    def __init__(self, compression: Stream, settings: TrendSettings, angle: AngleSettings) -> None:
        channels = [Channel(f"{which} {name}", "") for which in ("all", "plantarflexed") for name in _COLUMNS]
        channels += [Channel(name, "") for name in _BESIDE]
        self._settings, self._plantarflexed_deg = settings, angle.shortened_enter_deg
        self._n_steps = round(settings.slope_s / settings.block_s)
        super().__init__(compression, Stream(f"{compression.name} course", 1.0, tuple(channels), compression.source_id))

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        self._age_s = 0
        self._sums, self._counts = np.zeros(4), np.zeros(2)  # of the open step, by column: all; the angle's is of PF
        self._matched = 0.0  # of its frames, how many with an angle
        self._steps: list[list[tuple[float, float, float]]] = [[], []]  # minutes, mean u, frames; of five minutes
        self._now: NDArray[np.float64] = np.full(
            3, math.nan
        )  # u, amplitude, u at any effort, with the memory of the level
        self._frames = 0.0
        self._lowest = math.nan
        self._passed = np.zeros(2)  # of the open step: frames of efforts beyond the baseline's, sum of ln amplitude
        n_lately = round(self._settings.stale_window_s / self._settings.block_s)
        self._lately: deque[NDArray[np.float64]] = deque(maxlen=n_lately)  # steps: frames compared, and `_passed`
        self._row = _UNKNOWN

    def _second(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        known = np.isfinite(rows[:, 0])
        if known.any():
            self._gather(rows[known])
        beyond = ~known & np.isfinite(rows[:, 2])
        self._passed += (beyond.sum(), rows[beyond, 2].sum())
        self._age_s += 1
        if self._age_s % int(self._settings.block_s) == 0:
            self._close()
        return self._row

    def _gather(self, rows: NDArray[np.float64]) -> None:
        flexed = rows[:, 1] <= self._plantarflexed_deg
        self._sums += (rows[:, 0].sum(), rows[flexed, 0].sum(), rows[:, 2].sum(), rows[:, 3].sum())
        self._counts += (len(rows), flexed.sum())
        self._matched += np.isfinite(rows[:, 1]).sum()

    def _close(self) -> None:
        """The end of a step."""
        row = np.full(len(self._row), math.nan)
        compared = float(self._counts[0])
        row[-1] = 2 * self._matched >= compared if compared else self._row[-1]  # of the last contractions, however old
        for which, steps in enumerate(self._steps):
            self._progress(steps, which, row[which * len(_COLUMNS) : (which + 1) * len(_COLUMNS)], matched=row[-1] == 1)
        if compared >= self._settings.block_frames:
            self._weigh()
        self._lately.append(np.array([compared, *self._passed]))
        row[-5:-1] = np.exp([*self._now[1:], self._lowest, self._beyond()])
        self._row = row
        self._sums, self._counts, self._matched, self._passed = np.zeros(4), np.zeros(2), 0.0, np.zeros(2)

    def _beyond(self) -> float:
        """Mean ln amplitude of the frames that were not compared; NaN where enough were, or these are too few."""
        compared, passed, amplitude = np.sum(self._lately, axis=0).tolist()
        few = self._settings.stale_frames
        return amplitude / passed if compared < few <= passed else math.nan

    def _progress(
        self, steps: list[tuple[float, float, float]], which: int, row: NDArray[np.float64], *, matched: bool
    ) -> None:
        count = self._counts[which]
        minute = self._age_s / _SECONDS_PER_MIN
        if count >= self._settings.block_frames:
            steps.append((minute, self._sums[which] / count, count))
            row[0] = math.exp(steps[-1][1])
        while steps and steps[0][0] <= minute - self._settings.slope_s / _SECONDS_PER_MIN:
            steps.pop(0)
        row[1] = count
        if steps:
            row[2] = self._level_sd(np.array(steps), matched=matched)
        if len(steps) >= self._settings.slope_blocks:
            at, u, _ = np.array(steps).T
            found = robust_slope(at, np.exp(u))
            row[3:] = math.nan if found is None else 100 * np.array(found)

    def _level_sd(self, steps: NDArray[np.float64], *, matched: bool) -> float:
        few = len(steps) < _FEWEST_STEPS
        scatter = _USUAL_SCATTER**2 if few else np.mean(np.diff(steps[:, 1]) ** 2) / 2
        forget = 1 - math.exp(-min(steps[:, 2].mean(), 100.0) / self._settings.frames_constant)
        left = self._settings.level_sd_matched if matched else self._settings.level_sd_effort
        following = 1 + self._settings.slope_gain  # what following the slope adds to the level's variance
        return math.sqrt(following * scatter * forget / (2 - forget) + left**2)

    def _weigh(self) -> None:
        """Level, amplitude and unmatched spectrum with the level's memory, and the lowest level so far."""
        now: NDArray[np.float64] = self._sums[[0, 2, 3]] / self._counts[0]
        keep = math.exp(-min(self._counts[0], 100.0) / self._settings.frames_constant)
        self._now = np.asarray(np.where(np.isfinite(self._now), keep * self._now + (1 - keep) * now, now))
        self._frames += self._counts[0]
        if self._frames >= self._settings.first_reading_frames:
            self._lowest = np.fmin(self._lowest, self._now[0])


def quadrant(amplitude: float, spectrum: float, settings: TrendSettings) -> str:
    """Amplitude against spectrum in one word; empty = unknown, or neither moved beyond its scatter.

    amplitude, spectrum : against the baseline, the spectrum at equal angle but at any effort
    Source: JASA, Luttmann et al. 1996: louder and lower = tiring, louder and higher = harder work, quieter and lower =
    easier work, quieter and higher = recovering. Where one alone moved, the other counts as unchanged.
    """
    louder, higher = _side(amplitude - 1, settings.quadrant_zone), _side(spectrum - 1, settings.quadrant_zone)
    if not (math.isfinite(amplitude) and math.isfinite(spectrum)) or not (louder or higher):
        return ""
    if louder < 0 and higher <= 0:
        return "easier"
    if louder > 0 and higher >= 0:
        return "harder"
    return "tiring" if higher < 0 else "recovering"


def _side(value: float, zone: float) -> int:
    return 1 if value > zone else -1 if value < -zone else 0


def recovered(level: float, lowest: float, settings: TrendSettings) -> float | None:
    """How much of the deepest decline is gone, 0..1; None where there was none or it is unknown."""
    if not lowest < settings.clear_level or not math.isfinite(level):
        return None
    return min(1.0, max(0.0, (level - lowest) / (1 - lowest)))
