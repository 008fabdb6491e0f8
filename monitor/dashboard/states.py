"""Every state of a leg and of a link as the screens show it: colour and shape; a leg's words stand in `warning.texts`.

Colours: Okabe and Ito's colour-blind safe set (Wong 2011, Nature Methods 8:441); a state is never told by colour alone.
Wording: a training aid shows patterns; it never says "safe", and it never diagnoses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.events import Link
from monitor.warning.texts import WORDS

GREY, ORANGE, SKY, GREEN = "#9AA5B1", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"


class Shape(StrEnum):
    """The outlines that `icons.py` draws; each differs from all others without colour and at 14 pixels."""

    DISC = "disc"
    RING = "ring"
    SLASHED_RING = "slashed ring"
    OPEN_RING = "open ring"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    OCTAGON = "octagon"
    ARROW_DOWN = "arrow down"
    HOURGLASS = "hourglass"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Look:
    """How one state looks. action: what to do now, or empty; loud: fills its band; urgency: the higher the worse.

    short : the headline for a tile that is read from three metres.
    """

    headline: str
    action: str
    colour: str
    shape: Shape
    loud: bool = False
    urgency: int = 0
    short: str = ""

    @property
    def sentence(self) -> str:
        """Headline and action in one line, for tool tips and screen readers."""
        return f"{self.headline}: {self.action}" if self.action else self.headline


def _look(state: str, colour: str, shape: Shape, urgency: int, *, loud: bool = False) -> Look:
    words = WORDS[state]
    return Look(words.headline, words.action, colour, shape, loud, urgency, words.short)


STATES: dict[str, Look] = {
    "NO_SIGNAL": _look("NO_SIGNAL", GREY, Shape.SLASHED_RING, 4),
    "CALIBRATING": _look("CALIBRATING", SKY, Shape.OPEN_RING, 1),
    "OK": _look("OK", GREEN, Shape.DISC, 0),
    "WATCH": _look("WATCH", YELLOW, Shape.DIAMOND, 5),
    "WARN": _look("WARN", ORANGE, Shape.TRIANGLE, 6, loud=True),
    "CRAMP": _look("CRAMP", VERMILLION, Shape.OCTAGON, 7, loud=True),
    "RELIEF": _look("RELIEF", BLUE, Shape.ARROW_DOWN, 3),
    "COOLDOWN": _look("COOLDOWN", PURPLE, Shape.HOURGLASS, 2),
}

LINKS: dict[str, Look] = {
    Link.LIVE: Look("Live", "", GREEN, Shape.DISC),
    Link.SEARCHING: Look("Searching", "", SKY, Shape.RING),
    Link.CONNECTING: Look("Connecting", "", SKY, Shape.OPEN_RING),
    Link.STARTING: Look("Starting", "", BLUE, Shape.HOURGLASS),
    Link.STALLED: Look("Stalled", "", ORANGE, Shape.TRIANGLE, urgency=2),
    Link.LOST: Look("Lost", "", VERMILLION, Shape.SLASHED_RING, urgency=3),
    Link.UNSUPPORTED: Look("Not supported", "", PURPLE, Shape.SQUARE, urgency=1),
}

NOT_UPDATING = Look("Not updating", "", GREY, Shape.SLASHED_RING, urgency=8, short="Old")


def state_look(state: str) -> Look:
    """The look of a leg's state; a state that this version does not know is shown as unknown, by its own name."""
    return STATES.get(state) or Look(f"Unknown state {state}", "", GREY, Shape.SQUARE, urgency=4, short="Unknown")


def link_look(link: str) -> Look:
    """The look of a link's state; an unknown one is shown by its own name."""
    return LINKS.get(link) or Look(link or "Unknown", "", GREY, Shape.SQUARE)
