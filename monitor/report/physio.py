"""The physiotherapist's sheet, a page for each athlete: both sides and heads, stance, short work, tests, journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import median
from typing import Any

from monitor.context.journal import Journal
from monitor.report.svg import Curve, Plot, svg
from monitor.report.tables import UNKNOWN, leg_name, shown, table

HEADS = ("GM", "GL")
MOST_TESTS = 8  # the newest on the sheet, so that it stays a page
Leg = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table. find : gives the number of a leg, None = unknown.

    ratio : left is told as so many times right; else as so much more or less, since nought is no origin of its scale.
    """

    name: str
    find: Callable[[Leg], float | None]
    form: str
    unit: str = ""
    ratio: bool = True

    def cells(self, legs: Sequence[Leg]) -> list[str]:
        """Name, each leg's number, left against right."""
        return [escape(self.name), *(shown(self.find(leg), self.form, self.unit) for leg in legs), self._sides(legs)]

    def _sides(self, legs: Sequence[Leg]) -> str:
        """Unknown where one side is, or where the right is nought."""
        sides = {leg["leg"]: self.find(leg) for leg in legs}
        left, right = sides.get("left"), sides.get("right")
        if left is None or right is None or (self.ratio and not right):
            return UNKNOWN
        if self.ratio:
            return shown(left / right, ".2f", " x")
        return shown(left - right, f"+{self.form.lstrip('+')}", self.unit)


def physio_html(answer: dict[str, Any], athlete: str | None, tests: Sequence[Mapping[str, Any]] = ()) -> str:
    """The sheet of one athlete of a session. tests : this person's heel-rise tests, oldest first."""
    legs = [leg for leg in answer["legs"] if leg["athlete"] == athlete]
    legs.sort(key=lambda leg: leg["leg"] or "")
    said = [each for each in answer.get("advice", []) if each["athlete"] == athlete]
    told = [f"{each['text']} [{each['source']}]" for each in said]
    journal = answer.get("journal")
    lines = [] if journal is None else list(Journal.from_dict(journal).sentences(athlete))
    return (
        f"{table(('', *map(leg_name, legs), 'left against right'), [fact.cells(legs) for fact in FACTS])}"
        f"<h4>Heel-rise tests</h4>{tests_html(tests)}"
        f"<h4>Afterwards</h4>{_list(told, 'nothing in particular')}<h4>Journal</h4>{_list(lines, 'no entries')}"
        "<p>Left and right differ by a tenth or more from one wearing of the electrodes to the next. Compare with the"
        " same person on other days, never with norms.</p>"
    )


def _list(lines: Sequence[str], none: str) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines or [none])}</ul>"


def tests_html(tests: Sequence[Mapping[str, Any]]) -> str:
    """The newest tests in a table, and their counts as curves where there are several."""
    if not tests:
        return "<p>None in the recording's folder.</p>"
    newest = tests[-MOST_TESTS:]
    rows = [
        [
            _when(test) + (" (simulated)" if test.get("simulated") else ""),
            *(_both(test, name, form, unit) for _, name, form, unit in _TOLD),
        ]
        for test in newest
    ]
    return table(("left / right", *(head for head, *_ in _TOLD)), rows) + (_counts(newest) if len(newest) > 1 else "")


def _when(test: Mapping[str, Any]) -> str:
    return escape(str(test["begun"])[:10]) if test["begun"] else "date unknown"


_TOLD = (
    ("rises", "repetitions", "d", ""),
    ("height at the end", "height_end_deg", ".0f", " deg"),
    ("MDF change", "mdf_change_pct", "+.1f", " %"),
    ("GM of both heads", "gm_share_pct", ".0f", " %"),
    ("ended by", "ended", "", ""),
)


def _both(test: Mapping[str, Any], name: str, form: str, unit: str) -> str:
    """Left and right of one test."""
    sides = (test["legs"].get(side) for side in ("left", "right"))
    return " / ".join("not tested" if leg is None else shown(leg.get(name), form, unit) for leg in sides)


def _counts(tests: Sequence[Mapping[str, Any]]) -> str:
    """Rises of both legs, test by test."""
    at = [float(number) for number in range(1, len(tests) + 1)]
    sides = sorted({side for test in tests for side in test["legs"]})
    curves = tuple(
        Curve(side, at, [test["legs"].get(side, {}).get("repetitions") for test in tests], f"c{place % 4}")
        for place, side in enumerate(sides)
    )
    return svg(Plot("Rises until tired", "test", "rises", curves, height=110))


def _change(leg: Leg, head: str) -> float | None:
    known = [each["mdf_change_pct"] for each in leg["channels"] if each["label"].upper().startswith(head)]
    known = [value for value in known if value is not None]
    return sum(known) / len(known) if known else None


def balance(leg: Leg) -> float | None:
    """How much more GM's spectrum has shifted than GL's, percentage points; None = one is unknown."""
    heads = [_change(leg, head) for head in HEADS]
    return None if heads[0] is None or heads[1] is None else heads[0] - heads[1]


def _gait(leg: Leg, name: str) -> float | None:
    known = [value for value in leg["gait"].get(name, []) if isinstance(value, int | float)]
    return median(known) if known else None


def stance_ms(leg: Leg) -> float | None:
    """Median time on the ground in a stride, ms: its share of the stride, of which two steps a side make one."""
    seconds = zip(leg["gait"].get("stance_fraction", []), leg["gait"].get("cadence_per_min", []), strict=True)
    known = [1000.0 * share * 120.0 / cadence for share, cadence in seconds if share is not None and cadence]
    return median(known) if known else None


def _end_reading(leg: Leg) -> float | None:
    known = [each["compression_end"] for each in leg["channels"] if each["compression_end"] is not None]
    return 100 * (sum(known) / len(known) - 1) if known else None


def _median_contraction_s(leg: Leg) -> float | None:
    lengths = [end_s - start_s for start_s, end_s in leg["contractions"]]
    return median(lengths) if lengths else None


def _kicks_s(leg: Leg) -> float | None:
    activity = leg["gait"].get("activity", [])
    return float(activity.count("kick")) if any(each is not None for each in activity) else None


FACTS = (
    Fact("Fatigue reading at the end", _end_reading, "+.0f", " %", ratio=False),
    Fact("GM beside GL: shift of the spectrum", balance, "+.1f", " points", ratio=False),
    Fact("Contractions", lambda leg: float(len(leg["contractions"])), ".0f"),
    Fact("Median contraction", _median_contraction_s, ".2f", " s"),
    Fact("Stance time", stance_ms, ".0f", " ms"),
    Fact("Stance, share of the stride", lambda leg: _gait(leg, "stance_fraction"), ".2f"),
    Fact("Cadence", lambda leg: _gait(leg, "cadence_per_min"), ".0f", " per min"),
    Fact("Worked while short", lambda leg: leg["ankle"]["shortened_s"], ".0f", " s"),
    Fact("Shortened exposure, weighted", lambda leg: leg["ankle"]["exposure_s_per_min"], ".1f", " s per min"),
    Fact("Seconds with kicks", _kicks_s, ".0f"),
)
