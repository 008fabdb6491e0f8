"""EMG at motor-unit level: every impulse of every unit, each with its potential at every electrode pair."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.motor_units import CELL_S, Discharges
from monitor.simulation.muap import REACH_MM, STEP_MM
from monitor.simulation.muscle import MuscleUnits, muscles_of
from monitor.simulation.rows import Row

Floats = NDArray[np.float64]
Impulses = tuple[NDArray[np.int64], Floats]

_PAGE_S = 4.0
_MADE_AT_HZ = 900.0  # what is sampled less often is made faster than this and thinned out after a low-pass
_SLOWEST = 0.45  # spectral scale that the margins of a page allow for
_GRID_S = 0.004  # courses are asked for so often
_KNOTS = round(CELL_S / _GRID_S) + 1
_AT_ONCE = 512
_HELD_CELLS = 4
_TAPS = 32  # half length of the low-pass in samples of the result


class UnitLevel:
    """Pages of EMG for rows of one leg at a sampling rate, like SpectrumLevel.

    key : of the random numbers of all impulses. The impulses depend on neither the rows nor the sampling rate.
    Memory: the impulses of a few seconds and one page.
    """

    def __init__(self, rows: tuple[Row, ...], rate_hz: float, key: NDArray[np.uint64]) -> None:
        self._n_rows = len(rows)
        self._finer = max(1, int(np.ceil(_MADE_AT_HZ / rate_hz)))
        self._rate_hz = rate_hz
        self.page_samples = max(1, round(_PAGE_S * rate_hz))
        self._muscles = muscles_of(rows, key)
        self._trains = [(muscle, Train(muscle, each)) for muscle in self._muscles for each in muscle.discharges]

    def page(self, number: int) -> Floats:
        """Page number k: samples k * page_samples and on, (page_samples, n_rows) uV."""
        margin = _TAPS if self._finer > 1 else 0
        first, n_samples = number * self.page_samples - margin, self.page_samples + 2 * margin
        span = _Span(first / self._rate_hz, n_samples * self._finer, self._rate_hz * self._finer)
        made = np.zeros((span.n_samples, self._n_rows))
        for muscle, train in self._trains:
            units, instants_s = train.between(span.start_s, span.end_s)
            if len(units):
                for place, (column, _) in enumerate(muscle.rows):
                    made[:, column] += _played(muscle, place, units, instants_s, span)
        return _thinned(made, self._finer) if margin else made

    def densities(self, freq_hz: Floats, time_s: float) -> Floats:
        """Expected power density of the rows at an instant, as if that state lasted: (n_rows, n_freq) uV^2/Hz.

        Exact for lasting states, for all frequencies above 0 and well below half the rate: impulses of different units
        are independent, so powers add up; a unit's is |potential|^2 times the spectrum of its impulses.
        """
        found = np.empty((self._n_rows, len(freq_hz)))
        for muscle in self._muscles:
            for place, (column, _) in enumerate(muscle.rows):
                found[column] = muscle.density(place, freq_hz, time_s)
        return found


class Train:
    """The impulses of one kind of discharges in one muscle; holds a few cells."""

    def __init__(self, muscle: MuscleUnits, discharges: Discharges) -> None:
        self._muscle = muscle
        self._discharges = discharges
        self._reach_s = muscle.reach_s / _SLOWEST
        self._held: OrderedDict[int, Impulses] = OrderedDict()

    def between(self, start_s: float, end_s: float) -> Impulses:
        """Units and instants of all impulses whose potentials can reach into a span of time."""
        early_s, late_s = start_s - self._reach_s, end_s + self._reach_s
        cells = range(max(0, int(early_s // CELL_S)), int(late_s // CELL_S) + 1)
        drawn = [self._cell(number) for number in cells]
        units, instants_s = (np.concatenate(part) for part in zip(*drawn, strict=True))
        near = (instants_s > early_s) & (instants_s < late_s)
        return units[near], instants_s[near]

    def _cell(self, number: int) -> Impulses:
        if number not in self._held:
            time_s = CELL_S * (number + np.linspace(0.0, 1.0, _KNOTS))
            self._held[number] = self._discharges.cell(number, time_s, self._muscle.level(self._discharges, time_s))
            if len(self._held) > _HELD_CELLS:
                self._held.popitem(last=False)
        return self._held[number]


@dataclass(frozen=True, slots=True)
class _Span:
    """The samples to make."""

    start_s: float
    n_samples: int
    rate_hz: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.n_samples / self.rate_hz


def _played(muscle: MuscleUnits, place: int, units: NDArray[np.int64], instants_s: Floats, span: _Span) -> Floats:
    """The sum of all potentials in one row."""
    _, row = muscle.rows[place]
    knots = np.arange(np.floor(instants_s.min() / _GRID_S), np.ceil(instants_s.max() / _GRID_S) + 1) * _GRID_S
    scale, loudness = (np.interp(instants_s, knots, curve(knots)) for curve in (row.scale, row.loudness))
    speed_mm_s = muscle.speed_mm_s(place)[units] * scale
    centre = (instants_s - span.start_s + row.place.along_mm / speed_mm_s) * span.rate_hz
    step = speed_mm_s / (span.rate_hz * STEP_MM)
    height = muscle.gain(place) * np.sqrt(scale) * loudness
    return _sum(muscle.table(place), units, centre, step, height, span.n_samples)


def _sum(
    table: Floats, units: NDArray[np.int64], centre: Floats, step: Floats, height: Floats, n_samples: int
) -> Floats:
    """Potentials added up, each in straight lines between its table's points.

    table : (n_units, n_points), ends 0; centre : sample, not whole, where the middle of the potential passes
    step : table points per sample
    """
    n_points = table.shape[1]
    width = int(2.0 * REACH_MM / STEP_MM / step.min()) + 2
    begin = np.ceil(centre - REACH_MM / STEP_MM / step).astype(np.int64)
    kept = (begin > -width) & (begin < n_samples)
    padded = np.zeros(n_samples + 2 * width)
    flat, rises = table.ravel(), np.diff(table, axis=1, append=0.0).ravel()
    for at in np.array_split(np.flatnonzero(kept), max(1, kept.sum() // _AT_ONCE)):
        offset = (begin[at] - centre[at]) * step[at] + REACH_MM / STEP_MM
        point = np.minimum(offset[:, None] + step[at, None] * np.arange(width), n_points - 1.0)
        below = point.astype(np.int64)
        point -= below
        below += units[at, None] * n_points
        heights = (flat[below] + point * rises[below]) * height[at, None]
        samples = (begin[at] + width)[:, None] + np.arange(width)
        padded += np.bincount(samples.ravel(), heights.ravel(), len(padded))
    return padded[width:-width]


def _thinned(made: Floats, finer: int) -> Floats:
    """Every finer-th sample after a low-pass at the new half rate; _TAPS samples of the result fall off each end."""
    x = np.arange(-_TAPS * finer, _TAPS * finer + 1) / finer
    taps = 0.94 * np.sinc(0.94 * x) * (0.5 + 0.5 * np.cos(np.pi * x / _TAPS)) / finer
    windows = np.lib.stride_tricks.sliding_window_view(made, len(taps), axis=0)[::finer]
    return np.einsum("nrt,t->nr", windows, taps)[: len(made) // finer - 2 * _TAPS]
