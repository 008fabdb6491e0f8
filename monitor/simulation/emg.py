"""Simulated surface EMG of one calf: what its muscles give at the electrodes, twitches, sensor noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.discharges import potential
from monitor.simulation.noise import generator, key_of
from monitor.simulation.paged import Pages
from monitor.simulation.rows import layout
from monitor.simulation.scenario import EmgLevel
from monitor.simulation.spectrum import median_of
from monitor.simulation.spectrum_level import SpectrumLevel
from monitor.simulation.unit_level import UnitLevel

Floats = NDArray[np.float64]

_GRID_PER_UV = 128.0  # samples are multiples of 1/128 uV: arithmetic that differs in the last digit gives the same ones
_LEVELS: dict[EmgLevel, type[SpectrumLevel] | type[UnitLevel]] = {"spectrum": SpectrumLevel, "motor-unit": UnitLevel}


class EmgSource:
    """What the EMG channels of one sensor see, in uV, read in order.

    labels : one channel each; GL... lies over the lateral head, all others over the medial one
    rate_hz : samples per second; frequencies above half of it are absent, as behind an ideal filter
    level : "spectrum" (fast) or "motor-unit" (every impulse of every motor unit); None = as the scenario says
    mains_uv, mains_hz : amplitude and frequency of a hum on all channels
    The signal depends on calf and seed, not on the size of the reads; it never repeats and its memory stays flat.
    """

    def __init__(
        self,
        calf: Calf,
        labels: tuple[str, ...] = ("GM", "GL"),
        *,
        rate_hz: float,
        seed: int = 0,
        level: EmgLevel | None = None,
        mains_uv: float = 0.0,
        mains_hz: float = 50.0,
    ) -> None:
        self.labels = labels
        self.rate_hz = rate_hz
        self._calf = calf
        self._layout = layout(calf, labels)
        make = _LEVELS[level or calf.scenario.emg_level]
        self._level = make(self._layout.rows, rate_hz, key_of(calf.seed, calf.leg, "emg", seed))
        self._noise_uv = calf.contact.plan.noise_uv
        self._noise_key = key_of(calf.seed, calf.leg, "emg noise", seed)
        self._mains_uv, self._mains_hz = mains_uv, mains_hz
        self._pages = Pages(self._page, self._level.page_samples, len(labels), rate_hz)

    def read(self, n_samples: int) -> tuple[Floats, Floats]:
        """The next samples: (n,) session seconds and (n, n_channels) uV."""
        return self._pages.read(n_samples)

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        self._pages.seek(time_s)

    def densities(self, freq_hz: Floats, time_s: float) -> Floats:
        """The truth: expected power density of each channel at an instant, as if that state lasted, uV^2/Hz.

        With crosstalk and sensor noise, without twitches and hum. freq_hz : above 0; result (n_channels, n_freq)
        """
        rows = self._level.densities(freq_hz, time_s)
        return self._layout.powers(rows) + self._noise_uv**2 * 2.0 / self.rate_hz

    def mdf_hz(self, time_s: float) -> Floats:
        """The truth: median frequency of each channel's expected power in 20..min(450, 0.45 rate) Hz, at an instant."""
        freq_hz = np.arange(20.0, min(450.0, 0.45 * self.rate_hz) + 0.25, 0.5)
        return np.array([median_of(density, freq_hz) for density in self.densities(freq_hz, time_s)])

    def _page(self, number: int) -> Floats:
        time_s = (number * self._level.page_samples + np.arange(self._level.page_samples)) / self.rate_hz
        samples = self._layout.channels(self._level.page(number)) + self._twitches(time_s)
        samples += self._noise_uv * generator(self._noise_key, number).standard_normal(samples.shape)
        samples += self._mains_uv * np.sin(2 * np.pi * self._mains_hz * time_s)[:, None]
        return np.rint(samples * _GRID_PER_UV) / _GRID_PER_UV

    def _twitches(self, time_s: Floats) -> Floats:
        """The twitches' potentials: full over the medial head, 5 % across to the lateral one (assumed)."""
        share = np.array([1.0 if self._calf.site(label).cramps else 0.05 for label in self.labels])
        instants_s, peaks_uv = self._calf.twitches(time_s[0] - 0.05, time_s[-1] + 0.05)
        samples = np.zeros((len(time_s), len(self.labels)))
        for instant_s, peak_uv, scale in zip(instants_s, peaks_uv, self._calf.compression(instants_s), strict=True):
            near = slice(*np.searchsorted(time_s, [instant_s - 0.05, instant_s + 0.05]))
            samples[near] += peak_uv * potential(time_s[near] - instant_s, scale)[:, None] * share
        return samples
