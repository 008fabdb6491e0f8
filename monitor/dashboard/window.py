"""The main window: one athlete's legs, the links below, the session's head above. It keeps no data."""

from __future__ import annotations

import time
from collections.abc import Callable

from pyqtgraph.Qt import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.alarms import Alarms, SquadSound
from monitor.dashboard.athlete_bar import AthleteBar
from monitor.dashboard.calf_panel import CalfPanel
from monitor.dashboard.controls import Controls
from monitor.dashboard.freshness import PARTS, links_of, stale_after_s, stale_parts
from monitor.dashboard.icons import pixmap
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.leg_panel import LegPanel
from monitor.dashboard.link_bar import LinkBar
from monitor.dashboard.looks import paint_for
from monitor.dashboard.screen import Screen, say
from monitor.dashboard.sheet import sheet
from monitor.dashboard.sound import Bell, Sounder
from monitor.dashboard.squad import cards
from monitor.dashboard.states import DISCLAIMER, state_look
from monitor.dashboard.themes import DARK, Style, Theme
from monitor.dashboard.top_bar import MARKS, BarActs, TopBar
from monitor.dashboard.widgets import column, label, row
from monitor.snapshot import LegView, Snapshot

SCALES = (2.0, 1.6, 1.25)


def scale_for(width: int, height: int) -> float:
    """How much larger than in the design of 1280 x 800 everything is drawn."""
    return next((scale for scale in SCALES if width >= 1280 * scale and height >= 800 * scale), 1.0)


def athletes_of(legs: tuple[LegView, ...]) -> list[str]:
    """The athletes' names in the order of their legs, each once."""
    return list(dict.fromkeys(leg.athlete for leg in legs))


class Dashboard(Screen):
    """Shows one snapshot per frame; its parts follow the snapshot's legs and links, the size and the theme."""

    def __init__(
        self,
        controls: Controls,
        theme: Theme = DARK,
        wall: Callable[[], float] = time.monotonic,
        sounder: Sounder | None = None,
    ) -> None:
        super().__init__(controls, theme, wall)
        self.sounder: Sounder = sounder or Bell("no loudspeaker was asked for")
        self.alarms = Alarms()
        self.setMinimumSize(1100, 700)
        self.resize(1280, 800)
        self._frozen, self._athlete, self._built_for, self._plain = False, 0, (), False
        keys: dict[str, Callable[[], object]] = {
            "T": self.other_theme,
            "V": self.other_view,
            "Q": self.next_sound,
            "Space": lambda: self.top.pause.click(),
            "+": lambda: self.top.change_speed(1),
            "-": lambda: self.top.change_speed(-1),
        }
        self.bind(keys | {key: lambda text=text: self.top.marks[text].click() for text, key in MARKS})

    def other_view(self) -> None:
        """From all details to the athlete's view, which one glance is enough for, or back."""
        self._plain = not self._plain
        self.refresh()

    def next_sound(self) -> None:
        """What sounds: WARN and CRAMP, CRAMP only, nothing; it is heard at once how loud it would be."""
        self.alarms.next_sound()
        if self.alarms.sound is not SquadSound.NONE:
            self.sounder.play("TEST")
        self.refresh()

    def _call(self, snapshot: Snapshot) -> None:
        """A new WARN or CRAMP sounds once here; what repeats it until it is seen is not this screen."""
        squad = cards(snapshot)
        for melody in self.alarms.update(squad, snapshot.time_s, self._wall())[:1]:
            self.sounder.play(melody)
        self.alarms.acknowledge([card.athlete for card in squad])

    @property
    def paused(self) -> bool:
        """Whether the person holds the replay."""
        return bool(self.centralWidget()) and self.top.paused

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw one frame."""
        self._build(snapshot)
        super().show_snapshot(snapshot)

    def draw(self, snapshot: Snapshot, notice: str, *, frozen: bool, unchanged: bool) -> None:
        """Draw one frame; what has not changed stays."""
        say(self.notice, notice)
        if unchanged and frozen == self._frozen:
            return
        self._frozen = frozen
        if not frozen and not self._stopped and snapshot.source != "replay":
            self._call(snapshot)
        self.top.show_snapshot(snapshot)
        self.top.show_sound(str(self.alarms.sound), self.sounder.name)
        self._show_tabs(snapshot)
        self.links.show_links(self._shown_links, frozen)
        if isinstance(self.links, AthleteBar):
            self.links.allow_marks(snapshot.source != "replay")
        for panel, leg in zip(self.panels, self._shown_legs, strict=True):
            stale = stale_parts(leg, snapshot.links, stale_after_s(snapshot))
            stale |= dict.fromkeys(PARTS, "Not updating") if frozen else {}
            panel.show_leg(leg, snapshot, stale, frozen)
        self.foot.setText(_foot(snapshot))

    def _build(self, snapshot: Snapshot) -> None:
        """Build the page anew if the snapshot, the size or the theme ask for another one."""
        names = athletes_of(snapshot.legs)
        self._athlete = min(self._athlete, max(len(names) - 1, 0))
        name = names[self._athlete] if names else ""
        self._shown_legs = [leg for leg in snapshot.legs if leg.athlete == name]
        self._shown_links = links_of(name, snapshot.links) if len(names) > 1 else list(snapshot.links)
        legs = tuple((leg.athlete, leg.leg, leg.channels) for leg in self._shown_legs)
        style = Style(self._theme, scale_for(self.width(), self.height()))
        wanted = (style, tuple(names), legs, len(self._shown_links), self._plain)
        if wanted != self._built_for:
            self._built_for = wanted
            self._fill(style, names)

    def _fill(self, style: Style, names: list[str]) -> None:
        px, wide = style.px, len(self._shown_legs) == 1
        self.setStyleSheet(sheet(style))
        acts = BarActs(self.stop, self.other_theme, self.other_view, self.next_sound)
        self.top = TopBar(style, self._controls, acts, paused=self.paused, plain=self._plain)
        self.notice = label("notice")
        self.notice.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        self.tabs = self._tab_bar(style, names)
        restart = self._controls.restart_baseline
        panel = CalfPanel if self._plain else LegPanel
        self.panels: list[LegPanel | CalfPanel] = [panel(style, leg, restart, wide=wide) for leg in self._shown_legs]
        self.links = AthleteBar(style, self._mark, self.stop) if self._plain else LinkBar(style, len(self._shown_links))
        self.foot = ElidedLabel("foot", align=QtCore.Qt.AlignmentFlag.AlignRight)
        foot = row(label("foot", DISCLAIMER), spacing=px(16), margins=(px(4), 0, px(4), 0))
        foot.addWidget(self.foot, 1)
        page = column(self.top, self.notice, self.tabs, spacing=px(8), margins=(px(12), px(8), px(12), px(7)))
        page.addLayout(row(*(self.panels or [self._waiting()]), spacing=px(10)), 1)
        page.addWidget(self.links)
        page.addLayout(foot)
        middle = QtWidgets.QWidget()
        middle.setObjectName("page")
        middle.setLayout(page)
        self.setCentralWidget(middle)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: the window closes, the session and the sound with it."""
        self.sounder.close()
        super().closeEvent(event)

    def _mark(self, text: str) -> None:
        """A big button was pressed; the stretch of one's own is guided at once."""
        replayed = self._snapshot is not None and self._snapshot.source == "replay"
        if not replayed:
            self._controls.mark(text)
        for panel in self.panels:
            if text == "stretch" and isinstance(panel, CalfPanel) and self._snapshot is not None:
                panel.begin_stretch(self._snapshot.time_s)

    def _tab_bar(self, style: Style, names: list[str]) -> QtWidgets.QTabBar:
        tabs = QtWidgets.QTabBar()
        tabs.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        tabs.setExpanding(False)
        tabs.setIconSize(QtCore.QSize(style.px(16), style.px(16)))
        for name in names:
            tabs.addTab(name)
        tabs.setCurrentIndex(self._athlete)
        tabs.setVisible(len(names) > 1)
        tabs.currentChanged.connect(self._choose_athlete)
        self._tab_states: list[str] = [""] * len(names)
        return tabs

    def _choose_athlete(self, index: int) -> None:
        self._athlete = index
        self._soon.start(0)

    def _show_tabs(self, snapshot: Snapshot) -> None:
        """Each athlete's tab carries the shape of the more urgent leg."""
        for index, name in enumerate(athletes_of(snapshot.legs)):
            states = [leg.state for leg in snapshot.legs if leg.athlete == name]
            worst = max(states, key=lambda state: state_look(state).urgency)
            if worst != self._tab_states[index]:
                self._tab_states[index] = worst
                look, ground = state_look(worst), self._theme.background
                icon = pixmap(look.shape, paint_for(look, ground), 24)
                self.tabs.setTabIcon(index, QtGui.QIcon(icon))
                self.tabs.setTabToolTip(index, look.sentence)

    def _waiting(self) -> QtWidgets.QWidget:
        waiting = label("reason", "Waiting for the first data.")
        waiting.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        return waiting


def _foot(snapshot: Snapshot) -> str:
    parts = list(snapshot.notes)
    if snapshot.markers:
        mark_s, text = snapshot.markers[-1]
        parts.append(f"last mark: {text} at {words.clock(mark_s)}")
    if snapshot.dropped:
        parts.append(f"{snapshot.dropped} updates skipped on this screen (none in the recording)")
    return "  ·  ".join(parts)
