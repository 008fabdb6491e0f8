"""The window of the set-up: eight pages in a row, each may be left and come back to; a coach needs no manual."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.icons import ShapeIcon
from monitor.dashboard.kept import Kept
from monitor.dashboard.keys import KeyList, keys_button
from monitor.dashboard.looks import paint_for
from monitor.dashboard.second_screen import ComesBack
from monitor.dashboard.setup.asking import AskingStep
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.finding import FindingStep
from monitor.dashboard.setup.people import PeopleStep
from monitor.dashboard.setup.placing import PlacingStep
from monitor.dashboard.setup.rehearsing import CalibrationStep, SignalStep
from monitor.dashboard.setup.saving import SavingStep
from monitor.dashboard.setup.seating import SeatingStep
from monitor.dashboard.setup.step import DONE, NOW, OPEN, Step, focusable
from monitor.dashboard.sheet import sheet
from monitor.dashboard.themes import Style, Theme, next_theme
from monitor.dashboard.undo import UndoBar
from monitor.dashboard.widgets import button, column, label, row
from monitor.errors import CrampwatchError
from monitor.setting_up import SetUp
from monitor.warning.texts import FOOT

TICK_MS = 100


class SetUpWindow(QtWidgets.QMainWindow):
    """make_desk : given what tells the undo line of an act. `done` is what was saved, None = given up.

    kept : how it was left, None = as at the first start, and nothing is kept.
    """

    def __init__(
        self, make_desk: Callable[[Callable[[str, Callable[[], object]], None]], Desk], kept: Kept | None = None
    ) -> None:
        super().__init__()
        self.setWindowTitle("Crampwatch: set up")
        self.setMinimumSize(1100, 700)
        self.resize(1280, 800)
        self._kept, self.screens = kept, ComesBack(self)
        self.theme: Theme = (kept or Kept()).theme_
        if kept is not None:
            kept.place(self)
        self.undo = UndoBar(self)
        self.desk = make_desk(self._did)
        self.done: SetUp | None = None
        self._place, self._built_for = 0, None
        self.keys: KeyList = {
            "Return": ("do what the big button says", self._act),
            "Alt+Right": ("next step", self.next),
            "Alt+Left": ("step before", self.back),
            "Ctrl+Z": ("undo", self.undo.undo),
            "Ctrl+T": ("dark, light, high contrast", self.next_theme),
            "F1": ("all keys", lambda: self.help.click()),
        }
        for key, (_, act) in self.keys.items():
            if key != "Ctrl+Z":  # the undo line has it
                QtGui.QShortcut(QtGui.QKeySequence(key), self).activated.connect(act)
        QtGui.QShortcut(QtGui.QKeySequence("Enter"), self).activated.connect(self._act)
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)
        self._build()

    def _did(self, what: str, undo: Callable[[], object]) -> None:
        def take_back() -> None:
            undo()
            self.step.enter()

        self.undo.did(what, take_back)

    def _build(self) -> None:
        style = Style(self.theme, 1.25 if self.width() >= 1600 and self.height() >= 1000 else 1.0)
        self._built_for = style
        self.setStyleSheet(sheet(style))
        desk, px = self.desk, style.px
        self.steps: list[Step] = [
            PeopleStep(style, desk), PlacingStep(style, desk), FindingStep(style, desk), SeatingStep(style, desk),
            SignalStep(style, desk), CalibrationStep(style, desk), AskingStep(style, desk),
            SavingStep(style, desk, self._save),
        ]  # fmt: skip
        self.pages = QtWidgets.QStackedWidget()
        for step in self.steps:
            self.pages.addWidget(step)
        self.title, self.hint, self.missing = label("clock"), label("reason"), label("captionAlert")
        self.hint.setWordWrap(True)
        self.back_button = focusable("Back", "The step before (Alt+Left)", self.back)
        self.next_button = focusable("Next", "The next step (Alt+Right)", self.next, "primary")
        self.help = keys_button(self, lambda: style, lambda: self.keys)
        look = button("◐", "Dark, light or high contrast (Ctrl+T)", self.next_theme, "square")
        head = row(spacing=px(10))
        head.addWidget(self.title, 1)
        for part in (self.help, look):
            head.addWidget(part)
        foot = row(label("foot", FOOT), spacing=px(10))
        foot.addStretch()
        for part in (self.missing, self.back_button, self.next_button):
            foot.addWidget(part)
        page = column(spacing=px(10), margins=(px(24), px(14), px(20), px(12)))
        page.addLayout(head)
        page.addWidget(self.hint)
        page.addWidget(self.pages, 1)
        page.addLayout(foot)
        whole = row(spacing=0)
        whole.addWidget(self._rail(style))
        whole.addLayout(page, 1)
        middle = QtWidgets.QWidget()
        middle.setObjectName("page")
        middle.setLayout(whole)
        self.setCentralWidget(middle)
        self._go(self._place)

    def _rail(self, style: Style) -> QtWidgets.QWidget:
        """The list of steps at the left; a click goes there."""
        px = style.px
        rail = QtWidgets.QFrame()
        rail.setObjectName("rail")
        rail.setFixedWidth(px(196))
        lines = column(label("title", "Set up"), spacing=px(4), margins=(px(14), px(20), px(10), px(14)))
        self.marks: list[tuple[ShapeIcon, QtWidgets.QPushButton]] = []
        for place, step in enumerate(self.steps):
            icon = ShapeIcon(px(16))
            name = focusable(step.short, step.title, lambda place=place: self.go(place), "rail")
            self.marks.append((icon, name))
            lines.addLayout(row(icon, name, spacing=px(8)))
        lines.addStretch()
        rail.setLayout(lines)
        return rail

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return self.steps[self._place]

    def go(self, place: int) -> None:
        """To a step; forward only past steps that lack nothing."""
        lacking = next((i for i, step in enumerate(self.steps[:place]) if i >= self._place and step.missing), place)
        self._go(min(place, lacking))

    def _go(self, place: int) -> None:
        self._place = min(max(place, 0), len(self.steps) - 1)
        self.pages.setCurrentIndex(self._place)
        self.title.setText(self.step.title)
        self.hint.setText(self.step.hint)
        self.step.enter()
        self.tick()

    def next(self) -> None:
        """To the next step."""
        self.go(self._place + 1)

    def back(self) -> None:
        """To the step before."""
        self.go(self._place - 1)

    def _act(self) -> None:
        self.step.act()
        self.tick()

    def next_theme(self) -> None:
        """Dark, light, high contrast."""
        self.theme = next_theme(self.theme)
        self._build()

    def tick(self) -> None:
        """A tenth of a second has passed."""
        self.desk.tick()
        self.step.tick()
        missing, last = self.step.missing, self._place == len(self.steps) - 1
        if self.missing.text() != missing:
            self.missing.setText(missing)
        self.back_button.setEnabled(self._place > 0)
        self.next_button.setVisible(not last)
        self.next_button.setEnabled(not missing)
        ground = self.theme.card
        for place, (icon, name) in enumerate(self.marks):
            look = NOW if place == self._place else DONE if place < self._place and self.steps[place].done else OPEN
            icon.show_shape(look.shape, paint_for(look, ground))
            if name.property("now") != (place == self._place):
                name.setProperty("now", place == self._place)
                name.style().polish(name)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: on a large screen everything is larger."""
        super().resizeEvent(event)
        scale = 1.25 if self.width() >= 1600 and self.height() >= 1000 else 1.0
        if self._built_for is not None and self._built_for.scale != scale:
            QtCore.QTimer.singleShot(0, self._build)

    def _save(self, then: str) -> str:
        try:
            self.done = self.desk.save(then)
        except CrampwatchError as error:
            return str(error)
        self.close()
        return ""

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window closes; the radio is given back."""
        self._timer.stop()
        if self._kept is not None:
            self._kept.save(self, self.theme)
        if self.done is None:
            self.desk.bench.close()
        event.accept()
