"""How a state of a leg reads and is coloured: words, surfaces, inks and shapes of every screen, without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.dashboard import words
from monitor.dashboard.states import NOT_UPDATING, Look, state_look
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Theme, blend, contrast, ink_on, readable
from monitor.snapshot import LegView


@dataclass(frozen=True, slots=True)
class BandText:
    """What the band says. progress: 0..1 of the calibration, None where there is none."""

    name: str
    look: Look
    action: str
    since: str
    progress: float | None = None


def band_text(leg: LegView, time_s: float, frozen: bool) -> BandText:
    """The words for a leg at session time `time_s`; a frozen window says so instead of the old state."""
    name, look = f"{leg.athlete}  ·  {leg.leg}", state_look(leg.state)
    if frozen:
        return BandText(name, NOT_UPDATING, f"it was: {look.headline}", "")
    since = f"for {words.duration(time_s - leg.since_s)}"
    if leg.state != "CALIBRATING":
        return BandText(name, look, look.action, since)
    done = min(max(leg.calibration_fraction, 0.0), 1.0) if words.known(leg.calibration_fraction) else None
    share = words.UNKNOWN if done is None else f"{100 * done:.0f} %"
    return BandText(name, look, f"baseline gathered: {share}", since, done)


def band_colours(look: Look, theme: Theme) -> tuple[str, str, str]:
    """Surface, text and secondary text of a state's band."""
    if look.loud:
        return look.colour, ink_on(look.colour), ink_on(look.colour)
    surface = blend(theme.card, look.colour, 0.16)
    return surface, theme.text, readable(theme.muted, surface, AA_TEXT)


@dataclass(frozen=True, slots=True)
class Paint:
    """Fill of a shape, and the line around it where the fill alone would be too faint (empty = none)."""

    fill: str
    edge: str = ""


def paint_for(look: Look, surface: str) -> Paint:
    """The shape's paint on a surface: black or white on its own colour, else its colour made visible enough."""
    if surface == look.colour:
        return Paint(ink_on(look.colour))
    if ink_on(surface) == "#FFFFFF":
        return Paint(readable(look.colour, surface, AA_TEXT))
    return Paint(look.colour, "" if contrast(look.colour, surface) >= AA_GRAPHIC else ink_on(surface))
