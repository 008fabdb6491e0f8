"""A panel over time: shaded stretches, levels, curves and a cursor that reads their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.levels import spread
from monitor.dashboard.scientist.dense import Column, column_extremes, stroke
from monitor.dashboard.scientist.series import Draw, PanelSpec, Series, rows_between, value_at
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Style, blend, readable
from monitor.dashboard.trend_plot import tick_step

LEFT, RIGHT, TOP, BOTTOM = 52, 168, 19, 4  # margins of the curves' area, px of the design
_LEFT_MIDDLE = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter
_RIGHT_MIDDLE = QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter


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
    """What panels and ribbons share: time along x, the mouse, a picture that is kept while only the cursor moves."""

    def __init__(self, style: Style, acts: Acts) -> None:
        super().__init__()
        self.style_, self._acts = style, acts
        self.view_ = View(0.0, 1.0, 0.0)
        self._kept: QtGui.QPixmap | None = None
        self._still: QtGui.QPixmap | None = None
        self._drag: float | None = None
        self.setMouseTracking(True)
        font = QtGui.QFont(QtWidgets.QApplication.font())
        font.setPixelSize(style.px(11))
        self.small = font

    def paint_still(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """Paint what stands still while time moves: caption, axis, levels."""
        raise NotImplementedError

    def paint_content(self, painter: QtGui.QPainter, area: QtCore.QRectF, *, vector: bool) -> None:
        """Paint what moves into the area of the curves. vector: for a file of lines, not of pixels."""
        raise NotImplementedError

    def caption(self, painter: QtGui.QPainter, area: QtCore.QRectF, text: str) -> None:
        """What the panel is, above the curves."""
        bold = QtGui.QFont(self.small)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QtGui.QColor(self.style_.theme.text))
        painter.drawText(QtCore.QRectF(area.left(), 0, area.width(), area.top()), _LEFT_MIDDLE, text)

    def values_at(self, time_s: float) -> list[tuple[str, str, str]]:
        """Name, value with unit and colour of everything that can be read at a time."""
        return []

    def area(self) -> QtCore.QRectF:
        """Where the curves are."""
        px = self.style_.px
        width, height = self.width() - px(LEFT + RIGHT), self.height() - px(TOP + BOTTOM)
        return QtCore.QRectF(px(LEFT), px(TOP), max(10, width), max(4, height))

    def show_view(self, view: View) -> None:
        """Show this stretch of time and cursor."""
        if view == self.view_:
            return
        if (view.from_s, view.to_s) != (self.view_.from_s, self.view_.to_s):
            self._kept = None
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
        if self._kept is None:
            self._kept = QtGui.QPixmap(self._still)
            inner = QtGui.QPainter(self._kept)
            self.paint_content(inner, self.area(), vector=False)
            inner.end()
        painter = QtGui.QPainter(self)
        painter.drawPixmap(0, 0, self._kept)
        self._paint_cursor(painter)
        painter.end()

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
            metrics = QtGui.QFontMetrics(self.small)
            room = int(box.width()) - metrics.horizontalAdvance(value) - px(4)
            painter.drawText(box, _LEFT_MIDDLE, metrics.elidedText(name, QtCore.Qt.TextElideMode.ElideRight, room))
            painter.drawText(box, _RIGHT_MIDDLE, value)

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
            found = self.values_at(self.time_of(x))
            self.setToolTip("\n".join(f"{name}: {value}" for name, value, _ in found))

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the wheel zooms about the mouse."""
        self._acts.zoom(0.8 ** (event.angleDelta().y() / 120), self.time_of(event.position().x()))


class TimePanel(OverTime):
    """Shows a PanelSpec."""

    def __init__(self, style: Style, acts: Acts, spec: PanelSpec) -> None:
        super().__init__(style, acts)
        self.spec = spec
        self.setMinimumHeight(style.px(100 if spec.lanes else 56))

    def show_spec(self, spec: PanelSpec) -> None:
        """Show this from now on."""
        self.spec = spec
        self.forget()

    def values_at(self, time_s: float) -> list[tuple[str, str, str]]:
        """What the curves say there."""
        found = []
        for series in self.spec.series:
            digits = 0 if series.unit in ("points", "µV", "counts") else 2 if series.unit == "x" else 1
            unit = "" if series.unit == "points" else series.unit if series.unit == "°" else f" {series.unit}"
            text = words.number(value_at(series, time_s), unit, digits)
            found.append((series.name, text, series.colour))
        return found

    def paint_still(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """Caption, zone, levels, axis."""
        spec, theme = self.spec, self.style_.theme
        lanes = f", ±{spec.high:g} {spec.unit} per lane" if spec.lanes else f", {spec.unit}"
        self.caption(painter, area, spec.title + lanes)
        if spec.zone is not None:
            top, bottom = self._y(area, spec.zone[1]), self._y(area, spec.zone[0])
            zone = QtCore.QRectF(area.left(), top, area.width(), bottom - top)
            painter.fillRect(zone, QtGui.QColor(blend(theme.card, theme.traces[0], 0.16)))
        self._paint_levels(painter, area)
        self._paint_axis(painter, area)

    def paint_content(self, painter: QtGui.QPainter, area: QtCore.QRectF, *, vector: bool) -> None:
        """Shades, intervals, curves."""
        spec, theme = self.spec, self.style_.theme
        painter.setClipRect(area)
        ground = QtGui.QColor(theme.text)
        ground.setAlphaF(0.10)
        spans = spec.shaded
        for start_s, end_s in spans[(spans[:, 1] >= self.view_.from_s) & (spans[:, 0] <= self.view_.to_s)].tolist():
            left, right = self.x_of(start_s), self.x_of(end_s)
            painter.fillRect(QtCore.QRectF(left, area.top(), max(right - left, 0.5), area.height()), ground)
        for band in spec.bands:
            colour = QtGui.QColor(band.colour)
            colour.setAlphaF(0.20)
            self._paint_band(painter, area, band.time_s, band.low, band.high, colour)
        self._paint_series(painter, area, vector)

    def _y(self, area: QtCore.QRectF, value: float, lane: int = 0) -> float:
        spec, lanes = self.spec, max(1, len(self.spec.lanes))
        high = area.height() / lanes
        inside = min(max((spec.high - value) / (spec.high - spec.low), 0.0), 1.0)
        return area.top() + lane * high + inside * (high - 1)

    def _paint_levels(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """Dashed lines; their names at the right are kept a line of type apart."""
        card, line = self.style_.theme.card, self.style_.px(12)
        painter.setFont(self.small)
        levels = sorted(self.spec.levels, key=lambda level: -level.value)
        lines = [self._y(area, level.value) for level in levels]
        for level, y, text_y in zip(levels, lines, spread(lines, line), strict=True):
            colour = QtGui.QColor(readable(level.colour, card, AA_GRAPHIC))
            painter.setPen(QtGui.QPen(colour, 1, QtCore.Qt.PenStyle.DashLine))
            painter.drawLine(QtCore.QPointF(area.left(), y), QtCore.QPointF(area.right(), y))
            value = f"{level.value:g}" if abs(level.value) < 20 else f"{level.value:.0f}"
            painter.setPen(QtGui.QColor(readable(level.colour, card, AA_TEXT)))
            box = QtCore.QRectF(area.left() + 4, text_y - line, area.width() - 8, line)
            painter.drawText(box, _RIGHT_MIDDLE, f"{level.name} {value}".replace("-", "\N{MINUS SIGN}"))

    def _paint_series(self, painter: QtGui.QPainter, area: QtCore.QRectF, vector: bool) -> None:
        view, width = self.view_, int(area.width())
        dense: list[tuple[Series, Column]] = []
        for series in self.spec.series:
            rows = rows_between(series.time_s, view.from_s, view.to_s)
            many = rows.stop - rows.start > 1.5 * width
            if series.draw is Draw.DENSE or (many and series.draw is not Draw.DASHED):
                part = series.time_s[rows], series.values[rows]
                dense.append((series, column_extremes(*part, view.from_s, view.to_s, width)))
            else:
                self._paint_line(painter, area, series, rows)
        if vector:
            for series, column in dense:
                self._paint_strokes(painter, area, series, column)
        elif dense:
            self._paint_dense(painter, area, dense)

    def _paint_dense(self, painter: QtGui.QPainter, area: QtCore.QRectF, dense: list[tuple[Series, Column]]) -> None:
        spec, lanes = self.spec, max(1, len(self.spec.lanes))
        height, width = int(area.height()), int(area.width())
        mask = np.zeros((height, -(-width // 4) * 4), np.uint8)
        colours = [QtGui.qRgba(0, 0, 0, 0)]
        for number, (series, column) in enumerate(dense, start=1):
            top, bottom = (series.lane * height) // lanes, ((series.lane + 1) * height) // lanes
            stroke(mask[top:bottom, :width], column, spec.low, spec.high, number)
            colours.append(QtGui.QColor(readable(series.colour, self.style_.theme.card, AA_GRAPHIC)).rgba())
        image = QtGui.QImage(mask.data, width, height, mask.shape[1], QtGui.QImage.Format.Format_Indexed8)
        image.setColorTable(colours)
        painter.drawImage(QtCore.QPointF(int(area.left()), int(area.top())), image)

    def _paint_strokes(self, painter: QtGui.QPainter, area: QtCore.QRectF, series: Series, column: Column) -> None:
        painter.setPen(QtGui.QPen(QtGui.QColor(readable(series.colour, self.style_.theme.card, AA_GRAPHIC)), 1))
        lines = [
            QtCore.QLineF(
                area.left() + x, self._y(area, high, series.lane), area.left() + x, self._y(area, low, series.lane)
            )
            for x, low, high in zip(*(part.tolist() for part in column), strict=True)
            if low == low and high == high
        ]
        painter.drawLines(lines)

    def _paint_line(self, painter: QtGui.QPainter, area: QtCore.QRectF, series: Series, rows: slice) -> None:
        colour = QtGui.QColor(readable(series.colour, self.style_.theme.card, AA_GRAPHIC))
        xs, ys = self._xs(area, series.time_s[rows]), self._ys(area, series.values[rows])
        finite = np.isfinite(ys)
        if series.draw is Draw.DOTS:
            for x, y in zip(xs[finite].tolist(), ys[finite].tolist(), strict=True):
                painter.fillRect(QtCore.QRectF(x - 1, y - 1, 2.2, 2.2), colour)
            return
        dash = QtCore.Qt.PenStyle.DashLine if series.draw is Draw.DASHED else QtCore.Qt.PenStyle.SolidLine
        painter.setPen(QtGui.QPen(colour, 1, dash))
        for first, last in runs(finite):
            points = polyline(xs[first:last], ys[first:last])
            painter.drawPolyline(_stairs(points) if series.draw is Draw.STEP else points)

    def _paint_band(
        self,
        painter: QtGui.QPainter,
        area: QtCore.QRectF,
        time_s: NDArray[np.float64],
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        colour: QtGui.QColor,
    ) -> None:
        rows = rows_between(time_s, self.view_.from_s, self.view_.to_s)
        step = max(1, (rows.stop - rows.start) // max(1, int(area.width())))
        when, lows, highs = (each[rows][::step] for each in (time_s, low, high))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for first, last in runs(np.isfinite(lows) & np.isfinite(highs)):
            xs = self._xs(area, when[first:last])
            upper, lower = self._ys(area, highs[first:last]), self._ys(area, lows[first:last])
            painter.drawPolygon(polyline(xs, upper) + polyline(xs, lower)[::-1])
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)

    def _ys(self, area: QtCore.QRectF, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """The y of many values of a panel without lanes."""
        inside = np.clip((self.spec.high - values) / (self.spec.high - self.spec.low), 0.0, 1.0)
        return area.top() + inside * (area.height() - 1)

    def _xs(self, area: QtCore.QRectF, time_s: NDArray[np.float64]) -> NDArray[np.floating]:
        """The x of many times."""
        return area.left() + area.width() * (time_s - self.view_.from_s) / (self.view_.to_s - self.view_.from_s)

    def _paint_axis(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        spec, theme, px = self.spec, self.style_.theme, self.style_.px
        painter.setFont(self.small)
        painter.setPen(QtGui.QColor(theme.line))
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.setPen(QtGui.QColor(theme.muted))
        if spec.lanes:
            marks = [(name, self._y(area, (spec.low + spec.high) / 2, lane)) for lane, name in enumerate(spec.lanes)]
            marks = marks[:: max(1, round(px(12) * len(spec.lanes) / area.height()))]
        else:
            step = tick_step(spec.high - spec.low, max(2, int(area.height() / px(22))))
            ticks = np.arange(np.ceil(spec.low / step) * step, spec.high + 1e-9, step)
            marks = [(words.number(tick, "", 0), self._y(area, tick)) for tick in ticks.tolist()]
        for text, y in marks:
            painter.drawText(QtCore.QRectF(0, y - px(7), area.left() - px(5), px(14)), _RIGHT_MIDDLE, text)


def runs(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last + 1 of every run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def polyline(xs: NDArray[np.floating], ys: NDArray[np.floating]) -> list[QtCore.QPointF]:
    """Qt's points."""
    return [QtCore.QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]


def _stairs(points: list[QtCore.QPointF]) -> list[QtCore.QPointF]:
    out = points[:1]
    for before, now in pairwise(points):
        out += [QtCore.QPointF(now.x(), before.y()), now]
    return out
