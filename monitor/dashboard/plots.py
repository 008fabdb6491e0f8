"""What all plots share: fixed axes, curves with pens of one pixel, a caption above, and a veil for old data."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.themes import Style, Theme

LIVE_SPAN_S = 10.0
LIVE_GAP_S = 0.25
AXIS_WIDTH_PX = 44


class Canvas:
    """An empty plot that scales nothing by itself and takes no mouse. bottom: whether it shows its time axis."""

    def __init__(self, style: Style, *, bottom: bool) -> None:
        theme = style.theme
        self.view = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self.view.disableAutoRange()
        self.item = pg.PlotItem(viewBox=self.view, enableMenu=False)
        self.item.hideButtons()
        self.widget = pg.PlotWidget(background=theme.card, plotItem=self.item)
        self.widget.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.widget.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.widget.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.font = QtGui.QFont(QtWidgets.QApplication.font())
        self.font.setPixelSize(style.px(11))
        self.left: pg.AxisItem = self.item.getAxis("left")
        self.bottom: pg.AxisItem = self.item.getAxis("bottom")
        for axis in (self.left, self.bottom):
            axis.setStyle(tickFont=self.font, tickLength=0, tickTextOffset=style.px(5))
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.muted))
        self.left.setWidth(style.px(AXIS_WIDTH_PX))
        self.bottom.setHeight(style.px(18))
        self.item.showAxis("bottom", bottom)

    def word(self, text: str, colour: str, anchor: tuple[float, float]) -> pg.TextItem:
        """A word on the plot, as small as the axes' numbers. anchor: its point that `setPos` places, 0..1."""
        word = pg.TextItem(text, color=colour, anchor=anchor)
        word.setFont(self.font)
        self.item.addItem(word)
        return word


class Curve(pg.PlotCurveItem):
    """A curve that fills its plot: with fixed axes nobody needs the curve's own bounds, which cost a pass per frame."""

    def boundingRect(self) -> QtCore.QRectF:  # noqa: N802 - Qt's name
        """Qt: the area that the curve may paint."""
        view = self.getViewBox()
        return QtCore.QRectF() if view is None else view.viewRect()


class Bands(pg.GraphicsObject):
    """Shaded stretches along x, from `low` to `high`."""

    def __init__(self, canvas: Canvas, colour: str, low: float, high: float) -> None:
        super().__init__()
        self._fill, self._low, self._high = QtGui.QColor(colour), low, high
        self._spans: list[list[float]] = []
        self.setZValue(-10)
        canvas.item.addItem(self)

    def show_spans(self, spans: NDArray[np.float64]) -> None:
        """Shade these, (k, 2)."""
        self._spans = spans.tolist()
        self.update()

    def boundingRect(self) -> QtCore.QRectF:  # noqa: N802 - Qt's name
        """Qt: the area that the shades may paint."""
        view = self.getViewBox()
        return QtCore.QRectF() if view is None else view.viewRect()

    def paint(self, painter: QtGui.QPainter, option: object, widget: object = None) -> None:
        """Qt: paint the shades."""
        for start, end in self._spans:
            painter.fillRect(QtCore.QRectF(start, self._low, end - start, self._high - self._low), self._fill)


def make_curve(canvas: Canvas, colour: str, *, smooth: bool = False, width: int = 1, dashed: bool = False) -> Curve:
    """A curve on the plot; `smooth` and a width above 1 cost time and are for curves of few points."""
    dash = QtCore.Qt.PenStyle.DashLine if dashed else QtCore.Qt.PenStyle.SolidLine
    curve = Curve(pen=pg.mkPen(colour, width=width, style=dash), antialias=smooth)
    canvas.item.addItem(curve)
    return curve


def draw(curve: Curve, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Set a curve's points; NaN breaks it."""
    finite = bool(np.isfinite(y).all())
    curve.setData(x, y, connect="all" if finite else "finite", skipFiniteCheck=finite)


def draw_ticks(curve: Curve, x: NDArray[np.float64], low: NDArray, high: NDArray) -> None:
    """One upright stroke from low to high at each x; rows with NaN are left out."""
    keep = np.isfinite(low) & np.isfinite(high)
    points = np.column_stack((low[keep], high[keep])).ravel()
    curve.setData(np.repeat(x[keep], 2), points, connect="pairs", skipFiniteCheck=True)


class Veil(QtWidgets.QFrame):
    """Greys out what lies under it and says why."""

    def __init__(self, parent: QtWidgets.QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("veil")
        ground = QtGui.QColor(theme.card)
        self.setStyleSheet(f"#veil {{ background: rgba({ground.red()}, {ground.green()}, {ground.blue()}, 200); }}")
        self._notice = QtWidgets.QLabel()
        self._notice.setObjectName("notice")
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._notice, alignment=QtCore.Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def say(self, text: str) -> None:
        """Cover with this sentence; an empty one uncovers."""
        if text != self._notice.text():
            self._notice.setText(text)
        if bool(text) == self.isHidden():
            self.setVisible(bool(text))

    def text(self) -> str:
        """The sentence shown, empty if nothing is covered."""
        return "" if self.isHidden() else self._notice.text()


class PlotBox(QtWidgets.QWidget):
    """A plot under its caption: what it is, a fact, and a note at the right."""

    def __init__(self, style: Style, title: str, *, bottom: bool) -> None:
        super().__init__()
        self.style_ = style
        self.canvas = Canvas(style, bottom=bottom)
        self.title, self.fact = QtWidgets.QLabel(title), QtWidgets.QLabel()
        self.title.setObjectName("caption")
        self.fact.setObjectName("captionNote")
        self.note = ElidedLabel("captionNote", align=QtCore.Qt.AlignmentFlag.AlignRight)
        self.captions = QtWidgets.QHBoxLayout()
        self.captions.setContentsMargins(style.px(4), 0, style.px(4), 0)
        self.captions.setSpacing(style.px(8))
        self.captions.addWidget(self.title)
        self.captions.addWidget(self.fact)
        self.captions.addWidget(self.note, stretch=1)
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.px(2))
        self._column.addLayout(self.captions)
        self._column.addWidget(self.canvas.widget, stretch=1)
        self.veil = Veil(self.canvas.widget, style.theme)

    def width_px(self) -> int:
        """The width of the drawing area in pixels, at least 50."""
        return max(50, self.canvas.widget.width() - self.style_.px(AXIS_WIDTH_PX))

    def height_px(self) -> int:
        """The height of the drawing area in pixels, at least 20 (of a plot with a time axis)."""
        return max(20, self.canvas.widget.height() - self.style_.px(18))

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the veil covers the plot at any size."""
        super().resizeEvent(event)
        self._column.activate()
        self.veil.setGeometry(self.canvas.widget.rect())
