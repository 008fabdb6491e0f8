"""Simulated surface EMG of one calf: noise whose spectrum follows the calf's truth, twitches, sensor noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.discharges import potential
from monitor.simulation.noise import generator, key_of
from monitor.simulation.paged import Pages

Floats = NDArray[np.float64]
_HOP_S = 0.128
_HOPS_PER_PAGE = 32
_NOISE_UV = 2.5  # RMS; assumed, typical of wireless surface electrodes with skin contact


class EmgSource:
    """What the EMG channels of one sensor see, in uV, read in order.

    labels : one channel each; GL... lies over the lateral head, all others over the medial one
    rate_hz : samples per second; frequencies above half of it are absent, as behind an ideal filter
    mains_uv, mains_hz : amplitude and frequency of a hum on all channels
    The signal depends on calf and seed, not on the size of the reads; it never repeats and its memory stays flat.
    Half-overlapping blocks of 256 ms of shaped noise under root-Hann windows give the spectrum its course in time.
    """

    def __init__(
        self,
        calf: Calf,
        labels: tuple[str, ...] = ("GM", "GL"),
        *,
        rate_hz: float,
        seed: int = 0,
        mains_uv: float = 0.0,
        mains_hz: float = 50.0,
    ) -> None:
        self.labels = labels
        self.rate_hz = rate_hz
        self._calf = calf
        self._hop = max(2, round(_HOP_S * rate_hz))
        self._freq_hz = np.linspace(0.0, 0.5 * rate_hz, self._hop + 1)
        self._window = np.sin(np.pi * (np.arange(2 * self._hop) + 0.5) / (2 * self._hop))
        self._block_key = key_of(calf.seed, calf.leg, "emg", seed)
        self._noise_key = key_of(calf.seed, calf.leg, "emg noise", seed)
        self._mains_uv, self._mains_hz = mains_uv, mains_hz
        self._pages = Pages(self._page, _HOPS_PER_PAGE * self._hop, len(labels), rate_hz)

    def read(self, n_samples: int) -> tuple[Floats, Floats]:
        """The next samples: (n,) session seconds and (n, n_channels) uV."""
        return self._pages.read(n_samples)

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        self._pages.seek(time_s)

    def _page(self, number: int) -> Floats:
        first = number * _HOPS_PER_PAGE * self._hop
        time_s = np.arange(first, first + _HOPS_PER_PAGE * self._hop) / self.rate_hz
        rms_uv = np.column_stack([self._calf.rms_uv(time_s, label) for label in self.labels])
        samples = rms_uv * self._unit_noise(number) + self._twitches(time_s)
        samples += _NOISE_UV * generator(self._noise_key, number).standard_normal(samples.shape)
        samples += self._mains_uv * np.sin(2 * np.pi * self._mains_hz * time_s)[:, None]
        return samples

    def _unit_noise(self, number: int) -> Floats:
        """Shaped noise of RMS 1: the blocks that reach into the page, added under their windows."""
        blocks = np.arange(number * _HOPS_PER_PAGE, (number + 1) * _HOPS_PER_PAGE + 1)
        waves = np.fft.irfft(self._block_spectra(blocks), 2 * self._hop, axis=-1) * self._window
        early, late = waves[:-1, :, self._hop :], waves[1:, :, : self._hop]
        return (early + late).transpose(0, 2, 1).reshape(-1, len(self.labels))

    def _block_spectra(self, blocks: NDArray[np.int64]) -> NDArray[np.complex128]:
        """Random spectra of the blocks centred on block * hop: (n_blocks, n_channels, n_freq)."""
        size = (len(self.labels), len(self._freq_hz))
        drawn = np.stack([generator(self._block_key, int(block)).standard_normal((2, *size)) for block in blocks])
        centre_s = blocks * self._hop / self.rate_hz
        weights = np.empty((len(blocks), *size))
        for channel, label in enumerate(self.labels):
            density = self._calf.site(label).shape.density(self._freq_hz, self._calf.spectral_scale(centre_s, label))
            weights[:, channel] = self._hop * np.sqrt(density * self._freq_hz[1])
        weights[..., [0, -1]] = 0.0
        return (drawn[:, 0] + 1j * drawn[:, 1]) * weights

    def _twitches(self, time_s: Floats) -> Floats:
        """The twitches' potentials: full over the medial head, 5 % across to the lateral one (assumed)."""
        share = np.array([1.0 if self._calf.site(label).cramps else 0.05 for label in self.labels])
        instants_s, peaks_uv = self._calf.twitches(time_s[0] - 0.05, time_s[-1] + 0.05)
        samples = np.zeros((len(time_s), len(self.labels)))
        for instant_s, peak_uv, scale in zip(instants_s, peaks_uv, self._calf.compression(instants_s), strict=True):
            near = slice(*np.searchsorted(time_s, [instant_s - 0.05, instant_s + 0.05]))
            samples[near] += peak_uv * potential(time_s[near] - instant_s, scale)[:, None] * share
        return samples
