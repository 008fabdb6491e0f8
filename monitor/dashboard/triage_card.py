"""The triage card: the person ticks what is true, the card gathers what published advice says. It decides nothing."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.sheet import sheet
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import button, column, label, row
from monitor.warning.triage import card, triage


class TriageCard(QtWidgets.QDialog):
    """A tick for each sign; the words follow at once. Nothing of it is kept."""

    def __init__(self, parent: QtWidgets.QWidget | None, style: Style) -> None:
        super().__init__(parent)
        told, px = card(), style.px
        self.setWindowTitle(told.title)
        self.setStyleSheet(sheet(style))
        self.resize(px(1000), px(640))
        self.ticks = {sign.id: QtWidgets.QCheckBox(sign.ask) for sign in told.signs}
        signs = column(spacing=px(8))
        for sign in told.signs:
            tick = self.ticks[sign.id]
            tick.setToolTip(f"Source: {sign.source}")
            tick.toggled.connect(lambda _: self._say())
            signs.addWidget(tick)
        signs.addStretch()
        intro = label("reason", told.intro)
        intro.setWordWrap(True)
        self.says = QtWidgets.QLabel()
        self.says.setObjectName("reason")
        self.says.setWordWrap(True)
        self.says.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setObjectName("card")
        self.says.setMargin(px(16))
        scroll.setWidget(self.says)
        both = row(spacing=px(18))
        both.addLayout(signs, 1)
        both.addWidget(scroll, 1)
        foot = row(button("Clear", "Take all ticks away", self.clear), spacing=px(8))
        foot.addStretch()
        foot.addWidget(button("Close", "Close the card (Escape)", self.close))
        page = column(label("clock", told.title), intro, spacing=px(10), margins=(px(22), px(16), px(22), px(16)))
        page.addLayout(both, 1)
        page.addLayout(foot)
        self.setLayout(page)
        self._say()

    def clear(self) -> None:
        """No ticks."""
        for tick in self.ticks.values():
            tick.setChecked(False)

    def _say(self) -> None:
        self.says.setText(triage({name: tick.isChecked() for name, tick in self.ticks.items()}))
