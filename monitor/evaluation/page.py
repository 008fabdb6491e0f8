"""An evaluation as one HTML page that needs nothing else: definitions, figures, plots, what was missed and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from monitor.errors import EvaluationError
from monitor.evaluation import svg
from monitor.evaluation.definitions import FROZEN_ON, definitions_text
from monitor.evaluation.kit_rows import KIT_COLUMNS, KIT_NOTE, kit_rows
from monitor.evaluation.missed import REASONS
from monitor.evaluation.told import interval, name_of, number, percent, spread

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 } th, td { border: 1px solid #8886; padding: .2rem .6rem }
td + td { text-align: right } caption { text-align: left; font-weight: bold } figure { margin: 1rem 0 }
svg { max-width: 44rem; width: 100% } .said { border-left: 4px solid #b3261e; padding-left: 1rem }
pre { white-space: pre-wrap; font: inherit; background: #8881; padding: 1rem }
"""
_CURVE_MOST_PER_H = 2.0


def write_page(path: Path, answer: dict[str, Any]) -> None:
    """Write the page. Raises: EvaluationError if it cannot be written."""
    try:
        path.write_text(page(answer), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"cannot write the page {path}: {error}") from error


def page(answer: dict[str, Any]) -> str:
    """The page of one answer of `evaluate --json`."""
    kind = "Simulated sessions" if answer["simulated"] else "Labelled recordings"
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>Crampwatch, evaluation: {kind.lower()}</title><style>{_STYLE}</style></head><body>",
        f"<h1>How well does Crampwatch warn? {kind}</h1>",
        f"<p class='said'>{_said(answer)}</p>",
        *_head(answer),
        *_curve(answer),
        *_missed(answer),
        *_precursors(answer),
        *_families(answer),
        *_cramp(answer),
        *_athletes(answer),
        *_kits(answer),
        f"<h2>Definitions, frozen on {FROZEN_ON}</h2><pre>{escape(definitions_text())}</pre>",
        *_failures(answer),
        "</body></html>",
    ]
    return "\n".join(parts)


def _mark(answer: dict[str, Any]) -> str:
    """What stands on every figure."""
    return "simulated" if answer["simulated"] else "labelled recordings"


def _said(answer: dict[str, Any]) -> str:
    if not answer["simulated"]:
        return "From labelled recordings. It says something about these recordings, and little about others."
    return (
        "Simulated. These figures are properties of what was assumed about precursors, fatigue and sensors; they are "
        "never clinical performance and say nothing about people. Sudden cramps cannot be warned of. Training aid, not "
        "a medical device."
    )


def _head(answer: dict[str, Any]) -> Iterable[str]:
    rows = [
        ("sessions, athlete hours, cramps", f"{answer['sessions']}, {answer['hours']:.1f} h, {answer['cramps']}"),
        ("sensitivity", f"{number(answer['sensitivity'])} {interval(answer['sensitivity_ci'])}"),
        (
            "sensitivity, cramps with a precursor",
            f"{number(answer['sensitivity_precursor'])} {interval(answer['sensitivity_precursor_ci'])}",
        ),
        *((f"sensitivity, rule: {rule.replace('_', ' ')}", number(value)) for rule, value in answer["by_rule"].items()),
        (
            "sensitivity by chance, same time in warning",
            f"{number(answer['chance_sensitivity'])}, p {number(answer['chance_p'], 3)}",
        ),
        (
            "false alarms per athlete hour (both legs)",
            f"{number(answer['false_alarms_per_hour'])} {interval(answer['false_alarms_ci'])}",
        ),
        ("false alarms per leg-hour", number(answer["false_alarms_per_leg_hour"])),
        ("false alarms per leg-hour of good signal", number(answer["false_alarms_per_good_leg_hour"])),
        (
            "false alarms in precursors that passed, of how many",
            f"{answer['false_alarms_in_passing_precursors']} of {answer['passing_precursors']}",
        ),
        (
            "false alarms per athlete hour, these at the base rate",
            number(answer["false_alarms_per_hour_at_base_rate"]),
        ),
        (_squad(answer["squad_session"]), number(answer["false_alarms_per_squad_session"], 1)),
        ("time in warning without a cramp", percent(answer["time_in_warning"])),
        ("lead, cut at the precursor's length (median, p10..p90), s", spread(answer["lead_s"])),
        ("lead, uncut, s", spread(answer["lead_uncut_s"])),
        (f"PPV at {answer['base_rate_per_hour']:g} cramps per hour", number(answer["ppv"])),
        *((f"PPV at {base} cramps per hour", number(value)) for base, value in answer["ppv_at_base_rates"].items()),
    ]
    yield "<h2>As it is shown</h2>"
    yield table(f"States, by the frozen definition ({_mark(answer)}; in brackets 95 %)", ("", ""), rows)


def _squad(session: dict[str, Any]) -> str:
    size = f"{session['players']} players x {session['legs']} legs x {session['hours']:g} h"
    return f"false alarms per squad session ({size})"


def _curve(answer: dict[str, Any]) -> Iterable[str]:
    named = {name_of("crampwatch"): answer["roc"]}
    named |= {name_of(name): found["roc"] for name, found in answer["baselines"].items()}
    if answer["frontier"] is not None:
        named["frontier"] = answer["frontier"]["roc"]
    yield "<h2>Sensitivity against false alarms</h2>"
    if answer["roc"]:
        shown = answer["false_alarms_per_hour"], answer["sensitivity"]
        plot = svg.curves(
            named, "false alarms per athlete hour", "sensitivity", _CURVE_MOST_PER_H, _mark(answer), [shown]
        )
        told = "A threshold swept over the recorded scores; the dot is what the states showed"
        yield f"<figure>{plot}<figcaption>{told} ({_mark(answer)}).</figcaption></figure>"
    columns = (
        "score",
        "sensitivity",
        "with precursors",
        "looser rule",
        "lead s",
        "in warning",
        "PPV",
        "ours better by",
    )
    for rate, ours in answer["at_rate"].items():
        rows = [(name_of("crampwatch"), *_one(ours), "")]
        rows += [("ours, precursors that pass at the base rate", *_one(answer["at_rate_at_base_rate"][rate]), "")]
        if answer["frontier"] is not None:
            best = answer["frontier"]
            rows += [("frontier: knows all precursors", *_one(best["at_rate"][rate]), "")]
            rows += [("frontier at the base rate", *_one(best["at_rate_at_base_rate"][rate]), "")]
        rows += [
            (name_of(name), *_one(found[rate]), interval(found[rate]["ours_better_by_ci"]))
            for name, found in answer["baselines"].items()
        ]
        yield table(f"At no more than {rate} false alarms per athlete hour ({_mark(answer)})", columns, rows)


def _one(found: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{number(found['sensitivity'])} {interval(found['sensitivity_ci'])}",
        number(found["sensitivity_precursor"]),
        number(found["looser"]),
        spread(found["lead_s"]),
        percent(found["time_in_warning"]),
        number(found["ppv"]),
    )


def _missed(answer: dict[str, Any]) -> Iterable[str]:
    yield "<h2>What is missed, and why</h2>"
    if not answer["missed"]:
        yield "<p>No cramp was missed.</p>"
        return
    plot = svg.bars(
        {REASONS[reason]: count for reason, count in answer["missed"].items()}, "missed cramps by reason", _mark(answer)
    )
    told = f"Missed cramps, the first reason that is true ({_mark(answer)})."
    yield f"<figure>{plot}<figcaption>{told}</figcaption></figure>"


def _precursors(answer: dict[str, Any]) -> Iterable[str]:
    rows = [
        (f"{row['strength']}{_length(row['length_s'])}", str(row["cramps"]), *_share(row), spread(row["lead_s"]))
        for row in answer["precursor_table"]
    ]
    yield "<h2>What it takes from the precursors</h2>"
    caption = f"As drawn in these sessions: strength (thirds of the strongest) and length ({_mark(answer)})"
    yield table(caption, ("precursor", "cramps", "sensitivity", "lead s"), rows)
    for rate, cells in answer.get("assumed_precursors", {}).items():
        rows = [(cell["assumed"], str(cell["cramps"]), *_share(cell), spread(cell["lead_s"])) for cell in cells]
        caption = f"The same cramps with assumed precursors, at {rate} false alarms per hour ({_mark(answer)})"
        yield table(caption, ("assumed", "cramps", "sensitivity", "lead s"), rows)


def _length(span_s: list[float | None] | None) -> str:
    if span_s is None:
        return ""
    low, high = span_s
    return f", over {low or 0:g} s" if high is None else f", {low or 0:g} to {high:g} s"


def _share(row: dict[str, Any]) -> tuple[str]:
    return (f"{number(row['sensitivity'])} {interval(row['sensitivity_ci'])}",)


def _families(answer: dict[str, Any]) -> Iterable[str]:
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
        yield table(f"A session belongs to several families ({_mark(answer)})", columns, rows)


def _cramp(answer: dict[str, Any]) -> Iterable[str]:
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
    yield table(f"CRAMP and RELIEF ({_mark(answer)})", ("", ""), rows)


def _athletes(answer: dict[str, Any]) -> Iterable[str]:
    worst = sorted(answer["by_athlete"].items(), key=lambda item: -item[1]["false_alarms"])[:10]
    none = sum(found["false_alarms"] == 0 for found in answer["by_athlete"].values())
    rows = [
        (name, f"{found['hours']:.2f}", f"{found['hits']} of {found['cramps']}", str(found["false_alarms"]))
        for name, found in worst
    ]
    yield f"<h2>By athlete</h2><p>{none} of {len(answer['by_athlete'])} athletes had no false alarm.</p>"
    yield table(f"Those with the most ({_mark(answer)})", ("athlete", "hours", "hits", "false alarms"), rows)


def _kits(answer: dict[str, Any]) -> Iterable[str]:
    if answer.get("kits"):
        caption = f"The same sessions through each kit that can be bought ({_mark(answer)})"
        yield "<h2>By kit</h2>"
        yield table(caption, KIT_COLUMNS, kit_rows(answer["kits"]))
        yield f"<p>{KIT_NOTE}</p>"


def _failures(answer: dict[str, Any]) -> Iterable[str]:
    if answer["failures"]:
        rows = [(each["name"], each["error"]) for each in answer["failures"]]
        yield "<h2>What could not be judged</h2>"
        yield table("", ("session", "reason"), rows)


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """An HTML table."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns) if any(columns) else ""
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption>{f'<tr>{head}</tr>' if head else ''}{body}</table>"
