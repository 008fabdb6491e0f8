"""What can be taken back: the newest act first, by a button that stands there for some seconds and by Ctrl+Z."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.widgets import button, label, row

SHOWN_MS = 10_000
_KEPT = 100


class UndoBar(QtWidgets.QFrame):
    """A line above the window's foot: what was just done, and the button that takes it back."""

    def __init__(self, window: QtWidgets.QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("undo")
        self._acts: deque[tuple[str, Callable[[], object]]] = deque(maxlen=_KEPT)
        self.said = label("undoSaid")
        self.button = button("Undo  Ctrl+Z", "Take this back (Ctrl+Z)", self.undo)
        self.setLayout(row(self.said, self.button, spacing=12, margins=(16, 6, 8, 6)))
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        QtGui.QShortcut(QtGui.QKeySequence.StandardKey.Undo, window).activated.connect(self.undo)
        window.installEventFilter(self)
        self.hide()

    def did(self, what: str, undo: Callable[[], object]) -> None:
        """This was done, and so it is taken back."""
        self._acts.append((what, undo))
        self._say(what, can_undo=True)

    def say(self, text: str) -> None:
        """Only this is said."""
        self._say(text, can_undo=False)

    def undo(self) -> None:
        """Take the newest act back, and say so."""
        if not self._acts:
            self._say("Nothing to undo", can_undo=False)
            return
        what, undo = self._acts.pop()
        undo()
        self._say(f"Undone: {what}", can_undo=bool(self._acts))

    def _say(self, text: str, *, can_undo: bool) -> None:
        self.said.setText(text)
        self.button.setVisible(can_undo)
        self._timer.start(SHOWN_MS)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        window = self._window
        size = self.sizeHint()
        self.setGeometry((window.width() - size.width()) // 2, window.height() - size.height() - 4, *size.toTuple())

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
        """Qt: it stays where it belongs when the window has another size."""
        if event.type() == QtCore.QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False
