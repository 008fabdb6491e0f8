"""What a panel over time shows: curves, shaded stretches, levels; plain data, made from a study, drawn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Draw(StrEnum):
    """How a series is drawn."""

    DENSE = "dense"  # from the smallest to the largest of every pixel column
    LINE = "line"
    STEP = "step"
    DOTS = "dots"
    DASHED = "dashed"  # of another computation or recording


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One curve. time_s (n,) rising, values (n,), NaN = unknown; colour: of the theme's traces, or "#RRGGBB"."""

    name: str
    unit: str
    time_s: NDArray[np.float64]
    values: NDArray[np.floating]
    colour: str
    draw: Draw = Draw.LINE
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """A named horizontal line."""

    name: str
    value: float
    colour: str


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """An interval around a curve, low and high (n,)."""

    time_s: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    colour: str


@dataclass(frozen=True, slots=True, eq=False)
class PanelSpec:
    """One panel. lanes: names of the lanes, each `low`..`high` tall; empty = one axis for all.

    shaded : (k, 2) s, stretches shaded behind; zone : (low, high) of the axis shaded all along.
    caution : a few words below the first value at the cursor; notes : sentences told where the mouse reads values.
    """

    key: str
    title: str
    unit: str
    low: float
    high: float
    series: tuple[Series, ...]
    lanes: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    bands: tuple[Band, ...] = ()
    shaded: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    zone: tuple[float, float] | None = None
    caution: str = ""
    notes: tuple[str, ...] = ()


def rows_between(time_s: NDArray[np.float64], from_s: float, to_s: float) -> slice:
    """The rows from the last before `from_s` to the first after `to_s`."""
    first, last = np.searchsorted(time_s, [from_s, to_s])
    return slice(max(int(first) - 1, 0), min(int(last) + 1, len(time_s)))


def value_at(series: Series, time_s: float) -> float | None:
    """The newest known value at a time, None = unknown or older than a second (for dense series 50 ms)."""
    row = int(np.searchsorted(series.time_s, time_s, side="right")) - 1
    oldest_s = 0.05 if series.draw is Draw.DENSE else 1.5
    if row < 0 or time_s - series.time_s[row] > oldest_s or not np.isfinite(series.values[row]):
        return None
    return float(series.values[row])
