"""Spectra of a recorded channel: a spectrogram over time, and the contractions now against those of the beginning."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui, QtWidgets

from monitor.dashboard import words
from monitor.dashboard.scientist.over_time import Acts, OverTime
from monitor.dashboard.themes import AA_TEXT, Style, readable
from monitor.snapshot import Trace
from monitor.study import LegStudy

LOW_HZ, HIGH_HZ = 20.0, 450.0
NOW_S = 30.0  # contractions of so long before the cursor are "now"
_FRAME_S = 0.256
_EVERY_S = 0.5  # wall seconds
_MOST_COLUMNS = 20_000
# dark blue to yellow, even in lightness and safe for colour-blind eyes (the ends and middle of "cividis", Nunez 2018)
_MAP = np.array([[0, 32, 76], [60, 77, 110], [124, 123, 120], [187, 173, 108], [255, 233, 69]], dtype=float)

Spectrum = tuple[NDArray[np.floating], NDArray[np.floating]]


def mean_spectrum(trace: Trace, lane: int, spans: NDArray[np.float64], longest: int = 600) -> Spectrum | None:
    """Frequencies (Hz) and mean power (unit^2/Hz) of frames of 256 ms inside the stretches; None = too little.

    spans : (k, 2) s; at most the `longest` newest frames. Frames with a lost sample are left out.
    """
    if len(trace.time_s) < 2:
        return None
    rate_hz = (len(trace.time_s) - 1) / float(trace.time_s[-1] - trace.time_s[0])
    n, frames = round(_FRAME_S * rate_hz), []
    for start_s, end_s in spans[::-1].tolist():
        first, last = np.searchsorted(trace.time_s, [start_s, end_s]).tolist()
        frames += [trace.values[at : at + n, lane] for at in range(first, last - n + 1, max(1, n // 2))]
        if len(frames) >= longest:
            break
    whole = [frame for frame in frames[:longest] if len(frame) == n and np.isfinite(frame).all()]
    if len(whole) < 3:
        return None
    window = np.hanning(n + 1)[:-1]
    power = np.abs(np.fft.rfft((np.array(whole) - np.mean(whole, axis=1, keepdims=True)) * window)) ** 2
    hz = np.fft.rfftfreq(n, 1 / rate_hz)
    keep = (hz >= LOW_HZ) & (hz <= min(HIGH_HZ, 0.45 * rate_hz))
    return hz[keep], 2 * power.mean(axis=0)[keep] / (rate_hz * np.sum(window**2))


class SpectraNow(QtWidgets.QWidget):
    """The contractions of the last half minute before the cursor against those of the first minutes."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._curves: list[tuple[str, Spectrum | None, str]] = []
        self._shown_at: tuple[int, float] | None = None  # channel, cursor
        self._shown_wall_s = -math.inf
        self.setMinimumSize(style.px(220), style.px(150))
        self.font_ = QtGui.QFont(QtWidgets.QApplication.font())
        self.font_.setPixelSize(style.px(11))

    def show_leg(self, leg: LegStudy, lane: int, cursor_s: float, wall_s: float) -> None:
        """Both spectra of one channel, not with every frame: what is skipped while the cursor moves comes at rest."""
        if not leg.labels or (lane, cursor_s) == self._shown_at or wall_s - self._shown_wall_s <= _EVERY_S:
            return
        self._shown_at, self._shown_wall_s = (lane, cursor_s), wall_s
        spans, theme = leg.contractions, self._style.theme
        now = spans[(spans[:, 1] <= cursor_s) & (spans[:, 0] >= cursor_s - NOW_S)]
        base = spans[spans[:, 0] <= (spans[0, 0] if len(spans) else 0.0) + 120.0]
        self._curves = [
            ("first 2 min", mean_spectrum(leg.emg, lane, base), theme.muted),
            ("last 30 s", mean_spectrum(leg.emg, lane, now), theme.traces[lane % 4]),
        ]
        self.setToolTip("; ".join(f"{name}: {_median(found)}" for name, found, _ in self._curves))
        self.update()

    def table(self) -> tuple[list[str], list[list[float]]]:
        """Names and rows of both spectra, for a file."""
        known = [(name, found) for name, found, _ in self._curves if found is not None]
        if not known:
            return ["frequency_hz"], []
        head = ["frequency_hz", *(f"{name.replace(' ', '_')}_power" for name, _ in known)]
        columns = [known[0][1][0], *(np.interp(known[0][1][0], *found) for _, found in known)]
        return head, np.column_stack(columns).tolist()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Qt: paint the widget."""
        painter = QtGui.QPainter(self)
        self.paint_on(painter)
        painter.end()

    def paint_on(self, painter: QtGui.QPainter) -> None:
        """Paint into any device of this size."""
        theme, px = self._style.theme, self._style.px
        painter.fillRect(self.rect(), QtGui.QColor(theme.card))
        painter.setFont(self.font_)
        area = QtCore.QRectF(px(10), px(40), self.width() - px(20), self.height() - px(60))
        peak = max((float(found[1].max()) for _, found, _ in self._curves if found is not None), default=0.0)
        for row, (name, found, colour) in enumerate(self._curves):
            painter.setPen(QtGui.QColor(readable(colour, theme.card, AA_TEXT)))
            painter.drawText(QtCore.QPointF(px(10), px(14) + row * px(14)), f"{name}: {_median(found)}")
            if found is not None and peak > 0:
                points = [
                    QtCore.QPointF(_x(area, hz), area.bottom() - area.height() * power / peak)
                    for hz, power in zip(*(part.tolist() for part in found), strict=True)
                ]
                painter.setPen(QtGui.QPen(QtGui.QColor(readable(colour, theme.card, AA_TEXT)), 1))
                painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
                painter.drawPolyline(points)
        painter.setPen(QtGui.QColor(theme.muted))
        for hz in (50, 100, 200, 300, 400):
            box = QtCore.QRectF(_x(area, hz) - px(20), area.bottom() + 2, px(40), px(14))
            painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignCenter, f"{hz} Hz" if hz == 400 else f"{hz}")


def _x(area: QtCore.QRectF, hz: float) -> float:
    return area.left() + area.width() * (hz - LOW_HZ) / (HIGH_HZ - LOW_HZ)


def _median(found: Spectrum | None) -> str:
    if found is None:
        return words.UNKNOWN
    hz, power = found
    share = np.cumsum(power) / power.sum()
    return f"MDF {hz[int(np.searchsorted(share, 0.5))]:.0f} Hz"


class Spectrogram(OverTime):
    """Power over time and frequency of one channel, on a logarithmic scale of 40 dB. channel: gives its number."""

    def __init__(self, style: Style, acts: Acts, leg: LegStudy, channel: Callable[[], int]) -> None:
        super().__init__(style, acts)
        self._leg, self._channel = leg, channel
        self._pictures: dict[int, QtGui.QImage | None] = {}
        self.setMinimumHeight(style.px(60))

    def paint_still(self, painter: QtGui.QPainter, area: QtCore.QRectF) -> None:
        """Caption and frequency axis."""
        lane, px = self._channel(), self.style_.px
        name = self._leg.labels[lane] if self._leg.labels else ""
        self.caption(painter, area, f"Spectrogram {name}, {LOW_HZ:.0f} to {HIGH_HZ:.0f} Hz, 40 dB from blue to yellow")
        painter.setFont(self.small)
        painter.setPen(QtGui.QColor(self.style_.theme.muted))
        for hz in (100, 200, 300, 400):
            y = area.bottom() - area.height() * (hz - LOW_HZ) / (HIGH_HZ - LOW_HZ)
            box = QtCore.QRectF(0, y - px(7), area.left() - px(5), px(14))
            painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignRight, f"{hz}")

    def paint_content(self, painter: QtGui.QPainter, area: QtCore.QRectF, *, vector: bool) -> None:
        """The picture of the whole session, cut to the view."""
        lane = self._channel()
        if lane not in self._pictures:
            levels = spectrogram(self._leg.emg, lane) if self._leg.labels else None
            self._pictures[lane] = None if levels is None else _coloured(levels)
        image = self._pictures[lane]
        if image is None:
            return
        begin_s, end_s = float(self._leg.emg.time_s[0]), float(self._leg.emg.time_s[-1])
        per_s = image.width() / (end_s - begin_s)
        from_s, to_s = max(self.view_.from_s, begin_s), min(self.view_.to_s, end_s)
        cut = QtCore.QRectF((from_s - begin_s) * per_s, 0, (to_s - from_s) * per_s, image.height())
        left, right = self.x_of(from_s), self.x_of(to_s)
        painter.drawImage(QtCore.QRectF(left, area.top(), right - left, area.height()), image, cut)


def spectrogram(trace: Trace, lane: int) -> NDArray[np.float64] | None:
    """Levels of the whole trace (rows from high to low frequency, columns in time), 0..1 over 40 dB; None = too short.

    Columns are 0.128 s apart, further in a session of more than 40 minutes; NaN = a lost sample.
    """
    if len(trace.time_s) < 256:
        return None
    begin_s, length_s = float(trace.time_s[0]), float(trace.time_s[-1] - trace.time_s[0])
    rate_hz = (len(trace.time_s) - 1) / length_s
    n = round(_FRAME_S * rate_hz)
    columns = max(1, min(_MOST_COLUMNS, round(length_s / (_FRAME_S / 2))))
    middles = begin_s + (np.arange(columns) + 0.5) * length_s / columns
    starts = np.clip(np.searchsorted(trace.time_s, middles - _FRAME_S / 2), 0, len(trace.time_s) - n)
    hz = np.fft.rfftfreq(n, 1 / rate_hz)
    keep, window = (hz >= LOW_HZ) & (hz <= HIGH_HZ), np.hanning(n + 1)[:-1].astype(np.float32)
    parts = []
    for some in np.array_split(starts, max(1, columns // 2000)):
        frames = trace.values[some[:, None] + np.arange(n), lane]
        parts.append(np.abs(np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window)[:, keep]) ** 2)
    power = np.concatenate(parts)
    with np.errstate(divide="ignore"):
        decibel = 10 * np.log10(power / max(float(np.nanpercentile(power, 99.5)), 1e-30))
    return np.clip(1 + decibel / 40, 0.0, 1.0).T[::-1]


def _coloured(levels: NDArray[np.float64]) -> QtGui.QImage:
    palette = [np.interp(np.linspace(0, 1, 255), np.linspace(0, 1, len(_MAP)), _MAP[:, c]) for c in range(3)]
    colours = [QtGui.qRgb(*(int(value) for value in colour)) for colour in zip(*palette, strict=True)]
    numbers = np.where(np.isnan(levels), 255, np.nan_to_num(levels) * 254).astype(np.uint8)
    padded = np.zeros((numbers.shape[0], -(-numbers.shape[1] // 4) * 4), np.uint8)
    padded[:, : numbers.shape[1]] = numbers
    image = QtGui.QImage(
        padded.data, numbers.shape[1], numbers.shape[0], padded.shape[1], QtGui.QImage.Format.Format_Indexed8
    )
    image.setColorTable([*colours, QtGui.qRgba(0, 0, 0, 0)])
    return image.convertToFormat(QtGui.QImage.Format.Format_ARGB32_Premultiplied)
