"""Text that never loses its end silently: it shrinks, or it ends in an ellipsis and stands whole in the tool tip."""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets


class ElidedLabel(QtWidgets.QWidget):
    """Text on at most so many lines; what does not fit ends in an ellipsis and stands whole in the tool tip.

    The colour and the font come from the style sheet (by object name).
    """

    def __init__(self, name: str, lines: int = 1, align: QtCore.Qt.AlignmentFlag | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self._text, self._lines = "", lines
        self._align = align or QtCore.Qt.AlignmentFlag.AlignLeft

    def text(self) -> str:
        """The whole text."""
        return self._text

    def setText(self, text: str) -> None:  # noqa: N802 - as QLabel
        """Show this text; nothing happens if it is shown already."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        """Qt: any width, the height of the lines that the text fills."""
        return QtCore.QSize(40, max(1, len(self._wrapped())) * self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: at another width the text may fill another number of lines."""
        super().resizeEvent(event)
        if self._lines > 1 and event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def changeEvent(self, event: QtCore.QEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: another font needs another height."""
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.WindowText))
        spacing = self.fontMetrics().lineSpacing()
        for row, line in enumerate(self._wrapped()):
            box = QtCore.QRect(0, row * spacing, self.width(), spacing)
            painter.drawText(box, self._align | QtCore.Qt.AlignmentFlag.AlignVCenter, line)
        painter.end()

    def _wrapped(self) -> list[str]:
        """The text broken between words into at most `lines` lines, the last one shortened."""
        metrics, lines, rest = self.fontMetrics(), [], self._text
        while rest and len(lines) < self._lines - 1 and metrics.horizontalAdvance(rest) > self.width():
            cut = _fitting(metrics, rest, self.width())
            lines.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        if rest:
            lines.append(metrics.elidedText(rest, QtCore.Qt.TextElideMode.ElideRight, self.width()))
        return lines


def _fitting(metrics: QtGui.QFontMetrics, text: str, width: int) -> int:
    """How many letters of the text fit, ending between words (at least one word)."""
    cut = end = text.find(" ")
    while end != -1 and metrics.horizontalAdvance(text[:end]) <= width:
        cut, end = end, text.find(" ", end + 1)
    return cut if cut > 0 else len(text)


def fitted(font: QtGui.QFont, text: str, width: int, smallest_px: int, largest_px: int) -> QtGui.QFont:
    """The font at the largest size in pixels, within the two limits, at which the text is no wider than `width`."""
    font = QtGui.QFont(font)
    font.setPixelSize(largest_px)
    wide = QtGui.QFontMetrics(font).horizontalAdvance(text)
    if wide > width:
        font.setPixelSize(max(smallest_px, largest_px * width // wide))
    return font
