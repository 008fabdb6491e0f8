"""What the project set out to reach on simulated sessions, written before the first run, beside what was reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.evaluation.told import number, percent

AIM_COLUMNS = ("aim", "wanted", "reached", "")
_SENSITIVITY = (("0.1", "sensitivity", 0.60), ("0.1", "sensitivity_precursor", 0.80), ("0.25", "sensitivity", 0.70))
_NAMES = {"sensitivity": "sensitivity", "sensitivity_precursor": "sensitivity for cramps with precursors"}
_WARNING, _WITHIN, _RELIEF = 0.015, 0.90, 0.95
_FALSE = {"clean": 0.05, "artefact": 0.5}


def aim_rows(answer: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """One row for each aim that the answer can speak of: in words, at least or at most what, what it is, met or not."""
    for rate, name, least in _SENSITIVITY:
        if (found := answer["at_rate"].get(rate)) is not None:
            yield _row(f"{_NAMES[name]} at {rate} false alarms per hour", f"at least {least:.2f}", found[name], least)
    for rate in ("0.1", "0.25"):
        if (found := answer["at_rate"].get(rate)) is not None:
            yield _spent(f"at {rate} false alarms per hour", found)
    for name, found in answer.get("sensitivities", {}).items():
        yield _spent(f"setting {name}", found)
    cramp = answer["cramp"]
    yield _row("CRAMP within 4 s", f"at least {_WITHIN:.2f}", cramp["within_4_s"], _WITHIN)
    for kind, most in _FALSE.items():
        if kind in cramp["false"]:
            rate = cramp["false"][kind]["per_hour"]
            yield _row(f"false CRAMP per hour, {kind} sessions", f"at most {most:.2f}", rate, most, most=True)
    yield _row("relief confirmed within 4 s", f"at least {_RELIEF:.2f}", cramp["relief"]["within_4_s"], _RELIEF)


def _spent(where: str, found: dict[str, Any]) -> tuple[str, ...]:
    what, spent = f"time in WARN without a cramp, {where}", found["time_in_warning"]
    return _row(what, "at most 1.5 %", spent, _WARNING, most=True, told=percent)


def _row(
    what: str, wanted: str, value: float | None, limit: float, *, most: bool = False, told: Any = number
) -> tuple[str, ...]:
    if value is None:
        return what, wanted, told(value), "unknown"
    met = value <= limit if most else value >= limit
    return what, wanted, told(value), "met" if met else "missed"
