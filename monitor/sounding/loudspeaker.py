"""The loudspeaker or the headphones, through miniaudio (an extra)."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sounding.tones import RATE_HZ, tone


class Loudspeaker:
    """Tones on the default playback device. device: one of miniaudio's playback devices at RATE_HZ, mono, float32.

    broken : what the device raises. problem : what is wrong in plain words, empty = nothing.
    """

    def __init__(self, device: Any, broken: type[Exception] = OSError) -> None:
        self.volume, self.name, self._device = 0.8, "loudspeaker", device
        self._broken, self.problem = broken, ""

    def play(self, melody: str) -> None:
        """Play it; a melody that still plays is cut off."""
        source = pieces(tone(melody, self.volume))
        next(source)
        try:
            self._device.stop()
            self._device.start(source)
            self.problem = ""
        except self._broken as error:
            self.problem = f"the loudspeaker does not play: {error}"

    def close(self) -> None:
        """Let go of the device."""
        self._device.close()


def pieces(samples: NDArray[np.float32]) -> Generator[NDArray[np.float32], int, None]:
    """What miniaudio asks for: as many samples as it wants each time, until they are spent. It is primed by `next`."""
    place, wanted = 0, (yield samples[:0])
    while place < len(samples):
        part = samples[place : place + wanted]
        place += wanted
        wanted = yield part


def open_loudspeaker() -> Loudspeaker | str:
    """The loudspeaker, or why there is none."""
    try:
        import miniaudio
    except ImportError:
        return "for tones: pip install 'crampwatch[sound]'"
    try:
        with _silent_libraries():
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32, nchannels=1, sample_rate=RATE_HZ, buffersize_msec=60
            )
    except miniaudio.MiniaudioError:
        return "no loudspeaker was found"
    return Loudspeaker(device, miniaudio.MiniaudioError)


@contextmanager
def _silent_libraries() -> Iterator[None]:
    """The system's sound library writes thirty lines where there is no sound card; one sentence says it better."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device, no path
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
