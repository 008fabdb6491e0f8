"""EMG with a known spectrum: noise shaped after Stulen and De Luca, its spectrum compressed as a given law says."""

from collections.abc import Callable

import numpy as np

from monitor.chunk import Channel, Chunk, Stream

LOW_HZ, HIGH_HZ = 60.0, 120.0
_SEGMENT_S = 0.5


def density(frequency_hz: np.ndarray, compression: float) -> np.ndarray:
    """Stulen & De Luca 1981, IEEE Trans. Biomed. Eng. 28:515: band-pass shape; compression 0.8 = MDF down by 20 %."""
    f = frequency_hz / compression
    return f**2 / ((f**2 + LOW_HZ**2) * (f**2 + HIGH_HZ**2) ** 2)


def true_mdf_hz(compression: float, band_hz: tuple[float, float] = (20.0, 450.0)) -> float:
    """By summing the density on a fine grid."""
    f = np.arange(band_hz[0], band_hz[1], 0.01)
    power = np.cumsum(density(f, compression))
    return float(f[np.searchsorted(power, power[-1] / 2)])


def shaped(n_samples: int, rate_hz: float, compression_at: Callable[[float], float], seed: int) -> np.ndarray:
    """(n_samples,) of RMS about 100: overlapping half-second segments, each with the spectrum of its own time."""
    rng = np.random.default_rng(seed)
    length = 2 * round(_SEGMENT_S * rate_hz / 2)
    window = np.sin(np.pi * (np.arange(length) + 0.5) / length)
    out = np.zeros(n_samples + 2 * length)
    for start in range(0, n_samples + length, length // 2):
        f = np.fft.rfftfreq(2 * length, 1 / rate_hz)
        gain = np.sqrt(density(f, compression_at(max(0.0, (start - length / 2) / rate_hz))))
        noise = np.fft.irfft(np.fft.rfft(rng.normal(size=2 * length)) * gain)[length // 2 : length // 2 + length]
        out[start : start + length] += window * noise * 100 / np.sqrt(np.mean(gain**2))
    return out[length : length + n_samples]


def chunk(samples: np.ndarray, rate_hz: float, labels: tuple[str, ...] = ("GM",), start_s: float = 0.0) -> Chunk:
    """Samples (n,) or (n, n_channels) in uV as a Chunk."""
    columns = samples.reshape(len(samples), -1)
    stream = Stream("emg", rate_hz, tuple(Channel(label, "uV") for label in labels), "synthetic")
    return Chunk(stream, start_s + np.arange(len(columns)) / rate_hz, columns.astype(np.float32))


def bursts(n_samples: int, rate_hz: float, on_s: float, off_s: float) -> np.ndarray:
    """1 while working, 0 while resting, (n_samples,)."""
    return ((np.arange(n_samples) / rate_hz) % (on_s + off_s) < on_s).astype(float)
