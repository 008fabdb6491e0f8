"""How the baseline comes about: frames are gathered, fitted, fitted again until it is frozen, or as a person orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from monitor.breaks import Breaks
from monitor.fatigue.baseline import Fit, Sums, covariates, fit
from monitor.fatigue.recent import RecentSums
from monitor.settings import BaselineSettings

_EFFORT_FRAMES = 50  # the zero of the effort is the mean of the first frames


@dataclass(frozen=True, slots=True)
class Rows:
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

    def where(self, rows: NDArray[np.bool_]) -> Rows:
        """Some of them."""
        return self if rows.all() else Rows(*(getattr(self, name)[rows] for name in self.__slots__))

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """All of them in order."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


class Learner:
    """One leg's baseline. fit : as it is now, None = not usable yet; origin_s : when its session began, None = not yet.

    score : the bins of the score; frequency_hz : of all bins; stored : of an earlier session, which is not learnt over.
    corner_hz : where the sensor's own band ends, None = beyond what is looked at.
    Its clock stands still in breaks: `origin_s` and the baseline's nuisance of time are on it.
    """

    def __init__(
        self,
        n_channels: int,
        score: NDArray[np.int64],
        frequency_hz: NDArray[np.float64],
        settings: BaselineSettings,
        stored: Fit | None = None,
        origin_s: float | None = None,
        corner_hz: float | None = None,
        breaks: Breaks | None = None,
    ) -> None:
        self._corner_hz, self._breaks = corner_hz, breaks or Breaks()
        self._n_channels, self._score, self._hz, self._settings = n_channels, score, frequency_hz, settings
        self.fit, self._frozen, self.origin_s = stored, stored is not None, origin_s
        self._effort_zero = None if stored is None else stored.effort_zero
        self._sums = self._no_sums()
        self._waiting: list[tuple[Rows, float]] = []  # until the zero of the effort is known; breaks before them, s
        self._recent: RecentSums[Rows] = RecentSums(
            lambda parts: self._add(self._no_sums(), Rows.joined(parts), 0.0), settings.recent_s
        )
        self._last_fit_s = -np.inf

    def _no_sums(self) -> Sums:
        return Sums(self._n_channels, len(self._score), len(self._hz))

    @property
    def begun(self) -> bool:
        """Whether its bins are chosen for good."""
        return bool(self._frozen or self._waiting or self._sums.n_frames)

    @property
    def fraction(self) -> float:
        """How much of the first usable baseline is gathered, 0..1."""
        if self.fit is not None:
            return 1.0
        waiting = sum(len(rows.time_s) for rows, _ in self._waiting)
        return min(1.0, (self._sums.n_frames + waiting) / self._settings.usable_frames)

    def gather(self, rows: Rows, moved: NDArray[np.bool_]) -> None:
        """Add frames to the baseline; before the zero of the effort is known they wait. moved : (C,) not of these."""
        assert self.origin_s is not None
        age_s = rows.time_s - self._breaks.total_s - self.origin_s
        few = self._sums.n_frames < self._settings.usable_frames  # a calf that rested long is learnt later
        matched = np.isfinite(rows.angle_deg) | ~rows.angle_expected
        if self._effort_zero is not None and matched.any():
            self._recent.push(rows.where(matched))
        wanted = matched & (age_s >= self._settings.start_s) & ((age_s <= self._settings.end_s) | few)
        if self._frozen or not wanted.any():
            return
        self._waiting.append((rows.where(wanted), self._breaks.total_s))
        if self._effort_zero is None:
            efforts = np.concatenate([waiting.effort for waiting, _ in self._waiting])
            if len(efforts) < _EFFORT_FRAMES:
                return
            self._effort_zero = float(np.mean(efforts))
            for waiting, _ in self._waiting:
                self._recent.push(waiting)
        for waiting, missed_s in self._waiting:
            in_place = replace(waiting, ln_power=np.where(moved, np.nan, waiting.ln_power)) if moved.any() else waiting
            self._add(self._sums, in_place, self.origin_s + self._settings.start_s + missed_s)
        self._waiting = []

    def _add(self, sums: Sums, rows: Rows, start_s: float) -> Sums:
        assert self._effort_zero is not None
        a = covariates(rows.angle_deg, rows.effort - self._effort_zero, rows.age_s, rows.time_s, start_s)
        sums.add(a, rows.logs, rows.power, rows.ln_power, rows.effort)
        return sums

    def learn(self, second: int, lines_hz: tuple[float, ...]) -> None:
        """At the start of a second, fit what those before have brought, if it is time to."""
        if self.origin_s is None or self._frozen or self._effort_zero is None:
            return
        due = self.fit is None or second - self._last_fit_s >= self._settings.refit_s
        enough = self._sums.n_frames >= self._settings.usable_frames
        still = second - self._breaks.total_s - self.origin_s <= self._settings.freeze_s
        if due and enough and (still or self.fit is None):
            self.fit = fit(
                self._sums, self._score, self._hz, self._effort_zero, self._settings, lines_hz, self._corner_hz
            )
            self._last_fit_s = second

    def freeze(self) -> bool:
        """Keep the baseline as it is for the rest of the session; False = there is none yet."""
        self._frozen = self._frozen or self.fit is not None
        return self._frozen

    def recent_frames(self, second: int) -> int:
        """Frames that a fit from the last minutes would rest on."""
        return self._recent.n_frames(second)

    def refit(self, second: int, lines_hz: tuple[float, ...]) -> bool:
        """Fit again from the last `recent_s`, for the rest of the session; False = too few frames there.

        What is read from now on is against the start of that time.
        """
        sums = self._recent.sums(second)
        if sums is None or sums.n_frames < self._settings.usable_frames or self._effort_zero is None:
            return False
        self.fit = fit(sums, self._score, self._hz, self._effort_zero, self._settings, lines_hz, self._corner_hz)
        self._frozen = True
        return True

    def forget(self, channels: NDArray[np.bool_]) -> None:
        """What these channels have said so far teaches no more."""
        for channel in np.flatnonzero(channels).tolist():
            self._sums.forget(channel)
            self._recent.forget(channel)
