"""Where a window's tones go: to the loudspeaker, or else to the bell of the desktop."""

from __future__ import annotations

from typing import Protocol

from PySide6 import QtWidgets

from monitor.sounding.loudspeaker import open_loudspeaker
from monitor.sounding.tones import SOFT


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
    """The desktop's own bell: no volume and no melody, but always there. It knows nothing soft, and leaves that out."""

    def __init__(self, why: str) -> None:
        self.volume, self.name = 1.0, f"desktop bell ({why})"

    def play(self, melody: str) -> None:
        """Ring; nothing at volume 0."""
        if self.volume > 0 and melody not in SOFT:
            QtWidgets.QApplication.beep()

    def close(self) -> None:
        """Nothing to close."""


def open_sounder() -> Sounder:
    """The loudspeaker if there is one, else the bell, which says why."""
    found = open_loudspeaker()
    return Bell(found) if isinstance(found, str) else found
