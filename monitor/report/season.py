"""A season on one page: the squad, each athlete over the sessions, and conditions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from monitor.report.page import page
from monitor.report.svg import Curve, Plot, svg
from monitor.report.tables import interval, shown, table
from monitor.season import left_out
from monitor.warning.texts import DISCLAIMER

_HEAD = (
    "athlete",
    "leg",
    "sessions",
    "hours",
    "fatigue, % per min",
    "change per session (95 %)",
    "warnings per hour (95 %)",
)
_HOW = (
    "Intervals are 95 %, widened for the number of pairs of an athlete. A session counts once, whatever its legs and"
    " however often it warned, and its hours until it did; sessions are taken to be independent of each other."
)


def season_page(answer: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    """One self-contained HTML page. answer : of `season`; rows : of its sessions, in order."""
    left = "".join(f"<p class=small>{escape(line)}</p>" for line in left_out(answer))
    failures = (
        "".join(f"<p><b>{escape(one['file'])}</b>: {escape(one['error'])}</p>" for one in answer["failures"]) + left
    )
    about = f"{answer['sessions']} sessions, {answer['leg_hours']:g} hours of legs, {len(answer['athletes'])} athletes"
    parts = [f"<header><h1>Crampwatch: a season</h1><p>{escape(DISCLAIMER)}</p><p>{about}.</p>{failures}</header>"]
    parts.append(_article("Squad", table((*_HEAD, "cramps"), _squad(answer))))
    if "by" in answer:
        parts.append(_article(f"By {answer['by']['field']}, within each athlete", _by(answer["by"])))
    for each in answer["athletes"]:
        parts.append(_article(each["athlete"], _curves(each["athlete"], rows)))
    return page("Crampwatch: a season", parts)


def _squad(answer: dict[str, Any]) -> list[list[str]]:
    return [
        [
            escape(each["athlete"]),
            escape(leg["leg"]),
            str(leg["sessions"]),
            shown(leg["hours"]),
            shown(leg["fatigue_pct_per_min"], "+.2f"),
            escape(leg["trend"])
            if leg["trend_per_session"] is None
            else _with(leg["trend_per_session"], "slope", "+.2f"),
            f"{shown(leg['warnings_per_hour'], '.2f')} ({interval(leg['warnings_per_hour_ci'], '.2f')})",
            str(leg["cramps"]),
        ]
        for each in answer["athletes"]
        for leg in each["legs"]
    ]


def _with(told: dict[str, Any] | None, name: str, form: str) -> str:
    return (
        "unknown"
        if told is None
        else f"{shown(told[name], form)} ({shown(told['ci'][0], form)} to {shown(told['ci'][1], form)})"
    )


def _by(by: dict[str, Any]) -> str:
    head = (
        "athlete",
        "conditions",
        "sessions",
        "fatigue % per min, difference",
        "sessions with warnings, ratio per hour",
        "sessions with cramps, ratio per hour",
        "says",
    )
    lines = []
    for each in by["athletes"]:
        for pair in each["pairs"]:
            numbers = (
                _with(pair.get("fatigue_pct_per_min"), "difference", "+.2f"),
                _with(pair.get("warnings_rate_ratio"), "ratio", ".2f"),
                _with(pair.get("cramps_rate_ratio"), "ratio", ".2f"),
            )
            who = (
                escape(each["athlete"]),
                escape(f"{pair['a']} against {pair['b']}"),
                " and ".join(map(str, pair["n"])),
            )
            lines.append([*who, *numbers, escape(pair["verdict"])])
        if not each["pairs"]:
            only, n = each["conditions"][0]["condition"], each["conditions"][0]["sessions"]
            lines.append([escape(each["athlete"]), escape(only), str(n), "", "", "", each["verdict"]])
    how = f"<p class=small>{_HOW}</p>"
    left_out = f"<p class=small>{by['not_said']} rows say nothing of it and are left out.</p>" if by["not_said"] else ""
    return table(head, lines) + how + left_out


def _curves(athlete: str, rows: Sequence[dict[str, Any]]) -> str:
    """Fatigue per minute of both legs, session by session."""
    mine = [row for row in rows if row["athlete"] == athlete]
    sessions = list(dict.fromkeys(row["file"] for row in mine))
    curves = []
    for number, leg in enumerate(sorted({row["leg"] for row in mine})):
        values = {row["file"]: row["fatigue_pct_per_min"] for row in mine if row["leg"] == leg}
        at = [float(i + 1) for i in range(len(sessions))]
        curves.append(Curve(leg, at, [values.get(file) for file in sessions], f"c{number % 4}", dots=len(sessions) < 3))
    title = f"{athlete}: how fast the calf tired in each session"
    return svg(Plot(title, "session", "% per min", tuple(curves), levels=(("not at all", 0.0),)))


def _article(name: str, inside: str) -> str:
    return f"<article><h2>{escape(name)}</h2>{inside}</article>"
