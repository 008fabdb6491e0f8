"""Where the EMG channels of one leg lie, and what reaches them from muscles that they do not lie on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Muscle = Literal["GM", "GL", "SOL"]

SOLEUS_SHARE = 0.06
"""Soleus at gastrocnemius electrodes against the gastrocnemius' own amplitude; Vieira et al. 2017 (PMC5643316)."""
OTHER_HEAD_SHARE = 0.03
"""The other head of gastrocnemius, likewise. Assumed."""
ELECTRODE_DISTANCE_MM = 20.0  # between the two poles of a channel; SENIAM's recommendation
_COLUMN_MM = (0.0, 20.0, -20.0)
_LINE_MM = (0.0, 25.0, -25.0)


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of an electrode pair: its muscle, and how far from that muscle's first pair it lies."""

    muscle: Muscle
    across_mm: float = 0.0
    along_mm: float = 0.0


def place_of(label: str) -> Place:
    """The place of a channel: "GL..." lies over the lateral head, all others over the medial one.

    A number at the end counts the pairs over one head: none or 0 is the first, then two beside it (20 mm apart), then
    the same three 25 mm further along the fibres and 25 mm back: nine over each head. Assumed, a usual small grid.
    Raises: ValueError beyond the ninth.
    """
    digits = label[len(label.rstrip("0123456789")) :]
    line, column = divmod(int(digits or 0), len(_COLUMN_MM))
    if line >= len(_LINE_MM):
        raise ValueError(f"each head has room for the channels 0 to 8, got {label!r}")
    return Place("GL" if label.startswith("GL") else "GM", _COLUMN_MM[column], _LINE_MM[line])
