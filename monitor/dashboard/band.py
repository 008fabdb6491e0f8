"""The state of one leg in large type: colour, shape and words at once, calm until something matters."""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.icons import paint_shape
from monitor.dashboard.labels import fitted
from monitor.dashboard.looks import BandText, band_colours, band_text, paint_for
from monitor.dashboard.states import NOT_UPDATING
from monitor.dashboard.themes import Style, blend, ink_on, readable
from monitor.snapshot import LegView

_LINE_FLAGS = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter


class StateBand(QtWidgets.QWidget):
    """Icon, leg, state, what to do, and for how long; a bar of progress while calibrating."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style, self._text = style, BandText("", NOT_UPDATING, "", "")
        self.setFixedHeight(style.px(92))

    def text(self) -> BandText:
        """What the band says now."""
        return self._text

    def show_leg(self, leg: LegView, time_s: float, frozen: bool) -> None:
        """Say what is true of the leg now."""
        text = band_text(leg, time_s, frozen)
        if text != self._text:
            self._text = text
            self.setAccessibleName(f"{text.name}: {text.look.sentence}, {text.since}")
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        surface, ink, second = band_colours(self._text.look, self._style.theme)
        self._paint_ground(painter, surface)
        self._paint_icon(painter, surface)
        self._paint_words(painter, ink, second)
        painter.end()

    def _paint_ground(self, painter: QtGui.QPainter, surface: str) -> None:
        px, look = self._style.px, self._text.look
        round_box = QtGui.QPainterPath()
        round_box.addRoundedRect(QtCore.QRectF(self.rect()), px(8), px(8))
        painter.setClipPath(round_box)
        painter.fillPath(round_box, QtGui.QColor(surface))
        edge = ink_on(look.colour) if look.loud else readable(look.colour, surface, 3.0)
        if not look.loud:
            painter.fillRect(0, 0, px(5), self.height(), QtGui.QColor(edge))
        if self._text.progress is not None:
            track = blend(surface, edge, 0.25)
            painter.fillRect(px(5), self.height() - px(5), self.width(), px(5), QtGui.QColor(track))
            done = round((self.width() - px(5)) * self._text.progress)
            painter.fillRect(px(5), self.height() - px(5), done, px(5), QtGui.QColor(edge))

    def _paint_icon(self, painter: QtGui.QPainter, surface: str) -> None:
        px, side = self._style.px, self._style.px(52)
        box = QtCore.QRectF(px(22), (self.height() - side) / 2, side, side)
        paint_shape(painter, self._text.look.shape, box, paint_for(self._text.look, surface))

    def _paint_words(self, painter: QtGui.QPainter, ink: str, second: str) -> None:
        px, text, left = self._style.px, self._text, self._style.px(94)
        width = self.width() - left - px(14)
        bold = QtGui.QFont(self.font())
        bold.setBold(True)
        small, action = QtGui.QFont(bold), QtGui.QFont(bold)
        small.setPixelSize(px(12))
        action.setPixelSize(px(15))
        headline = fitted(bold, text.look.headline, width, px(18), px(29))
        rows = ((text.name, small, second, 11, 16), (text.look.headline, headline, ink, 28, 36))
        for line, font, colour, top, height in rows:
            painter.setFont(font)
            painter.setPen(QtGui.QColor(colour))
            painter.drawText(QtCore.QRect(left, px(top), width, px(height)), _LINE_FLAGS, line)
        self._paint_last_line(painter, action, (ink, second), QtCore.QRect(left, px(64), width, px(20)))

    def _paint_last_line(
        self, painter: QtGui.QPainter, font: QtGui.QFont, inks: tuple[str, str], box: QtCore.QRect
    ) -> None:
        painter.setFont(font)
        painter.setPen(QtGui.QColor(inks[0]))
        painter.drawText(box, _LINE_FLAGS, self._text.action)
        if self._text.action:
            box.setLeft(box.left() + QtGui.QFontMetrics(font).horizontalAdvance(self._text.action) + self._style.px(14))
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QtGui.QColor(inks[1]))
        painter.drawText(box, _LINE_FLAGS, self._text.since)
