"""Windows with a clock, a sounder, controls that write down what was asked, and the real rules of the alerts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fakes import FakeSession
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets

from monitor.alerts.rules import AlertRules
from monitor.dashboard.controls import Controls
from monitor.dashboard.screen import Screen
from monitor.dashboard.wall import Wall
from monitor.dashboard.window import Dashboard
from monitor.orders import BaselineOrder
from monitor.settings import AlertSettings
from monitor.snapshot import Snapshot

NAMES = tuple(f"A{number}" for number in range(1, 41))


class Commands(Controls):
    """Controls that write down what was asked. rules : what acknowledging and muting reach."""

    def __init__(self, can_replay: bool = False, duration_s: float = 600.0) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.can_replay, self.duration_s = can_replay, duration_s
        self.rules = AlertRules(AlertSettings())
        self.problem = ""

    def mark(self, text: str) -> None:
        self.asked.append(("mark", text))

    def unmark(self, text: str) -> None:
        self.asked.append(("unmark", text))

    def stop(self) -> None:
        self.asked.append(("stop",))

    def order_baseline(self, order: BaselineOrder, athlete: str, leg: str) -> None:
        self.asked.append((str(order), athlete, leg))

    def calibrate(self, athlete: str, leg: str) -> None:
        self.asked.append(("calibrate", athlete, leg))

    def acknowledge(self, athlete: str, leg: str, seen: bool = True) -> None:
        self.asked.append(("seen" if seen else "not seen", athlete, leg))
        self.rules.acknowledge(athlete, leg, seen)

    def mute(self, athlete: str, muted: bool = True) -> None:
        self.asked.append(("mute" if muted else "hear", athlete))
        self.rules.mute(athlete, muted)

    def set_speed(self, speed: float) -> None:
        self.asked.append(("speed", speed))

    def pause(self, held: bool) -> None:
        self.asked.append(("pause", held))

    def seek(self, to_s: float) -> None:
        self.asked.append(("seek", to_s))

    def step(self, by_s: float) -> None:
        self.asked.append(("step", by_s))

    def loop(self, on: bool) -> None:
        self.asked.append(("loop", on))

    def note(self, text: str) -> str:
        self.asked.append(("note", text))
        return self.problem

    def undo_note(self) -> str:
        self.asked.append(("undo note",))
        return ""

    def ruled(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the alerts that the rules give for its states."""
        if snapshot.source == "replay":
            return snapshot
        for leg in snapshot.legs:
            self.rules.change(snapshot.time_s, leg.athlete, leg.leg, leg.state)
        self.rules.tick(snapshot.time_s, lambda *_: True)
        muted = tuple(sorted(self.rules.muted))
        return replace(snapshot, alerts=self.rules.standing(snapshot.time_s), muted=muted)


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
    """A window and what it is given; `window` says which kind."""

    def __init__(self, kind: type[Screen], *, can_replay: bool = False, **more: Any) -> None:
        self.wall_s = 1000.0
        self.commands, self.sounder = Commands(can_replay), Played()
        self.window: Any = kind(self.commands, wall=lambda: self.wall_s, sounder=self.sounder, **more)

    def show(self, snapshot: Snapshot) -> Any:
        self.window.show_snapshot(self.commands.ruled(snapshot))
        if not self.window.isVisible():
            self.window.show()
            self.window.activateWindow()
        QtWidgets.QApplication.processEvents()
        return self.window

    def again(self, snapshot: Snapshot) -> Any:
        """Show it as the session has it now, after what was asked."""
        return self.show(replace(snapshot, time_s=snapshot.time_s + 0.05))

    def key(self, key: QtCore.Qt.Key, modifier: QtCore.Qt.KeyboardModifier | None = None) -> None:
        QtTest.QTest.keyClick(self.window, key, modifier or QtCore.Qt.KeyboardModifier.NoModifier)
        QtWidgets.QApplication.processEvents()

    def click(self, widget: QtWidgets.QWidget) -> None:
        QtTest.QTest.mouseClick(widget, QtCore.Qt.MouseButton.LeftButton)
        QtWidgets.QApplication.processEvents()


@contextmanager
def rigged(kind: type[Screen], **more: Any) -> Iterator[Rig]:
    """A rig that is closed in the end."""
    made = Rig(kind, **more)
    yield made
    made.window.close()
    made.window.deleteLater()
    QtWidgets.QApplication.processEvents()


KINDS = (Dashboard, Wall)


def squad_session(count: int, **states: str) -> FakeSession:
    """So many athletes, all calm but the left legs of these: A4="WARN"."""
    names = NAMES[:count]
    legs = tuple(state for name in names for state in (states.get(name, "OK"), "OK"))
    return FakeSession(athletes=names, states=legs, source="live", speed=1.0)
