"""The tones of the alarms, made by the program: two rising notes for WARN, three fast pairs for CRAMP, and others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100
_FADE_S = 0.008  # each note fades in and out, so nothing clicks

# notes: frequency Hz (0 = silence), duration s; between 600 and 1600 Hz, where small loudspeakers are loud
MELODIES: dict[str, tuple[tuple[float, float], ...]] = {
    "WARN": ((784.0, 0.18), (0.0, 0.04), (1047.0, 0.30)),
    "CRAMP": ((1319.0, 0.10), (988.0, 0.10), (0.0, 0.05)) * 3,
    "TEST": ((784.0, 0.25),),
    "UP": ((880.0, 0.11),),
    "DOWN": ((659.0, 0.11),),
    "AWAY": ((784.0, 0.12), (0.0, 0.04), (659.0, 0.16)),
}
SOFT = {"AWAY": 0.25}  # share of the amplitude that the others have


def tone(name: str, volume: float) -> NDArray[np.float32]:
    """Samples (n,) within -1..1 of one melody at RATE_HZ. volume: 0..1, of the amplitude."""
    notes = [_note(frequency_hz, length_s) for frequency_hz, length_s in MELODIES[name]]
    return (SOFT.get(name, 1.0) * np.clip(volume, 0.0, 1.0) * np.concatenate(notes)).astype(np.float32)


def length_s(name: str) -> float:
    """How long a melody lasts, seconds."""
    return sum(note_s for _, note_s in MELODIES[name])


def _note(frequency_hz: float, length_s: float) -> NDArray[np.float64]:
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    if frequency_hz == 0.0:
        return np.zeros(len(time_s))
    third = np.sin(6 * np.pi * frequency_hz * time_s) / 4  # a harmonic carries over a noisy pitch
    edge = np.clip(np.minimum(time_s, time_s[-1] - time_s) / _FADE_S, 0.0, 1.0)
    return 0.8 * edge * (np.sin(2 * np.pi * frequency_hz * time_s) + third)
