"""Involuntary activity of the calf: single twitches and cramps.

Twitches: single motor-unit potentials of 0.1-0.5 mV, 8-15 ms long, 0.2-1.5 a minute in healthy rest and up to 30 a
minute before a cramp (assumed; a pre-cramp state with twitching: Miller et al. 2022, J. Athl. Train. 57:5-15).
Cramp: one head alone, unmodulated by movement (Ross & Thomas 1995, Brain 118:983-993); a stretch first raises the
activity for about a second, then ends it. Levels and time constants are assumed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.noise import generator, key_of
from monitor.simulation.scenario import CrampPlan, LegPlan
from monitor.team import LegSide

Floats = NDArray[np.float64]
_CELL_S = 10.0
_REFRACTORY_S = 0.3
_QUIET_MARGIN_S = 0.25
_STRETCH_RISE = 0.4
_STRETCH_RISE_S = 1.2
_DECAY_S = 1.0


class Twitches:
    """Single twitches of GM while the calf is at rest, drawn per 10 s of session time.

    at_rest : says for instants whether nothing else (movement, cramp) is going on there
    """

    def __init__(self, plan: LegPlan, leg: LegSide, seed: int, at_rest: Callable[[Floats], NDArray[np.bool_]]) -> None:
        self._times_s, self._rates = map(np.array, zip(*plan.twitches_per_min, strict=True))
        self._key = key_of(seed, leg, "twitches")
        self._at_rest = at_rest

    def between(self, start_s: float, until_s: float) -> tuple[Floats, Floats]:
        """Instants of the twitches' centres in start_s <= time < until_s, and their peaks in uV (signed)."""
        cells = range(max(0, int(start_s // _CELL_S)), int(until_s // _CELL_S) + 1)
        drawn = [self._cell(number) for number in cells]
        times_s, peaks_uv = (np.concatenate(part) for part in zip(*drawn, strict=True))
        inside = (times_s >= start_s) & (times_s < until_s)
        return times_s[inside], peaks_uv[inside]

    def _cell(self, number: int) -> tuple[Floats, Floats]:
        rng = generator(self._key, number)
        most_per_min = float(self._rates.max())
        n = rng.poisson(most_per_min * _CELL_S / 60.0)
        times_s = _CELL_S * number + np.sort(rng.uniform(0.0, _CELL_S - _REFRACTORY_S, n))
        peaks_uv = np.exp(rng.uniform(np.log(120.0), np.log(500.0), n)) * rng.choice([-1.0, 1.0], n)
        chance = np.interp(times_s, self._times_s, self._rates) / most_per_min if n else times_s
        kept = (rng.uniform(size=n) < chance) & self._still(times_s)
        kept[kept] = np.diff(times_s[kept], prepend=-np.inf) >= _REFRACTORY_S
        return times_s[kept], peaks_uv[kept]

    def _still(self, times_s: Floats) -> NDArray[np.bool_]:
        around_s = times_s[:, None] + np.linspace(-_QUIET_MARGIN_S, _QUIET_MARGIN_S, 5)
        return np.all(self._at_rest(around_s.ravel()).reshape(around_s.shape), axis=1)


def potential(time_s: Floats, scale: Floats) -> Floats:
    """A motor-unit potential between two electrodes, peak 1, centred on 0; a scale below 1 makes it longer.

    A Hermite-Rodriguez function minus its copy delayed by the way between the electrodes (20 mm at 4 m/s); Lo Conte,
    Merletti & Sandri 1994, IEEE Trans. Biomed. Eng. 41:1147-1159.
    """
    width_s, delay_s = 0.0022, 0.005
    early = (time_s * scale + delay_s / 2) / width_s
    late = (time_s * scale - delay_s / 2) / width_s
    half = 0.5 * delay_s / width_s
    return (early * np.exp(-(early**2)) - late * np.exp(-(late**2))) / (2.0 * half * np.exp(-(half**2)))


@dataclass(frozen=True, slots=True)
class Cramp:
    """One cramp's course: a smooth rise, a plateau with a slow common modulation, a stretch and its decay."""

    plan: CrampPlan

    def level(self, time_s: Floats) -> Floats:
        """RMS of the discharge as a fraction of the largest voluntary RMS."""
        wave = 1.0 + 0.08 * np.sin(2 * np.pi * 1.4 * time_s)
        return self.plan.plateau * wave * self.envelope(time_s)

    def envelope(self, time_s: Floats) -> Floats:
        """The level without its modulation, 1 = plateau."""
        x = np.clip((time_s - self.plan.onset_s) / self.plan.rise_s, 0.0, 1.0)
        after_s = np.maximum(time_s - self.plan.stretch_s, 0.0)
        bump = _STRETCH_RISE * np.clip(after_s / (0.5 * _STRETCH_RISE_S), 0.0, 1.0)
        decay = np.exp(-np.maximum(after_s - _STRETCH_RISE_S, 0.0) / _DECAY_S)
        return x**2 * (3.0 - 2.0 * x) * (1.0 + bump) * decay

    @property
    def start_s(self) -> float:
        """The discharge has reached half of its plateau."""
        return self.plan.onset_s + 0.5 * self.plan.rise_s

    @property
    def end_s(self) -> float:
        """The discharge has fallen below half of its plateau."""
        return self.below_s(0.5)

    def below_s(self, fraction: float) -> float:
        """When the discharge, stretched, falls below a fraction of its plateau."""
        return self.plan.stretch_s + _STRETCH_RISE_S + _DECAY_S * float(np.log((1.0 + _STRETCH_RISE) / fraction))
