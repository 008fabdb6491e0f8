"""Every state of a leg and of a link as the screens show it: colour, shape and words, all in this one place.

Colours: Okabe and Ito's colour-blind safe set (Wong 2011, Nature Methods 8:441); a state is never told by colour alone.
Wording: a training aid shows patterns; it never says "safe", and it never diagnoses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.events import Link

GREY, ORANGE, SKY, GREEN = "#9AA5B1", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"

DISCLAIMER = "Training aid, not a medical device. Misses cramps, including sudden ones."


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


STATES: dict[str, Look] = {
    "NO_SIGNAL": Look("No signal", "", GREY, Shape.SLASHED_RING, urgency=4, short="No signal"),
    "CALIBRATING": Look("Learning your calf", "", SKY, Shape.OPEN_RING, urgency=1, short="Learning"),
    "OK": Look("No pattern seen", "", GREEN, Shape.DISC, short="No pattern"),
    "WATCH": Look("Calf tiring", "", YELLOW, Shape.DIAMOND, urgency=5, short="Tiring"),
    "WARN": Look(
        "Cramp risk pattern", "ease off, stretch", ORANGE, Shape.TRIANGLE, loud=True, urgency=6, short="Cramp risk"
    ),
    "CRAMP": Look(
        "Sustained calf contraction", "cramp?", VERMILLION, Shape.OCTAGON, loud=True, urgency=7, short="Cramp?"
    ),
    "RELIEF": Look("Contraction released", "", BLUE, Shape.ARROW_DOWN, urgency=3, short="Released"),
    "COOLDOWN": Look("After a cramp", "take it easy", PURPLE, Shape.HOURGLASS, urgency=2, short="After cramp"),
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
