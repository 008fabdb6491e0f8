"""What the buttons of the window reach, for live and for replayed sessions."""

from __future__ import annotations

from typing import Any

from monitor.alerts.path import mute_marker, seen_marker
from monitor.dashboard.controls import Controls
from monitor.errors import CrampwatchError
from monitor.markers import calibrate_marker, taken_back_marker
from monitor.orders import BaselineOrder, baseline_marker


class LiveControls(Controls):
    """Live sensors, real or virtual: everything is a marker, so that the recording holds it and a replay does the same.

    source : takes markers, and can be stopped.
    """

    def __init__(self, source: Any) -> None:
        self._source = source

    def mark(self, text: str) -> None:
        """Note the present moment."""
        self._source.mark(text)

    def unmark(self, text: str) -> None:
        """Take the newest note of this text back."""
        self._source.mark(taken_back_marker(text))

    def acknowledge(self, athlete: str, leg: str, seen: bool = True) -> None:
        """Somebody has seen this leg's alert: it does not repeat."""
        self._source.mark(seen_marker(athlete, leg, seen))

    def mute(self, athlete: str, muted: bool = True) -> None:
        """Nothing of this athlete goes out, or it does again."""
        self._source.mark(mute_marker(athlete, muted))

    def stop(self) -> None:
        """End the session."""
        self._source.stop()

    def order_baseline(self, order: BaselineOrder, athlete: str, leg: str) -> None:
        """Restart, freeze or refit a leg's baseline."""
        self._source.mark(baseline_marker(order, athlete, leg))

    def calibrate(self, athlete: str, leg: str) -> None:
        """Look for another calibration of this leg's ankle."""
        self._source.mark(calibrate_marker(athlete, leg))


class ReplayControls(Controls):
    """A recording: its markers are what they are; speed, pause and place are free. replay : a `Replay`."""

    can_replay = True

    def __init__(self, replay: Any) -> None:
        self._replay = replay
        self.duration_s, self.states = replay.duration_s, replay.recorded

    def set_speed(self, speed: float) -> None:
        """Session seconds per second."""
        self._replay.set_speed(speed)

    def pause(self, held: bool) -> None:
        """Hold or go on."""
        self._replay.pause(held)

    def seek(self, to_s: float) -> None:
        """Go to a session second."""
        self._replay.seek(to_s)

    def step(self, by_s: float) -> None:
        """Hold, and let so many seconds pass."""
        self._replay.step(by_s)

    def loop(self, on: bool) -> None:
        """Whether to begin again at the end."""
        self._replay.loop(on)

    def note(self, text: str) -> str:
        """Note this moment in the recording itself, for good."""
        try:
            self._replay.note(text)
        except CrampwatchError as error:
            return str(error)
        return ""

    def undo_note(self) -> str:
        """Undo the newest note."""
        try:
            return self._replay.undo_note()
        except CrampwatchError as error:
            return str(error)

    def stop(self) -> None:
        """End the replay."""
        self._replay.stop()
