"""What panels and ribbons over time share: the view, the mouse, the cursor with its values, pictures that are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.themes import AA_TEXT, Style, readable

LEFT, RIGHT, TOP, BOTTOM = 52, 168, 19, 4  # margins of the curves' area, px of the design
LEFT_MIDDLE = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter
RIGHT_MIDDLE = QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class View:
    """What all panels show: a stretch of time and the cursor in it, s."""

    from_s: float
    to_s: float
    cursor_s: float


@dataclass(frozen=True, slots=True)
class Acts:
    """What the mouse over a panel asks for. point: go there; zoom: by a factor about a time; pan: by seconds."""

    point: Callable[[float], None]
    zoom: Callable[[float, float], None]
    pan: Callable[[float], None]


class OverTime(QtWidgets.QWidget):
    """What panels and ribbons share: time along x, the mouse, a picture that is kept while the cursor moves.

    Where the view moves on, the picture is painted `ahead` of it by a share of the view, then shifted.
    """

    ahead = 0.5

    def __init__(self, style: Style, acts: Acts) -> None:
        super().__init__()
        self.style_, self._acts = style, acts
        self.view_ = View(0.0, 1.0, 0.0)
        self._kept: QtGui.QPixmap | None = None
        self._kept_view, self._kept_span_s = self.view_, 1.0
        self._wide: QtCore.QRectF | None = None
        self._still: QtGui.QPixmap | None = None
        self._drag: float | None = None
        self.setMouseTracking(True)
        font = QtGui.QFont(QtWidgets.QApplication.font())
        font.setPixelSize(style.px(11))
        self.small, self._metrics = font, QtGui.QFontMetrics(font)
        self._elided = lru_cache(maxsize=200)(
            lambda text, room: self._metrics.elidedText(text, QtCore.Qt.TextElideMode.ElideRight, room)
        )

    def paint_still(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """Paint what stands still while time moves: caption, axis, levels."""
        raise NotImplementedError

    def paint_content(self, painter: QtGui.QPainter, area: QtCore.QRectF, *, vector: bool) -> None:
        """Paint what moves into the area of the curves. vector: for a file of lines, not of pixels."""
        raise NotImplementedError

    def paint_over(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """Paint names that stand still above what moves; most panels have none."""

    def caption(self, painter: QtGui.QPainter, area: QtCore.QRectF, text: str) -> None:
        """What the panel is, above the curves."""
        bold = QtGui.QFont(self.small)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QtGui.QColor(self.style_.theme.text))
        painter.drawText(QtCore.QRectF(area.left(), 0, area.width(), area.top()), LEFT_MIDDLE, text)

    def values_at(self, time_s: float) -> list[tuple[str, str, str]]:
        """Name, value with unit and colour of everything that can be read at a time."""
        return []

    def told_at(self, time_s: float) -> str:
        """What hovering tells: the values, then what to bear in mind."""
        values = [f"{name}: {value}" for name, value, _ in self.values_at(time_s) if value]
        return "\n".join([*values, *(note[0].upper() + note[1:] for note in self.notes)])

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences to bear in mind beside the values."""
        return ()

    def area(self) -> QtCore.QRectF:
        """Where the curves are."""
        if self._wide is not None:
            return self._wide
        px = self.style_.px
        width, height = self.width() - px(LEFT + RIGHT), self.height() - px(TOP + BOTTOM)
        return QtCore.QRectF(px(LEFT), px(TOP), max(10, width), max(4, height))

    def show_view(self, view: View) -> None:
        """Show this stretch of time and cursor."""
        if view == self.view_:
            return
        self.view_ = view
        self.update()

    def forget(self) -> None:
        """Something else than the view has changed: paint anew."""
        self._kept = self._still = None
        self.update()

    def x_of(self, time_s: float) -> float:
        """The x of a time."""
        area, view = self.area(), self.view_
        return area.left() + area.width() * (time_s - view.from_s) / (view.to_s - view.from_s)

    def time_of(self, x: float) -> float:
        """The time of an x."""
        area, view = self.area(), self.view_
        return view.from_s + (x - area.left()) * (view.to_s - view.from_s) / area.width()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: another size."""
        self._kept = self._still = None
        super().resizeEvent(event)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        if self._still is None:
            ratio = self.devicePixelRatioF()
            self._still = QtGui.QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(QtGui.QColor(self.style_.theme.card))
            inner = QtGui.QPainter(self._still)
            self.paint_still(inner, self.area())
            inner.end()
        area, shift = self.area(), self._shift()
        if self._kept is None or shift is None:
            self._kept, shift = self._painted(area, further=self._kept is not None), 0
        ratio = self._kept.devicePixelRatio()
        painter = QtGui.QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        source = QtCore.QRectF(shift * ratio, 0, area.width() * ratio, area.height() * ratio)
        painter.drawPixmap(area, self._kept, source)
        self.paint_over(painter, area)
        self._paint_cursor(painter)
        painter.end()

    def _shift(self) -> int | None:
        """How many pixels of the kept picture have gone by; None = it does not show all of the view."""
        kept, view = self._kept_view, self.view_
        per_px_s = (view.to_s - view.from_s) / self.area().width()
        if not self._same_span or view.from_s < kept.from_s or view.to_s > kept.to_s + 0.5 * per_px_s:
            return None
        return round((view.from_s - kept.from_s) / per_px_s)

    @property
    def _same_span(self) -> bool:
        """Whether the kept picture is on the scale of the view."""
        span_s = self.view_.to_s - self.view_.from_s
        return abs(self._kept_span_s - span_s) < 1e-9 * max(span_s, 1.0)

    def _painted(self, area: QtCore.QRectF, *, further: bool) -> QtGui.QPixmap:
        """The content of the view; further: the view has moved on a little, so paint ahead of it."""
        view, before, span_s = self.view_, self._kept_view, self.view_.to_s - self.view_.from_s
        share = 1.0 + (self.ahead if further and self._same_span and before.from_s < view.from_s < before.to_s else 0.0)
        ratio = self.devicePixelRatioF()
        wide = QtCore.QRectF(area.left(), area.top(), round(area.width() * share), area.height())
        picture = QtGui.QPixmap(round(wide.width() * ratio), round(wide.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QtCore.Qt.GlobalColor.transparent)
        self._kept_view = View(view.from_s, view.from_s + span_s * wide.width() / area.width(), view.cursor_s)
        self._kept_span_s = span_s
        painter = QtGui.QPainter(picture)
        painter.translate(-area.topLeft())
        self.view_, self._wide = self._kept_view, wide
        self.paint_content(painter, wide, vector=False)
        self.view_, self._wide = view, None
        painter.end()
        return picture

    def _paint_cursor(self, painter: QtGui.QPainter) -> None:
        area, px, theme = self.area(), self.style_.px, self.style_.theme
        x = self.x_of(self.view_.cursor_s)
        if area.left() <= x <= area.right():
            painter.fillRect(QtCore.QRectF(x, area.top(), 1, area.height()), QtGui.QColor(theme.text))
        painter.setFont(self.small)
        line = px(13)
        rows = self.values_at(self.view_.cursor_s)
        fit = max(1, int((self.height() - 2) // line))
        for row, (name, value, colour) in enumerate(rows[:fit]):
            box = QtCore.QRectF(area.right() + px(6), px(3) + row * line, px(RIGHT - 10), line)
            painter.setPen(QtGui.QColor(readable(colour, theme.card, AA_TEXT)))
            room = int(box.width()) - self._metrics.horizontalAdvance(value) - px(4)
            painter.drawText(box, LEFT_MIDDLE, self._elided(name, room // 8 * 8))
            painter.drawText(box, RIGHT_MIDDLE, value)

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: a click puts the cursor; the right button drags the view along."""
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self._acts.point(self.time_of(event.position().x()))
        self._drag = event.position().x()

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: hovering reads values; dragging moves."""
        x = event.position().x()
        if event.buttons() & QtCore.Qt.MouseButton.RightButton and self._drag is not None:
            self._acts.pan(self.time_of(self._drag) - self.time_of(x))
            self._drag = x
        elif event.buttons() == QtCore.Qt.MouseButton.LeftButton:
            self._acts.point(self.time_of(x))
        elif self.area().contains(event.position()):
            self.setToolTip(self.told_at(self.time_of(x)))

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the wheel zooms about the mouse."""
        self._acts.zoom(0.8 ** (event.angleDelta().y() / 120), self.time_of(event.position().x()))
