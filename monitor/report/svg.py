"""Plots as inline SVG: axes with units, curves that break where nothing is known, levels, shaded stretches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Number = float | None
MOST_POINTS = 1500  # a curve of more is thinned to the smallest and largest of each step
INK, MUTED, GRID = "#12181E", "#4A5763", "#E6EBF0"
# what colours mean on paper too: curves of Okabe and Ito's set, darkened for white; states pale behind them
COLOURS = {"ink": INK, "c0": "#0072B2", "c1": "#A3457A", "c2": "#00795A", "c3": "#7A5A00"}
SHADES = {"WATCH": "#FBF6CF", "WARN": "#FBE3B8", "CRAMP": "#F6C9A8", "NO_SIGNAL": "#E4E8EC", "COOLDOWN": "#F1E2EC"}
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 8, 22


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve. values: None = unknown; colour: a name of COLOURS; dots: points instead of a line."""

    name: str
    at: Sequence[float]
    values: Sequence[Number]
    colour: str = "ink"
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What to draw. levels: (name, value); shaded: (from, to, state) along x."""

    title: str
    x_unit: str
    y_unit: str
    curves: tuple[Curve, ...]
    levels: tuple[tuple[str, float], ...] = ()
    shaded: tuple[tuple[float, float, str], ...] = ()
    y_range: tuple[float, float] | None = None
    width: int = 720
    height: int = 150


def svg(plot: Plot) -> str:
    """The plot as an <svg> element with a title for screen readers."""
    box = _Box.of(plot)
    parts = [
        f'<svg viewBox="0 0 {plot.width} {plot.height}" role="img" aria-label="{escape(plot.title)}">',
        f"<title>{escape(plot.title)}</title>",
        *box.ground(plot),
        *(line for curve in plot.curves for line in box.curve(curve)),
        "</svg>",
    ]
    names = [
        f'<span style="color:{COLOURS[curve.colour]}">{"&#8226;" if curve.dots else "&#9472;"} '
        f"{escape(curve.name)}</span>"
        for curve in plot.curves
    ]
    head = f"<b>{escape(plot.title)}</b>, {escape(plot.y_unit)} &emsp;{' &ensp;'.join(names)}"
    return f"<figure><figcaption>{head}</figcaption>{''.join(parts)}</figure>"


@dataclass(frozen=True, slots=True)
class _Box:
    """Where numbers lie on the paper."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    width: int
    height: int

    @classmethod
    def of(cls, plot: Plot) -> _Box:
        xs = [x for curve in plot.curves for x in (curve.at[:1], curve.at[-1:]) if len(x) for x in x]
        ys = _known(value for curve in plot.curves for value in curve.values) + [value for _, value in plot.levels]
        low, high = plot.y_range or _round_range(ys)
        x_low, x_high = (min(xs), max(xs)) if xs else (0.0, 1.0)
        return cls(x_low, max(x_high, x_low + 1e-9), low, high, plot.width, plot.height)

    def x(self, value: float) -> float:
        share = (value - self.x_low) / (self.x_high - self.x_low)
        return _LEFT + (self.width - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0)

    def y(self, value: float) -> float:
        share = (self.y_high - value) / (self.y_high - self.y_low)
        return _TOP + (self.height - _TOP - _BOTTOM) * min(max(share, 0.0), 1.0)

    def ground(self, plot: Plot) -> list[str]:
        """Shades, axes, ticks, levels."""
        right, bottom = self.width - _RIGHT, self.height - _BOTTOM
        out = [
            f'<rect fill="{SHADES[state]}" x="{self.x(a):.1f}" y="{_TOP}" '
            f'width="{max(self.x(b) - self.x(a), 0.6):.1f}" height="{bottom - _TOP}"/>'
            for a, b, state in plot.shaded
        ]
        for tick in _ticks(self.y_low, self.y_high, 5):
            out.append(_rule(_LEFT, right, self.y(tick), f'stroke="{GRID}"'))
            out.append(_text(_LEFT - 5, self.y(tick) + 3.5, "end", _minus(f"{tick:g}")))
        ticks = _ticks(self.x_low, self.x_high, 9)
        for tick in ticks:
            unit = f" {plot.x_unit}" if tick == ticks[-1] else ""
            out.append(_text(min(self.x(tick), right - 12), bottom + 14, "middle", f"{tick:g}{unit}"))
        for name, value in plot.levels:
            y = self.y(value)
            out.append(_rule(_LEFT, right, y, f'stroke="{MUTED}" stroke-dasharray="4 3"'))
            out.append(_text(right, y - 2, "end", f"{name} {_minus(f'{value:.3g}')}"))
        return out

    def curve(self, curve: Curve) -> Iterable[str]:
        """Its pieces between unknown values."""
        points = thinned(curve.at, curve.values)
        colour = COLOURS[curve.colour]
        if curve.dots:
            for x, y in points:
                if y is not None:
                    yield f'<circle fill="{colour}" cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="1.3"/>'
            return
        piece: list[str] = []
        for x, y in [*points, (math.nan, None)]:
            if y is not None:
                piece.append(f"{self.x(x):.1f},{self.y(y):.1f}")
            elif piece:
                yield f'<polyline fill="none" stroke="{colour}" stroke-width="1.2" points="{" ".join(piece)}"/>'
                piece = []


def _rule(left: float, right: float, y: float, style: str) -> str:
    return f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" {style}/>'


def _text(x: float, y: float, anchor: str, text: str) -> str:
    style = f'font-size="10" font-family="sans-serif" fill="{MUTED}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'


def thinned(at: Sequence[float], values: Sequence[Number]) -> list[tuple[float, Number]]:
    """At most MOST_POINTS points: the smallest and the largest of each step; unknown where all are."""
    step = max(1, math.ceil(2 * len(at) / MOST_POINTS))
    if step <= 2:
        return list(zip(at, values, strict=True))
    out: list[tuple[float, Number]] = []
    for first in range(0, len(at), step):
        known = _known(values[first : first + step])
        out += [(at[first], min(known)), (at[first], max(known))] if known else [(at[first], None)]
    return out


def _known(values: Iterable[Number]) -> list[float]:
    return [value for value in values if value is not None]


def _round_range(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    margin = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - margin, high + margin


def _ticks(low: float, high: float, most: int) -> list[float]:
    rough = (high - low) / most
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough)
    first = math.ceil(low / step - 1e-9)
    return [round(step * i, 10) + 0.0 for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
