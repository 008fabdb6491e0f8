"""EMG at spectrum level: Gaussian noise whose spectrum follows the calf's truth. Fast; the motor units are not seen.

Half-overlapping blocks of 256 ms of shaped noise under root-Hann windows give the spectrum its course in time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.montage import Muscle, Place
from monitor.simulation.noise import generator
from monitor.simulation.rows import Row, course

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

_HOP_S = 0.128
_HOPS_PER_PAGE = 64
_SPEED_MM_S = 4400.0  # fresh; how fast potentials pass electrodes that lie behind each other
_SPREAD_MM = 9.0  # how far a source is seen across the fibres; chosen so that channels are alike as from motor units
_LEAST_WEIGHT = 0.01
_SOURCES_MM: dict[Muscle, tuple[float, ...]] = {
    "GM": (-20.0, -10.0, 0.0, 10.0, 20.0),
    "GL": (-20.0, -10.0, 0.0, 10.0, 20.0),
    "SOL": (0.0,),
}
_MUSCLES: tuple[Muscle, ...] = ("GM", "GL", "SOL")


class SpectrumLevel:
    """Pages of EMG for rows of one leg at a sampling rate.

    key : of the random numbers. A row is the same whatever other rows are made beside it.
    Each muscle is a line of independent sources across its fibres; a row sees those near it, so that neighbours across
    are partly alike, and neighbours along the fibres see the same with the delay of its propagation.
    """

    def __init__(self, rows: tuple[Row, ...], rate_hz: float, key: NDArray[np.uint64]) -> None:
        self._rows = rows
        self._rate_hz = rate_hz
        self._key = key
        self._hop = max(2, round(_HOP_S * rate_hz))
        self.page_samples = _HOPS_PER_PAGE * self._hop
        self._freq_hz = np.linspace(0.0, 0.5 * rate_hz, self._hop + 1)
        self._window = np.sin(np.pi * (np.arange(2 * self._hop) + 0.5) / (2 * self._hop))
        self._weights = np.array([_weights(row.place) for row in rows])

    def page(self, number: int) -> Floats:
        """Page number k: samples k * page_samples and on, (page_samples, n_rows) uV."""
        first = number * self.page_samples
        unit = self._unit_noise(number)
        levels = _each(self._rows, lambda row: course(row.rms_uv, first, self.page_samples, self._rate_hz))
        for column, level in zip(unit.T, levels, strict=True):
            column *= level
        return unit

    def densities(self, freq_hz: Floats, time_s: float) -> Floats:
        """Expected power density of the rows at an instant, as if that state lasted: (n_rows, n_freq) uV^2/Hz."""
        instant = np.array([time_s])
        return np.stack(
            [row.rms_uv(instant) ** 2 * row.shape.density(freq_hz, row.scale(instant))[0] for row in self._rows]
        )

    def _unit_noise(self, number: int) -> Floats:
        """Shaped noise of RMS 1: the blocks that reach into the page, added under their windows."""
        waves = np.fft.irfft(self._spectra(number), 2 * self._hop, axis=-1) * self._window
        unit = waves[:, :-1, self._hop :] + waves[:, 1:, : self._hop]
        return unit.reshape(len(self._rows), -1).T

    def _spectra(self, number: int) -> Complex:
        """Random spectra of the blocks centred on block * hop: (n_rows, n_blocks, n_freq)."""
        sources = np.concatenate([self._drawn(number, _HOPS_PER_PAGE), self._drawn(number + 1, 1)])
        centre_s = (number * _HOPS_PER_PAGE + np.arange(len(sources))) * self._hop / self._rate_hz
        scales = _each(self._rows, lambda row: row.scale(centre_s))
        spectra = np.zeros((len(self._rows), len(sources), len(self._freq_hz)), dtype=np.complex128)
        for row, weights, scale, spectrum in zip(self._rows, self._weights, scales, spectra, strict=True):
            for source in np.flatnonzero(weights):
                spectrum += weights[source] * sources[:, source]
            spectrum *= self._amplitudes(row, scale)
            if row.place.along_mm:
                delay_s = row.place.along_mm / (_SPEED_MM_S * scale)
                spectrum *= np.exp(-2j * np.pi * self._freq_hz * delay_s[:, None])
        return spectra

    def _amplitudes(self, row: Row, scale: Floats) -> Floats:
        """(n_blocks, n_freq); nothing at 0 Hz and at half the rate."""
        density = row.shape.density(self._freq_hz, scale)
        density[:, [0, -1]] = 0.0
        return self._hop * np.sqrt(density * self._freq_hz[1])

    def _drawn(self, number: int, n_blocks: int) -> Complex:
        """The first blocks of a page, of every source: (n_blocks, n_sources, n_freq)."""
        size = (n_blocks, self._weights.shape[1], 2 * len(self._freq_hz))
        return generator(self._key, number).standard_normal(size).view(np.complex128)


def _each(rows: tuple[Row, ...], curve: Callable[[Row], Floats]) -> list[Floats]:
    """A curve of every row; rows that follow the same truth share it."""
    known: dict[tuple[str, bool], Floats] = {}
    for row in rows:
        if row.follows not in known:
            known[row.follows] = curve(row)
    return [known[row.follows] for row in rows]


def _weights(place: Place) -> Floats:
    """How much of each source a place sees; the squares add up to 1. All sources of all muscles, in order."""
    seen = [
        np.exp(-0.5 * ((place.across_mm - np.array(_SOURCES_MM[muscle])) / _SPREAD_MM) ** 2) * (muscle == place.muscle)
        for muscle in _MUSCLES
    ]
    weights = np.concatenate(seen)
    weights[weights < _LEAST_WEIGHT] = 0.0
    return weights / np.sqrt(np.sum(weights**2))
