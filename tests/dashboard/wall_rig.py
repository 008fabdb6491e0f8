"""A wall with a clock, a sounder and controls that write down what happens."""

from __future__ import annotations

from fakes import FakeSession
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets

from monitor.dashboard.wall import Wall
from monitor.snapshot import Snapshot

NAMES = tuple(f"A{number}" for number in range(1, 41))


class Commands:
    """Controls that write down what was asked."""

    set_speed = None
    pause = None

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def mark(self, text: str) -> None:
        self.asked.append(("mark", text))

    def stop(self) -> None:
        self.asked.append(("stop",))

    def restart_baseline(self, athlete: str, leg: str) -> None:
        self.asked.append(("baseline", athlete, leg))

    def acknowledge(self, athlete: str, leg: str) -> None:
        self.asked.append(("seen", athlete, leg))

    def calibrate(self, athlete: str, leg: str) -> None:
        self.asked.append(("calibrate", athlete, leg))


class Played:
    """A sounder that writes down what it was to play."""

    volume, name = 1.0, "test"

    def __init__(self) -> None:
        self.played: list[str] = []

    def play(self, melody: str) -> None:
        self.played.append(melody)

    def close(self) -> None:
        self.played.append("closed")


class Rig:
    """The window and what it is given."""

    def __init__(self) -> None:
        self.wall_s = 1000.0
        self.commands, self.sounder = Commands(), Played()
        self.window = Wall(self.commands, wall=lambda: self.wall_s, sounder=self.sounder)

    def show(self, snapshot: Snapshot) -> Wall:
        self.window.show_snapshot(snapshot)
        if not self.window.isVisible():
            self.window.show()
            self.window.activateWindow()
        QtWidgets.QApplication.processEvents()
        return self.window

    def key(self, key: QtCore.Qt.Key) -> None:
        QtTest.QTest.keyClick(self.window, key)
        QtWidgets.QApplication.processEvents()


def squad_session(count: int, **states: str) -> FakeSession:
    """So many athletes, all calm but the left legs of these: A4="WARN"."""
    names = NAMES[:count]
    legs = tuple(state for name in names for state in (states.get(name, "OK"), "OK"))
    return FakeSession(athletes=names, states=legs, source="live", speed=1.0)
