"""Units as files write them, and the ones that Crampwatch computes with: uV, counts, g, deg/s, deg."""

from __future__ import annotations

import math
from typing import NamedTuple

STANDARD_GRAVITY = 9.80665  # m/s2 in one g, CGPM 1901


class Unit(NamedTuple):
    """name : the unit computed with, "" = not told; factor : how many of it one of the file's is."""

    name: str
    factor: float


_UNITS = {
    "uv": Unit("uV", 1.0),
    "microv": Unit("uV", 1.0),
    "microvolt": Unit("uV", 1.0),
    "nv": Unit("uV", 1e-3),
    "mv": Unit("uV", 1e3),
    "millivolt": Unit("uV", 1e3),
    "v": Unit("uV", 1e6),
    "volt": Unit("uV", 1e6),
    "counts": Unit("counts", 1.0),
    "count": Unit("counts", 1.0),
    "g": Unit("g", 1.0),
    "mg": Unit("g", 1e-3),
    "m/s2": Unit("g", 1.0 / STANDARD_GRAVITY),
    "deg/s": Unit("deg/s", 1.0),
    "dps": Unit("deg/s", 1.0),
    "rad/s": Unit("deg/s", math.degrees(1.0)),
    "deg": Unit("deg", 1.0),
    "degree": Unit("deg", 1.0),
    "rad": Unit("deg", math.degrees(1.0)),
}
_SAME = {"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u", "\N{DEGREE SIGN}": "deg", "\N{SUPERSCRIPT TWO}": "2"}


def unit_of(text: str) -> Unit:
    """The unit of a text such as "mV", "microvolts", "m/s^2"; one that is not known keeps its name and its numbers."""
    plain = text.strip().lower().replace("^", "").replace(" ", "").replace("n/a", "")
    for sign, letters in _SAME.items():
        plain = plain.replace(sign, letters)
    if plain == "counts":
        return _UNITS[plain]
    return _UNITS.get(plain) or _UNITS.get(plain.removesuffix("s")) or Unit(text.strip() if plain else "", 1.0)
