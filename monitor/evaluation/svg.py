"""Small plots as SVG, for a page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 640, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 170, 16, 48
_COLOURS = ("#b3261e", "#1f5fa8", "#2e7d32", "#8a5a00", "#6b4fa0", "#777777", "#000000")
Points = Sequence[Sequence[float]]


def curves(
    named: Mapping[str, Points], x_title: str, y_title: str, x_most: float, origin: str, marks: Points = ()
) -> str:
    """Curves within 0..x_most and 0..1, the first drawn strongest.

    origin : where the figures are from, written into the plot; marks : single points, as circles
    """
    parts = [_axes(x_title, y_title, x_most)]
    for number, (name, points) in enumerate(named.items()):
        colour, wide = _COLOURS[number % len(_COLOURS)], 2.5 if number == 0 else 1.4
        inside = [(x, y) for x, y in points if x <= x_most]
        path = " ".join(f"{_x(x, x_most):.1f},{_y(y):.1f}" for x, y in _stepped(inside))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{wide}"/>')
        row = _TOP + 14 + 18 * number
        parts.append(f'<line x1="{_WIDTH - 160}" x2="{_WIDTH - 138}" y1="{row}" y2="{row}" stroke="{colour}" ')
        parts.append(f'stroke-width="{wide}"/><text x="{_WIDTH - 132}" y="{row + 4}">{escape(name)}</text>')
    parts += [
        f'<circle cx="{_x(x, x_most):.1f}" cy="{_y(y):.1f}" r="5" fill="{_COLOURS[0]}"/>'
        for x, y in marks
        if x <= x_most
    ]
    parts.append(_origin(origin, _WIDTH, _HEIGHT))
    return _svg("".join(parts), f"{y_title} over {x_title}, {origin}")


def bars(values: Mapping[str, float], title: str, origin: str) -> str:
    """Horizontal bars with their numbers."""
    most, height = max([1.0, *values.values()]), 26 * max(1, len(values)) + 34
    parts = []
    for row, (name, value) in enumerate(values.items()):
        top, length = 8 + 26 * row, 260.0 * value / most
        parts.append(f'<text x="352" y="{top + 14}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="360" y="{top}" width="{length:.1f}" height="18" fill="{_COLOURS[1]}"/>')
        parts.append(f'<text x="{366 + length:.1f}" y="{top + 14}">{value:g}</text>')
    parts.append(_origin(origin, 700, height))
    return _svg("".join(parts), f"{title}, {origin}", height, 700)


def _origin(text: str, width: int, height: int) -> str:
    return f'<text x="{width - 8}" y="{height - 8}" text-anchor="end" font-weight="bold">{escape(text)}</text>'


def _stepped(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The best sensitivity up to each rate, as steps."""
    out: list[tuple[float, float]] = []
    best = 0.0
    for x, y in sorted(points):
        if y > best or not out:
            out += [(x, best), (x, max(best, y))]
            best = max(best, y)
    return [*out, (points[-1][0], best)] if points else out


def _axes(x_title: str, y_title: str, x_most: float) -> str:
    left, bottom, right = _LEFT, _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts = [f'<path d="M{left},{_TOP} V{bottom} H{right}" fill="none" stroke="currentColor"/>']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<line x1="{left}" x2="{right}" y1="{_y(share):.1f}" y2="{_y(share):.1f}" stroke="#8884"/>')
        parts.append(f'<text x="{left - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">{share:g}</text>')
        at = share * x_most
        parts.append(f'<text x="{_x(at, x_most):.1f}" y="{bottom + 16}" text-anchor="middle">{at:g}</text>')
    parts.append(f'<text x="{(left + right) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_title)}</text>')
    turn = f'transform="rotate(-90 14 {_HEIGHT / 2})"'
    parts.append(f'<text x="14" y="{_HEIGHT / 2}" text-anchor="middle" {turn}>{escape(y_title)}</text>')
    return "".join(parts)


def _x(x: float, most: float) -> float:
    return _LEFT + (_WIDTH - _RIGHT - _LEFT) * x / most


def _y(y: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * y


def _svg(content: str, title: str, height: int = _HEIGHT, width: int = _WIDTH) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}" '
        f'font-family="sans-serif" font-size="12" fill="currentColor">{content}</svg>'
    )
