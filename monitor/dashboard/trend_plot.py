"""The median frequency since the start, with the baseline and the thresholds that make WATCH."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import QtWidgets

from monitor.dashboard import words
from monitor.dashboard.decimate import decimate, extremes
from monitor.dashboard.live_plots import MarkerLines
from monitor.dashboard.plots import PlotBox, draw, draw_ticks, make_curve, make_level
from monitor.dashboard.states import STATES
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Style, blend, readable
from monitor.snapshot import LegView, Trace

LEVEL_MARGIN_PX = 104  # at the right, for the levels' names
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


class Level:
    """A horizontal line with its name at the right end: baseline, WATCH or clear."""

    def __init__(self, box: PlotBox, name: str, colour: str, *, dashed: bool, above: bool) -> None:
        card = box.style_.theme.card
        self._line = make_level(box.canvas, readable(colour, card, AA_GRAPHIC), dashed)
        self._word = box.canvas.word("", readable(colour, card, AA_TEXT), (1, 0.95 if above else 0.05))
        self._word.hide()
        self._name = name

    def place(self, frequency_hz: float | None, right_min: float) -> None:
        """Show it at this frequency; unknown hides it."""
        shown = frequency_hz is not None and math.isfinite(frequency_hz)
        self._line.setVisible(shown)
        self._word.setVisible(shown)
        if frequency_hz is not None and shown:
            self._line.setPos(frequency_hz)
            self._word.setText(f"{self._name} {frequency_hz:.0f} Hz")
            self._word.setPos(right_min, frequency_hz)


class TrendPlot(PlotBox):
    """MDF per channel as strokes from smallest to largest, the reading as a line, baseline and thresholds as levels."""

    def __init__(self, style: Style, channels: tuple[str, ...]) -> None:
        super().__init__(style, "Median frequency (MDF) since the start", bottom=True)
        theme = style.theme
        colours = [theme.traces[i % len(theme.traces)] for i in range(len(channels))]
        self._dots = [make_curve(self.canvas, blend(theme.card, colour, 0.6), width=2) for colour in colours]
        self._baseline = Level(self, "baseline", theme.muted, dashed=False, above=True)
        self._watch = Level(self, "WATCH <", STATES["WATCH"].colour, dashed=True, above=False)
        self._clear = Level(self, "clear >", STATES["OK"].colour, dashed=True, above=True)
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
        now = (time_s // bin_s, bin_s, len(markers), *np.nan_to_num(levels, nan=-1.0))
        if now == self._drawn:
            return
        self._drawn = now
        self._scale(leg, span_min(time_s))
        self._draw_dots(leg.mdf, bin_s)
        when, values = decimate(leg.trend.time_s, leg.trend.values, bin_s, TREND_GAP_S)
        draw(self._reading, when / 60, np.clip(values, *self._range_hz))
        self._markers.show(tuple(mark_s / 60 for mark_s, _ in markers[-200:]), *self._range_hz)

    def _draw_dots(self, mdf: Trace, bin_s: float) -> None:
        when, low, high = extremes(mdf.time_s, mdf.values, bin_s)
        half = 0.012 * (self._range_hz[1] - self._range_hz[0])
        low, high = low.reshape(len(when), -1) - half, high.reshape(len(when), -1) + half
        for column, curve in enumerate(self._dots[: low.shape[1]]):
            draw_ticks(curve, when / 60, low[:, column], high[:, column])

    def _scale(self, leg: LegView, span: float) -> None:
        low, high = frequency_range_hz(leg.baseline_hz, np.append(leg.mdf.values.ravel(), leg.trend.values))
        self._range_hz = (low, high)
        margin = self.style_.px(LEVEL_MARGIN_PX)
        right = span * self.width_px() / (self.width_px() - margin)
        self.canvas.view.setXRange(0.0, right, padding=0)
        self.canvas.view.setYRange(low, high, padding=0)
        step, step_min = tick_step(high - low, 4), tick_step(span, 8)
        first = math.ceil(low / step) * step
        self.canvas.left.setTicks([[(hz, f"{hz:g}") for hz in np.arange(first, high, step)]])
        minutes = np.arange(0, span + 1e-9, step_min)
        self.canvas.bottom.setTicks([[(minute, f"{minute:g} min" if minute else "0") for minute in minutes]])
        for level, hz in ((self._baseline, leg.baseline_hz), (self._watch, leg.watch_hz), (self._clear, leg.clear_hz)):
            level.place(hz, right)
