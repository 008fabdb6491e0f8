"""The sideline wall: a squad on tiles, read from three metres; the urgent in front, new alarms flash and sound."""

from __future__ import annotations

from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard.alarms import waiting
from monitor.dashboard.controls import Controls
from monitor.dashboard.screen import Screen, say
from monitor.dashboard.sheet import sheet
from monitor.dashboard.squad import Card, Order, cards, comes_off_first, short_names
from monitor.dashboard.states import NOT_UPDATING, state_look
from monitor.dashboard.themes import Style, Theme
from monitor.dashboard.wall_head import WallActs, WallHead
from monitor.dashboard.wall_layout import CAPITAL_MM, WallLayout, mm_per_px, wall_layout
from monitor.dashboard.wall_list import ComesOffFirst, Entry
from monitor.dashboard.wall_tile import TileText, WallTile, number_font
from monitor.dashboard.wall_words import minutes, spoken, tile_leg
from monitor.dashboard.widgets import column, label, row
from monitor.snapshot import Snapshot
from monitor.warning.texts import FOOT

FLASHES_PER_S = 1.0  # WCAG 2.2, 2.3.1 allows three
LIST_SHARE = 0.22  # of the width
_LONGEST_NAMES = (16, 12, 8, 6, 5, 4, 3, 2)
_WITH_ROOM = 1.02  # a letter is drawn in whole pixels


def squad_layout(
    names: list[str], size: tuple[float, float], full: tuple[int, int]
) -> tuple[WallLayout, dict[str, str]]:
    """The grid and what stands on the tiles: the longest names that keep capitals of 10 mm on a 13-inch laptop.

    size : of the grid; full : of the whole screen; pixels.
    """
    metrics = QtGui.QFontMetricsF(number_font(QtWidgets.QApplication.font(), 100))
    layout, short = wall_layout(len(names), *size, 1.0), dict.fromkeys(names, "")
    for most in _LONGEST_NAMES:
        short = short_names(names, most)
        widest = max((metrics.horizontalAdvance(text) for text in short.values()), default=100.0) / 100
        layout = wall_layout(len(names), *size, widest + 0.02)
        if layout.number_px * metrics.capHeight() / 100 * mm_per_px(*full) >= _WITH_ROOM * CAPITAL_MM:
            break
    return layout, short


class Wall(Screen):
    """Up to 40 athletes. A click on a tile acknowledges its alarm, a right click mutes it; every act has a key."""

    def __init__(self, controls: Controls, theme: Theme | None = None, **shared: Any) -> None:
        super().__init__(controls, theme, **shared)
        self.setMinimumSize(900, 560)
        self.resize(1280, 800)
        self._order = Order()
        self._built_for: tuple[object, ...] = ()
        self._chosen = 0
        self.bind(
            {
                "Right": ("next tile", lambda: self._choose(1)),
                "Left": ("tile before", lambda: self._choose(-1)),
                "Down": ("tile below", lambda: self._choose(self._layout.columns)),
                "Up": ("tile above", lambda: self._choose(-self._layout.columns)),
                "Return": ("the chosen tile's alert is seen", lambda: self._acknowledge(self._chosen)),
                "M": ("mute the chosen athlete, or not", lambda: self._mute(self._chosen)),
                "F11": ("full screen, on the second display if there is one", self.toggle_full_screen),
                "Escape": ("a window again", self.showNormal),
            }
        )

    @property
    def style_(self) -> Style:
        """Theme and size of now."""
        return Style(self._theme, max(0.75, min(self.width() / 1280, self.height() / 800)))

    def draw(self, snapshot: Snapshot, notice: str, *, frozen: bool, unchanged: bool) -> None:
        """Draw one frame; a tile that says the same is not painted."""
        squad = cards(snapshot)
        self._build([card.athlete for card in squad])
        say(self.notice, notice)
        self.places = self._order.arranged(squad, snapshot.time_s)
        by_name = {card.athlete: card for card in squad}
        lit = int(2 * FLASHES_PER_S * self._wall()) % 2 == 0
        for place, (tile, name) in enumerate(zip(self.tiles, self.places, strict=True)):
            self._show_tile(tile, by_name[name], snapshot, frozen, lit and not frozen, place == self._chosen)
        self.head.show_snapshot(snapshot, squad, str(self.alarms.sound), frozen)
        self.first.show_entries(() if frozen else self._entries(squad, snapshot.time_s))

    def _show_tile(self, tile: WallTile, card: Card, snapshot: Snapshot, frozen: bool, lit: bool, chosen: bool) -> None:
        legs = tuple(tile_leg(leg, snapshot.time_s, frozen) for leg in card.legs)
        waits = bool(waiting(snapshot.alerts, card.athlete)) and not frozen
        muted = card.athlete in snapshot.muted
        text = TileText(self._short[card.athlete], legs, self._layout.words, waits, waits and lit, muted, chosen)
        sentence = NOT_UPDATING.headline if frozen else spoken(card.athlete, card, snapshot.time_s)
        tile.show_text(text, self._layout.number_px, sentence)

    def _entries(self, squad: list[Card], time_s: float) -> tuple[Entry, ...]:
        return tuple(
            Entry(self._short[leg.athlete], leg.leg, state_look(leg.state), minutes(time_s - leg.since_s))
            for leg in comes_off_first(squad)
        )

    def _build(self, names: list[str]) -> None:
        style = self.style_
        wanted = (style, tuple(names), self.width(), self.height())
        if wanted == self._built_for:
            return
        self._built_for = wanted
        self.setStyleSheet(sheet(style))
        px = style.px
        self.head = WallHead(style, self._acts(), self.sounder.name)
        self.notice = label("notice")
        self.notice.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        self.first = ComesOffFirst(style)
        self.first.setFixedWidth(round(LIST_SHARE * self.width()))
        if not names:
            self.first.hide()
        middle = QtWidgets.QWidget()
        middle.setObjectName("page")
        gap = px(6)
        size = (self.width() - self.first.width() - 4 * gap, self.height() - px(46) - px(20) - 4 * gap)
        self._layout, self._short = squad_layout(names, size, (self.width(), self.height()))
        page = column(self.head, self.notice, spacing=gap, margins=(gap, gap, gap, px(3)))
        body = row(spacing=gap)
        body.addLayout(self._tiles(style, names), 1)
        body.addWidget(self.first)
        page.addLayout(body, 1)
        foot = row(label("foot", FOOT), spacing=gap)
        foot.addWidget(self.head.counts, 1)
        page.addLayout(foot)
        middle.setLayout(page)
        self.setCentralWidget(middle)

    def _tiles(self, style: Style, names: list[str]) -> QtWidgets.QGridLayout:
        grid = QtWidgets.QGridLayout()
        grid.setSpacing(style.px(3))
        self.tiles = [
            WallTile(style, lambda place=place: self._acknowledge(place), lambda place=place: self._mute(place))
            for place in range(len(names))
        ]
        for place, tile in enumerate(self.tiles):
            grid.addWidget(tile, *divmod(place, self._layout.columns))
        for line in range(self._layout.columns):
            grid.setColumnStretch(line, 1)
        for line in range(self._layout.rows):
            grid.setRowStretch(line, 1)
        if not names:
            grid.addWidget(label("reason", "Waiting for the first data."), 0, 0, QtCore.Qt.AlignmentFlag.AlignCenter)
        return grid

    def _acts(self) -> WallActs:
        return WallActs(
            seen=self.seen,
            sound=self.next_sound,
            test=self.test_sound,
            calibrate=self._calibrate,
            theme=self.other_theme,
            full=self.toggle_full_screen,
            keys=self.show_keys,
            triage=self.show_triage,
            stop=self.stop,
        )

    def _calibrate(self) -> None:
        for leg in self._snapshot.legs if self._snapshot else ():
            self._controls.calibrate(leg.athlete, leg.leg)

    def _acknowledge(self, place: int) -> None:
        if place < len(self.places):
            self._chosen = place
            self.seen([self.places[place]])
            self.refresh()

    def _mute(self, place: int) -> None:
        if place < len(self.places):
            self.mute(self.places[place])

    def _choose(self, step: int) -> None:
        self._chosen = min(max(self._chosen + step, 0), max(len(self.places) - 1, 0))
        self.refresh()

    def toggle_full_screen(self) -> None:
        """Fill a screen, the second one if there are two, or be a window again."""
        if self.isFullScreen():
            self.showNormal()
            return
        screens = QtGui.QGuiApplication.screens()
        if len(screens) > 1:
            self.setGeometry(screens[1].geometry())
        self.showFullScreen()
