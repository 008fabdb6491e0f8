"""The shapes of the states, drawn by the program: sharp at every size, distinct without colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pyqtgraph.Qt import QtCore, QtGui, QtWidgets
from pyqtgraph.Qt.QtCore import QPointF
from pyqtgraph.Qt.QtGui import QPainterPath

from monitor.dashboard.states import Look, Shape
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, contrast, ink_on, readable


@dataclass(frozen=True, slots=True)
class Paint:
    """Fill of a shape, and the line around it where the fill alone would be too faint (empty = none)."""

    fill: str
    edge: str = ""


GRID = 256.0  # Qt keeps curves smooth through unions only in coordinates that are not small


def _polygon(*corners: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QtGui.QPolygonF([QPointF(GRID * x, GRID * y) for x, y in corners]))
    path.closeSubpath()
    return path


def _disc(radius: float = 0.40, x: float = 0.5, y: float = 0.5) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(GRID * x, GRID * y), GRID * radius, GRID * radius)
    return path


def _ring() -> QPainterPath:
    return _disc(0.42) - _disc(0.26)


def _slashed_ring() -> QPainterPath:
    slash = _polygon((0.14, 0.25), (0.25, 0.14), (0.86, 0.75), (0.75, 0.86))
    return (_disc(0.44) - _disc(0.31)) | slash


def _open_ring() -> QPainterPath:
    quarter = _polygon((0.5, 0.5), (0.5, -0.2), (1.2, -0.2), (1.2, 0.5))
    return (_ring() - quarter) | _disc(0.09)


def _triangle() -> QPainterPath:
    mark = _polygon((0.445, 0.36), (0.555, 0.36), (0.535, 0.64), (0.465, 0.64))
    return _polygon((0.5, 0.06), (0.98, 0.90), (0.02, 0.90)) - mark - _disc(0.05, 0.5, 0.75)


def _octagon() -> QPainterPath:
    near, far, edge = 0.07, 0.93, 0.32
    outline = _polygon(
        (edge, near),
        (1 - edge, near),
        (far, edge),
        (far, 1 - edge),
        (1 - edge, far),
        (edge, far),
        (near, 1 - edge),
        (near, edge),
    )
    bolt = _polygon((0.57, 0.18), (0.30, 0.56), (0.47, 0.56), (0.41, 0.84), (0.70, 0.43), (0.52, 0.43))
    return outline - bolt


def _arrow_down() -> QPainterPath:
    return _polygon((0.37, 0.06), (0.63, 0.06), (0.63, 0.48), (0.90, 0.48), (0.5, 0.95), (0.10, 0.48), (0.37, 0.48))


def _hourglass() -> QPainterPath:
    return _polygon((0.16, 0.06), (0.84, 0.06), (0.57, 0.5), (0.84, 0.94), (0.16, 0.94), (0.43, 0.5))


_BUILDERS: dict[Shape, Callable[[], QPainterPath]] = {
    Shape.DISC: _disc,
    Shape.RING: _ring,
    Shape.SLASHED_RING: _slashed_ring,
    Shape.OPEN_RING: _open_ring,
    Shape.DIAMOND: lambda: _polygon((0.5, 0.03), (0.95, 0.5), (0.5, 0.97), (0.05, 0.5)),
    Shape.TRIANGLE: _triangle,
    Shape.OCTAGON: _octagon,
    Shape.ARROW_DOWN: _arrow_down,
    Shape.HOURGLASS: _hourglass,
    Shape.SQUARE: lambda: _polygon((0.14, 0.14), (0.86, 0.14), (0.86, 0.86), (0.14, 0.86)),
}


@lru_cache(maxsize=len(Shape))
def outline(shape: Shape) -> QPainterPath:
    """The shape's outline in a square of GRID by GRID, y downwards."""
    return _BUILDERS[shape]()


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


def paint_for(look: Look, surface: str) -> Paint:
    """The shape's paint on a surface: black or white on its own colour, else its colour made visible enough."""
    if surface == look.colour:
        return Paint(ink_on(look.colour))
    if ink_on(surface) == "#FFFFFF":
        return Paint(readable(look.colour, surface, AA_TEXT))
    return Paint(look.colour, "" if contrast(look.colour, surface) >= AA_GRAPHIC else ink_on(surface))


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
