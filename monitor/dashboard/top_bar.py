"""The window's head: what runs, the session clock, the SIMULATED mark, and the buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyqtgraph.Qt import QtCore, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.controls import Controls
from monitor.dashboard.icons import pixmap
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.looks import Paint
from monitor.dashboard.states import VERMILLION, Shape
from monitor.dashboard.themes import AA_GRAPHIC, Style, readable
from monitor.dashboard.widgets import AskingButton, button, column, label, row
from monitor.snapshot import Snapshot

MARKS = (("marker", "M"), ("cramp", "C"), ("stretch", "S"))
SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
SOURCES = {"demo": "Demo: virtual athlete", "live": "Live", "replay": "Replay"}


def next_speed(speed: float, step: int) -> float:
    """The speed one step up or down the ladder."""
    if step > 0:
        return next((s for s in SPEEDS if s > speed), SPEEDS[-1])
    return next((s for s in reversed(SPEEDS) if s < speed), SPEEDS[0])


@dataclass(frozen=True, slots=True)
class BarActs:
    """What the bar's buttons do beside the session's own controls."""

    stop: Callable[[], None]
    theme: Callable[[], None]
    view: Callable[[], None]
    sound: Callable[[], None]


class TopBar(QtWidgets.QWidget):
    """Title, clock, speed, marks and the session's buttons. The window's keys call the same methods."""

    def __init__(self, style: Style, controls: Controls, acts: BarActs, *, paused: bool, plain: bool) -> None:
        super().__init__()
        self._style, self._controls, self._speed = style, controls, 1.0
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
        self.marks = {text: self._mark_button(text, key) for text, key in MARKS}
        self.pause = button("Go on" if paused else "Pause", "Hold the replay (space)", self.toggle_pause)
        self.pause.setCheckable(True)
        self.pause.setChecked(paused)
        self.slower = button("\N{MINUS SIGN}", "Slower (-)", lambda: self.change_speed(-1), "square")
        self.faster = button("+", "Faster (+)", lambda: self.change_speed(1), "square")
        self.theme = button("◐", "Dark, light or high contrast (T)", acts.theme, "square")
        self.view = button("Details  V" if plain else "Simple  V", "All details, or one glance (V)", acts.view)
        self.sound = button("♪", "What sounds (Q)", acts.sound, "square")
        self.stop = AskingButton("Stop", "Stop now?", "End the session", acts.stop)
        bar = row(spacing=px(8), margins=(px(4), 0, 0, 0))
        bar.addLayout(titles, 1)
        for part in (
            self.simulated,
            self.clock,
            self.speed,
            *self.marks.values(),
            self.pause,
            self.slower,
            self.faster,
        ):
            bar.addWidget(part)
        for part in (self.view, self.sound, self.theme, self.stop):
            bar.addWidget(part)
        self.setLayout(bar)
        self.pause.setVisible(controls.pause is not None)
        for part in (self.slower, self.faster):
            part.setVisible(controls.set_speed is not None)
        for part in (*self.marks.values(), self.stop) if plain else ():
            part.hide()  # the big buttons below do the same

    def show_sound(self, what: str, where: str) -> None:
        """Say what sounds and where."""
        text = {"silent": "off", "CRAMP only": "♪!"}.get(what, "♪")
        if text != self.sound.text():
            self.sound.setText(text)
        self.sound.setToolTip(f"Sound: {what} (Q), to the {where}")

    def _mark_button(self, text: str, key: str) -> QtWidgets.QPushButton:
        return button(f"{text.capitalize()}  {key}", f"Note a {text} now ({key})", lambda: self._controls.mark(text))

    @property
    def paused(self) -> bool:
        """Whether this window holds the replay."""
        return self.pause.isChecked()

    def toggle_pause(self) -> None:
        """Hold the replay or let it go on, as the button now stands."""
        if self._controls.pause is not None:
            self.pause.setText("Go on" if self.paused else "Pause")
            self._controls.pause(self.paused)

    def change_speed(self, step: int) -> None:
        """One step faster (1) or slower (-1)."""
        if self._controls.set_speed is not None:
            self._controls.set_speed(next_speed(self._speed, step))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the session's head."""
        self._speed = snapshot.speed
        self.title.setText(snapshot.title or "Crampwatch")
        recording = snapshot.recording
        self.detail.setText(f"{SOURCES.get(snapshot.source, snapshot.source)}  ·  {recording or 'not recording'}")
        _show_if(self.dot, bool(recording))
        _show_if(self.simulated, snapshot.simulated)
        for mark in self.marks.values():
            mark.setEnabled(snapshot.source != "replay")  # a recording is not written to while it plays
        self.clock.setText(words.clock(snapshot.time_s))
        self.speed.setText(words.speed(snapshot.speed))


def _show_if(widget: QtWidgets.QWidget, shown: bool) -> None:
    if widget.isHidden() == shown:
        widget.setVisible(shown)
