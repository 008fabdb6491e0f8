"""A scientist's window that computes nothing by itself."""

from __future__ import annotations

from pathlib import Path

from pyqtgraph.Qt import QtCore, QtTest, QtWidgets

from monitor.dashboard.scientist.panel import TimePanel
from monitor.dashboard.scientist.window import Scientist
from monitor.dashboard.themes import DARK, Theme
from monitor.settings import Settings
from monitor.study import Study


class Rig:
    """A window that computes nothing by itself: studies are handed to it."""

    def __init__(self, theme: Theme = DARK, paths: tuple[str, ...] = ("one.xdf", "two.xdf")) -> None:
        self.wall_s, self.asked = 1000.0, list[tuple[Path, Settings | None]]()
        self.window = Scientist([], theme, wall=lambda: self.wall_s)
        self.window._paths = [Path(path) for path in paths]
        self.window._timer.stop()
        self.window.work.start = lambda path, settings: self.asked.append((path, settings))  # type: ignore[method-assign]
        self.window.show()
        self.window.activateWindow()

    def take(self, found: Study) -> Scientist:
        self.window._take(found)
        QtWidgets.QApplication.processEvents()
        QtWidgets.QApplication.processEvents()
        return self.window

    def key(self, key: QtCore.Qt.Key, modifier: QtCore.Qt.KeyboardModifier | None = None) -> None:
        QtTest.QTest.keyClick(self.window, key, modifier or QtCore.Qt.KeyboardModifier.NoModifier)
        QtWidgets.QApplication.processEvents()

    def frame(self, seconds: float) -> None:
        self.wall_s += seconds
        self.window.tick()
        QtWidgets.QApplication.processEvents()


def panel(window: Scientist, key: str) -> TimePanel:
    return next(one for one in window.over_time if isinstance(one, TimePanel) and one.spec.key == key)
