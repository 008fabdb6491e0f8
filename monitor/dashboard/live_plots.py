"""The last ten seconds: EMG in lanes with envelope and contractions, and the ankle's angle with the shortened zone."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6 import QtCore

from monitor.dashboard import words
from monitor.dashboard.decimate import columns, decimate, spans
from monitor.dashboard.freshness import STALE_AFTER_S
from monitor.dashboard.plots import LIVE_GAP_S, LIVE_SPAN_S, Bands, Canvas, Curve, PlotBox, draw, make_curve
from monitor.dashboard.themes import AA_GRAPHIC, AA_TEXT, Style, blend, readable
from monitor.snapshot import LegView, Trace

SHORTENED_DEG = -10.0
ANGLE_RANGE_DEG = (-55.0, 35.0)
EMG_STEPS_UV = tuple(float(digit * 10**power) for power in (1, 2, 3) for digit in (2, 3, 5, 7, 10))


def emg_step_uv(values: NDArray[np.floating], current_uv: float) -> float:
    """Half the height of a lane in uV: the smallest step that holds all values; a smaller one only when far enough."""
    if values.size == 0:
        return current_uv
    peak = float(np.fmax.reduce(np.abs(values), axis=None))
    if not np.isfinite(peak):
        return current_uv
    step = next((step for step in EMG_STEPS_UV if peak <= step), EMG_STEPS_UV[-1])
    return step if step > current_uv or peak < 0.35 * current_uv else current_uv


def _before_now(trace: Trace, time_s: float) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
    """The trace's part of the last ten seconds, with times as seconds before now."""
    ago = trace.time_s - time_s
    first = int(np.searchsorted(ago, -LIVE_SPAN_S))
    return ago[first:], trace.values[first:]


class MarkerLines:
    """Upright lines where a person set a marker."""

    def __init__(self, canvas: Canvas, style: Style) -> None:
        self._curve = make_curve(canvas, blend(style.theme.card, style.theme.text, 0.45))
        self._drawn: tuple[float, ...] = ()

    def show(self, at: tuple[float, ...], low: float, high: float) -> None:
        """Draw them at these places of the x axis."""
        if at != self._drawn:
            self._drawn = at
            self._curve.setData(np.repeat(np.array(at), 2), np.tile([low, high], len(at)), connect="pairs")


class LivePlot(PlotBox):
    """A plot of the last ten seconds; now is at the right edge."""

    def __init__(self, style: Style, title: str, low: float, high: float, *, bottom: bool) -> None:
        super().__init__(style, title, bottom=bottom)
        self._low, self._high = low, high
        self.canvas.view.setXRange(-LIVE_SPAN_S, 0.0, padding=0)
        self.canvas.view.setYRange(low, high, padding=0)
        axis = self.canvas.bottom
        axis.setTicks([[(-s, f"\N{MINUS SIGN}{s} s" if s else "now") for s in (8, 6, 4, 2, 0)]])
        self._markers = MarkerLines(self.canvas, style)

    def show_markers(self, markers: tuple[tuple[float, str], ...], time_s: float) -> None:
        """Draw the markers of the last ten seconds."""
        at = tuple(mark_s - time_s for mark_s, _ in markers[-20:] if 0 <= time_s - mark_s <= LIVE_SPAN_S)
        self._markers.show(at, self._low, self._high)


class EmgPlot(LivePlot):
    """EMG, one lane per channel, with the envelope over it and the contractions shaded behind."""

    def __init__(self, style: Style, channels: tuple[str, ...]) -> None:
        count = max(1, len(channels))
        super().__init__(style, "EMG", 0.0, float(count), bottom=False)
        self._step_uv, self._count = EMG_STEPS_UV[1], len(channels)
        theme, axis = style.theme, self.canvas.left
        axis.setTicks([[(self._middle(i), label) for i, label in enumerate(channels)]])
        self._bands = Bands(self.canvas, blend(theme.card, theme.text, 0.09), 0.0, float(count))
        colours = [theme.traces[i % len(theme.traces)] for i in range(len(channels))]
        self._raw = [make_curve(self.canvas, blend(theme.card, colour, 0.62)) for colour in colours]
        bright = [readable(colour, blend(theme.card, colour, 0.62), 1.8) for colour in colours]
        self._envelopes = [make_curve(self.canvas, colour, smooth=True) for colour in bright]

    def _middle(self, lane: int) -> float:
        return self._count - lane - 0.5

    def show_leg(self, leg: LegView, time_s: float) -> None:
        """Draw the leg's newest ten seconds."""
        ago, emg = _before_now(leg.emg, time_s)
        self._step_uv = emg_step_uv(emg, self._step_uv)
        unit = "µV" if leg.emg_unit == "uV" else leg.emg_unit
        self.fact.setText(f"±{self._step_uv:g} {unit} per lane")
        self._draw_lanes(self._raw, *decimate(ago + time_s, emg, LIVE_SPAN_S / self.width_px(), LIVE_GAP_S), time_s)
        ago, envelope = _before_now(leg.envelope, time_s)
        self._draw_lanes(self._envelopes, *decimate(ago + time_s, envelope, LIVE_SPAN_S / 500, LIVE_GAP_S), time_s)
        ago, active = _before_now(leg.contraction, time_s)
        self._bands.show_spans(spans(ago, active))

    def _draw_lanes(self, curves: list[Curve], when: NDArray, values: NDArray, time_s: float) -> None:
        ago = when - time_s
        lanes = np.clip(columns(values) / (2 * self._step_uv), -0.5, 0.5)
        for lane, curve in enumerate(curves[: lanes.shape[1]]):
            draw(curve, ago, lanes[:, lane] + self._middle(lane))

    def show_quality(self, sentences: tuple[str, ...], *, known: bool) -> None:
        """Say what is wrong with the signal, in the colour of a warning. known: whether there is one to judge."""
        name = "captionAlert" if sentences else "captionNote"
        if self.note.objectName() != name:
            self.note.setObjectName(name)
            self.note.style().polish(self.note)
        self.note.setText("  ·  ".join(sentences) or ("signal good" if known else "signal quality unknown"))


class AnglePlot(LivePlot):
    """The ankle's angle, dorsiflexion up, with the zone shaded in which the calf works shortened."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, "Ankle angle", *ANGLE_RANGE_DEG, bottom=True)
        theme = style.theme
        self.fact.setObjectName("bigFact")
        axis = self.canvas.left
        axis.setTicks([[(a, words.number(a, "°")) for a in (-40, -10, 20)]])
        zone = Bands(self.canvas, blend(theme.card, theme.traces[0], 0.16), ANGLE_RANGE_DEG[0], SHORTENED_DEG)
        zone.show_spans(np.array([[-LIVE_SPAN_S, 0.0]]))
        edge = pg.mkPen(readable(theme.traces[0], theme.card, AA_GRAPHIC), style=QtCore.Qt.PenStyle.DotLine)
        self.canvas.item.addItem(pg.InfiniteLine(SHORTENED_DEG, angle=0, pen=edge))
        word = self.canvas.word("calf shortened", readable(theme.traces[0], theme.card, AA_TEXT), (0, 1))
        word.setPos(-LIVE_SPAN_S, ANGLE_RANGE_DEG[0])
        self._curve = make_curve(self.canvas, theme.text, smooth=True)

    def show_leg(self, leg: LegView, time_s: float) -> None:
        """Draw the leg's newest ten seconds and say where the angle comes from."""
        ago, angle = _before_now(leg.angle, time_s)
        when, values = decimate(ago + time_s, angle, LIVE_SPAN_S / self.width_px(), LIVE_GAP_S)
        draw(self._curve, when - time_s, np.clip(values, *ANGLE_RANGE_DEG))
        latest = float(angle[-1]) if len(angle) and ago[-1] > -STALE_AFTER_S else None
        self.fact.setText(words.number(latest, "°"))
        source = {"imu": "from the motion sensors", "recorded": "as recorded", "none": "no angle"}.get(leg.angle_source)
        parts = (leg.gait, leg.shortened, source or leg.angle_source, leg.angle_note)
        self.note.setText("  ·  ".join(part for part in parts if part))
