"""The main window: one athlete's legs, the links below, the session's head above. It keeps no data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.athlete_bar import AthleteBar
from monitor.dashboard.calf_panel import CalfPanel
from monitor.dashboard.controls import Controls
from monitor.dashboard.freshness import PARTS, links_of, stale_after_s, stale_parts
from monitor.dashboard.icons import pixmap
from monitor.dashboard.kept import Kept
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.leg_panel import LegPanel
from monitor.dashboard.link_bar import LinkBar
from monitor.dashboard.looks import paint_for
from monitor.dashboard.replay_bar import FAR_S, SKIP_S, ReplayBar
from monitor.dashboard.screen import Screen, say
from monitor.dashboard.sheet import sheet
from monitor.dashboard.states import state_look
from monitor.dashboard.themes import Style, Theme
from monitor.dashboard.top_bar import MARKS, BarActs, TopBar
from monitor.dashboard.widgets import column, label, row
from monitor.snapshot import LegView, Snapshot
from monitor.warning.texts import FOOT

SCALES = (2.0, 1.6, 1.25)


def scale_for(width: int, height: int) -> float:
    """How much larger than in the design of 1280 x 800 everything is drawn."""
    return next((scale for scale in SCALES if width >= 1280 * scale and height >= 800 * scale), 1.0)


def athletes_of(legs: tuple[LegView, ...]) -> list[str]:
    """The athletes' names in the order of their legs, each once."""
    return list(dict.fromkeys(leg.athlete for leg in legs))


class Dashboard(Screen):
    """Shows one snapshot per frame; its parts follow the snapshot's legs and links, the size and the theme."""

    def __init__(self, controls: Controls, theme: Theme | None = None, **shared: Any) -> None:
        super().__init__(controls, theme, **shared)
        self.setMinimumSize(1100, 700)
        self.resize(1280, 800)
        self._frozen, self._athlete, self._built_for, self._plain = False, 0, (), self._kept.plain
        self.player: ReplayBar | None = None
        self.bind({"V": ("all details, or one glance", self.other_view)})
        if controls.can_replay:
            self._bind_replay()
        else:
            self.bind({key: (f"note a {text}", lambda text=text: self.mark(text)) for text, key in MARKS})

    def _bind_replay(self) -> None:
        def player(act: Callable[[ReplayBar], object]) -> Callable[[], object]:
            return lambda: act(self.player) if self.player is not None else None

        self.bind(
            {
                "Space": ("hold the replay, or let it go on", player(lambda bar: bar.play.click())),
                "Left": ("5 s back", player(lambda bar: bar.skip(-SKIP_S))),
                "Right": ("5 s on", player(lambda bar: bar.skip(SKIP_S))),
                "Shift+Left": ("1 min back", player(lambda bar: bar.skip(-FAR_S))),
                "Shift+Right": ("1 min on", player(lambda bar: bar.skip(FAR_S))),
                "Home": ("to the beginning", player(lambda bar: bar.seek(0.0))),
                "End": ("to the end", player(lambda bar: bar.seek(bar.scrub.end_s))),
                ".": ("hold, and one second on", player(lambda bar: bar.step())),
                "+": ("faster", player(lambda bar: bar.change_speed(1))),
                "-": ("slower", player(lambda bar: bar.change_speed(-1))),
                "L": ("begin again at the end", player(lambda bar: bar.again.click())),
                "N": ("note this moment in the recording", player(lambda bar: bar.ask_note())),
                "M": ("mark this moment in the recording", lambda: self.mark("marker")),
            }
        )

    @property
    def style_(self) -> Style:
        """Theme and size of now."""
        return Style(self._theme, scale_for(self.width(), self.height()))

    def keep(self, kept: Kept) -> None:
        """Note how this window is."""
        super().keep(kept)
        kept.plain = self._plain

    def other_view(self) -> None:
        """From all details to the athlete's view, which one glance is enough for, or back."""
        self._plain = not self._plain
        self.refresh()

    @property
    def paused(self) -> bool:
        """Whether the person holds the replay."""
        return self.player is not None and self.player.paused

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
        self.top.show_snapshot(snapshot)
        if self.player is not None:
            self.player.show_snapshot(snapshot)
        self.top.show_sound(str(self.alarms.sound), self.sounder.name)
        self._show_tabs(snapshot)
        self.links.show_links(self._shown_links, frozen)
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
        style = self.style_
        wanted = (style, tuple(names), legs, len(self._shown_links), self._plain)
        if wanted != self._built_for:
            self._built_for = wanted
            self._fill(style, names)

    def _fill(self, style: Style, names: list[str]) -> None:
        px, wide = style.px, len(self._shown_legs) == 1
        self.setStyleSheet(sheet(style))
        acts = BarActs(
            mark=self.mark,
            seen=self.seen,
            stop=self.stop,
            theme=self.other_theme,
            view=self.other_view,
            sound=self.next_sound,
            keys=self.show_keys,
            triage=self.show_triage,
        )
        self.top = TopBar(style, acts, plain=self._plain)
        if self._controls.can_replay:
            loop = self.player is not None and self.player.again.isChecked()
            self.player = ReplayBar(style, self._controls, self.mark, paused=self.paused, loop=loop)
        self.notice = label("notice")
        self.notice.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        self.tabs = self._tab_bar(style, names)
        order = self._controls.order_baseline
        self.panels: list[LegPanel | CalfPanel] = [
            CalfPanel(style, leg, wide=wide) if self._plain else LegPanel(style, leg, order, wide=wide)
            for leg in self._shown_legs
        ]
        self.links = AthleteBar(style, self.mark, self.stop) if self._plain else LinkBar(style, len(self._shown_links))
        self.foot = ElidedLabel("foot", align=QtCore.Qt.AlignmentFlag.AlignRight)
        foot = row(label("foot", FOOT), spacing=px(16), margins=(px(4), 0, px(4), 0))
        foot.addWidget(self.foot, 1)
        heads = [self.top, *([self.player] if self.player else []), self.notice, self.tabs]
        page = column(*heads, spacing=px(8), margins=(px(12), px(8), px(12), px(7)))
        page.addLayout(row(*(self.panels or [self._waiting()]), spacing=px(10)), 1)
        page.addWidget(self.links)
        page.addLayout(foot)
        middle = QtWidgets.QWidget()
        middle.setObjectName("page")
        middle.setLayout(page)
        self.setCentralWidget(middle)

    def mark(self, text: str) -> None:
        """Note this moment of the athlete who is shown; a stretch of one's own is guided at once."""
        several = self.tabs.count() > 1 and text != "marker"
        super().mark(f"{text}: {self.tabs.tabText(self._athlete)}" if several else text)
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
    parts = []
    if snapshot.markers:
        mark_s, text = snapshot.markers[-1]
        parts.append(f"last mark: {text} at {words.clock(mark_s)}")
    if snapshot.dropped:
        parts.append(f"{snapshot.dropped} updates skipped on this screen (none in the recording)")
    return "  ·  ".join(parts)
