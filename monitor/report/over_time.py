"""Several sessions: an athlete over time, and a squad side by side."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from monitor.report.svg import Curve, Plot, svg
from monitor.report.tables import clock, shown, table

_STATES = ("WATCH", "WARN", "CRAMP")


def _athlete(leg: dict[str, Any]) -> str:
    return leg["athlete"] or "athlete not said"


def seconds_in(leg: dict[str, Any], to_s: float) -> Counter[str]:
    """Seconds in each state."""
    ends = [each["time_s"] for each in leg["states"][1:]] + [to_s]
    spent: Counter[str] = Counter()
    for each, end_s in zip(leg["states"], ends, strict=True):
        spent[each["state"]] += max(0.0, end_s - each["time_s"])  # type: ignore[assignment]
    return spent


def _end(leg: dict[str, Any]) -> float | None:
    """The compression at the end, the mean of the channels that know it."""
    known = [channel["compression_end"] for channel in leg["channels"] if channel["compression_end"] is not None]
    return sum(known) / len(known) if known else None


def squad_html(answers: list[dict[str, Any]]) -> str:
    """One row per athlete, leg and session: the most urgent first."""
    rows = [(answer, leg, seconds_in(leg, answer["to_s"])) for answer in answers for leg in answer["legs"]]
    rows.sort(key=lambda row: tuple(-row[2][state] for state in reversed(_STATES)))
    cells = [
        [
            escape(_athlete(leg)),
            escape(leg["leg"] or "not said"),
            escape(Path(str(answer["file"])).name),
            clock(answer["to_s"] - answer["from_s"]),
            shown(None if (end := _end(leg)) is None else 100 * (end - 1), "+.0f", " %"),
            *(clock(spent[state]) for state in _STATES),
            shown(leg["ankle"]["shortened_s"], ".0f", " s"),
        ]
        for answer, leg, spent in rows
    ]
    head = ("athlete", "leg", "session", "length", "fatigue reading at the end", *_STATES, "worked while short")
    return table(head, cells)


def athletes_html(answers: list[dict[str, Any]]) -> str:
    """For every athlete with several sessions: how each leg's end reading goes from one to the next."""
    found: dict[str, dict[str, list[float | None]]] = {}
    for answer in answers:
        for leg in answer["legs"]:
            found.setdefault(_athlete(leg), {}).setdefault(leg["leg"] or "leg", []).append(
                None if (end := _end(leg)) is None else 100 * (end - 1)
            )
    out = []
    for athlete, legs in found.items():
        if max(len(values) for values in legs.values()) < 2:
            continue
        curves = tuple(
            Curve(leg, [float(i + 1) for i in range(len(values))], values, f"c{i % 4}")
            for i, (leg, values) in enumerate(legs.items())
        )
        title = f"{athlete}: fatigue reading at the end of each session"
        out.append(svg(Plot(title, "session", "% of the baseline", curves, levels=(("unchanged", 0.0),))))
    return "".join(out)
