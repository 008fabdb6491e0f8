"""All sensors' links at a glance: state, age of the newest packet, measured rate, loss and battery."""

from __future__ import annotations

from pyqtgraph.Qt import QtWidgets

from monitor.dashboard import words
from monitor.dashboard.icons import ShapeIcon, paint_for
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.states import link_look
from monitor.dashboard.themes import AA_TEXT, Style, readable
from monitor.dashboard.widgets import label, row
from monitor.events import Link
from monitor.snapshot import LinkView

MOST_PER_ROW = 4


def link_facts(link: LinkView) -> str:
    """The link's numbers; a link that is not live says why first."""
    facts = [
        words.age(link.age_s),
        "rate unknown" if not words.known(link.rate_hz) else words.number(link.rate_hz, " Hz"),
        f"loss {words.percent(link.loss_fraction)}",
        f"battery {words.percent(link.battery)}",
    ]
    return " · ".join(([link.detail] if link.detail and link.link != Link.LIVE else []) + facts)


class LinkCard(QtWidgets.QFrame):
    """One sensor's link."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.setObjectName("linkCard")
        self._theme, px = style.theme, style.px
        self._icon, self._word = ShapeIcon(px(16)), label("linkRole")
        self._role, self._facts = ElidedLabel("linkRole"), ElidedLabel("linkFacts")
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(px(10), px(5), px(10), px(5))
        grid.setHorizontalSpacing(px(7))
        grid.setVerticalSpacing(px(1))
        grid.addWidget(self._icon, 0, 0)
        grid.addWidget(self._word, 0, 1)
        grid.addWidget(self._role, 0, 2)
        grid.addWidget(self._facts, 1, 0, 1, 3)
        grid.setColumnStretch(2, 1)

    def show_link(self, link: LinkView) -> None:
        """Show the link as it stands."""
        look, card = link_look(link.link), self._theme.card
        self._icon.show_shape(look.shape, paint_for(look, card))
        if self._word.text() != look.headline:
            self._word.setText(look.headline)
            self._word.setStyleSheet(f"color: {readable(look.colour, card, AA_TEXT)};")
        self._role.setText(link.role or link.sensor)
        self._facts.setText(link_facts(link))
        self.setToolTip(f"{link.sensor} ({link.model}). {link.detail}")

    def text(self) -> str:
        """What the card says."""
        return f"{self._word.text()} | {self._role.text()} | {self._facts.text()}"


class LinkBar(QtWidgets.QWidget):
    """A card per sensor, at most four in a row; with none it says so."""

    def __init__(self, style: Style, count: int) -> None:
        super().__init__()
        per_row = min(max(count, 1), MOST_PER_ROW if count not in (5, 6) else 3)
        self.cards = [LinkCard(style) for _ in range(count)]
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(style.px(8))
        for index, card in enumerate(self.cards):
            grid.addWidget(card, index // per_row, index % per_row)
            grid.setColumnStretch(index % per_row, 1)
        if not self.cards:
            grid.addLayout(row(label("small", "No sensors in this session."), spacing=0), 0, 0)

    def show_links(self, links: list[LinkView]) -> None:
        """Show the links; there are as many as cards."""
        for card, link in zip(self.cards, links, strict=True):
            card.show_link(link)
