"""A page of the set-up, and the small parts that several pages use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.icons import ShapeIcon
from monitor.dashboard.looks import paint_for
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.states import STATES, Look, Shape
from monitor.dashboard.themes import AA_GRAPHIC, Style, readable
from monitor.dashboard.widgets import column, label, row

DONE, NOW, OPEN, WRONG = (
    STATES["OK"],
    Look("Now", "", STATES["CALIBRATING"].colour, Shape.RING),
    Look("Open", "", STATES["NO_SIGNAL"].colour, Shape.OPEN_RING),
    STATES["WARN"],
)


class Step(QtWidgets.QWidget):
    """One page. enter() when it comes, tick() ten times a second while it is there, act() is its big button."""

    title = ""
    short = ""  # in the list of steps
    hint = ""

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__()
        self.style_, self.desk = style, desk

    def enter(self) -> None:
        """The page is shown."""

    def tick(self) -> None:
        """A tenth of a second has passed."""

    def act(self) -> None:
        """The page's main button, or the key of it."""

    @property
    def done(self) -> bool:
        """Whether what the page is for has been done, once one has gone on from it."""
        return True

    @property
    def missing(self) -> str:
        """Why one cannot go on; empty = one can."""
        return ""


class Line(QtWidgets.QFrame):
    """A shape, a name, a sentence."""

    def __init__(self, style: Style, *, lines: int = 1) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._style = style
        self.icon, self.name, self.said = ShapeIcon(style.px(18)), label("linkRole"), label("muted")
        self.name.setMinimumWidth(style.px(150))
        self.said.setWordWrap(lines > 1)
        self.said.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Preferred)
        across, down = style.px(12), style.px(7)
        line = row(self.icon, self.name, spacing=style.px(10), margins=(across, down, across, down))
        line.addWidget(self.said, 1)
        self.setLayout(line)

    def show_line(self, look: Look, name: str, said: str) -> None:
        """Show these."""
        self.icon.show_shape(look.shape, paint_for(look, self._style.theme.raised))
        for part, text in ((self.name, name), (self.said, said)):
            if part.text() != text:
                part.setText(text)
                part.setToolTip(text)
        self.setAccessibleName(f"{name}: {said}")

    def text(self) -> str:
        """What it says."""
        return f"{self.name.text()}: {self.said.text()}"


class Lines(QtWidgets.QScrollArea):
    """As many lines as are wanted, one under the other, scrolled where there are many."""

    def __init__(self, style: Style, *, lines: int = 1) -> None:
        super().__init__()
        self._style, self._lines = style, lines
        self.rows: list[Line] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        inner = QtWidgets.QWidget()
        inner.setObjectName("page")
        self._column = column(spacing=style.px(5))
        self._column.addStretch()
        inner.setLayout(self._column)
        self.setWidget(inner)

    def show_lines(self, told: list[tuple[Look, str, str]]) -> None:
        """Show these: shape, name, sentence."""
        while len(self.rows) < len(told):
            line = Line(self._style, lines=self._lines)
            self.rows.append(line)
            self._column.insertWidget(self._column.count() - 1, line)
        for line, each in zip(self.rows, told, strict=False):
            line.show_line(*each)
        for place, line in enumerate(self.rows):
            line.setVisible(place < len(told))


class Bar(QtWidgets.QWidget):
    """How far something is, 0..1; nothing is drawn where it is None."""

    def __init__(self, style: Style, height: int = 10) -> None:
        super().__init__()
        self._style, self.share = style, 0.0
        self.setFixedHeight(style.px(height))

    def show_share(self, share: float) -> None:
        """So far."""
        if share != self.share:
            self.share = share
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        theme, radius = self._style.theme, self.height() / 2
        track = QtGui.QPainterPath()
        track.addRoundedRect(QtCore.QRectF(self.rect()), radius, radius)
        painter.fillPath(track, QtGui.QColor(theme.line))
        painter.setClipPath(track)
        done = QtCore.QRectF(0, 0, self.width() * min(max(self.share, 0.0), 1.0), self.height())
        painter.fillRect(done, QtGui.QColor(readable(DONE.colour, theme.card, AA_GRAPHIC)))
        painter.end()


def card(style: Style, *parts: QtWidgets.QWidget, spacing: int = 10) -> QtWidgets.QFrame:
    """A card with its parts one under the other."""
    made = QtWidgets.QFrame()
    made.setObjectName("card")
    pad = style.px(18)
    made.setLayout(column(*parts, spacing=style.px(spacing), margins=(pad, style.px(14), pad, style.px(14))))
    return made


def focusable(text: str, tip: str, pressed: Callable[[], object], name: str = "") -> QtWidgets.QPushButton:
    """A button that the tabulator reaches: the set-up has fields to type in."""
    made = QtWidgets.QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.clicked.connect(lambda: pressed())
    return made
