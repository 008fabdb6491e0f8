"""Named horizontal lines of the trend: the baseline and the thresholds that make WATCH."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from monitor.dashboard.plots import PlotBox, draw, make_curve
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, readable


def spread(places: list[float], gap: float) -> list[float]:
    """The places (rising) moved apart to at least `gap`, around their common middle."""
    moved = list(places)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    shift = (sum(moved) - sum(places)) / max(len(moved), 1)
    return [place - shift for place in moved]


class Level:
    """A horizontal line across the session with its name beside it: baseline, WATCH or clear."""

    def __init__(self, box: PlotBox, name: str, colour: str, *, dashed: bool) -> None:
        card = box.style_.theme.card
        self._line = make_curve(box.canvas, readable(colour, card, AA_GRAPHIC), dashed=dashed)
        self._word = box.canvas.word("", readable(colour, card, AA_TEXT), (0, 0.5))
        self.name = name

    def place(self, frequency_hz: float | None, word_hz: float, span: float) -> None:
        """Draw it at this frequency up to `span`, its name at `word_hz`; unknown hides it."""
        shown = frequency_hz is not None and math.isfinite(frequency_hz)
        self._line.setVisible(shown)
        self._word.setVisible(shown)
        if frequency_hz is not None and shown:
            draw(self._line, np.array([0.0, span]), np.array([frequency_hz, frequency_hz]))
            self._word.setText(f"{self.name} {frequency_hz:.0f} Hz")
            self._word.setPos(span, word_hz)


def place_levels(levels: Sequence[Level], at_hz: Sequence[float | None], span: float, line_hz: float) -> None:
    """Draw the levels, their names kept at least one line of type (`line_hz`) apart."""
    order = sorted((hz, i) for i, hz in enumerate(at_hz) if hz is not None and math.isfinite(hz))
    words_hz = dict(zip((i for _, i in order), spread([hz for hz, _ in order], line_hz), strict=True))
    for i, (level, hz) in enumerate(zip(levels, at_hz, strict=True)):
        level.place(hz, words_hz.get(i, 0.0), span)
