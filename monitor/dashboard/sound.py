"""Where the tones go: the loudspeaker through miniaudio (an extra), or else the bell of the desktop."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import QtWidgets

from monitor.dashboard.tones import RATE_HZ, tone


class Sounder(Protocol):
    """Plays a melody by its name and never waits for its end."""

    volume: float
    name: str  # where the sound goes, in words

    def play(self, melody: str) -> None:
        """One of the melodies of `tones`."""
        ...

    def close(self) -> None:
        """No more sound."""
        ...


class Bell:
    """The desktop's own bell: no volume and no melody, but always there."""

    def __init__(self, why: str) -> None:
        self.volume, self.name = 1.0, f"desktop bell ({why})"

    def play(self, melody: str) -> None:
        """Ring; nothing at volume 0."""
        if self.volume > 0:
            QtWidgets.QApplication.beep()

    def close(self) -> None:
        """Nothing to close."""


class Loudspeaker:
    """Tones on the default playback device. device: one of miniaudio's playback devices at RATE_HZ, mono, float32."""

    def __init__(self, device: Any) -> None:
        self.volume, self.name, self._device = 0.8, "loudspeaker", device

    def play(self, melody: str) -> None:
        """Play it; a melody that still plays is cut off."""
        self._device.stop()
        source = pieces(tone(melody, self.volume))
        next(source)
        self._device.start(source)

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


def open_sounder() -> Sounder:
    """The loudspeaker if there is one, else the bell, which says why."""
    try:
        import miniaudio
    except ImportError:
        return Bell("for tones: pip install 'crampwatch[sound]'")
    try:
        with _silent_libraries():
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32, nchannels=1, sample_rate=RATE_HZ, buffersize_msec=60
            )
    except miniaudio.MiniaudioError:
        return Bell("no loudspeaker was found")
    return Loudspeaker(device)


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
