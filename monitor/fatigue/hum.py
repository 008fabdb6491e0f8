"""Mains lines taken out of recorded samples, as a notch one hertz wide that does not move the rest in time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MEMORY_S = 1.0
_LEAST = 0.25  # of the memory must be usable


def without_lines(
    samples: Floats, usable: NDArray[np.bool_], time_s: Floats, rate_hz: float, lines_hz: tuple[float, ...]
) -> Floats:
    """The samples less each line's sine, fitted to the second around each sample.

    samples : (n,), NaN = lost; usable : (n,) which of them the fit may see; time_s : (n,) their instants
    A line may drift by some tenths of a hertz and come and go; of EMG half a hertz on either side is lost with it. In
    a spectrum of short frames a line is 30 Hz wide instead, and bridging that bends the EMG's own slope.
    """
    if not lines_hz:
        return samples
    every = bool(usable.all())
    level = float((samples if every else samples[usable]).mean()) if usable.any() else 0.0
    seen = samples - level if every else np.where(usable, samples - level, 0.0)
    count = _around(usable.astype(np.float64), rate_hz)
    share = np.where(count >= _LEAST * _MEMORY_S * rate_hz, 2.0 / np.maximum(count, 1.0), 0.0)
    out = samples.copy()
    for line_hz in lines_hz:
        phase = 2.0 * np.pi * line_hz * time_s
        cosine, sine = np.cos(phase), np.sin(phase)
        out -= share * (_around(seen * cosine, rate_hz) * cosine + _around(seen * sine, rate_hz) * sine)
    return out


def _around(values: Floats, rate_hz: float) -> Floats:
    """The sum over the second around each row, of what there is of it."""
    n = len(values)
    half = min(round(_MEMORY_S * rate_hz / 2), n)
    total = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.concatenate([total[half:n], np.full(half, total[n])])
    ends[half:] -= total[: n - half]
    return ends
