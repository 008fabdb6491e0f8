"""The start window: four large buttons, for someone who has just installed Crampwatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pyqtgraph.Qt import QtCore, QtWidgets

from monitor.dashboard.app import application
from monitor.dashboard.icons import Paint, ShapeIcon, paint_for
from monitor.dashboard.sheet import sheet
from monitor.dashboard.states import DISCLAIMER, STATES, Look
from monitor.dashboard.themes import DARK, Style, Theme
from monitor.dashboard.widgets import column, label, row

RECORDINGS = "Recordings (*.xdf *.npz *.csv);;All files (*)"


class Action(StrEnum):
    """What one can start with."""

    DEMO = "demo"
    CONNECT = "connect"
    OPEN = "open"
    LAST_TEAM = "last team"


@dataclass(frozen=True, slots=True)
class StartAction:
    """One button. unavailable: why it cannot be pressed now; empty = it can. folder: where the file dialog begins."""

    action: Action
    title: str
    explanation: str
    unavailable: str = ""
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class StartChoice:
    """What was chosen; path: the recording, only with OPEN."""

    action: Action
    path: Path | None = None


_LOOKS: dict[Action, Look] = {
    Action.DEMO: STATES["OK"],
    Action.CONNECT: STATES["CALIBRATING"],
    Action.OPEN: STATES["RELIEF"],
    Action.LAST_TEAM: STATES["COOLDOWN"],
}


def start_actions(last_team: str, recordings: Path | None) -> list[StartAction]:
    """The four buttons. last_team: its name, empty = none yet; recordings: the folder where the file dialog begins."""
    return [
        StartAction(Action.DEMO, "Try the demo", "Two virtual calves tire and warn. No sensors needed."),
        StartAction(Action.CONNECT, "Connect sensors", "Find the Bluetooth sensors around you and start."),
        StartAction(Action.OPEN, "Open a recording", "Replay a session exactly as it was.", folder=recordings),
        StartAction(
            Action.LAST_TEAM,
            "Last team",
            last_team or "The athletes and sensors of the last session.",
            unavailable="" if last_team else "There is no team yet: connect sensors first.",
        ),
    ]


def run_start_window(actions: Sequence[StartAction]) -> StartChoice | None:
    """Ask what to start with; None if the window was closed. Raises: CrampwatchError where no window can open."""
    application()
    window = StartWindow(actions)
    window.exec()
    window.deleteLater()
    return window.choice


class StartButton(QtWidgets.QPushButton):
    """A large button: shape, title, explanation."""

    def __init__(self, style: Style, action: StartAction) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setMinimumHeight(style.px(112))
        self.setEnabled(not action.unavailable)
        self.setAccessibleName(action.title)
        pad = style.px(18)
        icon, look = ShapeIcon(style.px(40)), _LOOKS[action.action]
        theme = style.theme
        icon.show_shape(look.shape, paint_for(look, theme.card) if self.isEnabled() else Paint(theme.line))
        title, text = label("title", action.title), label("muted", action.unavailable or action.explanation)
        text.setWordWrap(True)
        words = column(title, text, spacing=style.px(4))
        words.insertStretch(0)
        words.addStretch()
        line = row(icon, spacing=style.px(16), margins=(pad, pad, pad, pad))
        line.addLayout(words, 1)
        self.setLayout(line)
        for part in (icon, title, text):
            part.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class StartWindow(QtWidgets.QDialog):
    """Four buttons; `choice` says which was pressed."""

    def __init__(self, actions: Sequence[StartAction], theme: Theme = DARK) -> None:
        super().__init__()
        style = Style(theme, 1.15)
        px = style.px
        self.choice: StartChoice | None = None
        self.setWindowTitle("Crampwatch")
        self.setStyleSheet(sheet(style))
        grid = QtWidgets.QGridLayout()
        grid.setSpacing(px(12))
        self.buttons = {action.action: StartButton(style, action) for action in actions}
        for index, action in enumerate(actions):
            grid.addWidget(self.buttons[action.action], index // 2, index % 2)
            self.buttons[action.action].clicked.connect(lambda _=False, action=action: self._chosen(action))
        head = column(label("clock", "Crampwatch"), label("muted", "Early signs of calf cramp"), spacing=px(2))
        page = QtWidgets.QVBoxLayout(self)
        page.setContentsMargins(px(28), px(24), px(28), px(18))
        page.setSpacing(px(18))
        page.addLayout(head)
        page.addLayout(grid, 1)
        page.addWidget(label("foot", DISCLAIMER))
        self.resize(px(720), px(440))

    def _chosen(self, action: StartAction) -> None:
        path = ask_recording(self, action.folder) if action.action == Action.OPEN else None
        if action.action == Action.OPEN and path is None:
            return
        self.choice = StartChoice(action.action, path)
        self.accept()


def ask_recording(parent: QtWidgets.QWidget, folder: Path | None) -> Path | None:
    """Let the person choose a recording; None if they changed their mind."""
    begin = (
        str(folder)
        if folder
        else QtCore.QStandardPaths.writableLocation(QtCore.QStandardPaths.StandardLocation.DocumentsLocation)
    )
    name, _ = QtWidgets.QFileDialog.getOpenFileName(parent, "Open a recording", begin, RECORDINGS)
    return Path(name) if name else None
