"""The kits' figures as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.evaluation.told import interval, number, percent, spread

KIT_COLUMNS = ("kit", "legs", "reading known", "its error", "WATCH when tired", "after s", "false WATCH per leg-hour")
KIT_COLUMNS += ("WARN sensitivity", "false alarms per athlete hour", "lead s")
KIT_NOTE = (
    "The reading is the decline of the spectral scale; its error is the RMS in percentage points. WATCH is due once "
    "the true decline has been 10 % for a minute, and false on legs that never reach 5 %. A kit for one calf watches "
    "the left one, and only its cramps count."
)


def kit_rows(kits: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """One row for each kit."""
    for found in kits.values():
        fatigue, seen, warn = found["fatigue"], found["watch"], found["warn"]
        yield (
            found["title"],
            str(found["legs"]),
            percent(fatigue["known"]),
            percent(fatigue["rms"]),
            f"{number(seen['seen'])} {interval(seen['seen_ci'])} of {seen['tired_legs']}",
            spread(seen["delay_s"]),
            number(seen["false_per_leg_hour"]),
            f"{number(warn['sensitivity'])} {interval(warn['sensitivity_ci'])} of {warn['cramps']}",
            f"{number(warn['false_alarms_per_hour'])} {interval(warn['false_alarms_ci'])}",
            spread(warn["lead_s"]),
        )


def kit_lines(kits: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """The same as lines for a terminal."""
    for row in kit_rows(kits):
        cells = "; ".join(f"{name} {cell}" for name, cell in zip(KIT_COLUMNS[1:], row[1:], strict=True))
        yield f"{row[0]}: {cells}"
