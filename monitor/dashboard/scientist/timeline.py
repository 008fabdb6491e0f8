"""The whole session on one line: states, every event, the stretch in view, the cursor; click or drag to go there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.scientist.events import Happening
from monitor.dashboard.scientist.over_time import View
from monitor.dashboard.scientist.ribbons import stretches
from monitor.dashboard.states import state_look
from monitor.dashboard.themes import Style, blend
from monitor.dashboard.trend_plot import tick_step
from monitor.study import LegStudy


class Timeline(QtWidgets.QWidget):
    """go: called with the time that was clicked or dragged to."""

    def __init__(self, style: Style, leg: LegStudy, end_s: float, events: list[Happening], go: Callable[[float], None]):
        super().__init__()
        self._style, self._end_s, self._events, self._go = style, max(end_s, 1.0), events, go
        self._states = stretches(leg.states, end_s)
        self._view = View(0.0, end_s, 0.0)
        self._loop: tuple[float, float] | None = None
        self.setFixedHeight(style.px(50))
        self.setMouseTracking(True)
        self.font_ = QtGui.QFont(QtWidgets.QApplication.font())
        self.font_.setPixelSize(style.px(11))

    def show_view(self, view: View, loop: tuple[float, float] | None) -> None:
        """Show where the view and the cursor are, and what is played again and again."""
        if (view, loop) != (self._view, self._loop):
            self._view, self._loop = view, loop
            self.update()

    def _x(self, time_s: float) -> float:
        return 8 + (self.width() - 16) * min(max(time_s / self._end_s, 0.0), 1.0)

    def time_of(self, x: float) -> float:
        """The time of an x."""
        return min(max((x - 8) / (self.width() - 16), 0.0), 1.0) * self._end_s

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: go there."""
        self._go(self.time_of(event.position().x()))

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: scrub, or tell the event under the mouse."""
        time_s = self.time_of(event.position().x())
        if event.buttons():
            self._go(time_s)
            return
        near = [each for each in self._events if abs(self._x(each.time_s) - event.position().x()) < 5]
        told = [f"{words.clock(each.time_s)}  {each.what}: {each.cause}" for each in near]
        self.setToolTip("\n".join([words.clock(time_s), *told]))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter, px, theme = QtGui.QPainter(self), self._style.px, self._style.theme
        painter.fillRect(self.rect(), QtGui.QColor(theme.card))
        band, top = px(14), px(12)
        for each in self._states:
            look = state_look(str(each.change.state))
            colour = look.colour if look.loud else blend(theme.card, look.colour, 0.5)
            left, right = self._x(each.from_s), self._x(each.to_s)
            painter.fillRect(QtCore.QRectF(left, top, max(right - left, 1), band), QtGui.QColor(colour))
        for one in self._events:
            high = px(10) if one.urgent else px(6)
            painter.fillRect(QtCore.QRectF(self._x(one.time_s) - 1, top - high, 2, high), QtGui.QColor(one.colour))
        if self._loop is not None:
            left, right = self._x(self._loop[0]), self._x(self._loop[1])
            painter.fillRect(QtCore.QRectF(left, top + band, right - left, 3), QtGui.QColor(theme.text))
        left, right = self._x(self._view.from_s), self._x(self._view.to_s)
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.text), 1))
        painter.drawRect(QtCore.QRectF(left, top - 2, max(right - left, 2), band + 3))
        painter.fillRect(QtCore.QRectF(self._x(self._view.cursor_s) - 1, 0, 2, px(34)), QtGui.QColor(theme.text))
        painter.setFont(self.font_)
        painter.setPen(QtGui.QColor(theme.muted))
        step_s = 60 * tick_step(self._end_s / 60, 12) if self._end_s > 240 else 30
        for tick in range(0, int(self._end_s) + 1, int(step_s)):
            left = min(max(self._x(tick) - px(30), 8 - px(12)), self.width() - px(52))
            box = QtCore.QRectF(left, px(33), px(60), px(14))
            painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignCenter, words.clock(tick))
        painter.end()
