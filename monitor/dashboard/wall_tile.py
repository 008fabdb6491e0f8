"""One athlete on the wall: number, and for both legs colour, shape and minutes; words where there is room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.icons import paint_shape
from monitor.dashboard.labels import fitted
from monitor.dashboard.looks import band_colours, paint_for
from monitor.dashboard.states import NOT_UPDATING, Look, Shape
from monitor.dashboard.themes import Style, blend, ink_on
from monitor.dashboard.wall_layout import PADDING
from monitor.dashboard.wall_words import TileLeg

_CENTRE = QtCore.Qt.AlignmentFlag.AlignCenter


def number_font(font: QtGui.QFont, size_px: int) -> QtGui.QFont:
    """The type of the numbers: bold and a little narrow, for height matters more than width."""
    made = QtGui.QFont(font)
    made.setBold(True)
    made.setStretch(90)
    made.setPixelSize(size_px)
    return made


@dataclass(frozen=True, slots=True)
class TileText:
    """What a tile says. lit: the bright half of the flash; open: an alarm that nobody has acknowledged."""

    number: str
    legs: tuple[TileLeg, ...]
    words: bool
    open: bool = False
    lit: bool = False
    muted: bool = False
    chosen: bool = False

    @property
    def look(self) -> Look:
        """The look of the worse leg, which fills the tile when it is loud."""
        return max((leg.look for leg in self.legs), key=lambda look: look.urgency)


class WallTile(QtWidgets.QWidget):
    """One tile. pressed: called with the athlete's place when it is clicked; muted: at a right click."""

    def __init__(self, style: Style, pressed: Callable[[], None], muted: Callable[[], None]) -> None:
        super().__init__()
        self._style, self._pressed, self._muted = style, pressed, muted
        self._number_px = 20
        self._text = TileText("", (TileLeg("", NOT_UPDATING, "", ""),), words=False)

    def text(self) -> TileText:
        """What the tile says now."""
        return self._text

    def show_text(self, text: TileText, number_px: int, sentence: str) -> None:
        """Say this from now on; nothing is painted if it says so already."""
        if (text, number_px) != (self._text, self._number_px):
            self._text, self._number_px = text, number_px
            self.update()
        if sentence != self.toolTip():
            self.setToolTip(sentence)
            self.setAccessibleName(sentence)

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: a click acknowledges, a right click mutes."""
        (self._muted if event.button() == QtCore.Qt.MouseButton.RightButton else self._pressed)()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        ink = self._ground(painter)
        width, height = self.width(), self.height()
        side, top = PADDING * width, PADDING * height
        font = number_font(self.font(), self._number_px)
        capital = QtGui.QFontMetricsF(font).capHeight()
        self._paint_number(painter, font, ink, QtCore.QRectF(side, top, width - 2 * side, capital * 1.24))
        legs_top = top + capital * 1.34
        legs = QtCore.QRectF(side, legs_top, width - 2 * side, height - legs_top - top)
        if self._text.look.loud and not self._text.words:
            word = QtCore.QRectF(legs.left(), legs.bottom() - 0.36 * legs.height(), legs.width(), 0.36 * legs.height())
            self._paint_line(painter, self._text.look.short, ink, word)
            legs.setHeight(0.64 * legs.height())
        self._paint_legs(painter, legs)
        painter.end()

    def _ground(self, painter: QtGui.QPainter) -> str:
        """Fill the tile; gives the ink on it."""
        theme, look, text = self._style.theme, self._text.look, self._text
        surface, ink, _ = band_colours(look, theme)
        if not look.loud:
            surface, ink = theme.card, theme.text
        if text.open and not text.lit:
            surface, ink = theme.background, theme.text
        box = QtCore.QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        path = QtGui.QPainterPath()
        path.addRoundedRect(box, self._style.px(8), self._style.px(8))
        painter.fillPath(path, QtGui.QColor(surface))
        edge = look.colour if text.open else theme.text if text.chosen else theme.line
        painter.strokePath(path, QtGui.QPen(QtGui.QColor(edge), 3 if text.open or text.chosen else 1))
        return ink

    def _paint_number(self, painter: QtGui.QPainter, font: QtGui.QFont, ink: str, box: QtCore.QRectF) -> None:
        painter.setPen(QtGui.QColor(ink))
        painter.setFont(font)
        metrics = QtGui.QFontMetricsF(font)
        number = metrics.elidedText(self._text.number, QtCore.Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(QtCore.QPointF(box.left(), box.top() + 0.5 * (box.height() + metrics.capHeight())), number)
        if self._text.muted:
            small = fitted(font, "muted", int(0.4 * box.width()), 9, max(10, int(0.3 * self._number_px)))
            painter.setFont(small)
            painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignTop, "muted")

    def _paint_legs(self, painter: QtGui.QPainter, box: QtCore.QRectF) -> None:
        legs, gap = self._text.legs, PADDING * self.width()
        width = (box.width() - gap * (len(legs) - 1)) / len(legs)
        for place, leg in enumerate(legs):
            self._paint_leg(
                painter, leg, QtCore.QRectF(box.left() + place * (width + gap), box.top(), width, box.height())
            )

    def _paint_leg(self, painter: QtGui.QPainter, leg: TileLeg, box: QtCore.QRectF) -> None:
        theme = self._style.theme
        surface, ink, _ = band_colours(leg.look, theme)
        path = QtGui.QPainterPath()
        path.addRoundedRect(box, self._style.px(5), self._style.px(5))
        painter.fillPath(path, QtGui.QColor(surface))
        if leg.look.loud:
            painter.strokePath(path, QtGui.QPen(QtGui.QColor(ink_on(leg.look.colour)), 2))
        if leg.look.shape is Shape.SLASHED_RING or leg.lost:
            hatch = QtGui.QBrush(QtGui.QColor(blend(surface, ink, 0.30)), QtCore.Qt.BrushStyle.BDiagPattern)
            painter.fillPath(path, hatch)
        if box.width() > 1.5 * box.height():
            self._paint_beside(painter, leg, surface, ink, box)
        else:
            self._paint_below(painter, leg, surface, ink, box)

    def _paint_beside(self, painter: QtGui.QPainter, leg: TileLeg, surface: str, ink: str, box: QtCore.QRectF) -> None:
        """The shape at the left, the words at its right."""
        icon, rows = 0.84 * box.height(), self._rows(leg) if self._text.words else [leg.side, _age(leg)]
        place = QtCore.QRectF(box.left() + 0.08 * box.height(), box.top() + 0.08 * box.height(), icon, icon)
        paint_shape(painter, leg.look.shape, place, paint_for(leg.look, surface))
        line, left = 0.46 * box.height(), place.right() + 1
        wide = box.right() - left - max(1.0, 0.01 * box.width())
        for row, text in enumerate(rows):
            self._paint_line(painter, text, ink, QtCore.QRectF(left, box.top() + (row + 0.06) * line, wide, line))

    def _paint_below(self, painter: QtGui.QPainter, leg: TileLeg, surface: str, ink: str, box: QtCore.QRectF) -> None:
        """The shape above, the words below it."""
        rows = self._rows(leg)
        line = min(0.30 * box.height(), 0.26 * self._number_px + 8)
        icon = min(box.width() * 0.86, box.height() - len(rows) * line - 0.08 * box.height())
        place = QtCore.QRectF(box.center().x() - icon / 2, box.top() + 0.05 * box.height(), icon, icon)
        paint_shape(painter, leg.look.shape, place, paint_for(leg.look, surface))
        at = box.bottom() - 0.02 * box.height() - len(rows) * line
        for row in rows:
            self._paint_line(painter, row, ink, QtCore.QRectF(box.left() + 2, at, box.width() - 4, line))
            at += line

    def _rows(self, leg: TileLeg) -> list[str]:
        last = " ".join(part for part in (leg.side, _age(leg)) if part)
        return [leg.look.short, last] if self._text.words else [last]

    def _paint_line(self, painter: QtGui.QPainter, text: str, ink: str, box: QtCore.QRectF) -> None:
        font = QtGui.QFont(self.font())
        font.setBold(True)
        painter.setFont(fitted(font, text, int(box.width()), 7, max(8, int(0.92 * box.height()))))
        painter.setPen(QtGui.QColor(ink))
        painter.drawText(box, _CENTRE, text)


def _age(leg: TileLeg) -> str:
    """How long it has been so, or what is lost."""
    return f"no {leg.lost}" if leg.lost else leg.age
