"""The figures of the three settings as a table for people, and the cells that any score has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.evaluation.told import interval, looser, number, percent, spread

SETTING_COLUMNS = ("setting", "false alarms per hour", "passing precursors at the base rate", "sensitivity")
SETTING_COLUMNS += ("with precursors", "looser rule", "lead s", "in warning", "PPV")


def setting_rows(answer: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """One row for each setting."""
    for name, found in answer.get("sensitivities", {}).items():
        yield (
            name,
            f"{number(found['false_alarms_per_hour'])} {interval(found['false_alarms_ci'])}",
            number(found["false_alarms_per_hour_at_base_rate"]),
            *cells_of(found),
        )


def cells_of(found: dict[str, Any]) -> tuple[str, ...]:
    """Sensitivity in its three forms, lead, time in warning, PPV."""
    return (
        f"{number(found['sensitivity'])} {interval(found['sensitivity_ci'])}",
        number(found["sensitivity_precursor"]),
        number(looser(found)),
        spread(found["lead_s"]),
        percent(found["time_in_warning"]),
        number(found["ppv"]),
    )
