"""Beside the panels: what happened, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.scientist.events import Happening
from monitor.dashboard.scientist.player import Player
from monitor.dashboard.themes import AA_TEXT, Style, readable
from monitor.dashboard.widgets import button, column, label, row
from monitor.study import LegStudy, Study


class EventList(QtWidgets.QWidget):
    """A click on an event goes there and tells its cause below. go: called with its time."""

    def __init__(self, style: Style, go: Callable[[float], None]) -> None:
        super().__init__()
        self._style, self._go, self.events = style, go, list[Happening]()
        self.list = QtWidgets.QListWidget()
        self.list.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda item: self.choose(self.list.row(item)))
        self.cause = label("reason")
        self.cause.setWordWrap(True)
        self.cause.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self.cause.setMinimumHeight(style.px(110))
        pad = style.px(6)
        self.setLayout(column(self.list, self.cause, spacing=pad, margins=(pad, pad, pad, pad)))

    def show_events(self, events: list[Happening]) -> None:
        """Show these."""
        self.events = events
        self.list.clear()
        for each in events:
            item = QtWidgets.QListWidgetItem(f"{words.clock(each.time_s)}  {each.what}")
            item.setForeground(QtGui.QColor(readable(each.colour, self._style.theme.card, AA_TEXT)))
            font = QtGui.QFont(self.list.font())
            font.setBold(each.urgent)
            item.setFont(font)
            item.setToolTip(each.cause)
            self.list.addItem(item)

    def choose(self, place: int) -> None:
        """Go to an event."""
        if self.tell(place):
            self._go(self.events[place].time_s)

    def tell(self, place: int) -> bool:
        """Tell an event's cause without going there; False if there is no such event."""
        if not 0 <= place < len(self.events):
            return False
        self.list.setCurrentRow(place)
        self.cause.setText(words.sentences([self.events[place].what, *self.events[place].cause.split(". ")]))
        return True

    def next_event(self, step: int, *, urgent: bool = False) -> None:
        """The next (1) or the one before (-1); urgent: among warnings and cramps only."""
        places = [i for i, each in enumerate(self.events) if each.urgent or not urgent]
        now = self.list.currentRow()
        later = [i for i in places if i > now] if step > 0 else [i for i in reversed(places) if i < now]
        self.choose(later[0] if later else places[0] if places and step > 0 else -1)


class Said(ElidedLabel):
    """What has just been done; it takes no room while there is nothing to say."""

    def setText(self, text: str) -> None:  # noqa: N802 - as QLabel
        """Show this text, or nothing where it is empty."""
        super().setText(text)
        self.setVisible(bool(text))


class Middle(QtWidgets.QWidget):
    """The timeline and a line of facts; it stays where it is, the panels dock around it."""

    def __init__(
        self, style: Style, timeline: QtWidgets.QWidget, play: Callable[[], None], show_help: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.facts = ElidedLabel("small")
        self.said = Said("recording", align=QtCore.Qt.AlignmentFlag.AlignRight)
        self.said.hide()
        line = row(button("Play  ␣", "Play or hold (space)", play), spacing=style.px(8))
        line.addWidget(self.facts, 3)
        line.addWidget(self.said, 2)
        line.addWidget(button("Keys  ?", "All keys (?)", show_help))
        page = column(timeline, spacing=style.px(2), margins=(style.px(8), 0, style.px(8), style.px(4)))
        page.addLayout(line)
        self.setLayout(page)
        self.setFixedHeight(style.px(92))


def facts(found: Study, leg: LegStudy, player: Player, settings_hash: str, *, before: bool) -> str:
    """What is shown, where, and with which settings. before: an earlier computation lies over it."""
    at_s = player.cursor_s
    parts = [
        Path(found.file).name + (" (simulated)" if found.simulated else ""),
        leg.name,
        f"{words.clock(at_s)}.{int(100 * (at_s % 1)):02d}",
        f"view {player.span_s:.3g} s",
        words.speed(player.speed),
        player.loop_text,
        leg.seconds.course_at(at_s),
        f"settings {settings_hash}",
        "before dashed" if before else "",
        *found.notes[:1],
    ]
    return "  ·  ".join(part for part in parts if part)
