"""Where the sensors go: the picture and what to do, place by place."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.setup.calf_picture import MOTION, SITES, CalfPicture, site_text
from monitor.dashboard.setup.desk import LEGS, Desk
from monitor.dashboard.setup.step import Step, card, focusable
from monitor.dashboard.themes import Style
from monitor.dashboard.widgets import column, label, row

SOURCE = "Places of the electrodes: SENIAM 8 (1999), seniam.org, sensor locations of the lower leg."
_PREPARE = (
    "1.  Shave, rub and clean the skin with alcohol; let it dry.",
    "2.  Let the athlete stand on tiptoe and feel for the muscle's bulge.",
    "3.  Stick both electrodes along the leg, 20 mm apart, both on the same muscle.",
    "4.  Fix cable and sensor with tape or a sleeve, so that nothing swings.",
)


class PlacingStep(Step):
    """Look here while sticking; nothing is asked."""

    title = "Put the sensors on"
    short = "Placement"
    hint = "Choose a place to see it. One EMG channel per calf is enough to begin with: GM, on the inner bulge."

    def __init__(self, style: Style, desk: Desk) -> None:
        super().__init__(style, desk)
        px = style.px
        self.pictures = [CalfPicture(style, side) for side in LEGS]
        self.sites = {
            site: focusable(site, site_text(site), lambda site=site: self.choose(site)) for site in (*SITES, *MOTION)
        }
        for made in self.sites.values():
            made.setCheckable(True)
        self.where = label("guide")
        self.where.setWordWrap(True)
        self.where.setMinimumHeight(px(90))
        self.where.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        steps = [label("reason", text) for text in _PREPARE]
        for each in steps:
            each.setWordWrap(True)
        source = label("muted", SOURCE)
        source.setWordWrap(True)
        words = column(spacing=px(10))
        words.addLayout(row(*self.sites.values(), spacing=px(6)))
        words.addWidget(self.where)
        for each in steps:
            words.addWidget(each)
        words.addStretch()
        words.addWidget(source)
        right = QtWidgets.QWidget()
        right.setLayout(words)
        self.setLayout(row(card(style, *self.pictures[:1]), card(style, *self.pictures[1:]), right, spacing=px(12)))
        layout = self.layout()
        assert isinstance(layout, QtWidgets.QHBoxLayout)
        for place, share in enumerate((4, 4, 5)):
            layout.setStretch(place, share)
        self.choose("GM")

    def choose(self, site: str) -> None:
        """Stress this place."""
        for name, made in self.sites.items():
            made.setChecked(name == site)
        for picture in self.pictures:
            picture.show_site(site)
        self.where.setText(f"{site}: {site_text(site)}.")

    def act(self) -> None:
        """The next place."""
        names = list(self.sites)
        now = next(i for i, name in enumerate(names) if self.sites[name].isChecked())
        self.choose(names[(now + 1) % len(names)])
