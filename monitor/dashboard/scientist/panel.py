"""A panel over time: shaded stretches, levels, intervals and curves of a PanelSpec."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui

from monitor.dashboard import words
from monitor.dashboard.levels import spread
from monitor.dashboard.scientist.dense import Column, column_extremes, stroke
from monitor.dashboard.scientist.over_time import RIGHT_MIDDLE, Acts, OverTime
from monitor.dashboard.scientist.series import Draw, PanelSpec, Series, rows_between, value_at
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Style, blend, readable
from monitor.dashboard.trend_plot import tick_step


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
        """What the curves say there, the reading before the dots that it comes from."""
        found = []
        for series in sorted(self.spec.series, key=lambda series: series.draw is Draw.DOTS):
            digits = (
                1
                if series.unit == "points"
                else 0
                if series.unit in ("µV", "counts")
                else 2
                if series.unit == "x"
                else 1
            )
            unit = "" if series.unit == "points" else series.unit if series.unit == "°" else f" {series.unit}"
            text = words.number(value_at(series, time_s), unit, digits)
            found.append((series.name, text, series.colour))
        if self.spec.caution:
            found.insert(1, (self.spec.caution, "", self.style_.theme.muted))
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences to bear in mind beside the values."""
        return self.spec.notes

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
        """Dashed lines below the curves."""
        for level in self.spec.levels:
            colour, y = (
                QtGui.QColor(readable(level.colour, self.style_.theme.card, AA_GRAPHIC)),
                self._y(area, level.value),
            )
            painter.setPen(QtGui.QPen(colour, 1, QtCore.Qt.PenStyle.DashLine))
            painter.drawLine(QtCore.QPointF(area.left(), y), QtCore.QPointF(area.right(), y))

    def paint_over(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """The levels' names at the right, above the curves and on a plate of their own, a line of type apart."""
        card, line = self.style_.theme.card, self.style_.px(12)
        levels = sorted(self.spec.levels, key=lambda level: -level.value)
        lines = [self._y(area, level.value) for level in levels]
        plate = QtGui.QColor(card)
        plate.setAlphaF(0.85)
        painter.setFont(self.small)
        for level, text_y in zip(levels, spread(lines, line), strict=True):
            name = f"{level.name} {level.value:.3g}".replace("-", "\N{MINUS SIGN}")
            wide = self._metrics.horizontalAdvance(name) + 4
            box = QtCore.QRectF(area.right() - wide - 4, text_y - line, wide, line)
            painter.fillRect(box, plate)
            painter.setPen(QtGui.QColor(readable(level.colour, card, AA_TEXT)))
            painter.drawText(box.adjusted(0, 0, -2, 0), RIGHT_MIDDLE, name)

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
            step = tick_step(spec.high - spec.low, max(2, int(area.height() / px(15))))
            ticks = np.arange(np.ceil(spec.low / step) * step, spec.high + 1e-9, step)
            marks = [(words.number(tick, "", 0), self._y(area, tick)) for tick in ticks.tolist()]
        for text, y in marks:
            painter.drawText(QtCore.QRectF(0, y - px(7), area.left() - px(5), px(14)), RIGHT_MIDDLE, text)


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
