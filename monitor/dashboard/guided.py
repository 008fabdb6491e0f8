"""A guided test in a window: what to do now in large type, the metronome to see and to hear, one big button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.athlete_bar import links_sentence
from monitor.dashboard.controls import Controls
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.screen import Screen, say
from monitor.dashboard.sheet import sheet
from monitor.dashboard.states import GREEN
from monitor.dashboard.themes import AA_GRAPHIC, Style, Theme, readable
from monitor.dashboard.widgets import AskingButton, button, column, label, row
from monitor.guided.texts import by_button
from monitor.snapshot import Snapshot
from monitor.warning.texts import FOOT

PHASES = {"prepare": "Prepare", "warm-up": "Warm up", "rest": "Rest", "test": "Test", "cramp": "Cramp", "done": "Done"}
NEXT = {
    "prepare": "Ready: begin",
    "warm-up": "Warm enough: rest",
    "rest": "Begin now",
    "test": "I cannot go on",
    "cramp": "It is over",
    "done": "Close",
}


class Guide(Protocol):
    """What leads through a test."""

    @property
    def view(self) -> Any:
        """Phase, leg, prompt, since_s, and where there are: rises, beats_from_s."""
        ...

    def press(self) -> None:
        """On to the next step."""
        ...


class Metronome(QtWidgets.QWidget):
    """A disc that rises and falls with the beat. beat_s : of half a rise."""

    def __init__(self, style: Style, beat_s: float) -> None:
        super().__init__()
        self._style, self._beat_s = style, beat_s
        self.height_: float | None = None  # 0..1, None = silent
        self.setMinimumWidth(style.px(120))

    def show_time(self, since_s: float | None) -> int | None:
        """So much time since the first beat, None = silent; gives the number of the beat."""
        if since_s is None:
            height, beat = None, None
        else:
            beat, part = divmod(since_s / self._beat_s, 1.0)
            height = part if int(beat) % 2 == 0 else 1.0 - part
        if height != self.height_:
            self.height_ = height
            self.update()
        return None if beat is None else int(beat)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter, theme, px = QtGui.QPainter(self), self._style.theme, self._style.px
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        radius, middle = px(26), self.width() / 2
        track = QtCore.QRectF(middle - px(5), radius, px(10), self.height() - 2 * radius)
        path = QtGui.QPainterPath()
        path.addRoundedRect(track, px(5), px(5))
        painter.fillPath(path, QtGui.QColor(theme.line))
        if self.height_ is not None:
            at = QtCore.QPointF(middle, track.bottom() - self.height_ * track.height())
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(QtGui.QColor(readable(GREEN, theme.card, AA_GRAPHIC)))
            painter.drawEllipse(at, radius, radius)
        painter.end()


class GuidedScreen(Screen):
    """guide : leads; now_s : session seconds at once; beat_s : of the metronome; tick : called with each frame."""

    def __init__(
        self,
        controls: Controls,
        guide: Guide,
        now_s: Callable[[], float],
        beat_s: float,
        theme: Theme | None = None,
        tick: Callable[[], object] = lambda: None,
        **shared: Any,
    ) -> None:
        super().__init__(controls, theme, **shared)
        self.setMinimumSize(900, 560)
        self.resize(1280, 800)
        self._guide, self._now_s, self._beat_s, self._tick = guide, now_s, beat_s, tick
        self._built_for: tuple[object, ...] = ()
        self._beat: int | None = None
        self.bind(
            {
                "Space": ("what the big button says", lambda: self.go.click()),
                "Return": ("the same", lambda: self.go.click()),
                "C": ("note a cramp", lambda: self.mark("cramp")),
            }
        )

    @property
    def style_(self) -> Style:
        """Theme and size of now."""
        return Style(self._theme, max(0.75, min(self.width() / 1280, self.height() / 800)))

    def draw(self, snapshot: Snapshot, notice: str, *, frozen: bool, unchanged: bool) -> None:
        """Draw one frame."""
        self._tick()
        self._build()
        view, simulated = self._guide.view, snapshot.simulated
        say(self.notice, notice)
        self.head.setText(f"{snapshot.title}{'  ·  SIMULATED' if simulated else ''}")
        for phase, mark in self.phases.items():
            name = "now" if phase == view.phase else ""
            if mark.property("now") != name:
                mark.setProperty("now", name)
                mark.style().polish(mark)
        self.leg.setText(f"{view.leg} leg" if getattr(view, "leg", "") else "")
        self.prompt.setText(by_button(view.prompt))
        rises = getattr(view, "rises", None)
        self.count.setText("" if rises is None or view.phase not in ("warm-up", "test") else str(rises))
        self.since.setText(words.duration(max(0.0, self._now_s() - view.since_s)))
        self.go.setText(NEXT.get(view.phase, "Next"))
        self._show_beat(getattr(view, "beats_from_s", None))
        self.links.setText(links_sentence(list(snapshot.links), frozen))

    def _show_beat(self, from_s: float | None) -> None:
        """The disc, the word, and a tick with each new beat."""
        beat = self.metronome.show_time(None if from_s is None else max(0.0, self._now_s() - from_s))
        self.word.setText("" if beat is None else "up" if beat % 2 == 0 else "down")
        if beat is not None and beat != self._beat:
            self.sounder.play("UP" if beat % 2 == 0 else "DOWN")
        self._beat = beat

    def _build(self) -> None:
        wanted = (self.style_, self.width(), self.height())
        if wanted == self._built_for:
            return
        self._built_for, style = wanted, self.style_
        px = style.px
        self.setStyleSheet(sheet(style))
        self.head, self.notice = label("title"), label("notice")
        self.notice.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        self.phases = {phase: label("phase", name) for phase, name in PHASES.items() if phase != "cramp"}
        self.leg, self.prompt = label("clock"), label("huge")
        self.prompt.setWordWrap(True)
        self.count, self.since = label("count"), label("muted")
        self.count.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.metronome, self.word = Metronome(style, self._beat_s), label("clock")
        self.word.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.links = ElidedLabel("small", align=QtCore.Qt.AlignmentFlag.AlignHCenter)
        self.go = button("", "On to the next step (space)", self._press, "hugePrimary")
        self.stop_button = AskingButton("Stop", "Stop now?", "End the test and the session", self.stop, "huge")
        middle = QtWidgets.QWidget()
        middle.setObjectName("page")
        middle.setLayout(self._page(style))
        self.setCentralWidget(middle)
        self.metronome.setMinimumHeight(px(200))

    def _page(self, style: Style) -> QtWidgets.QVBoxLayout:
        px = style.px
        top = row(self.head, spacing=px(8))
        top.addStretch()
        for part in (
            button("◐", "Dark, light or high contrast (T)", self.other_theme, "square"),
            button("?", "All keys (?)", self.show_keys, "square"),
        ):
            top.addWidget(part)
        phases = row(*self.phases.values(), spacing=px(8))
        phases.addStretch()
        phases.addWidget(self.since)
        said = column(self.leg, self.prompt, spacing=px(14))
        said.addStretch()
        beat = column(self.word, spacing=px(6))
        beat.addWidget(self.metronome, 1)
        both = row(spacing=px(24))
        both.addLayout(said, 6)
        both.addWidget(self.count, 3)
        both.addLayout(beat, 1)
        page = column(spacing=px(14), margins=(px(24), px(14), px(24), px(10)))
        page.addLayout(top)
        page.addWidget(self.notice)
        page.addLayout(phases)
        page.addLayout(both, 1)
        page.addWidget(self.links)
        buttons = row(spacing=px(10))
        buttons.addWidget(self.go, 3)
        buttons.addWidget(self.stop_button, 1)
        page.addLayout(buttons)
        page.addWidget(label("foot", FOOT))
        return page

    def _press(self) -> None:
        if self._guide.view.phase == "done":
            self.close()
        else:
            self._guide.press()
