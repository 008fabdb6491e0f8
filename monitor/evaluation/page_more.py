"""The page's parts below the curve: what was missed, precursors, kinds of session, the cramp itself, athletes, kits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from monitor.evaluation import svg
from monitor.evaluation.html import mark, table
from monitor.evaluation.kit_rows import KIT_COLUMNS, KIT_NOTE, kit_rows
from monitor.evaluation.missed import REASONS
from monitor.evaluation.told import interval, number, percent, spread


def missed(answer: dict[str, Any]) -> Iterable[str]:
    """Missed cramps by reason."""
    yield "<h2>What is missed, and why</h2>"
    if not answer["missed"]:
        yield "<p>No cramp was missed.</p>"
        return
    plot = svg.bars(
        {REASONS[reason]: count for reason, count in answer["missed"].items()}, "missed cramps by reason", mark(answer)
    )
    told = f"Missed cramps, the first reason that is true ({mark(answer)})."
    yield f"<figure>{plot}<figcaption>{told}</figcaption></figure>"


def precursors(answer: dict[str, Any]) -> Iterable[str]:
    """Sensitivity and lead by what the precursors were."""
    rows = [
        (f"{row['strength']}{_length(row['length_s'])}", str(row["cramps"]), *_share(row), spread(row["lead_s"]))
        for row in answer["precursor_table"]
    ]
    yield "<h2>What it takes from the precursors</h2>"
    caption = f"As drawn in these sessions: strength (thirds of the strongest) and length ({mark(answer)})"
    yield table(caption, ("precursor", "cramps", "sensitivity", "lead s"), rows)
    for rate, cells in answer.get("assumed_precursors", {}).items():
        rows = [(cell["assumed"], str(cell["cramps"]), *_share(cell), spread(cell["lead_s"])) for cell in cells]
        caption = f"The same cramps with assumed precursors, at {rate} false alarms per hour ({mark(answer)})"
        yield table(caption, ("assumed", "cramps", "sensitivity", "lead s"), rows)


def _length(span_s: list[float | None] | None) -> str:
    if span_s is None:
        return ""
    low, high = span_s
    return f", over {low or 0:g} s" if high is None else f", {low or 0:g} to {high:g} s"


def _share(row: dict[str, Any]) -> tuple[str]:
    return (f"{number(row['sensitivity'])} {interval(row['sensitivity_ci'])}",)


def families(answer: dict[str, Any]) -> Iterable[str]:
    """By kind of session."""
    rows = [
        (
            name,
            str(found["sessions"]),
            f"{found['hours']:.1f}",
            str(found["cramps"]),
            *_share(found),
            f"{number(found['false_alarms_per_hour'])} {interval(found['false_alarms_ci'])}",
            percent(found["time_in_warning"]),
        )
        for name, found in answer["by_family"].items()
    ]
    if rows:
        yield "<h2>By kind of session</h2>"
        columns = ("family", "sessions", "hours", "cramps", "sensitivity", "false alarms per hour", "in warning")
        yield table(f"A session belongs to several families ({mark(answer)})", columns, rows)


def cramp(answer: dict[str, Any]) -> Iterable[str]:
    """CRAMP and RELIEF."""
    found, relief = answer["cramp"], answer["cramp"]["relief"]
    rows = [
        ("CRAMP within 4 s", f"{number(found['within_4_s'])} {interval(found['within_4_s_ci'])} of {found['cramps']}"),
        ("median delay, s", number(found["median_delay_s"], 1)),
        *(
            (
                f"false per athlete hour, {kind} sessions",
                f"{number(false['per_hour'])} {interval(false['per_hour_ci'])}",
            )
            for kind, false in found["false"].items()
        ),
        ("relief confirmed within 4 s", f"{number(relief['within_4_s'])} of {relief['cramps']}"),
        ("relief said before it was true", str(relief["premature"])),
    ]
    yield "<h2>The cramp itself</h2>"
    yield table(f"CRAMP and RELIEF ({mark(answer)})", ("", ""), rows)


def athletes(answer: dict[str, Any]) -> Iterable[str]:
    """By athlete."""
    worst = sorted(answer["by_athlete"].items(), key=lambda item: -item[1]["false_alarms"])[:10]
    none = sum(found["false_alarms"] == 0 for found in answer["by_athlete"].values())
    rows = [
        (name, f"{found['hours']:.2f}", f"{found['hits']} of {found['cramps']}", str(found["false_alarms"]))
        for name, found in worst
    ]
    yield f"<h2>By athlete</h2><p>{none} of {len(answer['by_athlete'])} athletes had no false alarm.</p>"
    yield table(f"Those with the most ({mark(answer)})", ("athlete", "hours", "hits", "false alarms"), rows)


def kits(answer: dict[str, Any]) -> Iterable[str]:
    """By kit."""
    if answer.get("kits"):
        caption = f"The same sessions through each kit that can be bought ({mark(answer)})"
        yield "<h2>By kit</h2>"
        yield table(caption, KIT_COLUMNS, kit_rows(answer["kits"]))
        yield f"<p>{KIT_NOTE}</p>"


def failures(answer: dict[str, Any]) -> Iterable[str]:
    """Sessions that could not be judged."""
    if answer["failures"]:
        rows = [(each["name"], each["error"]) for each in answer["failures"]]
        yield "<h2>What could not be judged</h2>"
        yield table("", ("session", "reason"), rows)
