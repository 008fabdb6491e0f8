"""The program itself, which says when its first window is painted, and ends: what `first_minutes.py` waits for.

python tests/benchmarks/first_paint.py [the program's own arguments]       prints "painted", once
"""

from __future__ import annotations

import os
import sys
from typing import Any


def say_when_painted() -> None:
    """From now on the application's event loop begins with a watch for the first picture of a whole window."""
    from PySide6 import QtCore, QtWidgets

    class FirstPaint(QtCore.QObject):
        def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
            painted = event.type() == QtCore.QEvent.Type.Paint
            if painted and isinstance(watched, QtWidgets.QWidget) and watched.isWindow():
                QtCore.QTimer.singleShot(0, self._painted)  # all of it is on the screen when this round has ended
            return False

        def _painted(self) -> None:
            print("painted", flush=True)
            os._exit(0)

    begin, watch = QtWidgets.QApplication.__init__, FirstPaint()

    def begun(app: Any, *arguments: Any) -> None:
        begin(app, *arguments)
        app.installEventFilter(watch)

    QtWidgets.QApplication.__init__ = begun


if __name__ == "__main__":
    from monitor.__main__ import main

    say_when_painted()
    sys.exit(main())
