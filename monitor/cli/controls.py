"""What the buttons of the window reach, for live and for replayed sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monitor.alerts.path import seen_marker
from monitor.markers import calibrate_marker
from monitor.orders import BaselineOrder, baseline_marker


@dataclass(frozen=True, slots=True)
class LiveControls:
    """Live sensors, real or virtual: no pause, no speed."""

    source: Any
    set_speed: Callable[[float], None] | None = None
    pause: Callable[[bool], None] | None = None

    def mark(self, text: str) -> None:
        """Note the present moment."""
        self.source.mark(text)

    def acknowledge(self, athlete: str, leg: str) -> None:
        """Somebody has seen this leg's alert: it does not repeat."""
        self.source.mark(seen_marker(athlete, leg))

    def stop(self) -> None:
        """End the session."""
        self.source.stop()

    def restart_baseline(self, athlete: str, leg: str) -> None:
        """Forget this leg's baseline; as a marker, so that a replay does the same."""
        self.order_baseline(BaselineOrder.RESTART, athlete, leg)

    def order_baseline(self, order: BaselineOrder, athlete: str, leg: str) -> None:
        """Restart, freeze or refit a leg's baseline; as a marker too."""
        self.source.mark(baseline_marker(order, athlete, leg))

    def calibrate(self, athlete: str, leg: str) -> None:
        """Look for another calibration of this leg's ankle; as a marker too."""
        self.source.mark(calibrate_marker(athlete, leg))


@dataclass(frozen=True, slots=True)
class ReplayControls:
    """A recording: its markers are what they are; speed, pause and place are free. source: a `Replay`."""

    source: Any

    @property
    def set_speed(self) -> Callable[[float], None]:
        """Session seconds per second."""
        return self.source.set_speed

    def pause(self, held: bool) -> None:
        """Hold or go on."""
        self.source.pause(held)

    def seek(self, to_s: float) -> None:
        """Go to a session second."""
        self.source.seek(to_s)

    def step(self, by_s: float) -> None:
        """Hold, and let so many seconds pass."""
        self.source.step(by_s)

    def loop(self, on: bool) -> None:
        """Whether to begin again at the end."""
        self.source.loop(on)

    def note(self, text: str) -> None:
        """Note this moment in the recording itself, for good."""
        self.source.note(text)

    def undo_note(self) -> str:
        """Undo the newest note; what was undone."""
        return self.source.undo_note()

    def mark(self, text: str) -> None:
        """A recording is not written to while it plays."""

    def stop(self) -> None:
        """End the replay."""
        self.source.stop()

    def restart_baseline(self, athlete: str, leg: str) -> None:
        """A replay shows what was."""

    def order_baseline(self, order: BaselineOrder, athlete: str, leg: str) -> None:
        """A replay shows what was; `crampwatch annotate --baseline` orders it for good."""

    def acknowledge(self, athlete: str, leg: str) -> None:
        """A replay alerts nobody."""

    def calibrate(self, athlete: str, leg: str) -> None:
        """A replay shows what was."""
