"""What a person can ask of the session from a window. The session's side implements it; the window only calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Controls(Protocol):
    """Commands of the window. All return at once; what came of them shows in the next snapshots.

    set_speed, pause : None where the source cannot do it (live sensors): the window then shows no such button.
    """

    @property
    def set_speed(self) -> Callable[[float], None] | None:
        """Play at this many session seconds per second, > 0."""
        ...

    @property
    def pause(self) -> Callable[[bool], None] | None:
        """True holds the replay, False lets it go on."""
        ...

    def mark(self, text: str) -> None:
        """Note the present moment: "marker", "cramp", "stretch" or free text."""
        ...

    def stop(self) -> None:
        """End the session cleanly. Called once: by the stop button or by closing the window."""
        ...

    def restart_baseline(self, athlete: str, leg: str) -> None:
        """Forget this leg's baseline and gather a new one."""
        ...

    def acknowledge(self, athlete: str, leg: str) -> None:
        """Somebody has seen this leg's alert: it is not repeated, wherever it went."""
        ...

    def calibrate(self, athlete: str, leg: str) -> None:
        """Forget how this leg's ankle was calibrated and look for another calibration from now on."""
        ...
