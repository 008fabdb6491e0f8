"""One leg: its state and reason, the last ten seconds, and its fatigue since the start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtWidgets

from monitor.dashboard import words
from monitor.dashboard.band import StateBand
from monitor.dashboard.freshness import PARTS
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.live_plots import AnglePlot, EmgPlot
from monitor.dashboard.themes import Style
from monitor.dashboard.trend_plot import TrendPlot
from monitor.dashboard.widgets import AskingButton, column, label, row
from monitor.orders import BaselineOrder
from monitor.snapshot import LegView, Reading, Snapshot

OrderBaseline = Callable[[BaselineOrder, str, str], None]


class ReadingTile(QtWidgets.QFrame):
    """One fatigue reading: which contractions, the numbers, and how many frames they rest on."""

    def __init__(self, style: Style, title: str) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._fact, self._note = ElidedLabel("tileFact"), ElidedLabel("tileNote")
        margins = (style.px(10), style.px(5), style.px(10), style.px(5))
        self.setLayout(column(label("tileName", title), self._fact, self._note, spacing=0, margins=margins))

    def show_reading(self, baseline_hz: float | None, reading: Reading) -> None:
        """Show the numbers; unknown is the word."""
        self._fact.setText(words.reading(baseline_hz, reading))
        self._note.setText(words.frames(reading))

    def text(self) -> str:
        """What the tile says."""
        return f"{self._fact.text()}; {self._note.text()}"


class LegPanel(QtWidgets.QFrame):
    """Everything about one leg. wide: two columns, for a leg that has the window for itself."""

    def __init__(self, style: Style, leg: LegView, order_baseline: OrderBaseline, *, wide: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        self.band = StateBand(style)
        self.reason, self.points = ElidedLabel("reason", lines=2), ElidedLabel("points")
        self.emg, self.angle = EmgPlot(style, leg.channels), AnglePlot(style)
        self.course = ElidedLabel("points")
        self.all_tile = ReadingTile(style, "All contractions")
        self.short_tile = ReadingTile(style, "Plantarflexed")
        self.trend = TrendPlot(style, leg.channels)
        asked = (
            (
                BaselineOrder.RESTART,
                "New baseline",
                "Forget the old one?",
                "Forget it and gather another",
            ),
            (BaselineOrder.REFIT, "Refit", "From the last minutes?", "Fit the baseline again, from the last minutes"),
            (BaselineOrder.FREEZE, "Freeze", "Until the end?", "Keep the baseline as it is for this session"),
        )
        self.baseline = {
            order: AskingButton(
                text, question, tip, lambda order=order: order_baseline(order, leg.athlete, leg.leg), "quiet"
            )
            for order, text, question, tip in asked
        }
        for made in self.baseline.values():
            self.trend.captions.addWidget(made)
        self._arrange(style, wide)

    def _arrange(self, style: Style, wide: bool) -> None:
        px = style.px
        texts, lines = (
            QtWidgets.QWidget(),
            column(self.reason, self.points, spacing=px(4), margins=(px(6), px(2), px(6), 0)),
        )
        lines.addStretch()
        texts.setLayout(lines)
        texts.setFixedHeight(px(60))
        tiles = row(self.all_tile, self.short_tile, spacing=px(8))
        story = column(self.band, spacing=px(8))
        story.addWidget(texts)
        live = column(self.emg, self.angle, spacing=px(6))
        live.setStretch(0, 14)
        live.setStretch(1, 11)
        outer = QtWidgets.QHBoxLayout(self) if wide else QtWidgets.QVBoxLayout(self)
        outer.setContentsMargins(px(10), px(10), px(10), px(8))
        outer.setSpacing(px(14) if wide else px(8))
        outer.addLayout(story, 10 if wide else 0)
        outer.addLayout(live, 12 if wide else 25)
        trend = story if wide else outer
        trend.addLayout(tiles)
        trend.addWidget(self.course)
        trend.addWidget(self.trend, 1 if wide else 15)

    def show_leg(self, leg: LegView, snapshot: Snapshot, stale: dict[str, str], frozen: bool) -> None:
        """Show the leg. stale: sentence per plot part that shows old data; frozen: the whole picture is old."""
        self.band.show_leg(leg, snapshot.time_s, frozen)
        self.reason.setText(words.sentences(leg.reasons))
        self.points.setText(words.points(leg.points, leg.score))
        self.all_tile.show_reading(leg.baseline_hz, leg.all_contractions)
        self.short_tile.show_reading(leg.baseline_hz, leg.plantarflexed)
        self.course.setText(words.course(leg))
        self.emg.show_leg(leg, snapshot.time_s)
        self.emg.show_quality(
            leg.quality, known=leg.state != "NO_SIGNAL" and len(leg.emg.time_s) > 0 and "emg" not in stale
        )
        self.emg.show_markers(snapshot.markers, snapshot.time_s)
        self.angle.show_leg(leg, snapshot.time_s)
        if "angle" in stale:
            self.angle.fact.setText(words.UNKNOWN)
        self.angle.show_markers(snapshot.markers, snapshot.time_s)
        self.trend.show_leg(leg, snapshot.time_s, snapshot.markers)
        for made in self.baseline.values():
            made.setEnabled(snapshot.source != "replay")
        self.show_stale(stale)

    def show_stale(self, stale: dict[str, str]) -> None:
        """Grey out the plots that show old data."""
        for part, plot in zip(PARTS, (self.emg, self.angle, self.trend), strict=True):
            plot.veil.say(stale.get(part, ""))
