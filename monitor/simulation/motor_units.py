"""A pool of motor units: who fires at which effort, how fast and how regularly.

Recruitment thresholds rise exponentially, rates rise with the effort, small units reach higher rates than large ones;
form and numbers after Fuglevand et al. 1993, J. Neurophysiol. 70:2470-2488, as public models code them: range of
thresholds 30, lowest rate 8/s, highest 35 - 10 * threshold / largest threshold, irregularity .15. In a cramp rates of 6
to 25/s and intervals of 45 % irregularity over a unit's whole activity, .40 at a constant rate (Minetto et al. 2009,
abductor hallucis; `monitor.simulation.realism` measures it). Assumed: 240 units instead of some 580, and a soft
threshold (a unit near its threshold fires now and then). Not modelled: doublets, synchronised impulses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.noise import generator

Floats = NDArray[np.float64]

CELL_S = 4.0
N_UNITS = 240
VOLUNTARY_CV, CRAMP_CV = 0.15, 0.40
_RANGE = 30.0
_LOWEST_PER_S, _HIGHEST_PER_S, _SLOWER_PER_S = 8.0, 35.0, 10.0
_CRAMP_RATES_PER_S = 6.0, 25.0
_CRAMP_BEGINS, _CRAMP_RISES = 0.02, 0.1  # excitation over which a unit comes to the lowest and the highest rate; fitted
_SOFT = 0.06  # width of a threshold, as a fraction of it
_DRAWN = int(1.6 * CELL_S * _HIGHEST_PER_S) + 24  # intervals per unit and cell: more than ever fit
_TABLE = 1024


@dataclass(frozen=True, slots=True)
class RateLaw:
    """Thresholds and rates of the units, by size. excitation: in units of the smallest threshold.

    highest_per_s : rate that the smallest unit reaches; the soleus reaches lower rates than gastrocnemius
    """

    n_units: int = N_UNITS
    highest_per_s: float = _HIGHEST_PER_S

    @property
    def thresholds(self) -> Floats:
        """Excitation at which each unit begins to fire."""
        return np.exp(np.log(_RANGE) * np.arange(1, self.n_units + 1) / self.n_units)

    @property
    def largest(self) -> float:
        """Excitation at which the last unit fires at its highest rate."""
        return _RANGE + self.highest_per_s - _SLOWER_PER_S - _LOWEST_PER_S

    def rates_per_s(self, excitation: Floats) -> Floats:
        """(n_units, n): impulses per second of each unit."""
        thresholds = self.thresholds[:, None]
        above = excitation[None, :] - thresholds
        begun = np.clip(1.0 + above / (_SOFT * thresholds), 0.0, 1.0)
        highest = self.highest_per_s - _SLOWER_PER_S * thresholds / _RANGE
        return np.minimum(_LOWEST_PER_S * begun + np.maximum(above, 0.0), highest)


@dataclass(frozen=True, slots=True)
class CrampLaw:
    """A cramp takes units one after the other, in the order of `order`, whatever their size.

    Rates rise from 6 to 25 impulses a second behind its front. excitation: 0..1.
    """

    order: NDArray[np.int64]

    @property
    def largest(self) -> float:
        """All units at the highest rate."""
        return 1.0

    def rates_per_s(self, excitation: Floats) -> Floats:
        """(n_units, n): impulses per second of each unit, in the pool's order."""
        thresholds = np.empty(len(self.order))
        thresholds[self.order] = np.linspace(0.0, 0.88, len(self.order))
        above = excitation[None, :] - thresholds[:, None]
        lowest, highest = _CRAMP_RATES_PER_S
        begun = np.clip(above / _CRAMP_BEGINS, 0.0, 1.0)
        return lowest * begun + (highest - lowest) * np.clip((above - _CRAMP_BEGINS) / _CRAMP_RISES, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Discharges:
    """When the units of a pool fire: gamma-distributed intervals in a time that runs as fast as each unit's rate.

    law : rates by excitation; power : each unit's share of the EMG's power per impulse, at the reference electrodes
    irregularity : coefficient of variation of the intervals
    key : of the random numbers
    Each cell of CELL_S seconds is drawn by itself, in equilibrium, so that any stretch of time can be made alone. At
    the seams one interval of each unit is the sum of two incomplete ones; within a cell the process is stationary at
    constant rate, with an exactly known spectrum (`regularity`).
    """

    law: RateLaw | CrampLaw
    power: Floats
    irregularity: float
    key: NDArray[np.uint64]
    largest_power: float = field(init=False)
    _levels: Floats = field(init=False)
    _excitations: Floats = field(init=False)

    def __post_init__(self) -> None:
        excitations = self.law.largest * np.linspace(0.0, 1.0, _TABLE) ** 2
        power = self.power @ self.law.rates_per_s(excitations)
        object.__setattr__(self, "largest_power", float(power[-1]))
        object.__setattr__(self, "_excitations", excitations)
        object.__setattr__(self, "_levels", np.sqrt(power / power[-1]))

    def rates_per_s(self, level: Floats) -> Floats:
        """(n_units, n): rates at which the RMS at the reference electrodes is `level` of its largest, 0..1."""
        return self.law.rates_per_s(np.interp(level, self._levels, self._excitations))

    def cell(self, number: int, time_s: Floats, level: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Units and instants of all impulses in the cell, in the order of the units.

        time_s, level : course of the level over the cell, from its first to its last instant, straight in between
        """
        rates = self.rates_per_s(level)
        steps = 0.5 * (rates[:, 1:] + rates[:, :-1]) * np.diff(time_s)
        passed = np.concatenate([np.zeros((len(rates), 1)), np.cumsum(steps, axis=1)], axis=1)
        due = self._intervals(number)
        units, places = np.nonzero(due < passed[:, -1:])
        apart = (_DRAWN + 1.0) * 4.0  # every unit gets its own stretch of one long axis
        shift = apart * np.arange(len(rates))[:, None]
        instants_s = np.interp(
            (due + shift)[units, places], (passed + shift).ravel(), np.broadcast_to(time_s, passed.shape).ravel()
        )
        return units, instants_s

    def regularity(self, freq_hz: Floats, rates_per_s: Floats) -> Floats:
        """(n_units, n_freq): spectrum of a unit's impulses against those of the same rate at random (1 = Poisson).

        |H(f)|^2 * rate * regularity is the spectrum of the unit's potentials H (Campbell's theorem and its extension
        to renewal processes); exact for gamma intervals.
        """
        shape = self.irregularity**-2
        turning = 2j * np.pi * freq_hz[None, :] / np.maximum(rates_per_s[:, None], 1e-9)
        characteristic = (1.0 + turning / shape) ** -shape
        return (1.0 - np.abs(characteristic) ** 2) / np.abs(1.0 - characteristic) ** 2

    def _intervals(self, number: int) -> Floats:
        """(n_units, _DRAWN): impulses since the cell's beginning, in mean intervals; the first is met in its middle."""
        shape = self.irregularity**-2
        rng = generator(self.key, number)
        n_units = len(self.power)
        met = rng.standard_gamma(shape + 1.0, n_units) * rng.uniform(size=n_units)
        later = rng.standard_gamma(shape, (n_units, _DRAWN - 1))
        return np.cumsum(np.column_stack([met, later]), axis=1) / shape
