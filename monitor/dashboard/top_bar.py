"""The window's head: what runs, the session clock, the SIMULATED mark, and the buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6 import QtCore, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.alarms import waiting
from monitor.dashboard.icons import pixmap
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.looks import Paint
from monitor.dashboard.states import VERMILLION, Shape
from monitor.dashboard.themes import AA_GRAPHIC, Style, readable
from monitor.dashboard.widgets import AskingButton, button, column, label, row
from monitor.snapshot import Snapshot

MARKS = (("marker", "M"), ("cramp", "C"), ("stretch", "S"))
SOURCES = {"demo": "Demo: virtual athlete", "live": "Live", "replay": "Replay"}


@dataclass(frozen=True, slots=True)
class BarActs:
    """What the bar's buttons do beside the session's own controls."""

    mark: Callable[[str], None]
    seen: Callable[[], None]
    stop: Callable[[], None]
    theme: Callable[[], None]
    view: Callable[[], None]
    sound: Callable[[], None]
    keys: Callable[[], None]
    triage: Callable[[], None]


class TopBar(QtWidgets.QWidget):
    """Title, clock, speed, marks and the session's buttons."""

    def __init__(self, style: Style, acts: BarActs, *, plain: bool) -> None:
        super().__init__()
        px = style.px
        self.title, self.detail = ElidedLabel("title"), ElidedLabel("recording")
        self.dot = label("")
        red = readable(VERMILLION, style.theme.background, AA_GRAPHIC)
        self.dot.setPixmap(pixmap(Shape.DISC, Paint(red), px(12), self.devicePixelRatioF()))
        self.simulated, self.clock, self.speed = label("simulated", "SIMULATED"), label("clock"), label("speed")
        self.simulated.setFixedHeight(px(36))
        self.clock.setMinimumWidth(px(78))
        self.clock.setAlignment(QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter)
        line = row(self.dot, spacing=px(6))
        line.addWidget(self.detail, 1)
        titles = column(self.title, spacing=px(1))
        titles.addLayout(line)
        self.marks = {
            text: button(f"{text.capitalize()}  {key}", f"Note a {text} now ({key})", lambda text=text: acts.mark(text))
            for text, key in MARKS
        }
        self.seen = button("Seen  A", "Somebody has seen the alerts: they do not repeat (A)", acts.seen, "primary")
        self.seen.hide()
        self.theme = button("◐", "Dark, light or high contrast (T)", acts.theme, "square")
        self.view = button("Details  V" if plain else "Simple  V", "All details, or one glance (V)", acts.view)
        self.sound = button("♪", "What sounds (Q)", acts.sound, "square")
        self.help = button("?", "All keys (?)", acts.keys, "square")
        self.card = button("\N{HEAVY GREEK CROSS}", "The card: a cramp, or more? (H)", acts.triage, "square")
        self.stop = AskingButton("Stop", "Stop now?", "End the session", acts.stop)
        bar = row(spacing=px(8), margins=(px(4), 0, 0, 0))
        bar.addLayout(titles, 1)
        parts = (self.simulated, self.clock, self.speed, *self.marks.values(), self.seen)
        for part in (*parts, self.view, self.sound, self.theme, self.card, self.help, self.stop):
            bar.addWidget(part)
        self.setLayout(bar)
        for part in (*self.marks.values(), self.stop) if plain else ():
            part.hide()  # the big buttons below do the same

    def show_sound(self, what: str, where: str) -> None:
        """Say what sounds and where."""
        text = {"silent": "off", "CRAMP only": "♪!"}.get(what, "♪")
        if text != self.sound.text():
            self.sound.setText(text)
        self.sound.setToolTip(f"Sound: {what} (Q), to the {where}")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the session's head."""
        self.title.setText(snapshot.title or "Crampwatch")
        recording = snapshot.recording
        self.detail.setText(f"{SOURCES.get(snapshot.source, snapshot.source)}  ·  {recording or 'not recording'}")
        _show_if(self.dot, bool(recording))
        _show_if(self.simulated, snapshot.simulated)
        for part in (*self.marks.values(), self.speed):
            if snapshot.source == "replay":  # the replay's own bar has these
                part.hide()
        _show_if(self.seen, bool(waiting(snapshot.alerts)))
        self.clock.setText(words.clock(snapshot.time_s))
        self.speed.setText(words.speed(snapshot.speed))


def _show_if(widget: QtWidgets.QWidget, shown: bool) -> None:
    if widget.isHidden() == shown:
        widget.setVisible(shown)
