"""How large the tiles of the wall are: numbers that can be read from three metres on a 13-inch laptop."""

from __future__ import annotations

import math
from dataclasses import dataclass

LAPTOP_DIAGONAL_MM = 13.3 * 25.4
CAPITAL_MM = 10.0  # at 3 m 11.5 minutes of arc, twice what good eyes need
WORDS_UP_TO = 12  # athletes; with more, words stand on the urgent tiles and in the list alone
PADDING = 0.035  # of a tile, on each side
NUMBER = 0.65  # of a tile without words, the size of the number's type; with words less
NUMBER_WITH_WORDS = 0.40


@dataclass(frozen=True, slots=True)
class WallLayout:
    """A grid of tiles. number_px: size of the number's type in pixels; words: whether all tiles say their state."""

    columns: int
    rows: int
    tile_width: float
    tile_height: float
    number_px: int
    words: bool


def mm_per_px(width: int, height: int) -> float:
    """Millimetres per pixel if a picture of so many pixels fills the screen of a 13-inch laptop."""
    return LAPTOP_DIAGONAL_MM / math.hypot(width, height)


def wall_layout(count: int, width: float, height: float, widest: float) -> WallLayout:
    """The grid with the largest numbers for `count` athletes on width x height pixels.

    widest : width of the widest number over the size of its type.
    """
    words = count <= WORDS_UP_TO
    grids = [_grid(max(count, 1), columns, (width, height), widest, words) for columns in range(1, max(count, 1) + 1)]
    return max(grids, key=lambda grid: (grid.number_px, -abs(grid.tile_width - 1.3 * grid.tile_height)))


def _grid(count: int, columns: int, size: tuple[float, float], widest: float, words: bool) -> WallLayout:
    rows = math.ceil(count / columns)
    tile = size[0] / columns, size[1] / rows
    inner = (1 - 2 * PADDING) * tile[0], (1 - 2 * PADDING) * tile[1]
    by_height = (NUMBER_WITH_WORDS if words else NUMBER) * inner[1]  # the rest is for the legs
    number_px = math.floor(min(by_height, inner[0] / max(widest, 0.1), 0.2 * size[1]))
    return WallLayout(columns, rows, tile[0], tile[1], number_px, words)
