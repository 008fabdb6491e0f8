"""The themes (dark, light for the sun, high contrast), and the arithmetic of contrast that keeps them readable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

AA_TEXT = 4.5  # WCAG 2.2, 1.4.3: text against its background
AA_GRAPHIC = 3.0  # WCAG 2.2, 1.4.11: shapes and lines that carry meaning


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, each "#RRGGBB". traces: one per EMG channel, used in turn."""

    name: str
    background: str
    card: str
    raised: str
    line: str
    text: str
    muted: str
    traces: tuple[str, ...]


DARK = Theme(
    name="dark",
    background="#0B0F13",
    card="#141A20",
    raised="#222B34",
    line="#2B3540",
    text="#F1F4F7",
    muted="#A7B3BF",
    traces=("#56B4E9", "#D998BD", "#3DBE97", "#A8C7DD"),
)
LIGHT = Theme(
    name="light",
    background="#E9EDF1",
    card="#FFFFFF",
    raised="#F1F4F7",
    line="#CDD5DD",
    text="#12181E",
    muted="#4A5763",
    traces=("#0072B2", "#A3457A", "#00795A", "#4A6D88"),
)
HIGH_CONTRAST = Theme(
    name="high contrast",
    background="#000000",
    card="#000000",
    raised="#1A1A1A",
    line="#B8B8B8",
    text="#FFFFFF",
    muted="#E6E6E6",
    traces=("#7CC8F5", "#F0B4D6", "#5FE0B8", "#FFFFFF"),
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, HIGH_CONTRAST)}


def next_theme(theme: Theme) -> Theme:
    """The theme after this one: dark, light, high contrast, and dark again."""
    themes = list(THEMES.values())
    return themes[(themes.index(theme) + 1) % len(themes)]


@dataclass(frozen=True, slots=True)
class Style:
    """A theme at a size. scale: 1 for a window of 1280 x 800, more on a large one."""

    theme: Theme
    scale: float

    def px(self, pixels: float) -> int:
        """A length of the 1280 x 800 design in this style's pixels."""
        return round(pixels * self.scale)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of "#RRGGBB". Source: WCAG 2.2, definition of relative luminance."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1..21 of two colours. Source: WCAG 2.2, definition of contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blend(under: str, over: str, share: float) -> str:
    """The colour seen when `over` lies on `under` with an opacity of `share`, 0..1."""
    mixed = [round(255 * (a + (b - a) * share)) for a, b in zip(_rgb(under), _rgb(over), strict=True)]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


@lru_cache(maxsize=256)
def readable(colour: str, background: str, ratio: float) -> str:
    """The colour, moved towards white or black by as little as gives this contrast ratio on the background."""
    towards = "#000000" if luminance(background) > 0.18 else "#FFFFFF"
    steps = (blend(colour, towards, share / 50) for share in range(51))
    return next((step for step in steps if contrast(step, background) >= ratio), towards)


def ink_on(colour: str) -> str:
    """Near-black or white, whichever reads better on a filled surface of this colour."""
    return max(("#0B0F13", "#FFFFFF"), key=lambda ink: contrast(ink, colour))
