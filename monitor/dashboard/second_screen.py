"""A screen may be unplugged while a window fills it: the window comes to one that is left."""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets


class ComesBack(QtCore.QObject):
    """Watches over a window for as long as that lives."""

    def __init__(self, window: QtWidgets.QWidget) -> None:
        super().__init__(window)
        self._window = window
        QtGui.QGuiApplication.instance().screenRemoved.connect(self.come_back)  # type: ignore[union-attr]

    def come_back(self, gone: QtGui.QScreen | None = None) -> None:
        """Be where one is left, as large as it is if the window filled the other."""
        window, left = self._window, [screen for screen in QtGui.QGuiApplication.screens() if screen is not gone]
        if left and not any(screen.geometry().intersects(window.geometry()) for screen in left):
            full = window.isFullScreen()
            window.showNormal()
            window.setGeometry(left[0].availableGeometry())
            if full:
                window.showFullScreen()
