"""The physiotherapist's sheet, one page: left beside right, both heads, stance, shortened work, journal."""

from __future__ import annotations

from html import escape
from statistics import median
from typing import Any

from monitor.report.tables import UNKNOWN, leg_name, shown, table

HEADS = ("GM", "GL")


def physio_html(answer: dict[str, Any], journal: tuple[str, ...] = ()) -> str:
    """The sheet of one session. journal: lines of the athlete's diary."""
    legs = {leg["leg"] or "leg": leg for leg in answer["legs"]}
    rows = [[escape(name), *(found(leg) for leg in legs.values()), _side(legs, find)] for name, found, find in _FACTS]
    lines = "".join(f"<li>{escape(line)}</li>" for line in journal) or "<li>no entries</li>"
    told = [f"{each['text']} [{each['source']}]" for each in answer.get("advice", [])]
    advice = "".join(f"<li>{escape(line)}</li>" for line in told) or "<li>nothing in particular</li>"
    names = [leg_name(leg) for leg in answer["legs"]]
    return (
        f"{table(('', *names, 'left over right'), rows)}"
        f"<h4>Afterwards</h4><ul>{advice}</ul><h4>Journal</h4><ul>{lines}</ul>"
        "<p>Left and right differ by a tenth or more from one wearing of the electrodes to the next. Compare with the"
        " same person on other days, never with norms.</p>"
    )


def _change(leg: dict[str, Any], label: str) -> float | None:
    return next((each["mdf_change_pct"] for each in leg["channels"] if each["label"] == label), None)


def balance(leg: dict[str, Any]) -> float | None:
    """How much more GM's spectrum has shifted than GL's, percentage points; None = one is unknown."""
    heads = [_change(leg, label) for label in HEADS]
    return None if heads[0] is None or heads[1] is None else heads[0] - heads[1]


def _gait(leg: dict[str, Any], name: str) -> float | None:
    known = [value for value in leg["gait"].get(name, []) if isinstance(value, int | float)]
    return median(known) if known else None


def _end_reading(leg: dict[str, Any]) -> float | None:
    known = [each["compression_end"] for each in leg["channels"] if each["compression_end"] is not None]
    return 100 * (sum(known) / len(known) - 1) if known else None


def _median_contraction_s(leg: dict[str, Any]) -> float | None:
    lengths = [end_s - start_s for start_s, end_s in leg["contractions"]]
    return median(lengths) if lengths else None


def _kicks(leg: dict[str, Any]) -> float:
    return float(sum(value == "kick" for value in leg["gait"].get("activity", [])))


_FACTS: list[tuple[str, Any, Any]] = [
    ("Fatigue reading at the end", lambda leg: shown(_end_reading(leg), "+.0f", " %"), _end_reading),
    ("GM beside GL: shift of the spectrum", lambda leg: shown(balance(leg), "+.1f", " points"), balance),
    ("Contractions", lambda leg: shown(len(leg["contractions"]), "d"), lambda leg: float(len(leg["contractions"]))),
    ("Median contraction", lambda leg: shown(_median_contraction_s(leg), ".2f", " s"), _median_contraction_s),
    (
        "Stance, share of the stride",
        lambda leg: shown(_gait(leg, "stance_fraction"), ".2f"),
        lambda leg: _gait(leg, "stance_fraction"),
    ),
    (
        "Cadence",
        lambda leg: shown(_gait(leg, "cadence_per_min"), ".0f", " per min"),
        lambda leg: _gait(leg, "cadence_per_min"),
    ),
    (
        "Worked while short",
        lambda leg: shown(leg["ankle"]["shortened_s"], ".0f", " s"),
        lambda leg: leg["ankle"]["shortened_s"],
    ),
    ("Seconds with kicks", lambda leg: shown(_kicks(leg), ".0f"), _kicks),
]


def _side(legs: dict[str, dict[str, Any]], find: Any) -> str:
    """Left over right; unknown where one is, or where the right is nought."""
    if not {"left", "right"} <= set(legs):
        return UNKNOWN
    left, right = find(legs["left"]), find(legs["right"])
    return UNKNOWN if left is None or not right else shown(left / right, ".2f")
