"""The start window: seven large buttons, for someone who has just installed Crampwatch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.app import application, closing_on_interrupt
from monitor.dashboard.icons import ShapeIcon
from monitor.dashboard.kept import kept_theme
from monitor.dashboard.looks import Paint, paint_for
from monitor.dashboard.sheet import sheet
from monitor.dashboard.start_actions import Action, StartAction, StartChoice
from monitor.dashboard.states import SKY, STATES, Look, Shape
from monitor.dashboard.themes import DARK, Style, Theme
from monitor.dashboard.widgets import column, label, row
from monitor.warning.texts import FOOT

RECORDINGS = "Recordings (*.xdf *.npz *.csv);;All files (*)"


_LOOKS: dict[Action, Look] = {
    Action.DEMO: STATES["OK"],
    Action.SET_UP: STATES["CALIBRATING"],
    Action.LAST_TEAM: STATES["RELIEF"],
    Action.WALL: STATES["WARN"],
    Action.OPEN: STATES["COOLDOWN"],
    Action.STUDY: STATES["WATCH"],
    Action.TEST: Look("Test", "", SKY, Shape.RING),
}


def run_start_window(actions: Sequence[StartAction]) -> StartChoice | None:
    """Ask what to start with; None if the window was closed."""
    with closing_on_interrupt() as watch_over:
        application()
        window = StartWindow(actions, kept_theme())
        watch_over(window)
        window.exec()
    window.deleteLater()
    return window.choice


def show_sentence(text: str) -> None:
    """Say one sentence in a small window and wait until it is read."""
    application()
    box = QtWidgets.QMessageBox()
    box.setWindowTitle("Crampwatch")
    box.setText(text)
    box.setStyleSheet(sheet(Style(DARK, 1.15)))
    box.exec()
    box.deleteLater()


class StartButton(QtWidgets.QPushButton):
    """A large button: shape, title, explanation."""

    def __init__(self, style: Style, action: StartAction) -> None:
        super().__init__()
        self.setObjectName("start")
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
        line = row(icon, spacing=style.px(16), margins=(pad, 0, pad, 0))
        line.addLayout(words, 1)
        self.setLayout(line)
        for part in (icon, title, text):
            part.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class StartWindow(QtWidgets.QDialog):
    """Seven buttons; `choice` says which was pressed."""

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
            alone = index == len(actions) - 1 and index % 2 == 0
            grid.addWidget(self.buttons[action.action], index // 2, index % 2, 1, 2 if alone else 1)
            self.buttons[action.action].clicked.connect(lambda _=False, action=action: self._chosen(action))
        head = column(label("clock", "Crampwatch"), label("muted", "Early signs of calf cramp"), spacing=px(2))
        page = QtWidgets.QVBoxLayout(self)
        page.setContentsMargins(px(28), px(24), px(28), px(18))
        page.setSpacing(px(18))
        page.addLayout(head)
        page.addLayout(grid)
        page.addStretch()
        page.addWidget(label("foot", FOOT))
        self.resize(px(760), px(600))

    def _chosen(self, action: StartAction) -> None:
        opens = action.action in (Action.OPEN, Action.STUDY)
        path = ask_recording(self, action.folder) if opens else None
        if opens and path is None:
            return
        athlete = ask_athlete(self, action.athletes)
        if athlete is None:
            return
        self.choice = StartChoice(action.action, path, athlete)
        self.accept()


def ask_athlete(parent: QtWidgets.QWidget, athletes: Sequence[str]) -> str | None:
    """Whose turn it is: empty where nobody need be asked; None if the person changed their mind."""
    if len(athletes) < 2:
        return ""
    name, agreed = QtWidgets.QInputDialog.getItem(parent, "Heel-rise test", "Who is tested?", athletes, 0, False)
    return name if agreed else None


def ask_recording(parent: QtWidgets.QWidget, folder: Path | None) -> Path | None:
    """Let the person choose a recording; None if they changed their mind."""
    begin = (
        str(folder)
        if folder
        else QtCore.QStandardPaths.writableLocation(QtCore.QStandardPaths.StandardLocation.DocumentsLocation)
    )
    name, _ = QtWidgets.QFileDialog.getOpenFileName(parent, "Open a recording", begin, RECORDINGS)
    return Path(name) if name else None
