"""The motor units of one muscle of a calf, fitted to what the calf's truth says about each electrode pair.

The volume conductor gives each unit its potential at each pair. Two numbers per pair, fixed for the session, bring the
expected EMG to the calf's truth: a factor on all conduction velocities (median frequency) and a gain (RMS), both at
fresh muscle and medium effort. What then happens (effort, fatigue, angle, cramp) follows from the units.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.montage import Muscle, Place
from monitor.simulation.motor_units import (
    CRAMP_CV,
    VOLUNTARY_CV,
    CrampLaw,
    Discharges,
    RateLaw,
)
from monitor.simulation.muap import REACH_MM, Units, draw_conductor, draw_units, potentials
from monitor.simulation.noise import generator, key_of
from monitor.simulation.rows import Row
from monitor.simulation.spectrum import median_of

Floats = NDArray[np.float64]

CALIBRATION_HZ = np.arange(20.0, 451.0, 2.0)
_CALIBRATION_LEVEL = 0.4
_FITS = 5
_LAWS: dict[Muscle, RateLaw] = {
    "GM": RateLaw(),
    "GL": RateLaw(),
    "SOL": RateLaw(n_units=80, highest_per_s=26.0),  # about 16 impulses/s in its largest units at full effort
}


class MuscleUnits:
    """One muscle's units as the rows over it see them.

    rows : (column of the row, row); all of one muscle
    discharges : of voluntary activity and tone and, in a head that cramps, of the cramp
    """

    def __init__(self, muscle: Muscle, rows: tuple[tuple[int, Row], ...], key: NDArray[np.uint64]) -> None:
        self.rows = rows
        calf = rows[0][1].calf
        self._reference = Row(calf, "GL" if muscle == "GL" else "GM", Place(muscle))
        units = draw_units(muscle, _LAWS[muscle].n_units, key_of(calf.seed, calf.leg, "units", muscle))
        places = (*(row.place for _, row in rows), self._reference.place)
        self._potentials = potentials(units, draw_conductor(key_of(calf.seed, calf.leg, "conductor")), places)
        power = self._potentials.energies()[:, -1]
        self._voluntary = Discharges(_LAWS[muscle], power, VOLUNTARY_CV, _own(key, muscle, "voluntary"))
        self._cramp: Discharges | None = None
        if calf.cramps and muscle != "SOL":
            law = CrampLaw(_spreading(units, key_of(calf.seed, calf.leg, "focus")))
            self._cramp = Discharges(law, power, CRAMP_CV, _own(key, muscle, "cramp"))
        self._fits = [self._fit(place, row) for place, (_, row) in enumerate(rows)]

    @property
    def discharges(self) -> tuple[Discharges, ...]:
        """What fires in this muscle."""
        return (self._voluntary, self._cramp) if self._cramp else (self._voluntary,)

    @property
    def reach_s(self) -> float:
        """How far from an impulse its potential is seen, fresh."""
        furthest_mm = REACH_MM + max(abs(row.place.along_mm) for _, row in self.rows)
        slowest = min(factor for factor, _ in self._fits)
        return furthest_mm / (slowest * float(self._potentials.speed_mm_s.min()))

    def speed_mm_s(self, place: int) -> Floats:
        """The units' conduction velocities under a row, fresh."""
        return self._potentials.speed_mm_s * self._fits[place][0]

    def gain(self, place: int) -> float:
        """uV per unit of the table."""
        return self._fits[place][1]

    def table(self, place: int) -> Floats:
        """(n_units, n_points): the potentials at a row."""
        return self._potentials.table[:, place]

    def level(self, discharges: Discharges, time_s: Floats) -> Floats:
        """RMS against the largest of these discharges, 0..1, at the muscle's first electrode pair."""
        if discharges is self._voluntary:
            return np.minimum(self._reference.level(time_s), 1.0)
        most = np.sqrt(discharges.largest_power / self._voluntary.largest_power)
        return np.minimum(self._reference.cramp_level(time_s) / most, 1.0)

    def density(self, place: int, freq_hz: Floats, time_s: float) -> Floats:
        """Expected power density of a row at an instant, as if that state lasted, uV^2/Hz. freq_hz : above 0."""
        instant, (_, row) = np.array([time_s]), self.rows[place]
        scale, loudness = float(row.scale(instant)[0]), float(row.loudness(instant)[0])
        total = np.zeros(len(freq_hz))
        for discharges in self.discharges:
            rates = discharges.rates_per_s(self.level(discharges, instant))[:, 0]
            total += loudness**2 * self._density(place, freq_hz, discharges, rates, scale)
        return total

    def _density(self, place: int, freq_hz: Floats, discharges: Discharges, rates: Floats, scale: float) -> Floats:
        factor, gain = self._fits[place]
        energy = self._potentials.spectra(freq_hz, place, factor * scale)
        trains = 2.0 * rates[:, None] * discharges.regularity(freq_hz, rates)
        return gain**2 * scale * np.einsum("uf,uf->f", trains, energy)

    def _fit(self, place: int, row: Row) -> tuple[float, float]:
        """The factor on the velocities and the gain of a row."""
        wanted = row.shape.density(CALIBRATION_HZ, np.ones(1))[0] * (_CALIBRATION_LEVEL * row.full_uv) ** 2
        rates = self._voluntary.rates_per_s(np.array([_CALIBRATION_LEVEL]))[:, 0]
        trains = 2.0 * rates[:, None] * self._voluntary.regularity(CALIBRATION_HZ, rates)
        factor = 1.0
        for _ in range(_FITS):
            found = np.einsum("uf,uf->f", trains, self._potentials.spectra(CALIBRATION_HZ, place, factor))
            factor *= median_of(wanted, CALIBRATION_HZ) / median_of(found, CALIBRATION_HZ)
        found = np.einsum("uf,uf->f", trains, self._potentials.spectra(CALIBRATION_HZ, place, factor))
        return factor, float(np.sqrt(wanted.sum() / found.sum()))


def muscles_of(rows: tuple[Row, ...], key: NDArray[np.uint64]) -> list[MuscleUnits]:
    """The muscles that the rows need."""
    found: dict[Muscle, list[tuple[int, Row]]] = {}
    for column, row in enumerate(rows):
        found.setdefault(row.place.muscle, []).append((column, row))
    return [MuscleUnits(muscle, tuple(own), key) for muscle, own in found.items()]


def _own(key: NDArray[np.uint64], muscle: Muscle, purpose: str) -> NDArray[np.uint64]:
    return key_of(*(int(word) for word in key), muscle, purpose)


def _spreading(units: Units, key: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The units in the order in which a cramp takes them: outwards from a place in the muscle. The place is assumed."""
    focus_mm = generator(key).uniform(-10.0, 10.0)
    return np.argsort(units.distance_mm(focus_mm, 4.0))
