"""What a person can ask of the session from a window. The session's side implements it; the window only calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.orders import BaselineOrder


class Controls:
    """Commands of the window. All return at once; what came of them shows in the next snapshots.

    can_replay : whether there is a recording with speed, pause and place; the window shows such buttons only then.
    duration_s : of that recording; states : those that it holds, as the contract writes them.
    sounds : what alarms sound at the window, told by it, empty = all.
    By itself every command does nothing, so a session's side says only what it can do.
    """

    can_replay = False
    duration_s = 0.0
    sounds = ""
    states: Sequence[Mapping[str, Any]] = ()

    def mark(self, text: str) -> None:
        """Note the present moment: "marker", "cramp", "stretch" or free text."""

    def unmark(self, text: str) -> None:
        """Take the newest note of this text back."""

    def stop(self) -> None:
        """End the session cleanly. Called once: by the stop button or by closing the window."""

    def order_baseline(self, order: BaselineOrder, athlete: str, leg: str) -> None:
        """Restart, freeze or refit a leg's baseline."""

    def calibrate(self, athlete: str, leg: str) -> None:
        """Forget how this leg's ankle was calibrated and look for another calibration from now on."""

    def acknowledge(self, athlete: str, leg: str, seen: bool = True) -> None:
        """Somebody has seen this leg's alert: it is not repeated, wherever it went. False takes that back."""

    def mute(self, athlete: str, muted: bool = True) -> None:
        """No alert of this athlete goes out from now on, or they do again."""

    def set_speed(self, speed: float) -> None:
        """Replay at this many session seconds per second, > 0."""

    def pause(self, held: bool) -> None:
        """True holds the replay, False lets it go on."""

    def seek(self, to_s: float) -> None:
        """Go to a session second of the recording."""

    def step(self, by_s: float) -> None:
        """Hold the replay, and let so many seconds pass."""

    def loop(self, on: bool) -> None:
        """Whether the replay begins again at its end."""

    def note(self, text: str) -> str:
        """Note this moment in the recording itself, for good; why it cannot be, empty = it is done."""
        return ""

    def undo_note(self) -> str:
        """Take the newest note of the recording back; what was done, or why it cannot be."""
        return ""
