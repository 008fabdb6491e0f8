"""Where the electrodes go, drawn by the program: a leg from behind with the three heads of the calf.

Places: SENIAM 8 (1999), sensor locations of the lower leg. The drawing shows proportions, not a measured leg.
"""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QPointF

from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Style, blend, readable
from monitor.muscles import MUSCLES

WIDE, HIGH = 100.0, 220.0  # the drawing's own units; a left leg from behind: its inner (medial) side is at the right
SITES = {"GM": (61.0, 72.0), "GL": (38.0, 78.0), "SOL": (60.0, 138.0)}
_TURN_DEG = {"GM": -8.0, "GL": 8.0, "SOL": 0.0}
MOTION = {"shank": (33.0, 146.0), "foot": (54.0, 205.0)}


def _blob(*points: tuple[float, float]) -> QtGui.QPainterPath:
    """A smooth closed curve through points."""
    path, count = QtGui.QPainterPath(QPointF(*points[0])), len(points)
    for i in range(count):
        before, here, there, after = (QPointF(*points[(i + k) % count]) for k in (-1, 0, 1, 2))
        path.cubicTo(here + (there - before) / 6, there - (after - here) / 6, there)
    path.closeSubpath()
    return path


def _outline() -> QtGui.QPainterPath:
    return _blob(
        (26, 0), (25, 20), (21, 45), (19, 70), (22, 100), (30, 135), (36, 165), (36, 182), (33, 196), (40, 208),
        (54, 212), (66, 207), (68, 194), (63, 182), (62, 165), (68, 135), (77, 105), (80, 75), (79, 48), (75, 20),
        (74, 0),
    )  # fmt: skip


def _heads() -> dict[str, QtGui.QPainterPath]:
    return {
        "SOL": _blob((32, 96), (30, 112), (37, 140), (46, 158), (52, 158), (61, 140), (68, 112), (67, 96), (50, 108)),
        "GM": _blob((52, 22), (68, 24), (77, 50), (76, 82), (68, 106), (58, 112), (51, 98), (50, 60)),
        "GL": _blob((47, 22), (33, 24), (24, 50), (25, 76), (32, 94), (41, 100), (48, 92), (49, 58)),
    }


class CalfPicture(QtWidgets.QWidget):
    """side : left or right."""

    def __init__(self, style: Style, side: str = "left") -> None:
        super().__init__()
        self._style, self.side, self.chosen = style, side, "GM"
        self.setMinimumSize(style.px(190), style.px(200))

    def show_site(self, chosen: str, side: str = "") -> None:
        """Stress one place: GM, GL, SOL, shank or foot; side : of another leg than before."""
        self.chosen, self.side = chosen, side or self.side
        self.setAccessibleName(f"{self.side} calf from behind: {site_text(chosen)}")
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        room = self._style.px(34)
        scale = min((self.width() / 2 - self._style.px(52)) / (0.38 * WIDE), (self.height() - room) / HIGH)
        painter.translate(self.width() / 2, 0)
        painter.save()
        painter.scale(scale if self.side == "left" else -scale, scale)
        painter.translate(-WIDE / 2, 2)
        self._paint_leg(painter)
        painter.restore()
        for site in (*SITES, *MOTION):
            self._paint_name(painter, site, scale)
        painter.setPen(QtGui.QColor(self._style.theme.text))
        painter.setFont(self._font(15))
        box = QtCore.QRectF(-self.width() / 2, self.height() - room, self.width(), room)
        painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignCenter, f"{self.side} leg, from behind")
        painter.end()

    def _paint_leg(self, painter: QtGui.QPainter) -> None:
        theme = self._style.theme
        skin = blend(theme.card, theme.muted, 0.16)
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.muted), 1.0))
        painter.setBrush(QtGui.QColor(skin))
        painter.drawPath(_outline())
        for name, head in _heads().items():
            share = 0.55 if name == self.chosen else 0.24
            painter.setPen(QtGui.QPen(QtGui.QColor(blend(skin, theme.traces[1], 0.8)), 0.7))
            painter.setBrush(QtGui.QColor(blend(skin, theme.traces[1], share)))
            painter.drawPath(head)
        tendon = QtGui.QPen(QtGui.QColor(blend(skin, theme.text, 0.45)), 3.0)
        tendon.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
        painter.setPen(tendon)
        painter.drawLine(QPointF(50, 160), QPointF(50, 196))
        for name, (x, y) in SITES.items():
            self._paint_electrodes(painter, name, x, y)
        for name, (x, y) in MOTION.items():
            painter.setPen(QtGui.QPen(QtGui.QColor(theme.text), 1.4 if name == self.chosen else 0.7))
            painter.setBrush(QtGui.QColor(theme.traces[0] if name == self.chosen else theme.raised))
            painter.drawRoundedRect(QtCore.QRectF(x - 6, y - 4, 12, 8), 2, 2)

    def _paint_electrodes(self, painter: QtGui.QPainter, name: str, x: float, y: float) -> None:
        """Two poles, 20 mm apart, along the fibres."""
        theme, chosen = self._style.theme, name == self.chosen
        painter.save()
        painter.translate(x, y)
        painter.rotate(_TURN_DEG[name])
        painter.setPen(QtGui.QPen(QtGui.QColor("#0B0F13"), 0.8))
        painter.setBrush(QtGui.QColor("#FFFFFF" if chosen else theme.muted))
        for pole in (-6.0, 6.0):
            painter.drawEllipse(QPointF(0, pole), 4.2 if chosen else 2.8, 4.2 if chosen else 2.8)
            painter.setBrush(QtGui.QColor("#0B0F13"))
            painter.drawEllipse(QPointF(0, pole), 1.2, 1.2)
            painter.setBrush(QtGui.QColor("#FFFFFF" if chosen else theme.muted))
        painter.restore()

    def _paint_name(self, painter: QtGui.QPainter, site: str, scale: float) -> None:
        """The name beside the leg, with a line to its place."""
        theme, chosen = self._style.theme, site == self.chosen
        x, y = (SITES | MOTION)[site]
        mirror = 1 if self.side == "left" else -1
        at = QPointF(mirror * (x - WIDE / 2) * scale, (y + 2) * scale)
        way = mirror * (1 if x >= WIDE / 2 else -1)
        end = QPointF(way * 0.37 * WIDE * scale, at.y())
        painter.setPen(QtGui.QPen(QtGui.QColor(readable(theme.muted, theme.card, AA_GRAPHIC)), 1))
        painter.drawLine(at + QPointF(way * 7 * scale, 0), end)
        painter.setPen(QtGui.QColor(theme.text if chosen else readable(theme.muted, theme.card, AA_TEXT)))
        painter.setFont(self._font(17 if chosen else 13))
        wide = self._style.px(60)
        left = end.x() + (4 if way > 0 else -4 - wide)
        flag = QtCore.Qt.AlignmentFlag.AlignLeft if way > 0 else QtCore.Qt.AlignmentFlag.AlignRight
        box = QtCore.QRectF(left, end.y() - 14, wide, 28)
        painter.drawText(box, flag | QtCore.Qt.AlignmentFlag.AlignVCenter, site)

    def _font(self, size: int) -> QtGui.QFont:
        font = QtGui.QFont(self.font())
        font.setBold(True)
        font.setPixelSize(self._style.px(size))
        return font


def site_text(site: str) -> str:
    """Where a sensor goes, in words."""
    if site in MUSCLES:
        name, where = MUSCLES[site]
        return f"{name}: {where}"
    return {
        "shank": "motion sensor of the shank: flat on the lower leg, firmly strapped, not on the bulge of the calf",
        "foot": "motion sensor of the foot: on the shoe over the instep or at the heel, so that it cannot swing",
    }[site]
