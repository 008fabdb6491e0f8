"""The replay under one's hands: play, step, the whole recording to scrub in its states' colours, speed, loop, note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.controls import Controls
from monitor.dashboard.states import state_look
from monitor.dashboard.themes import Style, blend
from monitor.dashboard.widgets import button, label, row
from monitor.snapshot import Snapshot

SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_BACK = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
_ON = "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
SKIP_S, FAR_S, STEP_S = 5.0, 60.0, 1.0
_DRAG_PX = 4.0


def next_speed(speed: float, step: int) -> float:
    """The speed one step up or down the ladder."""
    if step > 0:
        return next((s for s in SPEEDS if s > speed), SPEEDS[-1])
    return next((s for s in reversed(SPEEDS) if s < speed), SPEEDS[0])


def stretches(states: Sequence[Mapping[str, Any]], end_s: float) -> list[list[tuple[float, float, str]]]:
    """Of each leg, in order of their names: from, to, state."""
    legs: dict[str, list[tuple[float, str]]] = {}
    for change in states:
        place = f"{change.get('athlete')} {change.get('leg')}"
        legs.setdefault(place, []).append((float(change["time_s"]), str(change["state"])))
    found = []
    for _, changes in sorted(legs.items()):
        ends = [time_s for time_s, _ in changes[1:]] + [end_s]
        found.append([(begin_s, to_s, state) for (begin_s, state), to_s in zip(changes, ends, strict=True)])
    return found


class ScrubBar(QtWidgets.QWidget):
    """The recording as a bar, a row per leg; a click or a drag goes there. seek : called with session seconds."""

    def __init__(self, style: Style, controls: Controls, seek: Callable[[float], None]) -> None:
        super().__init__()
        self._style, self._seek = style, seek
        self.end_s = max(controls.duration_s, 1.0)
        self._rows = stretches(controls.states, self.end_s)
        self.at_s = self._pressed_x = 0.0
        self._markers: tuple[tuple[float, str], ...] = ()
        self.setFixedHeight(style.px(30))
        self.setMouseTracking(True)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Place in the recording")

    def show_place(self, at_s: float, markers: tuple[tuple[float, str], ...]) -> None:
        """Where the replay is."""
        if (at_s, markers) != (self.at_s, self._markers):
            self.at_s, self._markers = at_s, markers
            self.update()

    def second_at(self, x: float) -> float:
        """The session second below a place of the pointer."""
        return min(max(x / max(self.width(), 1), 0.0), 1.0) * self.end_s

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: go there."""
        self._pressed_x = event.position().x()
        self._seek(self.second_at(self._pressed_x))

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: tell the time; with the button held the place follows when it is let go."""
        self.setToolTip(words.clock(self.second_at(event.position().x())))

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the end of a drag."""
        if abs(event.position().x() - self._pressed_x) > _DRAG_PX:
            self._seek(self.second_at(event.position().x()))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter, theme, px = QtGui.QPainter(self), self._style.theme, self._style.px
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        box = QtCore.QRectF(0, px(5), self.width(), self.height() - px(10))
        ground = QtGui.QPainterPath()
        ground.addRoundedRect(box, px(4), px(4))
        painter.fillPath(ground, QtGui.QColor(theme.raised))
        painter.setClipPath(ground)
        high = box.height() / max(len(self._rows), 1)
        for place, found in enumerate(self._rows):
            for from_s, to_s, state in found:
                look = state_look(state)
                left, right = (box.width() * second / self.end_s for second in (from_s, to_s))
                colour = look.colour if look.loud else blend(theme.raised, look.colour, 0.45)
                cell = QtCore.QRectF(left, box.top() + place * high, right - left, high - 1)
                painter.fillRect(cell, QtGui.QColor(colour))
        at = box.width() * self.at_s / self.end_s
        veil = QtGui.QColor(theme.card)
        veil.setAlphaF(0.55)
        painter.fillRect(QtCore.QRectF(at, box.top(), box.width() - at, box.height()), veil)
        painter.setClipping(False)
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.text), 1))
        for time_s, _ in self._markers:
            x = box.width() * time_s / self.end_s
            painter.drawLine(QtCore.QPointF(x, 0), QtCore.QPointF(x, px(5)))
        painter.fillRect(QtCore.QRectF(at - 1.5, 0, 3, self.height()), QtGui.QColor(theme.text))
        painter.end()


class ReplayBar(QtWidgets.QWidget):
    """Everything that a recording can do. note : notes the moment in the recording."""

    def __init__(
        self, style: Style, controls: Controls, note: Callable[[str], None], *, paused: bool, loop: bool
    ) -> None:
        super().__init__()
        self._style, self._controls, self._note, self._speed = style, controls, note, 1.0
        self._time_s = 0.0
        self.scrub = ScrubBar(style, controls, self.seek)
        self.play = button("Play" if paused else "Pause", "Hold the replay, or let it go on (space)", self.toggle)
        self.play.setCheckable(True)
        self.play.setChecked(paused)
        self.play.setMinimumWidth(style.px(74))
        self.back = button(_BACK, "5 s back (Left)", lambda: self.skip(-SKIP_S), "square")
        self.on = button(_ON, "5 s on (Right)", lambda: self.skip(SKIP_S), "square")
        self.one = button("1 s", "Hold, and one second on (.)", self.step, "square")
        self.slower = button("\N{MINUS SIGN}", "Slower (-)", lambda: self.change_speed(-1), "square")
        self.faster = button("+", "Faster (+)", lambda: self.change_speed(1), "square")
        self.again = button("Loop", "Begin again at the end (L)", self._set_loop)
        self.again.setCheckable(True)
        self.again.setChecked(loop)
        self.noted = button("Note  N", "Note this moment in the recording, for good (N)", self.ask_note)
        self.clock, self.speed = label("muted"), label("speed")
        self.clock.setMinimumWidth(style.px(104))
        self.clock.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.speed.setMinimumWidth(style.px(40))
        line = row(self.play, self.back, self.on, self.one, spacing=style.px(6))
        line.addWidget(self.scrub, 1)
        for part in (self.clock, self.slower, self.speed, self.faster, self.again, self.noted):
            line.addWidget(part)
        self.setLayout(line)

    @property
    def paused(self) -> bool:
        """Whether this window holds the replay."""
        return self.play.isChecked()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Where it is, and how fast."""
        self._speed, self._time_s = snapshot.speed, snapshot.time_s
        self.scrub.show_place(snapshot.time_s, snapshot.markers)
        self.clock.setText(f"{words.clock(snapshot.time_s)} of {words.clock(self.scrub.end_s)}")
        self.speed.setText(words.speed(snapshot.speed))

    def toggle(self) -> None:
        """Hold the replay or let it go on, as the button now stands."""
        self.play.setText("Play" if self.paused else "Pause")
        self._controls.pause(self.paused)

    def seek(self, to_s: float) -> None:
        """Go to a session second."""
        self._controls.seek(min(max(to_s, 0.0), self.scrub.end_s))

    def skip(self, by_s: float) -> None:
        """So many seconds on, or back."""
        self.seek(self._time_s + by_s)

    def step(self) -> None:
        """Hold, and one second on."""
        if not self.paused:
            self.play.setChecked(True)
            self.play.setText("Play")
        self._controls.step(STEP_S)

    def change_speed(self, step: int) -> None:
        """One step faster (1) or slower (-1)."""
        self._controls.set_speed(next_speed(self._speed, step))

    def _set_loop(self) -> None:
        self._controls.loop(self.again.isChecked())

    def ask_note(self) -> None:
        """Ask what is to be noted at this moment."""
        text, sure = QtWidgets.QInputDialog.getText(self, "Note", f"Note at {words.clock(self._time_s)}:")
        if sure and text.strip():
            self._note(text.strip())
