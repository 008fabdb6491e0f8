"""The median frequency since the start, with the baseline and the thresholds that make WATCH."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtWidgets

from monitor.dashboard import words
from monitor.dashboard.decimate import columns, decimate, extremes
from monitor.dashboard.levels import Level, place_levels
from monitor.dashboard.live_plots import MarkerLines
from monitor.dashboard.plots import PlotBox, draw, draw_ticks, make_curve
from monitor.dashboard.states import STATES
from monitor.dashboard.themes import AA_GRAPHIC, Style, blend, readable
from monitor.snapshot import LegView, Trace

TOP_HZ = 2000.0  # above every frequency that is drawn
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
    return 10 * math.floor(round(low, 6) / 10), 10 * math.ceil(round(high, 6) / 10)


def tick_step(span: float, most: int) -> float:
    """A round distance of ticks that gives at most so many of them."""
    steps = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480)
    return next((step for step in steps if span / step <= most), 480)


class TrendPlot(PlotBox):
    """MDF per channel as strokes from smallest to largest, the reading as a line, baseline and thresholds as levels."""

    def __init__(self, style: Style, channels: tuple[str, ...]) -> None:
        super().__init__(style, "MDF since the start", bottom=True)
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
        self._baseline_hz: float | None = None
        self._range_hz, self._axes = (math.inf, -math.inf), (0.0, 0.0, 0.0)
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
        self._markers.show(tuple(mark_s / 60 for mark_s, _ in markers[-200:]), 0.0, TOP_HZ)

    def _draw_dots(self, mdf: Trace, bin_s: float) -> None:
        when, low, high = extremes(mdf.time_s, mdf.values, bin_s)
        half = 0.012 * (self._range_hz[1] - self._range_hz[0])
        low, high = columns(low) - half, columns(high) + half
        if self._together:
            low, high = np.fmin.reduce(low, axis=1)[:, None], np.fmax.reduce(high, axis=1)[:, None]
        for column, curve in enumerate(self._dots[: low.shape[1]]):
            draw_ticks(curve, when / 60, low[:, column], high[:, column])

    def _scale(self, leg: LegView, span: float) -> None:
        """Set the axes; a range of frequency only grows, until there is another baseline."""
        low, high = frequency_range_hz(leg.baseline_hz, np.append(leg.mdf.values.ravel(), leg.trend.values))
        if leg.baseline_hz == self._baseline_hz:
            low, high = min(low, self._range_hz[0]), max(high, self._range_hz[1])
        self._baseline_hz, self._range_hz = leg.baseline_hz, (low, high)
        right = span * self.width_px() / (self.width_px() - self.style_.px(LEVEL_MARGIN_PX))
        if (low, high, right) != self._axes:
            self._axes = (low, high, right)
            self.canvas.view.setRange(xRange=(0.0, right), yRange=(low, high), padding=0)
            step, step_min = tick_step(high - low, 5), tick_step(span, 8)
            tens = np.arange(math.ceil(low / step) * step, high, step)
            minutes = np.arange(step_min, span + 1e-9, step_min)
            self.canvas.left.setTicks([[(hz, f"{hz:g}") for hz in tens]])
            self.canvas.bottom.setTicks([[(minute, f"{minute:g} min") for minute in minutes]])
        line_hz = self.style_.px(13) * (high - low) / self.height_px()
        place_levels(self._levels, (leg.baseline_hz, leg.watch_hz, leg.clear_hz), span, line_hz)
