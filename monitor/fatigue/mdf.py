"""Spectra of the EMG and their median frequency: small pure functions, no filter and no state.

Powers are one-sided densities in unit^2/Hz along the last axis; frequencies in Hz.
Source: De Luca 1997, J. Appl. Biomech. 13:135-163.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MAINS_HZ = (50.0, 60.0)
_NEAR_HZ, _AROUND_HZ = 1.0, (3.0, 8.0)
_LINE_RATIO = 1.6  # 2 dB above its neighbours: a line that is none costs 1 Hz of EMG, one that is missed moves the MDF


def analysis_band_hz(rate_hz: float) -> tuple[float, float]:
    """The band in which the median frequency is taken where no profile says another: 20..min(450, 0.45 rate) Hz."""
    return 20.0, min(450.0, 0.45 * rate_hz)


def frames(samples: NDArray[np.floating], first: NDArray[np.integer], n_frame: int) -> Floats:
    """Stretches of one channel. samples: (n,); first: (k,) index of each frame's first sample; gives (k, n_frame)."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, n_frame)
    return windows[first].astype(np.float64)


def frame_power(cut: Floats, rate_hz: float) -> Floats:
    """Power density of each frame, mean removed, Hann window. cut: (k, n_frame); gives (k, n_frame // 2 + 1)."""
    n_frame = int(cut.shape[-1])
    window: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_frame) / n_frame)
    centred = cut - cut.mean(axis=-1, keepdims=True)
    centred *= window
    spectrum = np.fft.rfft(centred, axis=-1)
    power: Floats = spectrum.real**2
    power += spectrum.imag**2
    power *= 2.0 / (rate_hz * np.sum(window**2))
    return power


def frequencies_hz(n_frame: int, rate_hz: float) -> Floats:
    """Centre of each bin of `frame_power`, (n_frame // 2 + 1,)."""
    return np.arange(n_frame // 2 + 1, dtype=np.float64) * (rate_hz / n_frame)


def pooled_spectrum(power: Floats) -> Floats:
    """The mean spectrum of (k, n_bins) frames: spectra are pooled first, then one median frequency is taken of them."""
    return power.mean(axis=0)


def median_frequency(frequency_hz: Floats, power: Floats, band_hz: tuple[float, float]) -> Floats:
    """The frequency that halves the power within the band. power: (..., n_bins); gives (...) Hz, NaN where no power is.

    Each bin spreads its power evenly over its width, so the result moves smoothly between bins and band edges cut bins.
    """
    half_bin_hz, (low_hz, high_hz) = (frequency_hz[1] - frequency_hz[0]) / 2, band_hz
    low = np.minimum(np.maximum(frequency_hz - half_bin_hz, low_hz), high_hz)
    high = np.minimum(np.maximum(frequency_hz + half_bin_hz, low_hz), high_hz)
    rows = power.reshape(-1, power.shape[-1])
    inside = np.cumsum(rows * (high - low), axis=1)
    half = inside[:, -1] / 2
    at = np.argmax(inside >= half[:, None], axis=1)
    every = np.arange(len(rows))
    some = half > 0
    share = np.divide(inside[every, at] - half, rows[every, at], out=np.full(len(rows), np.nan), where=some)
    return (high[at] - share).reshape(power.shape[:-1])


def mains_lines_hz(frequency_hz: Floats, power: Floats, band_hz: tuple[float, float]) -> tuple[float, ...]:
    """Harmonics of 50 or 60 Hz that stand 2 dB above their neighbours. power: (n_bins,), bins of about 1 Hz, pooled."""
    found: list[float] = []
    for mains_hz in _MAINS_HZ:
        for line_hz in np.arange(mains_hz, band_hz[1], mains_hz):
            distance = np.abs(frequency_hz - line_hz)
            near = power[distance <= _NEAR_HZ]
            around = power[(distance >= _AROUND_HZ[0]) & (distance <= _AROUND_HZ[1])]
            if near.size and around.size and near.max() > _LINE_RATIO * np.median(around):
                found.append(float(line_hz))
    return tuple(sorted(set(found)))


def harmonics_hz(mains_hz: float, band_hz: tuple[float, float]) -> tuple[float, ...]:
    """All harmonics of the mains within a band; none where mains_hz is 0."""
    return tuple(float(line_hz) for line_hz in np.arange(mains_hz, band_hz[1], mains_hz)) if mains_hz else ()


def bridge_lines(frequency_hz: Floats, power: Floats, lines_hz: tuple[float, ...]) -> Floats:
    """The spectra with each line replaced by the straight line between its neighbours. power: (..., n_bins).

    A line seen through a Hann window is four bins wide: two on each side are bridged.
    """
    if not lines_hz:
        return power
    width_hz = frequency_hz[1] - frequency_hz[0]
    distance = np.min(np.abs(frequency_hz[:, None] - np.asarray(lines_hz)[None, :]), axis=1)
    keep = np.flatnonzero(distance >= 2 * width_hz)
    right = np.clip(np.searchsorted(keep, np.arange(len(frequency_hz))), 1, len(keep) - 1)
    low, high = keep[right - 1], keep[right]
    share = np.clip((np.arange(len(frequency_hz)) - low) / (high - low), 0.0, 1.0)
    return power[..., low] * (1 - share) + power[..., high] * share
