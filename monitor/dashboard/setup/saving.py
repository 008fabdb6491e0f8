"""The end: who wears what in one look, the team file, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6 import QtWidgets

from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.step import DONE, Lines, Step, focusable
from monitor.dashboard.states import Look
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row
from monitor.team import Athlete


def athlete_line(athlete: Athlete) -> tuple[Look, str, str]:
    """What an athlete wears, in words."""
    worn = [
        f"{sensor.leg}: {sensor.match} ({', '.join(_played(role, sensor.channels) for role in sensor.roles)})"
        for sensor in athlete.sensors
    ]
    return DONE, athlete.name, "  ·  ".join(worn)


def _played(role: str, channels: Sequence[str]) -> str:
    """A sensor's part, with the muscles below it where they were named."""
    return " ".join(("EMG", *channels)) if role == "emg" else role


class SavingStep(Step):
    """save : called with what comes next, "athlete", "wall" or ""; gives what went wrong, empty = nothing."""

    title = "Save the team"
    short = "Team file"
    hint = "The team file is a small text file; next time the start window finds it by itself."

    def __init__(self, style: Style, desk: Desk, save: Callable[[str], str]) -> None:
        super().__init__(style, desk)
        px = style.px
        self._save = save
        self.list, self.budget, self.said = Lines(style, lines=2), label("muted"), label("reason")
        for part in (self.budget, self.said):
            part.setWordWrap(True)
        self.path = QtWidgets.QLineEdit()
        self.path.setMinimumHeight(px(32))
        self.path.textEdited.connect(lambda text: setattr(self.desk, "path", Path(text)))
        self.choose = focusable("Choose ...", "Another place for the team file", self._choose)
        self.record = focusable("Record the session", "Into a file beside the team file", self._record, "chip")
        self.record.setCheckable(True)
        self.start = focusable(
            "Save and start", "Save, and monitor in the athlete's window (Return)", self.act, "hugePrimary"
        )
        self.wall = focusable(
            "Save and open the wall", "Save, and monitor on the wall", lambda: self._do("wall"), "huge"
        )
        self.only = focusable("Save only", "Save and come back later", lambda: self._do(""), "huge")
        line = row(label("linkRole", "Team file"), spacing=px(8))
        line.addWidget(self.path, 1)
        line.addWidget(self.choose)
        line.addWidget(self.record)
        page = column(spacing=px(12))
        page.addWidget(self.list, 1)
        page.addWidget(self.budget)
        page.addLayout(line)
        page.addWidget(self.said)
        page.addLayout(row(self.start, self.wall, self.only, spacing=px(10)))
        self.setLayout(page)

    def enter(self) -> None:
        """Who wears what."""
        self.path.setText(str(self.desk.path))
        self.record.setChecked(self.desk.record)
        problem = self.desk.team_problem
        self.said.setText(problem)
        if not problem:
            team = self.desk.team
            self.list.show_lines([athlete_line(athlete) for athlete in team.athletes])
            self.budget.setText(f"Radio: {self.desk.bench.budget(team)}.")

    def act(self) -> None:
        """Save and start."""
        self._do("athlete")

    def _record(self) -> None:
        self.desk.record = self.record.isChecked()

    def _choose(self) -> None:
        chosen, _ = QtWidgets.QFileDialog.getSaveFileName(
            self, "The team file", str(self.desk.path), "Team files (*.toml)"
        )
        if chosen:
            self.desk.path = Path(chosen)
            self.path.setText(chosen)

    def _do(self, then: str) -> None:
        self.said.setText(self._save(then))
