"""A set-up window over a room of virtual sensors that are still until they are moved."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "acquisition"))

from pyqtgraph.Qt import QtCore, QtTest, QtWidgets
from radio_rig import Room
from test_pairing import Still
from waiting import until

from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.window import SetUpWindow
from monitor.setting_up import Bench
from monitor.team import Team

NAMES = {"uMyo-1": "umyo", "uMyo-2": "umyo", "WT-1": "witmotion"}
FIND_S = 0.6
WAIT_S = 30.0


class SetUpRig:
    """The window, the room, and hands and eyes for both."""

    def __init__(self, path: Path, earlier: Team | None = None) -> None:
        self.room = Room(NAMES)
        self.room.signals_of = {name: Still(number) for number, name in enumerate(NAMES)}
        self.bench = Bench(self.room, simulated=True, act_s=0.6, still_s=0.4)  # type: ignore[arg-type]
        self.window = SetUpWindow(lambda did: Desk(self.bench, path, did, earlier, find_s=FIND_S))
        self.window.show()

    def click(self, button: QtWidgets.QAbstractButton) -> None:
        QtTest.QTest.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)
        self.window.tick()

    def key(self, key: QtCore.Qt.Key, modifier: QtCore.Qt.KeyboardModifier | None = None) -> None:
        self.window.activateWindow()
        QtWidgets.QApplication.processEvents()
        QtTest.QTest.keyClick(self.window, key, modifier or QtCore.Qt.KeyboardModifier.NoModifier)
        self.window.tick()

    def until(self, condition: Callable[[], object]) -> None:
        assert until(condition, WAIT_S), (self.window.desk.problem, self.window.missing.text())
        self.window.tick()

    def idle(self) -> None:
        """Wait until no job runs."""
        self.until(lambda: self.window.desk.job is None)

    def move(self, name: str) -> None:
        """This sensor is shaken, the others are still."""
        for each, still in self.room.signals_of.items():
            still.shaken = each == name

    def to_the_seats(self) -> None:
        """People, placement, sensors, until the seats are asked for."""
        for _ in range(2):
            self.click(self.window.next_button)
        self.until(lambda: self.bench.seating is not None)
        self.idle()
        self.click(self.window.next_button)
