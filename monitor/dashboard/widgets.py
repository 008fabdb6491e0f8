"""Small parts of the window: rows and columns, a plain label, buttons, a button that asks once more."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtWidgets

ASK_MS = 3000


def label(name: str, text: str = "") -> QtWidgets.QLabel:
    """A label whose type comes from the style sheet by its name."""
    made = QtWidgets.QLabel(text)
    made.setObjectName(name)
    return made


def row(
    *parts: QtWidgets.QWidget, spacing: int, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QtWidgets.QHBoxLayout:
    """Widgets side by side."""
    made = QtWidgets.QHBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    for part in parts:
        made.addWidget(part)
    return made


def column(
    *parts: QtWidgets.QWidget, spacing: int, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QtWidgets.QVBoxLayout:
    """Widgets one under the other."""
    made = QtWidgets.QVBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    for part in parts:
        made.addWidget(part)
    return made


def button(text: str, tip: str, pressed: Callable[[], object], name: str = "") -> QtWidgets.QPushButton:
    """A button that takes no keyboard focus, so that the window's keys always work."""
    made = QtWidgets.QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
    made.clicked.connect(lambda: pressed())
    return made


class AskingButton(QtWidgets.QPushButton):
    """A button that must be pressed twice within three seconds: its first press only asks."""

    def __init__(self, text: str, question: str, tip: str, confirmed: Callable[[], object], name: str = "") -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self._plain, self._question, self._confirmed = text, question, confirmed
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ASK_MS)
        self._timer.timeout.connect(lambda: self._ask(False))
        self.clicked.connect(lambda: self._pressed())

    def _pressed(self) -> None:
        asking = self._timer.isActive()
        self._ask(not asking)
        if asking:
            self._confirmed()

    def _ask(self, asking: bool) -> None:
        self._timer.start() if asking else self._timer.stop()
        self.setText(self._question if asking else self._plain)
        self.setProperty("asking", asking)
        self.style().polish(self)
