"""Ribbons over time: the state with its shape, and what is wrong with each channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6 import QtCore, QtGui

from monitor.conditioning.faults import Quality
from monitor.dashboard.icons import paint_shape
from monitor.dashboard.looks import paint_for
from monitor.dashboard.scientist.over_time import Acts, OverTime
from monitor.dashboard.scientist.panel import runs
from monitor.dashboard.states import GREY, ORANGE, PURPLE, SKY, VERMILLION, state_look
from monitor.dashboard.themes import Style, blend, ink_on
from monitor.study import LegStudy
from monitor.warning.state import StateChange

_QUALITY_COLOURS = {
    Quality.LOST: GREY,
    Quality.RAILED: VERMILLION,
    Quality.FLAT: VERMILLION,
    Quality.LOSSY: GREY,
    Quality.NO_CONTACT: VERMILLION,
    Quality.MOTION: ORANGE,
    Quality.MAINS: PURPLE,
    Quality.DEFORMED: SKY,
    Quality.TOO_QUIET: SKY,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in one state."""

    from_s: float
    to_s: float
    change: StateChange


def stretches(changes: tuple[StateChange, ...], end_s: float) -> list[Stretch]:
    """The states one after the other to the end."""
    ends = [change.time_s for change in changes[1:]] + [end_s]
    return [Stretch(change.time_s, until_s, change) for change, until_s in zip(changes, ends, strict=True)]


class StateRibbon(OverTime):
    """The states of a leg, each in its colour with its shape and word, which stay in view."""

    ahead = 0.0

    def __init__(self, style: Style, acts: Acts, leg: LegStudy, end_s: float) -> None:
        super().__init__(style, acts)
        self._all = stretches(leg.states, end_s)
        self.setFixedHeight(style.px(42))

    def values_at(self, time_s: float) -> list[tuple[str, str, str]]:
        """The state there."""
        found = [each for each in self._all if each.from_s <= time_s < each.to_s] or self._all[-1:]
        change = found[0].change
        look = state_look(str(change.state))
        return [("", look.headline, look.colour)]

    def paint_still(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """The caption."""
        self.caption(painter, area, "State")

    def paint_content(self, painter: QtGui.QPainter, area: QtCore.QRectF, *, vector: bool) -> None:
        """One box per state."""
        theme = self.style_.theme
        bold = QtGui.QFont(self.small)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for each in self._all:
            left, right = max(self.x_of(each.from_s), area.left()), min(self.x_of(each.to_s), area.right())
            if right <= left:
                continue
            look = state_look(str(each.change.state))
            box = QtCore.QRectF(left, area.top(), max(right - left - 1, 1), area.height())
            surface = look.colour if look.loud else blend(theme.card, look.colour, 0.35)
            painter.fillRect(box, QtGui.QColor(surface))
            side = box.height() - 4
            if box.width() > side + 4:
                place = QtCore.QRectF(left + 3, box.top() + 2, side, side)
                paint_shape(painter, look.shape, place, paint_for(look, surface))
                painter.setPen(QtGui.QColor(ink_on(surface)))
                room = int(box.width() - side - 10)
                text = QtGui.QFontMetrics(bold).elidedText(
                    look.headline, QtCore.Qt.TextElideMode.ElideRight, max(room, 0)
                )
                painter.drawText(
                    box.adjusted(side + 7, 0, 0, 0), QtCore.Qt.AlignmentFlag.AlignVCenter, text if room > 20 else ""
                )


@dataclass(frozen=True, slots=True)
class Faulty:
    """A stretch of time in which a channel had one fault."""

    from_s: float
    to_s: float
    lane: int
    colour: str


def _faults(leg: LegStudy) -> list[Faulty]:
    """All of a leg; a verdict speaks of the second that ends with it."""
    seconds = leg.seconds
    return [
        Faulty(float(seconds.time_s[first]) - 1.0, float(seconds.time_s[last - 1]), lane, colour)
        for lane in range(len(leg.labels))
        for fault, colour in _QUALITY_COLOURS.items()
        for first, last in runs(seconds.quality[:, lane] == fault)
    ]


class QualityRibbon(OverTime):
    """One thin line per channel: empty where good, a colour where not; hovering tells what."""

    def __init__(self, style: Style, acts: Acts, leg: LegStudy) -> None:
        super().__init__(style, acts)
        self._leg, self._faults = leg, _faults(leg)
        self.setFixedHeight(style.px(24 + 9 * max(1, min(len(leg.labels), 8))))

    def values_at(self, time_s: float) -> list[tuple[str, str, str]]:
        """What is wrong with each channel there."""
        seconds = self._leg.seconds
        row = int(np.searchsorted(seconds.time_s, time_s))
        if row >= len(seconds.time_s):
            return []
        verdicts = seconds.quality[row].tolist()
        return [(label, quality_word(value), GREY) for label, value in zip(self._leg.labels, verdicts, strict=True)]

    def paint_still(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """The caption and the ground."""
        self.caption(painter, area, "Quality (empty = good)")
        painter.fillRect(area, QtGui.QColor(blend(self.style_.theme.card, self.style_.theme.text, 0.06)))

    def paint_content(self, painter: QtGui.QPainter, area: QtCore.QRectF, *, vector: bool) -> None:
        """The lines."""
        high = area.height() / max(1, len(self._leg.labels))
        for each in self._faults:
            if each.to_s >= self.view_.from_s and each.from_s <= self.view_.to_s:
                left, right = max(self.x_of(each.from_s), area.left()), min(self.x_of(each.to_s), area.right())
                top = area.top() + each.lane * high
                painter.fillRect(QtCore.QRectF(left, top, max(right - left, 1), high - 1), QtGui.QColor(each.colour))


def quality_word(value: float) -> str:
    """What is wrong, in words."""
    return "unknown" if value != value else Quality(int(value)).name.replace("_", " ").lower()
