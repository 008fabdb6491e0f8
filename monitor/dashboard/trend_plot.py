"""The median frequency since the start, with the baseline and the thresholds that make WATCH."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import QtWidgets

from monitor.dashboard import words
from monitor.dashboard.decimate import columns, decimate, extremes
from monitor.dashboard.live_plots import MarkerLines
from monitor.dashboard.plots import PlotBox, draw, draw_ticks, make_curve
from monitor.dashboard.states import STATES
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Style, blend, readable
from monitor.snapshot import LegView, Trace

LEVEL_MARGIN_PX = 104  # at the right, for the levels' names
MOST_CHANNELS = 3  # more are drawn together, from the lowest to the highest
SPANS_MIN = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
TREND_GAP_S = 30.0


def span_min(time_s: float) -> float:
    """The width of the time axis in minutes: the smallest step that holds the session so far."""
    return float(next((span for span in SPANS_MIN if time_s <= 60 * span), math.ceil(time_s / 86400) * 1440))


def frequency_range_hz(baseline_hz: float | None, values: NDArray[np.floating]) -> tuple[float, float]:
    """The frequency axis: 70 to 110 % of the baseline, widened to whole tens of Hz for all but the outermost values."""
    known = values[np.isfinite(values)]
    low, high = (0.70 * baseline_hz, 1.10 * baseline_hz) if baseline_hz and words.known(baseline_hz) else (60.0, 120.0)
    if known.size:
        low, high = min(low, float(np.percentile(known, 2))), max(high, float(np.percentile(known, 98)))
    return 10 * math.floor(low / 10), 10 * math.ceil(high / 10)


def tick_step(span: float, most: int) -> float:
    """A round distance of ticks that gives at most so many of them."""
    steps = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480)
    return next((step for step in steps if span / step <= most), 480)


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


class TrendPlot(PlotBox):
    """MDF per channel as strokes from smallest to largest, the reading as a line, baseline and thresholds as levels."""

    def __init__(self, style: Style, channels: tuple[str, ...]) -> None:
        super().__init__(style, "Median frequency (MDF) since the start", bottom=True)
        theme = style.theme
        self._together = len(channels) > MOST_CHANNELS
        if self._together:
            channels = (f"{len(channels)} channels, lowest to highest",)
        colours = [theme.traces[i % len(theme.traces)] for i in range(len(channels))]
        self._dots = [
            make_curve(self.canvas, blend(theme.card, colour, 0.3 if self._together else 0.6), width=2)
            for colour in colours
        ]
        self._levels = (
            Level(self, "baseline", theme.muted, dashed=False),
            Level(self, "WATCH <", STATES["WATCH"].colour, dashed=True),
            Level(self, "clear >", STATES["OK"].colour, dashed=True),
        )
        self._reading = make_curve(self.canvas, theme.text, smooth=True, width=2)
        self._markers = MarkerLines(self.canvas, style)
        self._drawn: tuple[float, ...] = ()
        self._range_hz = (0.0, 0.0)
        self._legend(channels, colours)

    def _legend(self, channels: tuple[str, ...], colours: list[str]) -> None:
        card = self.style_.theme.card
        parts = [f'<span style="color:{self.style_.theme.text}">━</span> reading']
        parts += [
            f'<span style="color:{readable(colour, card, AA_GRAPHIC)}">▪</span> {label}'
            for label, colour in zip(channels, colours, strict=True)
        ]
        legend = QtWidgets.QLabel("&nbsp;&nbsp; ".join(parts))
        legend.setObjectName("captionNote")
        self.captions.addWidget(legend)

    def show_leg(self, leg: LegView, time_s: float, markers: tuple[tuple[float, str], ...]) -> None:
        """Draw what has changed by at least a pixel."""
        bin_s = 3 * 60 * span_min(time_s) / (self.width_px() - self.style_.px(LEVEL_MARGIN_PX))
        levels = [level if level is not None else math.nan for level in (leg.baseline_hz, leg.watch_hz, leg.clear_hz)]
        now = (time_s // bin_s, bin_s, len(markers), self.height_px(), *np.nan_to_num(levels, nan=-1.0))
        if now == self._drawn:
            return
        self._drawn = now
        self._scale(leg, span_min(time_s))
        self._draw_dots(leg.mdf, bin_s)
        gap_s = max(TREND_GAP_S, 3 * time_s / max(len(leg.trend.time_s), 1))
        when, values = decimate(leg.trend.time_s, leg.trend.values, bin_s, gap_s)
        draw(self._reading, when / 60, np.clip(values, *self._range_hz))
        self._markers.show(tuple(mark_s / 60 for mark_s, _ in markers[-200:]), *self._range_hz)

    def _draw_dots(self, mdf: Trace, bin_s: float) -> None:
        when, low, high = extremes(mdf.time_s, mdf.values, bin_s)
        half = 0.012 * (self._range_hz[1] - self._range_hz[0])
        low, high = columns(low) - half, columns(high) + half
        if self._together:
            low, high = np.fmin.reduce(low, axis=1)[:, None], np.fmax.reduce(high, axis=1)[:, None]
        for column, curve in enumerate(self._dots[: low.shape[1]]):
            draw_ticks(curve, when / 60, low[:, column], high[:, column])

    def _scale(self, leg: LegView, span: float) -> None:
        low, high = frequency_range_hz(leg.baseline_hz, np.append(leg.mdf.values.ravel(), leg.trend.values))
        self._range_hz = (low, high)
        margin = self.style_.px(LEVEL_MARGIN_PX)
        right = span * self.width_px() / (self.width_px() - margin)
        self.canvas.view.setXRange(0.0, right, padding=0)
        self.canvas.view.setYRange(low, high, padding=0)
        step, step_min = tick_step(high - low, 5), tick_step(span, 8)
        first = math.ceil(low / step) * step
        self.canvas.left.setTicks([[(hz, f"{hz:g}") for hz in np.arange(first, high, step)]])
        minutes = np.arange(0, span + 1e-9, step_min)
        self.canvas.bottom.setTicks([[(minute, f"{minute:g} min" if minute else "0") for minute in minutes]])
        self._place_levels((leg.baseline_hz, leg.watch_hz, leg.clear_hz), span)

    def _place_levels(self, levels_hz: tuple[float | None, ...], span: float) -> None:
        """The three levels, their names kept from lying on each other."""
        line_hz = self.style_.px(13) * (self._range_hz[1] - self._range_hz[0]) / max(self.height_px(), 1)
        order = sorted((hz, i) for i, hz in enumerate(levels_hz) if hz is not None and math.isfinite(hz))
        words_hz = dict(zip((i for _, i in order), spread([hz for hz, _ in order], line_hz), strict=True))
        for i, (level, hz) in enumerate(zip(self._levels, levels_hz, strict=True)):
            level.place(hz, words_hz.get(i, 0.0), span)
