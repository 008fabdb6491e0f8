"""One calf for the athlete: one glance tells the state, one sentence why, one what to do, and how the stretch goes."""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.icons import paint_shape
from monitor.dashboard.labels import ElidedLabel, fitted
from monitor.dashboard.looks import BandText, band_colours, band_text, paint_for
from monitor.dashboard.states import GREEN, NOT_UPDATING
from monitor.dashboard.stretch import Guide, Stretch
from monitor.dashboard.themes import AA_GRAPHIC, Style, blend, readable
from monitor.dashboard.trend_plot import TrendPlot
from monitor.dashboard.widgets import column
from monitor.settings import Settings
from monitor.snapshot import LegView, Snapshot
from monitor.warning.texts import ADVICE

_CENTRE = QtCore.Qt.AlignmentFlag.AlignCenter
_GAUGE_DEG = (-45.0, 30.0)


class BigState(QtWidgets.QWidget):
    """The state as large as there is room: colour, shape and word at once."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style, self._text = style, BandText("", NOT_UPDATING, "", "")
        self.setMinimumHeight(style.px(210))

    def text(self) -> BandText:
        """What it says now."""
        return self._text

    def show_text(self, text: BandText) -> None:
        """Say this from now on."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(f"{text.name}: {text.look.sentence}, {text.since}")
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter, px = QtGui.QPainter(self), self._style.px
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        look, width, height = self._text.look, self.width(), self.height()
        surface, ink, second = band_colours(look, self._style.theme)
        path = QtGui.QPainterPath()
        path.addRoundedRect(QtCore.QRectF(self.rect()), px(12), px(12))
        painter.fillPath(path, QtGui.QColor(surface))
        if not look.loud:
            edge = QtGui.QColor(readable(look.colour, surface, AA_GRAPHIC))
            inner = QtCore.QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.setPen(QtGui.QPen(edge, 3))
            painter.drawRoundedRect(inner, px(11), px(11))
        side = min(0.50 * height, 0.5 * width)
        box = QtCore.QRectF((width - side) / 2, 0.14 * height, side, side)
        paint_shape(painter, look.shape, box, paint_for(look, surface))
        bold = QtGui.QFont(self.font())
        bold.setBold(True)
        room = width - px(30)
        rows = (
            (self._text.name.split("·")[-1].strip().upper(), px(17), 0.02, 0.12, second),
            (look.headline, px(44), 0.66, 0.20, ink),
            (self._text.action or self._text.since, px(20), 0.86, 0.11, second),
        )
        for line, largest, top, share, colour in rows:
            painter.setFont(fitted(bold, line or " ", room, 8, min(largest, int(share * height))))
            painter.setPen(QtGui.QColor(colour))
            painter.drawText(QtCore.QRectF(px(15), top * height, room, share * height), _CENTRE, line)
        painter.end()


class AngleGauge(QtWidgets.QWidget):
    """The ankle on a bar from pointed toes (left) to toes pulled up (right), with the zone that stretches the calf."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style, self._guide = style, Guide("idle", "")
        self.setFixedHeight(style.px(34))

    def show_guide(self, guide: Guide) -> None:
        """Show where the ankle is."""
        if guide != self._guide:
            self._guide = guide
            self.update()

    def _x(self, angle_deg: float) -> float:
        low, high = _GAUGE_DEG
        return self.width() * (min(max(angle_deg, low), high) - low) / (high - low)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter, theme, guide = QtGui.QPainter(self), self._style.theme, self._guide
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        width, height = self.width(), self.height()
        bar = QtGui.QPainterPath()
        bar.addRoundedRect(QtCore.QRectF(0, 0.2 * height, width, 0.6 * height), 6, 6)
        painter.fillPath(bar, QtGui.QColor(theme.raised))
        if guide.target_deg is not None:
            zone = QtCore.QRectF(self._x(guide.target_deg), 0.2 * height, width, 0.6 * height)
            painter.setClipPath(bar)
            painter.fillRect(zone, QtGui.QColor(blend(theme.raised, GREEN, 0.45)))
            held = guide.held * (width - zone.left())
            painter.fillRect(
                QtCore.QRectF(zone.left(), 0.2 * height, held, 0.6 * height),
                QtGui.QColor(readable(GREEN, theme.raised, AA_GRAPHIC)),
            )
            painter.setClipping(False)
        if guide.angle_deg is not None:
            at = self._x(guide.angle_deg)
            painter.fillRect(QtCore.QRectF(at - 3, 0, 6, height), QtGui.QColor(theme.text))
        painter.end()


class CalfPanel(QtWidgets.QFrame):
    """Everything that the athlete needs of one calf."""

    def __init__(self, style: Style, leg: LegView, *, wide: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        px = style.px
        self._stretch = Stretch(Settings().cramp)
        self.band = BigState(style)
        self.advice, self.reason = ElidedLabel("advice", lines=2), ElidedLabel("reason", lines=3)
        self.course = ElidedLabel("small")
        self.guide_text, self.gauge = ElidedLabel("guide", lines=2), AngleGauge(style)
        self.trend = TrendPlot(style, leg.channels)
        self.trend.setMaximumHeight(px(170))
        outer = QtWidgets.QVBoxLayout(self)
        outer.setContentsMargins(px(12), px(12), px(12), px(8))
        outer.setSpacing(px(10))
        outer.addWidget(self.band, 3)
        outer.addLayout(column(self.advice, self.reason, self.course, spacing=px(6), margins=(px(4), 0, px(4), 0)))
        outer.addLayout(column(self.guide_text, self.gauge, spacing=px(4), margins=(px(4), 0, px(4), 0)))
        outer.addWidget(self.trend, 2)

    def begin_stretch(self, time_s: float) -> None:
        """The athlete stretches now."""
        self._stretch.ask(time_s)

    def show_leg(self, leg: LegView, snapshot: Snapshot, stale: dict[str, str], frozen: bool) -> None:
        """Show the leg. stale: sentence per part whose sensor is silent; frozen: the whole picture is old."""
        silent = "" if frozen else stale.get("emg", "")
        text = band_text(leg, snapshot.time_s, frozen)
        self.band.show_text(text if not silent else BandText(text.name, NOT_UPDATING, silent, ""))
        old = frozen or bool(silent)
        self.advice.setText("" if old else ADVICE.get(leg.state, ""))
        self.reason.setText(words.sentences(leg.reasons))
        self.course.setText("" if old else words.course(leg))
        guide = Guide("idle", "") if old else self._stretch.follow(leg, snapshot.time_s)
        self.guide_text.setText(guide.sentence)
        self.gauge.show_guide(guide)
        for part in (self.guide_text, self.gauge):
            if part.isHidden() != (guide.step == "idle"):
                part.setHidden(guide.step == "idle")
        self.trend.show_leg(leg, snapshot.time_s, snapshot.markers)
        self.trend.veil.say("Not updating" if frozen else "")
