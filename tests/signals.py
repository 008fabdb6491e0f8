"""Synthetic inputs that several tests share."""

from __future__ import annotations

import itertools

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.filters import HighPass
from monitor.contraction.ticks import TickFeatures
from monitor.settings import Settings

RATE_HZ = 1000.0


def emg_stream(*labels: str, rate_hz: float = RATE_HZ, unit: str = "uV") -> Stream:
    return Stream("emg", rate_hz, tuple(Channel(label, unit) for label in labels or ("GM",)), "pod")


def emg_chunk(samples: np.ndarray, rate_hz: float = RATE_HZ, start_s: float = 0.0, unit: str = "uV") -> Chunk:
    """(n,) or (n, n_channels) samples as an EMG chunk with the channels GM, GL, SOL."""
    columns = np.asarray(samples, dtype=np.float64).reshape(len(samples), -1)
    stream = emg_stream(*("GM", "GL", "SOL")[: columns.shape[1]], rate_hz=rate_hz, unit=unit)
    return Chunk(stream, start_s + np.arange(len(columns)) / rate_hz, columns)


def bursts(length_s: float, spans_s: list[tuple[float, float]], high_uv: float, low_uv: float, seed: int) -> np.ndarray:
    """(n,) white noise: RMS `high_uv` within the spans, `low_uv` outside."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    level = np.full(len(time_s), low_uv)
    for start_s, end_s in spans_s:
        level[(time_s >= start_s) & (time_s < end_s)] = high_uv
    return np.random.default_rng(seed).standard_normal(len(time_s)) * level


def muscle(length_s: float, rms_uv: float, seed: int, rate_hz: float = RATE_HZ, median_hz: float = 95.0) -> np.ndarray:
    """(n,) noise with the spectrum of a working muscle (Stulen and De Luca 1981) and this median frequency."""
    n = round(length_s * rate_hz)
    hz = np.fft.rfftfreq(n, 1 / rate_hz)
    low, high = 0.63 * median_hz, 1.26 * median_hz
    shape = hz / (hz**2 + low**2) ** 0.5 / (hz**2 + high**2)
    samples = np.fft.irfft(np.fft.rfft(np.random.default_rng(seed).standard_normal(n)) * shape, n)
    return samples * rms_uv / np.sqrt(np.mean(samples**2))


def ticks_of(chunk: Chunk) -> Chunk:
    """The tick features of an EMG chunk as a leg computes them."""
    filtered = HighPass(chunk.stream, Settings().filters).push(chunk)
    return TickFeatures(filtered.stream).push(filtered)


def without(chunk: Chunk, start_s: float, end_s: float) -> Chunk:
    """The chunk with a hole in time."""
    kept = (chunk.time_s < start_s) | (chunk.time_s >= end_s)
    return Chunk(chunk.stream, chunk.time_s[kept], chunk.samples[kept])


def cut(chunk: Chunk, size: int) -> list[Chunk]:
    """Consecutive parts of at most `size` samples."""
    edges = [*range(0, len(chunk), size), len(chunk)]
    return [chunk[a:b] for a, b in itertools.pairwise(edges)]
