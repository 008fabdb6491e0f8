"""The words, the shapes and the colours: readable, and told apart without colour."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from pyqtgraph.Qt import QtCore, QtGui

from monitor.dashboard.icons import paint_shape
from monitor.dashboard.looks import band_colours, paint_for
from monitor.dashboard.states import LINKS, NOT_UPDATING, STATES, Look, link_look, state_look
from monitor.dashboard.themes import (
    AA_GRAPHIC,
    AA_TEXT,
    Theme,
    blend,
    contrast,
    ink_on,
    luminance,
    readable,
)
from monitor.dashboard.themes import THEMES as THEMES_BY_NAME
from monitor.events import Link

THEMES = pytest.mark.parametrize("theme", list(THEMES_BY_NAME.values()), ids=list(THEMES_BY_NAME))
ALL_LOOKS = [*STATES.values(), NOT_UPDATING, *LINKS.values()]


def test_every_state_of_the_contract_has_its_words() -> None:
    assert {name: look.sentence for name, look in STATES.items()} == {
        "NO_SIGNAL": "No signal",
        "CALIBRATING": "Learning your calf",
        "OK": "No pattern seen",
        "WATCH": "Calf tiring",
        "WARN": "Cramp risk pattern: ease off, stretch",
        "CRAMP": "Sustained calf contraction: cramp?",
        "RELIEF": "Contraction released",
        "COOLDOWN": "After a cramp: take it easy",
    }
    assert set(LINKS) == set(Link)


def test_an_unknown_state_is_shown_by_its_name() -> None:
    assert "DANCING" in state_look("DANCING").headline
    assert link_look("dancing").headline == "dancing"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the standard's well-known near miss
    assert luminance("#FF0000") == pytest.approx(0.2126)
    assert blend("#000000", "#FFFFFF", 0.5) in ("#7F7F7F", "#808080")


@THEMES
def test_plain_text_is_readable_on_every_surface(theme: Theme) -> None:
    for surface in (theme.background, theme.card, theme.raised):
        assert contrast(theme.text, surface) >= 7.0
        assert contrast(theme.muted, surface) >= AA_TEXT


@THEMES
@pytest.mark.parametrize("look", ALL_LOOKS, ids=lambda look: look.headline)
def test_a_state_is_readable(theme: Theme, look: Look) -> None:
    surface, text, second = band_colours(look, theme)
    assert contrast(text, surface) >= AA_TEXT
    assert contrast(second, surface) >= AA_TEXT
    for ground in {surface, theme.card, theme.background}:
        paint = paint_for(look, ground)
        assert max(contrast(paint.fill, ground), contrast(paint.edge or paint.fill, ground)) >= AA_GRAPHIC
    assert contrast(readable(look.colour, theme.card, AA_TEXT), theme.card) >= AA_TEXT


@THEMES
def test_curves_are_visible(theme: Theme) -> None:
    for colour in theme.traces:
        assert contrast(colour, theme.card) >= AA_GRAPHIC
        assert contrast(blend(theme.card, colour, 0.62), theme.card) >= 2.0  # a dense raw signal under its envelope


def test_ink_on_a_filled_band_is_the_better_of_black_and_white() -> None:
    assert ink_on("#F0E442") == "#0B0F13" and ink_on("#0072B2") == "#FFFFFF"


def grey(look: Look, size_px: int, ground: str) -> np.ndarray:
    """The look's icon in shades of grey, 0..1."""
    image = QtGui.QImage(size_px, size_px, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor(ground))
    painter = QtGui.QPainter(image)
    paint_shape(painter, look.shape, QtCore.QRectF(0, 0, size_px, size_px), paint_for(look, ground))
    painter.end()
    grey_image = image.convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey_image.constBits(), np.uint8).reshape(size_px, grey_image.bytesPerLine())
    return rows[:, :size_px] / 255.0


@THEMES
@pytest.mark.parametrize("size_px", [16, 52])
@pytest.mark.parametrize("looks", [list(STATES.values()), list(LINKS.values())], ids=["states", "links"])
def test_shapes_differ_without_any_colour(app: object, theme: Theme, size_px: int, looks: list[Look]) -> None:
    assert len({look.shape for look in looks}) == len(looks)
    for one, other in itertools.combinations(looks, 2):
        alike = [Look(look.headline, "", "#808080", look.shape) for look in (one, other)]
        first, second = (grey(look, size_px, theme.card) for look in alike)
        assert (np.abs(first - second) > 0.15).mean() > 0.06, (one.headline, other.headline)


@THEMES
def test_the_loud_states_stand_out_in_grey(theme: Theme) -> None:
    quiet = [luminance(band_colours(look, theme)[0]) for look in STATES.values() if not look.loud]
    for look in STATES.values():
        if look.loud:
            band = luminance(band_colours(look, theme)[0])
            assert all(max(band, one) + 0.05 > 1.6 * (min(band, one) + 0.05) for one in quiet)


# Linear-light matrices of Vienot, Brettel and Mollon 1999 (Color Res. Appl. 24:243)
DICHROMATS = {
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}


def seen(look: Look, ground: str, matrix: tuple[tuple[float, ...], ...], size_px: int = 24) -> np.ndarray:
    """The icon on its surface as such eyes see it, (size, size, 3), 0..1 as the screen shows it."""
    image = QtGui.QImage(size_px, size_px, QtGui.QImage.Format.Format_RGBA8888)
    image.fill(QtGui.QColor(ground))
    painter = QtGui.QPainter(image)
    paint_shape(painter, look.shape, QtCore.QRectF(0, 0, size_px, size_px), paint_for(look, ground))
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(size_px, image.bytesPerLine() // 4, 4)
    screen = pixels[:, :size_px, :3] / 255.0
    linear = np.where(screen <= 0.04045, screen / 12.92, ((screen + 0.055) / 1.055) ** 2.4)
    left = np.clip(np.einsum("ij,xyj->xyi", np.array(matrix), linear), 0.0, 1.0)
    return np.where(left <= 0.0031308, 12.92 * left, 1.055 * left ** (1 / 2.4) - 0.055)


@THEMES
@pytest.mark.parametrize("eyes", DICHROMATS)
def test_every_state_is_told_from_every_other_by_colour_blind_eyes(app: object, theme: Theme, eyes: str) -> None:
    pictures = {name: seen(look, band_colours(look, theme)[0], DICHROMATS[eyes]) for name, look in STATES.items()}
    for (one, first), (other, second) in itertools.combinations(pictures.items(), 2):
        differs = np.abs(first - second).max(axis=2) > 0.12
        assert differs.mean() > 0.08, (one, other)
