"""Who comes off first: the most urgent legs in large type, the soonest on top."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.icons import paint_shape
from monitor.dashboard.labels import fitted
from monitor.dashboard.looks import paint_for
from monitor.dashboard.states import Look
from monitor.dashboard.themes import AA_TEXT, Style, ink_on, readable

_LEFT = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter
_RIGHT = QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list."""

    number: str
    side: str
    look: Look
    age: str


class ComesOffFirst(QtWidgets.QWidget):
    """At most as many entries as have room; how many more there are stands below."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._entries: tuple[Entry, ...] = ()

    def entries(self) -> tuple[Entry, ...]:
        """All entries, also those without room."""
        return self._entries

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show these from now on."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleName("; ".join(f"{e.number} {e.side}: {e.look.headline}, {e.age}" for e in entries))
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter, px, theme = QtGui.QPainter(self), self._style.px, self._style.theme
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        bold = QtGui.QFont(self.font())
        bold.setBold(True)
        head = QtCore.QRectF(0, 0, self.width(), px(26))
        self._line(
            painter, fitted(bold, "Comes off first", self.width(), 9, px(17)), "Comes off first", theme.text, head
        )
        high, gap = min(px(104), (self.height() - px(50)) / 5), px(6)
        room = max(1, int((self.height() - px(50)) / high))
        for place, entry in enumerate(self._entries[:room]):
            box = QtCore.QRectF(0.5, px(30) + place * high, self.width() - 1, high - gap)
            self._paint_entry(painter, bold, entry, box)
        more = len(self._entries) - room
        note = f"and {more} more" if more > 0 else "" if self._entries else "Nobody tires or warns now."
        foot = QtCore.QRectF(0, px(30) + min(len(self._entries), room) * high, self.width(), px(20))
        self._line(painter, fitted(self.font(), note or "-", self.width(), 8, px(14)), note, theme.muted, foot)
        painter.end()

    def _paint_entry(self, painter: QtGui.QPainter, bold: QtGui.QFont, entry: Entry, box: QtCore.QRectF) -> None:
        theme, look = self._style.theme, entry.look
        surface = look.colour if look.loud else theme.card
        ink = ink_on(surface) if look.loud else theme.text
        path = QtGui.QPainterPath()
        path.addRoundedRect(box, self._style.px(7), self._style.px(7))
        painter.fillPath(path, QtGui.QColor(surface))
        if not look.loud:
            painter.strokePath(path, QtGui.QPen(QtGui.QColor(theme.line), 1))
        pad, upper = 0.06 * box.width(), 0.56 * box.height()
        icon = 0.72 * upper
        inner = box.adjusted(pad, 0, -pad, 0)
        place = QtCore.QRectF(inner.left(), inner.top() + (upper - icon) / 2 + 2, icon, icon)
        paint_shape(painter, look.shape, place, paint_for(look, surface))
        first = QtCore.QRectF(place.right() + pad, inner.top() + 2, inner.right() - place.right() - pad, upper)
        number = fitted(bold, entry.number, int(0.52 * first.width()), 9, int(0.8 * upper))
        self._line(painter, number, entry.number, ink, first)
        small = fitted(bold, f"{entry.side} {entry.age}", int(0.44 * first.width()), 8, int(0.40 * upper))
        self._line(painter, small, f"{entry.side} {entry.age}", ink, first, _RIGHT)
        second = QtCore.QRectF(inner.left(), inner.top() + upper, inner.width(), box.height() - upper - 3)
        word = fitted(bold, look.short, int(second.width()), 8, int(0.95 * second.height()))
        colour = ink if look.loud else readable(look.colour, theme.card, AA_TEXT)
        self._line(painter, word, look.short, colour, second)

    def _line(
        self,
        painter: QtGui.QPainter,
        font: QtGui.QFont,
        text: str,
        colour: str,
        box: QtCore.QRectF,
        where: QtCore.Qt.AlignmentFlag = _LEFT,
    ) -> None:
        painter.setFont(font)
        painter.setPen(QtGui.QColor(colour))
        painter.drawText(box, where | QtCore.Qt.TextFlag.TextDontClip, text)  # a "g" hangs below the line
