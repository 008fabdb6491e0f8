"""All sensors' links at a glance: state, age of the newest packet, measured rate, loss and battery."""

from __future__ import annotations

from PySide6 import QtWidgets

from monitor.dashboard import words
from monitor.dashboard.icons import ShapeIcon
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.looks import paint_for
from monitor.dashboard.states import NOT_UPDATING, link_look
from monitor.dashboard.themes import AA_TEXT, Style, readable
from monitor.dashboard.widgets import label, row
from monitor.events import Link
from monitor.snapshot import LinkView

MOST_PER_ROW = 4


def link_facts(link: LinkView) -> str:
    """The link's warning, its numbers, the unknown ones named together; a link that is not live says why."""
    why = [link.detail] if link.detail and link.link != Link.LIVE else []
    why += [link.warning] if link.warning else []
    numbers = {
        "rate": words.number(link.rate_hz, " Hz"),
        "loss": words.percent(link.loss_fraction),
        "battery": words.percent(link.battery),
    }
    known = [text if name == "rate" else f"{name} {text}" for name, text in numbers.items() if text != words.UNKNOWN]
    unknown = ", ".join(name for name, text in numbers.items() if text == words.UNKNOWN)
    told = [words.age(link.age_s), *why, *known] + ([f"{unknown} {words.UNKNOWN}"] if unknown else [])
    return " · ".join(told + ([link.detail] if link.detail and link.link == Link.LIVE else []))


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

    def show_link(self, link: LinkView, frozen: bool) -> None:
        """Show the link as it stands; in a frozen picture nobody knows how it stands."""
        look, card = NOT_UPDATING if frozen else link_look(link.link), self._theme.card
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

    def show_links(self, links: list[LinkView], frozen: bool) -> None:
        """Show the links; there are as many as cards."""
        for card, link in zip(self.cards, links, strict=True):
            card.show_link(link, frozen)
