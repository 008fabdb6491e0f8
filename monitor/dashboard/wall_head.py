"""The line above the wall: what runs, the clock and the squad's buttons; how many need somebody stands at the foot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6 import QtCore, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.squad import Card
from monitor.dashboard.states import NOT_UPDATING
from monitor.dashboard.themes import Style
from monitor.dashboard.wall_words import counts
from monitor.dashboard.widgets import AskingButton, button, label, row
from monitor.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class WallActs:
    """What the buttons of the head do."""

    seen: Callable[[], None]
    sound: Callable[[], None]
    test: Callable[[], None]
    calibrate: Callable[[], None]
    theme: Callable[[], None]
    full: Callable[[], None]
    keys: Callable[[], None]
    triage: Callable[[], None]
    stop: Callable[[], None]


class WallHead(QtWidgets.QWidget):
    """Title at the left, clock and buttons at the right; the wall gives the counts a place with room."""

    def __init__(self, style: Style, acts: WallActs, sounder: str) -> None:
        super().__init__()
        px = style.px
        self.title = ElidedLabel("title", lines=2)
        self.counts = ElidedLabel("recording", align=QtCore.Qt.AlignmentFlag.AlignRight)
        self.simulated, self.clock = label("simulated", "SIMULATED"), label("clock")
        self.simulated.setFixedHeight(px(32))
        self.seen = button("Seen  A", "Acknowledge all alarms (A); a click on a tile acknowledges its own", acts.seen)
        self.sound = button("", f"What sounds for the whole squad (Q); to the {sounder}", acts.sound)
        self.test = button("Test sound  Y", f"Play a test tone (Y) to the {sounder}", acts.test)
        self.calibrate = AskingButton("Calibrate all", "All stand still?", "Calibrate all ankles anew", acts.calibrate)
        self.theme = button("◐", "Dark, light or high contrast (T)", acts.theme, "square")
        self.full = button("Full  F11", "Full screen (F11), on the second display if there is one", acts.full)
        self.help = button("?", "All keys (?)", acts.keys, "square")
        self.card = button("\N{HEAVY GREEK CROSS}", "The card: a cramp, or more? (H)", acts.triage, "square")
        self.stop = AskingButton("Stop", "Stop now?", "End the session", acts.stop)
        bar = row(spacing=px(6))
        bar.addWidget(self.title, 1)
        parts = (self.simulated, self.clock, self.seen, self.sound, self.test, self.calibrate, self.theme, self.full)
        for part in (*parts, self.card, self.help, self.stop):
            bar.addWidget(part)
        self.setLayout(bar)
        self.setFixedHeight(px(44))

    def show_snapshot(self, snapshot: Snapshot, squad: list[Card], sound: str, frozen: bool) -> None:
        """Show the session's head and what sounds."""
        self.title.setText(snapshot.title or "Crampwatch")
        self.counts.setText(NOT_UPDATING.headline if frozen else counts(squad))
        if self.simulated.isHidden() == snapshot.simulated:
            self.simulated.setVisible(snapshot.simulated)
        self.clock.setText(words.clock(snapshot.time_s))
        text = f"♪ {sound}  Q"
        if text != self.sound.text():
            self.sound.setText(text)
        self.calibrate.setEnabled(snapshot.source != "replay")
