"""The outlines of the states' shapes as corners, for whatever draws them: Qt, or SVG on a page.

A shape is layers that lie on each other; a layer is closed lines of which the inner ones are holes (even-odd rule).
Coordinates 0..1, y downwards.
"""

from __future__ import annotations

import math

from monitor.dashboard.states import Shape

Corners = tuple[tuple[float, float], ...]
Layer = tuple[Corners, ...]

_AROUND = 96  # corners of a circle: less than 0.1 px off at 200 px


def _arc(radius: float, x: float = 0.5, y: float = 0.5, turns: tuple[float, float] = (0.0, 1.0)) -> Corners:
    """Points on a circle, clockwise from the right; turns: from where to where, 1 = all around."""
    first, last = turns
    count = max(2, round(_AROUND * abs(last - first)))
    angles = (2 * math.pi * (first + (last - first) * i / count) for i in range(count + 1))
    return tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles)


_OPEN_RING = (*_arc(0.42, turns=(0.0, 0.75)), *_arc(0.26, turns=(0.75, 0.0)))
_MARK = ((0.445, 0.36), (0.555, 0.36), (0.535, 0.64), (0.465, 0.64))
_NEAR, _FAR, _EDGE = 0.07, 0.93, 0.32
_OCTAGON = (
    (_EDGE, _NEAR),
    (1 - _EDGE, _NEAR),
    (_FAR, _EDGE),
    (_FAR, 1 - _EDGE),
    (1 - _EDGE, _FAR),
    (_EDGE, _FAR),
    (_NEAR, 1 - _EDGE),
    (_NEAR, _EDGE),
)
_BOLT = ((0.57, 0.18), (0.30, 0.56), (0.47, 0.56), (0.41, 0.84), (0.70, 0.43), (0.52, 0.43))
_ARROW = ((0.37, 0.06), (0.63, 0.06), (0.63, 0.48), (0.90, 0.48), (0.5, 0.95), (0.10, 0.48), (0.37, 0.48))
_HOURGLASS = ((0.16, 0.06), (0.84, 0.06), (0.57, 0.5), (0.84, 0.94), (0.16, 0.94), (0.43, 0.5))

OUTLINES: dict[Shape, tuple[Layer, ...]] = {
    Shape.DISC: ((_arc(0.40),),),
    Shape.RING: ((_arc(0.42), _arc(0.26)),),
    Shape.SLASHED_RING: ((_arc(0.44), _arc(0.31)), (((0.14, 0.25), (0.25, 0.14), (0.86, 0.75), (0.75, 0.86)),)),
    Shape.OPEN_RING: ((_OPEN_RING,), (_arc(0.09),)),
    Shape.DIAMOND: ((((0.5, 0.03), (0.95, 0.5), (0.5, 0.97), (0.05, 0.5)),),),
    Shape.TRIANGLE: ((((0.5, 0.06), (0.98, 0.90), (0.02, 0.90)), _MARK, _arc(0.05, 0.5, 0.75)),),
    Shape.OCTAGON: ((_OCTAGON, _BOLT),),
    Shape.ARROW_DOWN: ((_ARROW,),),
    Shape.HOURGLASS: ((_HOURGLASS,),),
    Shape.SQUARE: ((((0.14, 0.14), (0.86, 0.14), (0.86, 0.86), (0.14, 0.86)),),),
}


def svg_path(layer: Layer, size: float) -> str:
    """One layer as the path of an SVG of `size` by `size`; to be filled by the even-odd rule."""
    lines = (" ".join(f"{size * x:.4g},{size * y:.4g}" for x, y in corners) for corners in layer)
    return " ".join(f"M{line}Z" for line in lines)
