"""The shapes of the states, drawn by the program: sharp at every size, distinct without colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from monitor.dashboard.looks import Paint
from monitor.dashboard.shapes import OUTLINES
from monitor.dashboard.states import Shape

GRID = 256.0  # Qt keeps curves smooth through unions only in coordinates that are not small


@lru_cache(maxsize=len(Shape))
def outline(shape: Shape) -> QPainterPath:
    """The shape's outline in a square of GRID by GRID, y downwards."""
    whole = QPainterPath()
    for layer in OUTLINES[shape]:
        path = QPainterPath()
        for corners in layer:
            path.addPolygon(QtGui.QPolygonF([QPointF(GRID * x, GRID * y) for x, y in corners]))
            path.closeSubpath()
        whole |= path
    return whole


def paint_shape(painter: QtGui.QPainter, shape: Shape, box: QtCore.QRectF, paint: Paint) -> None:
    """Draw the shape into the box (square, in the painter's coordinates)."""
    painter.save()
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / GRID, box.height() / GRID)
    painter.fillPath(outline(shape), QtGui.QColor(paint.fill))
    if paint.edge:
        painter.strokePath(outline(shape), QtGui.QPen(QtGui.QColor(paint.edge), GRID * max(0.04, 1.2 / box.width())))
    painter.restore()


def pixmap(shape: Shape, paint: Paint, size_px: int, ratio: float = 1.0) -> QtGui.QPixmap:
    """The shape on a transparent ground. ratio: device pixels per pixel."""
    image = QtGui.QPixmap(round(size_px * ratio), round(size_px * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(image)
    paint_shape(painter, shape, QtCore.QRectF(0, 0, size_px, size_px), paint)
    painter.end()
    return image


class ShapeIcon(QtWidgets.QWidget):
    """A square that shows one shape."""

    def __init__(self, size_px: int) -> None:
        super().__init__()
        self.setFixedSize(size_px, size_px)
        self._shape, self._paint = Shape.RING, Paint("#000000")

    def show_shape(self, shape: Shape, paint: Paint) -> None:
        """Draw this shape from now on; nothing happens if it is drawn already."""
        if (shape, paint) != (self._shape, self._paint):
            self._shape, self._paint = shape, paint
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        paint_shape(painter, self._shape, QtCore.QRectF(self.rect()), self._paint)
        painter.end()
