"""Does the calf let go later than it did? How contractions die away, against earlier ones of the same kind.

Source: the rule is that of the Crampwatch detector study, where late relaxation was the most specific sign.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from monitor.breaks import Breaks
from monitor.chunk import Channel, Stream
from monitor.contraction.levels import smoothed
from monitor.grid import TICK_RATE_HZ, TICK_S
from monitor.per_second import PerSecond
from monitor.settings import BaselineSettings, SignSettings

_DURATION_S = (0.22, 0.34, 0.6, 1.2)  # edges of the kinds
_ANGLE_DEG = (-20.0, -10.0, -2.0, 6.0)
_LOOK_TICKS = 75  # what takes longer to die away has not relaxed
_MAD = 1.4826  # sd of a normal distribution over its median absolute deviation
Kind = tuple[int, int, bool]  # duration, angle (-1 = unknown), strong


@dataclass(frozen=True, slots=True)
class Relaxation:
    """How one contraction ended. angle_deg : its mean, NaN = unknown; peak : in the EMG's unit.

    duration_s : to the last amplitude above half of the peak; fall_s : from there to the first below an eighth.
    """

    duration_s: float
    angle_deg: float
    peak: float
    fall_s: float

    def kind(self, usual_peak: float) -> Kind:
        """Contractions of one kind can be compared."""
        angle = bisect(_ANGLE_DEG, self.angle_deg) if math.isfinite(self.angle_deg) else -1
        return bisect(_DURATION_S, self.duration_s), angle, self.peak > usual_peak


@dataclass(frozen=True, slots=True)
class RelaxationBaseline:
    """How this calf lets go when it is fresh. kinds : median and sd of ln fall; usual_peak : tells weak from strong."""

    usual_peak: float
    kinds: Mapping[Kind, tuple[float, float]]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a file."""
        return {"usual_peak": self.usual_peak, "kinds": [[*kind, *told] for kind, told in self.kinds.items()]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From `to_dict`. Raises: KeyError, TypeError or ValueError if it is none."""
        kinds: dict[Kind, tuple[float, float]] = {}
        for duration, angle, strong, middle, sd in data["kinds"]:
            if not (math.isfinite(middle) and sd > 0):
                raise ValueError("needs median and spread > 0")
            kinds[int(duration), int(angle), bool(strong)] = float(middle), float(sd)
        return cls(float(data["usual_peak"]), kinds)


@dataclass(slots=True)
class Falls:
    """Follows the amplitude tick by tick through each contraction and its end.

    high, low : of the peak. A contraction lasts to where it falls through `high`, or one that dies away late would be
    taken for a long one.
    """

    high: float
    low: float
    _past: deque[tuple[float, int, float, int]] = field(default_factory=lambda: deque(maxlen=_LOOK_TICKS))
    _working: bool = False
    _open: bool = False  # a contraction whose end has not been seen
    _ticks: int = 0
    _angles: float = 0.0
    _known: int = 0
    _peak: float = 0.0

    @property
    def follows(self) -> bool:
        """There is a contraction, or one whose end has not been seen; else ticks without contraction say nothing."""
        return self._working or self._open

    def push(self, amplitude: float, active: float, angle_deg: float) -> Relaxation | None:
        """The next tick; gives the contraction that has died away in it."""
        if active == 1 and not self._working:
            self._past.clear()
            self._open, self._ticks, self._angles, self._known, self._peak = True, 0, 0.0, 0, 0.0
        self._working = active == 1
        if not self._open:
            return None
        self._ticks += 1
        if math.isfinite(angle_deg):
            self._angles += angle_deg
            self._known += 1
        self._past.append((amplitude, self._ticks, self._angles, self._known))
        if not self._working:
            return self._end(amplitude)
        self._peak = max(self._peak, amplitude)
        return None

    def _end(self, amplitude: float) -> Relaxation | None:
        self._open = amplitude >= self.low * self._peak  # not where lost
        return self._relaxation() if amplitude < self.low * self._peak else None

    def _relaxation(self) -> Relaxation | None:
        """Between the ticks an amplitude is taken to fall exponentially. None = too long, or interrupted."""
        past = [amplitude for amplitude, *_ in self._past]
        high, low = self.high * self._peak, self.low * self._peak
        last = next((i for i in range(len(past) - 1, -1, -1) if not past[i] <= high), None)
        if last is None or not math.isfinite(past[last]):
            return None
        first = next(i for i in range(last + 1, len(past)) if not past[i] >= low)
        begun, ended = _passing(past[last], past[last + 1], high), _passing(past[first - 1], past[first], low)
        fall_s = max(first - 1 - last + ended - begun, 0.1) * TICK_S
        _, ticks, angles, known = self._past[last]
        return Relaxation(ticks * TICK_S, angles / known if known else math.nan, self._peak, fall_s)


def _passing(before: float, after: float, level: float) -> float:
    """Where between two ticks (0..1) the amplitude passes a level."""
    return math.log(before / level) / math.log(before / after) if after > 0 else 1.0


def relaxation_input(source_id: str) -> Stream:
    """Per tick: amplitude of the calf (in the EMG's unit), contraction (1, 0, NaN = lost), ankle angle (deg)."""
    channels = (Channel("amplitude", ""), Channel("contraction", ""), Channel("ankle", "deg"))
    return Stream("amplitude", TICK_RATE_HZ, channels, source_id)


class LateRelaxation(PerSecond):
    """How late the last contractions relaxed, in standard deviations of their own kind's baseline.

    Output at 1 Hz: z (NaN = no baseline, or no contraction of a known kind lately), and of how many contractions.
    Kinds that the baseline does not know are ignored; without new contractions the last z fades, then is forgotten.
    The baseline is that of the first 330 s without breaks, at least `relaxation_least` of a kind, or a stored one.
    """

    def __init__(
        self,
        source: Stream,
        settings: SignSettings,
        baseline: BaselineSettings,
        stored: RelaxationBaseline | None = None,
        breaks: Breaks | None = None,
    ) -> None:
        self._settings, self._window, self._stored = settings, baseline, stored
        self._breaks = breaks or Breaks()
        super().__init__(source, Stream("relaxation", 1.0, (Channel("z", "sd"), Channel("of", "")), source.source_id))

    def reset(self) -> None:
        """Forget the past."""
        super().reset()
        self._falls = Falls(self._settings.relaxation_high, self._settings.relaxation_low)
        self._before = math.nan  # amplitude of the tick before
        self._age_s = 0
        self._early: list[Relaxation] = []
        self.baseline = self._stored
        self._recent: deque[float] = deque(maxlen=round(self._settings.relaxation_recent))
        self._z = math.nan
        self._idle_s = 0  # since the last contraction of a known kind

    def freeze(self) -> None:
        """Keep the baseline as it is, as far as it has come."""
        if self.baseline is None:
            self.baseline = self._learnt()

    def _second(self, rows: NDArray[np.float64]) -> tuple[float, float]:
        self._age_s += 1
        found = self._falls_in(rows) if self._falls.follows or (rows[:, 1] == 1).any() else []
        self._before = float(rows[-1, 0])
        if self.baseline is None:
            self._early += found
            if self._age_s - self._breaks.total_s >= self._window.end_s:
                self.baseline = self._learnt()
            return math.nan, 0.0
        return self._follow([z for fall in found if (z := self._z_of(fall)) is not None])

    def _falls_in(self, rows: NDArray[np.float64]) -> list[Relaxation]:
        """The contractions that died away in these ticks."""
        amplitude = smoothed(rows[:, 0], self._before).tolist()
        fallen = map(self._falls.push, amplitude, rows[:, 1].tolist(), rows[:, 2].tolist())
        shortest_s = self._settings.shortest_contraction_s
        return [fall for fall in fallen if fall is not None and fall.duration_s >= shortest_s]

    def _learnt(self) -> RelaxationBaseline:
        """The baseline is over: each kind that was seen often enough gets its own."""
        usual_peak = median(fall.peak for fall in self._early) if self._early else 0.0
        kinds: dict[Kind, list[float]] = defaultdict(list)
        for fall in self._early:
            kinds[fall.kind(usual_peak)].append(math.log(fall.fall_s))
        told: dict[Kind, tuple[float, float]] = {}
        for kind, logs in kinds.items():
            if len(logs) >= self._settings.relaxation_least:
                middle = median(logs)
                spread = _MAD * median(abs(each - middle) for each in logs)
                told[kind] = middle, max(spread, self._settings.relaxation_spread)
        self._early = []
        return RelaxationBaseline(usual_peak, told)

    def _z_of(self, fall: Relaxation) -> float | None:
        known = self.baseline.kinds.get(fall.kind(self.baseline.usual_peak)) if self.baseline is not None else None
        if known is None:
            return None
        z = (math.log(fall.fall_s) - known[0]) / known[1]
        return min(max(z, -self._settings.relaxation_most), self._settings.relaxation_most)

    def _follow(self, news: Sequence[float]) -> tuple[float, float]:
        self._recent.extend(news)
        self._idle_s = 0 if news else self._idle_s + 1
        if self._idle_s >= self._settings.relaxation_memory_s:
            self._recent.clear()
            self._z = math.nan
        if len(self._recent) < self._settings.relaxation_recent / 3:
            return math.nan, float(len(self._recent))
        aim = sum(self._recent) / len(self._recent)
        if not math.isfinite(self._z):
            self._z = aim
        elif news or self._idle_s < self._settings.relaxation_smooth_s:
            self._z += (aim - self._z) * (1 - math.exp(-1 / self._settings.relaxation_smooth_s))
        else:
            self._z *= math.exp(-1 / self._settings.relaxation_memory_s)
        return self._z, float(len(self._recent))
