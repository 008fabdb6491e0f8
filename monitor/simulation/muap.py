"""Motor-unit action potentials of one muscle at several electrode pairs, as shapes in space.

A unit's wave begins at its end plates, travels both ways at constant shape and speed, and ends at the tendons. All of
it depends on the way that the wave has gone, so that potential(t) = shape(speed * t): a slower fibre gives the same
shape stretched in time, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.montage import ELECTRODE_DISTANCE_MM, Muscle, Place
from monitor.simulation.noise import generator
from monitor.simulation.volume_conductor import Conductor

Floats = NDArray[np.float64]

REACH_MM = 64.0  # a potential ends so far before and behind the electrodes
STEP_MM = 0.5
_POINTS = int(2 * REACH_MM / STEP_MM)
_PADDED = 4
_RISE = 0.12  # part of each end that is brought smoothly to 0
_SIZE_RANGE = 30.0  # largest / smallest unit, number of fibres; assumed (forces in Fuglevand's pool: 100)
_SPEED_MM_S = (4300.0, 4600.0)  # smallest and largest unit, fresh; inside the 3-6 m/s accepted for gastrocnemius
_DEPTH_MM: dict[Muscle, tuple[float, float]] = {"GM": (0.5, 8.0), "GL": (0.5, 8.0), "SOL": (16.0, 24.0)}  # assumed
_HALF_WIDTH_MM: dict[Muscle, float] = {"GM": 30.0, "GL": 24.0, "SOL": 35.0}  # of the muscle, across; assumed
_FAT_MM = (1.0, 2.5)  # a lean calf; assumed. Kuiken et al. 2003 studied 3 to 18 mm
_INCLINATION_DEG = (0.0, 12.0)  # assumed
_RADIUS_MM = (5.0, 9.0)  # sd of the fibres of the smallest and largest unit; assumed
_HALF_HEIGHT_MM = 5.0  # of a unit's territory; assumed
_SCATTER_MM = 2.0  # sd of where a unit's fibres begin and end; assumed
_ENDPLATE_MM, _TENDON_MM = (5.0, 20.0), (10.0, 30.0)  # from the first electrodes, back and on; assumed
_HIGHEST_RAD_MM = 1.6  # beyond it nothing reaches the skin
_EVEN = (0.7548776662466927, 0.5698402909980532)  # steps that fill a square evenly (from the plastic number)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one muscle, ordered by size.

    depth_mm : (n_units, 2) highest and lowest fibres; across_mm, radius_mm : middle and sd of them, across
    fibres : their number, smallest unit = 1
    endplate_mm, tendon_mm : how far before and behind the electrodes its fibres begin and end
    speed_mm_s : conduction velocity, fresh
    """

    depth_mm: Floats
    across_mm: Floats
    radius_mm: Floats
    endplate_mm: Floats
    tendon_mm: Floats
    fibres: Floats
    speed_mm_s: Floats

    def distance_mm(self, across_mm: float, depth_mm: float) -> Floats:
        """How far each lies from a point in the muscle's cross-section."""
        return np.hypot(self.across_mm - across_mm, self.depth_mm.mean(axis=1) - depth_mm)


@dataclass(frozen=True, slots=True)
class Potentials:
    """Potentials of all units at each electrode pair.

    table : (n_units, n_places, n_points), a point every STEP_MM from -REACH_MM on
    known_energies : (n_units, n_places, n_turns), squares of their Fourier transforms, from 0 turns per mm on
    """

    table: Floats
    known_energies: Floats
    speed_mm_s: Floats

    def energies(self) -> Floats:
        """(n_units, n_places): integral of the square over time, fresh."""
        return np.sum(self.table**2, axis=2) * STEP_MM / self.speed_mm_s[:, None]

    def spectra(self, freq_hz: Floats, place: int, scale: float) -> Floats:
        """(n_units, n_freq): energy per Hz of each unit's potential, all speeds multiplied by scale.

        Of the potentials as they are played: straight lines between the table's points.
        """
        along = freq_hz[None, :] / (self.speed_mm_s[:, None] * scale)  # turns per mm
        known = self.known_energies[:, place]
        between = np.arange(known.shape[1]) / (_PADDED * _POINTS * STEP_MM)
        found = np.stack([np.interp(row, between, unit) for row, unit in zip(along, known, strict=True)])
        return found * np.sinc(along * STEP_MM) ** 4 / (self.speed_mm_s[:, None] * scale) ** 2


def draw_units(muscle: Muscle, n_units: int, key: NDArray[np.uint64]) -> Units:
    """A muscle's units, spread evenly over its cross-section from a random beginning, whatever their size."""
    rng = generator(key)
    size = np.arange(1, n_units + 1) / n_units
    beside, below = (np.mod(rng.uniform() + ratio * np.arange(n_units), 1.0) for ratio in _EVEN)
    shallow, deep = _DEPTH_MM[muscle]
    across_mm = (2.0 * beside - 1.0) * _HALF_WIDTH_MM[muscle]
    middle_mm = shallow + (deep - shallow) * below[:, None]
    depth_mm = np.clip(middle_mm + np.array([-_HALF_HEIGHT_MM, _HALF_HEIGHT_MM]), shallow, deep)
    slow, fast = _SPEED_MM_S
    speed_mm_s = (slow + (fast - slow) * size) * rng.uniform(0.97, 1.03, n_units)
    radius_mm = _RADIUS_MM[0] + (_RADIUS_MM[1] - _RADIUS_MM[0]) * size
    endplate_mm, tendon_mm = (rng.uniform(*edges_mm, n_units) for edges_mm in (_ENDPLATE_MM, _TENDON_MM))
    return Units(depth_mm, across_mm, radius_mm, endplate_mm, tendon_mm, _SIZE_RANGE**size, speed_mm_s)


def draw_conductor(key: NDArray[np.uint64]) -> Conductor:
    """What lies between a leg's muscles and its electrodes."""
    rng = generator(key)
    return Conductor(rng.uniform(*_FAT_MM), rng.uniform(*_INCLINATION_DEG), ELECTRODE_DISTANCE_MM)


def potentials(units: Units, conductor: Conductor, places: tuple[Place, ...]) -> Potentials:
    """The units' potentials at each place, without the way along the fibres to it (that is a delay).

    The membrane's current is d/dz(inside dV/dz), V the travelling action potential z^3 e^-z (z in mm, after Rosenfalck
    1969 as in public models) and inside 1 between end plate and tendon.
    """
    along = np.arange(_POINTS // 2 + 1, dtype=np.float64) * (2.0 * np.pi / (_POINTS * STEP_MM))
    low = along < _HIGHEST_RAD_MM
    fired = along * 1j * 6.0 / (1.0 + 1j * along) ** 4 * np.exp(-0.5 * (along * _SCATTER_MM) ** 2)
    beside_mm = units.across_mm[:, None] - np.array([place.across_mm for place in places])
    slopes = np.zeros((len(units.fibres), len(places), len(along)), dtype=np.complex128)
    slopes[..., low] = 1j * along[low] * conductor.kernels(along[low], units.depth_mm, beside_mm, units.radius_mm)
    met = np.roll(np.fft.irfft(slopes, _POINTS), _POINTS // 2, axis=-1)
    waves = np.fft.irfft(np.fft.rfft(_both_ways(met, units)) * fired, _POINTS)
    table = waves * units.fibres[:, None, None] * _ends()
    energies = np.abs(np.fft.rfft(table, _PADDED * _POINTS) * STEP_MM) ** 2
    return Potentials(table, energies, units.speed_mm_s)


def _both_ways(slopes: Floats, units: Units) -> Floats:
    """(n_units, n_places, n_points): what both waves of a unit meet, by the way of the one that passes the pair."""
    way_mm = (np.arange(_POINTS) - _POINTS // 2) * STEP_MM
    begin_mm, end_mm = -units.endplate_mm[:, None], units.tendon_mm[:, None]
    inside = _step((way_mm - begin_mm) / _SCATTER_MM) * _step((end_mm - way_mm) / _SCATTER_MM)
    back = np.rint((2.0 * begin_mm - way_mm) / STEP_MM).astype(np.int64) + _POINTS // 2  # where the other wave is then
    known = (back >= 0) & (back < _POINTS)
    other = np.take_along_axis(slopes, np.where(known, back, 0)[:, None, :], axis=2)
    other_inside = known * _step((way_mm - begin_mm) / _SCATTER_MM)
    return slopes * inside[:, None, :] - other * other_inside[:, None, :]


def _step(z: Floats) -> Floats:
    """A smooth step, close to the cumulative normal distribution."""
    return 1.0 / (1.0 + np.exp(-1.702 * z))


def _ends() -> Floats:
    """A window that brings both ends of a potential to 0."""
    inside = np.minimum(np.arange(_POINTS), np.arange(_POINTS)[::-1]) / (_RISE * _POINTS)
    return 0.5 - 0.5 * np.cos(np.pi * np.minimum(inside, 1.0))
