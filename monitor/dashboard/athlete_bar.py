"""Below the calves, for wet fingers: four big buttons, and in one line how the sensors stand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6 import QtCore, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.labels import ElidedLabel
from monitor.dashboard.states import NOT_UPDATING, link_look
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import AskingButton, button, column, row
from monitor.events import Link
from monitor.snapshot import LinkView

_TEXTS = {"marker": "Marker", "cramp": "Cramp!", "stretch": "I stretch now"}


def links_sentence(links: list[LinkView], frozen: bool) -> str:
    """How the sensors stand: the worst age and loss if all is well, else what is not."""
    if frozen:
        return NOT_UPDATING.headline
    bad = [link for link in links if link.link != Link.LIVE or link.warning]
    if bad:
        return "  ·  ".join(f"{link.role}: {link.warning or link_look(link.link).headline.lower()}" for link in bad)
    if not links:
        return "No sensors in this session."
    ages = [link.age_s for link in links if link.age_s is not None]
    losses = [link.loss_fraction for link in links if link.loss_fraction is not None]
    oldest, lost = max(ages, default=None), max(losses, default=None)
    return f"{len(links)} sensors live  ·  newest data {words.age(oldest)}  ·  loss {words.percent(lost)}"


class AthleteBar(QtWidgets.QWidget):
    """mark: notes the moment; stop: ends the session."""

    def __init__(self, style: Style, mark: Callable[[str], None], stop: Callable[[], None]) -> None:
        super().__init__()
        self.marks = {
            name: button(text, f"Note a {name} now", lambda name=name: mark(name), "huge")
            for name, text in _TEXTS.items()
        }
        self.stop = AskingButton("Stop", "Stop now?", "End the session", stop, "huge")
        self.line = ElidedLabel("small", align=QtCore.Qt.AlignmentFlag.AlignHCenter)
        buttons = row(*self.marks.values(), self.stop, spacing=style.px(10))
        page = QtWidgets.QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addLayout(column(self.line, spacing=style.px(6)))
        page.addLayout(buttons)

    def show_links(self, links: list[LinkView], frozen: bool) -> None:
        """Say how the sensors stand."""
        self.line.setText(links_sentence(links, frozen))
