"""What a person orders of a leg's baseline, as the text of a marker: it is recorded, so a replay obeys it again."""

from __future__ import annotations

from enum import StrEnum


class BaselineOrder(StrEnum):
    """What is to become of a baseline.

    restart : forget it and gather another from now on. freeze : keep it as it is for the rest of the session.
    refit : fit it again, from the last minutes.
    """

    RESTART = "restart"
    FREEZE = "freeze"
    REFIT = "refit"


def baseline_marker(order: BaselineOrder, athlete: str, leg: str) -> str:
    """The text of the marker that orders it: "refit baseline: A7 left"."""
    return f"{order} baseline: {athlete} {leg}"


def is_baseline_order(text: str) -> bool:
    """Whether a note orders something of a baseline."""
    return any(text.startswith(baseline_marker(order, "", "").rstrip()) for order in BaselineOrder)
