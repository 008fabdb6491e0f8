"""What every full window shares: one snapshot per frame, a picture that is old and says so, a clean end."""

from __future__ import annotations

import time
from collections.abc import Callable

from pyqtgraph.Qt import QtCore, QtGui, QtWidgets

from monitor.dashboard.controls import Controls
from monitor.dashboard.freshness import FROZEN_AFTER_S, Freshness, standing_still
from monitor.dashboard.themes import DARK, Theme, next_theme
from monitor.snapshot import Snapshot

FRAME_MS = 33


class Screen(QtWidgets.QMainWindow):
    """A window on one session. What is special about it stands in `draw`; it keeps no data but the newest snapshot.

    wall : a monotonic clock in seconds; session time that stands still against it makes the picture old.
    """

    def __init__(self, controls: Controls, theme: Theme = DARK, wall: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setWindowTitle("Crampwatch")
        self._controls, self._theme, self._wall = controls, theme, wall
        self._freshness, self._timer = Freshness(), QtCore.QTimer(self)
        self._stopped = False
        self._snapshot: Snapshot | None = None
        self._soon = QtCore.QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)

    def draw(self, snapshot: Snapshot, notice: str, *, frozen: bool, unchanged: bool) -> None:
        """Draw one frame. notice: the sentence above all, may be empty; frozen: the picture is old."""
        raise NotImplementedError

    @property
    def paused(self) -> bool:
        """Whether the person holds the replay."""
        return False

    def bind(self, keys: dict[str, Callable[[], object]]) -> None:
        """Let keys of the whole window do these things."""
        for key, act in keys.items():
            QtGui.QShortcut(QtGui.QKeySequence(key), self).activated.connect(act)

    def watch(self, snapshots: Callable[[], Snapshot]) -> None:
        """Show the newest snapshot 30 times a second from now on. snapshots: gives it at once, never waits."""
        self.show_snapshot(snapshots())
        self._timer.timeout.connect(lambda: self.show_snapshot(snapshots()))
        self._timer.start(FRAME_MS)

    def other_theme(self) -> None:
        """To the next theme."""
        self._theme = next_theme(self._theme)
        self.refresh()

    def refresh(self) -> None:
        """Draw the newest snapshot again: the size, the theme or a choice has changed."""
        if self._snapshot is not None:
            newest, self._snapshot = self._snapshot, None
            self.show_snapshot(newest)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window has another size; once all its parts have theirs, it is drawn again."""
        super().resizeEvent(event)
        self._soon.start(0)

    def stop(self) -> None:
        """End the session; the last picture stays until the window is closed."""
        if not self._stopped:
            self._stopped = True
            self._controls.stop()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window closes, and the session with it."""
        self._timer.stop()
        self.stop()
        event.accept()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw one frame."""
        unchanged = snapshot is self._snapshot
        self._snapshot = snapshot
        frozen_s = self._freshness.frozen_s(snapshot.time_s, self._wall())
        held = self._stopped or self.paused or snapshot.ended
        frozen = frozen_s > FROZEN_AFTER_S and not held
        notice = self._notice(snapshot, frozen_s if frozen else None)
        self.draw(snapshot, notice, frozen=frozen, unchanged=unchanged)

    def _notice(self, snapshot: Snapshot, frozen_s: float | None) -> str:
        if self._stopped:
            return "Stopped. This is the last picture of the session; close the window when you are done."
        held = "Paused: press the space bar to go on." if self.paused else ""
        return standing_still(snapshot, frozen_s) or held


def say(notice: QtWidgets.QLabel, text: str) -> None:
    """Show this sentence, or nothing where it is empty."""
    if text != notice.text():
        notice.setText(text)
    if bool(text) == notice.isHidden():
        notice.setVisible(bool(text))
