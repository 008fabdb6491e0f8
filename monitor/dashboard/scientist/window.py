"""The scientist's window: one leg of a recording on panels over time, with everything else a key away."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.kept import Kept
from monitor.dashboard.keys import Keys
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.scientist.docks import Docks
from monitor.dashboard.scientist.events import happenings
from monitor.dashboard.scientist.export import export
from monitor.dashboard.scientist.keys import keys_of
from monitor.dashboard.scientist.over_time import Acts, OverTime
from monitor.dashboard.scientist.panel import TimePanel
from monitor.dashboard.scientist.player import Player
from monitor.dashboard.scientist.ribbons import QualityRibbon, StateRibbon
from monitor.dashboard.scientist.settings_table import SettingsTable
from monitor.dashboard.scientist.side import EventList, Middle, facts
from monitor.dashboard.scientist.specs import EmgKind, panels, same_leg
from monitor.dashboard.scientist.spectra import SpectraNow, Spectrogram
from monitor.dashboard.scientist.timeline import Timeline
from monitor.dashboard.scientist.work import Work
from monitor.dashboard.second_screen import ComesBack
from monitor.dashboard.sheet import sheet
from monitor.dashboard.themes import Style, Theme, next_theme
from monitor.dashboard.undo import UndoBar
from monitor.dashboard.widgets import column, label
from monitor.errors import CrampwatchError
from monitor.settings import Settings
from monitor.study import LegStudy, Study

FRAME_MS = 33
_KINDS: tuple[EmgKind, ...] = ("raw", "filtered", "envelope")


class Scientist(QtWidgets.QMainWindow):
    """paths: the recordings; the first is shown, the others are a key away and lie over it where wanted.

    theme, kept: as every full window takes them (see `Screen`).
    """

    def __init__(
        self,
        paths: Sequence[Path],
        theme: Theme | None = None,
        wall: Callable[[], float] = time.monotonic,
        kept: Kept | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Crampwatch: study")
        self.setMinimumSize(1100, 700)
        self.resize(1440, 900)
        self._paths, self._wall, self._kept = list(paths), wall, kept
        self.screens = ComesBack(self)
        self._theme = theme or (kept or Kept()).theme_
        if kept is not None:
            kept.place(self)
        self.studies: dict[Path, Study] = {}
        self.before: Study | None = None
        self._file, self._coming, self._leg, self.lane, self._overlay = 0, 0, 0, 0, False
        self._kind: EmgKind = "filtered"
        self.player = Player(1.0)
        self.work = Work()
        self._acts = Acts(
            self.go,
            lambda factor, at_s: self.player_act(lambda player: player.zoom(factor, at_s)),
            lambda by_s: self.player_act(lambda player: player.pan(by_s)),
        )
        self._last_wall_s = self._wall()
        self.undo = UndoBar(self)
        self.keys = keys_of(self)
        for key, (_, act) in self.keys.items():
            QtGui.QShortcut(QtGui.QKeySequence(key), self).activated.connect(act)
        self._waiting(f"Computing {self._paths[0].name}" if self._paths else "No recording was given.")
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(FRAME_MS)
        if self._paths:
            self.work.start(self._paths[0], None)

    docks: Docks | None = None

    @property
    def study(self) -> Study:
        """The recording that is shown."""
        return self.studies[self._paths[self._file]]

    @property
    def leg(self) -> LegStudy:
        """The leg that is shown."""
        return self.study.legs[min(self._leg, len(self.study.legs) - 1)]

    def player_act(self, act: Callable[[Player], object]) -> None:
        """Let the player do something, and show it."""
        act(self.player)
        self._show()

    def play(self) -> None:
        """Play or hold."""
        self.player_act(lambda player: setattr(player, "playing", not player.playing))

    def go(self, time_s: float) -> None:
        """Put the cursor there."""
        self.player_act(lambda player: player.go(time_s))

    def tick(self) -> None:
        """One frame: what has been computed, and where the player is."""
        now_s = self._wall()
        passed_s, self._last_wall_s = now_s - self._last_wall_s, now_s
        found = self.work.poll()
        if isinstance(found, Study):
            self._take(found)
        elif isinstance(found, str):
            self.said.setText(found)
        if self.work.busy:
            self.said.setText(f"Computing {self.work.what}: {100 * self.work.done:.0f} %")
        if self.player.playing:
            self.player.advance(passed_s)
            self._show()
        elif self.docks is not None:
            self.spectra.show_leg(self.leg, self.lane, self.player.view.cursor_s, now_s)

    def _take(self, found: Study) -> None:
        self._file = self._coming
        path = self._paths[self._file]
        self.before = self.studies.get(path)
        first = path not in self.studies
        self.studies[path] = found
        if first:
            self.player = Player.showing_all(found.duration_s)
        self._build()
        self.said.setText("")

    def _waiting(self, text: str) -> None:
        self.setStyleSheet(sheet(Style(self._theme, 1.0)))
        self.said = ElidedLabel("reason", lines=3, align=QtCore.Qt.AlignmentFlag.AlignHCenter)
        self.said.setText(text)
        page = QtWidgets.QWidget()
        page.setObjectName("page")
        page.setLayout(column(label(""), self.said, label(""), spacing=0))
        self.setCentralWidget(page)

    def _build(self) -> None:
        """All panels of the leg that is shown."""
        arranged, told = None, -1
        if self.docks is not None:
            arranged, told = self.saveState(), self.events.list.currentRow()
            self.docks.clear()
        style = Style(self._theme, 1.0)
        self.setStyleSheet(sheet(style))
        leg, found = self.leg, self.study
        self._hash = found.settings.hash
        self.lane = min(self.lane, max(len(leg.labels) - 1, 0))
        events = happenings(found, leg)
        specs = panels(leg, found.settings, self._theme, self._kind, self._others())
        self.over_time: list[OverTime] = [
            StateRibbon(style, self._acts, leg, found.duration_s),
            *(TimePanel(style, self._acts, spec) for spec in specs),
            Spectrogram(style, self._acts, leg, lambda: self.lane),
            QualityRibbon(style, self._acts, leg),
        ]
        names = ["state", *(spec.key for spec in specs), "spectrogram", "quality"]
        self.spectra = SpectraNow(style)
        self.events = EventList(style, self.go)
        self.events.show_events(events)
        self.events.tell(told)
        self.settings_table = SettingsTable(style, self._recompute, lambda: self._recompute(None), self.undo.did)
        self.settings_table.show_settings(found.settings)
        self.timeline = Timeline(style, leg, found.duration_s, events, self.go)
        middle = Middle(style, self.timeline, self.play, self.show_help)
        self.facts, self.said = middle.facts, middle.said
        self.setCentralWidget(middle)
        side = {"Spectra": self.spectra, "Events": self.events, "Settings": self.settings_table}
        self.docks = Docks(self, style, dict(zip(names, self.over_time, strict=True)), side, self._ask_export)
        if arranged is None or not self.restoreState(arranged):
            self.docks.spread_out()
        self._show()

    def _others(self) -> list[tuple[str, LegStudy]]:
        """What lies dashed over the panels: before the change, and the other recordings."""
        before = [("before", self.before)] if self.before is not None else []
        rest = [(path.stem, one) for path, one in self.studies.items() if self._overlay and one is not self.study]
        return same_leg(self.leg, before + rest)

    def _show(self) -> None:
        """Show where the player is."""
        if self.docks is None:
            return
        view = self.player.view
        for panel in self.over_time:
            panel.show_view(view)
        self.timeline.show_view(view, self.player.loop)
        self.spectra.show_leg(self.leg, self.lane, view.cursor_s, self._wall())
        self.facts.setText(facts(self.study, self.leg, self.player, self._hash, before=self.before is not None))

    def _recompute(self, settings: Settings | None) -> None:
        before, how = self.study.settings, "as recorded" if settings is None else f"with settings {settings.hash}"
        self._compute(settings)
        self.undo.did(f"Recomputed {how}", lambda: self._compute(before))

    def _compute(self, settings: Settings | None) -> None:
        """The recording that is shown, with these settings; None = as recorded."""
        self._coming = self._file
        self.work.start(self._paths[self._file], settings)

    def ask_recompute(self) -> None:
        """Recompute with the settings in the table."""
        if self.docks is not None:
            self.settings_table.ask()

    def next_event(self, step: int, *, urgent: bool = False) -> None:
        """The next event (1) or the one before (-1); urgent: among warnings and cramps."""
        if self.docks is not None:
            self.events.next_event(step, urgent=urgent)

    def next_kind(self) -> None:
        """EMG raw, filtered, envelope."""
        self._kind = _KINDS[(_KINDS.index(self._kind) + 1) % len(_KINDS)]
        self._rebuild()

    def next_lane(self) -> None:
        """The next channel, for the spectra."""
        self.lane = (self.lane + 1) % max(len(self.leg.labels), 1) if self.docks else 0
        self._rebuild()

    def next_leg(self) -> None:
        """The other leg."""
        self._leg = (self._leg + 1) % len(self.study.legs) if self.docks else 0
        self._rebuild()

    def toggle_overlay(self) -> None:
        """Lay the other recordings over this one, or take them away."""
        self._overlay = not self._overlay
        self._rebuild()

    def next_theme(self) -> None:
        """Dark, light, high contrast."""
        self._theme = next_theme(self._theme)
        self._rebuild()

    def _rebuild(self) -> None:
        if self.docks is not None:
            self._build()

    def next_file(self) -> None:
        """The next recording; it is computed when it is first wanted."""
        if self.docks is None:
            return
        self._coming = (self._file + 1) % len(self._paths)
        path = self._paths[self._coming]
        if path not in self.studies:
            self.work.start(path, None)
            return
        self._file, self.before = self._coming, None
        self.player = Player.showing_all(self.study.duration_s)
        self._build()

    def toggle_panel(self, number: int) -> None:
        """Hide or show a panel."""
        if self.docks is not None:
            self.docks.toggle(number)

    def show_help(self) -> None:
        """All keys."""
        self.help = Keys(self, Style(self._theme, 1.0), self.keys | {"Ctrl+Z": ("undo", self.undo.undo)})
        self.help.show()

    def export_chosen(self, kind: str) -> None:
        """Write the chosen panel into a file."""
        if self.docks is not None:
            self._ask_export(self.docks.chosen_name, self.docks.chosen, kind)

    def _ask_export(self, name: str, panel: QtWidgets.QWidget, kind: str) -> None:
        begin = f"{Path(self.study.file).stem} {name}.{kind}"
        chosen, _ = QtWidgets.QFileDialog.getSaveFileName(self, "Export", begin, f"*.{kind}")
        if chosen:
            try:
                export(panel, Path(chosen))
                self.said.setText(f"written: {chosen}")
            except CrampwatchError as error:
                self.said.setText(str(error))

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window closes; what is being computed is given up."""
        self._timer.stop()
        if self._kept is not None:
            self._kept.save(self, self._theme)
        self.work.close()
        event.accept()
