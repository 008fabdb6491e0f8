"""Waiting while Qt goes on: the windows take their events, and other threads take their turns.

`QTest.qWait` keeps Python's lock while it sleeps (PySide6 6.11): a thread that computes beside it all but stands still.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from pyqtgraph.Qt import QtWidgets

TURN_S = 0.005


def wait(for_s: float) -> None:
    """Let Qt go on for that long."""
    until(lambda: False, for_s)


def until(condition: Callable[[], object], within_s: float) -> bool:
    """Let Qt go on until the condition holds, no longer than that; whether it holds."""
    end_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() >= end_s:
            return False
        QtWidgets.QApplication.processEvents()
        time.sleep(TURN_S)
    return True
