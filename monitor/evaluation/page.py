"""An evaluation as one HTML page that needs nothing else: definitions, figures, plots, what was missed and why."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from monitor.errors import EvaluationError
from monitor.evaluation import svg
from monitor.evaluation.aims import AIM_COLUMNS, aim_rows
from monitor.evaluation.definitions import FROZEN_ON, definitions_text
from monitor.evaluation.html import mark, table
from monitor.evaluation.page_more import athletes, cramp, failures, families, kits, missed, precursors
from monitor.evaluation.setting_rows import SETTING_COLUMNS, cells_of, setting_rows
from monitor.evaluation.told import interval, name_of, number, percent, spread
from monitor.unfinished import drafts

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
        with drafts(path) as (written,):
            written.write_text(page(answer), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"cannot write the page {path}: {error.strerror or error}") from error


def page(answer: dict[str, Any]) -> str:
    """The page of one answer of `evaluate --json`."""
    kind = "Simulated sessions" if answer["simulated"] else "Labelled recordings"
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>Crampwatch, evaluation: {kind.lower()}</title><style>{_STYLE}</style></head><body>",
        f"<h1>How well does Crampwatch warn? {kind}</h1>",
        f"<p class='said'>{_said(answer)}</p>",
        f"<p>{escape(answer.get('made_by', ''))}</p>",
        *_head(answer),
        *_aims(answer),
        *_settings(answer),
        *_curve(answer),
        *missed(answer),
        *precursors(answer),
        *families(answer),
        *cramp(answer),
        *athletes(answer),
        *kits(answer),
        f"<h2>Definitions, frozen on {FROZEN_ON}</h2><pre>{escape(definitions_text())}</pre>",
        *failures(answer),
        "</body></html>",
    ]
    return "\n".join(parts)


def _said(answer: dict[str, Any]) -> str:
    if not answer["simulated"]:
        return "From labelled recordings. It says something about these recordings, and little about others."
    return (
        "Simulated. These figures are properties of what was assumed about precursors, fatigue and sensors; they are "
        "never clinical performance and say nothing about people. Sudden cramps cannot be warned of. Training aid, not "
        "a medical device."
    )


def _aims(answer: dict[str, Any]) -> Iterable[str]:
    if answer["simulated"]:
        yield "<h2>What was aimed at</h2>"
        yield table(
            f"Aims that were written before the first run ({mark(answer)})", AIM_COLUMNS, list(aim_rows(answer))
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
    yield table(f"States, by the frozen definition ({mark(answer)}; in brackets 95 %)", ("", ""), rows)


def _settings(answer: dict[str, Any]) -> Iterable[str]:
    rows = list(setting_rows(answer))
    if rows:
        yield table(f"Its three settings, fitted on other sessions ({mark(answer)})", SETTING_COLUMNS, rows)


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
            named, "false alarms per athlete hour", "sensitivity", _CURVE_MOST_PER_H, mark(answer), [shown]
        )
        told = "A threshold swept over the recorded scores; the dot is what the states showed"
        yield f"<figure>{plot}<figcaption>{told} ({mark(answer)}).</figcaption></figure>"
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
        rows = [(name_of("crampwatch"), *cells_of(ours), "")]
        rows += [("ours, precursors that pass at the base rate", *cells_of(answer["at_rate_at_base_rate"][rate]), "")]
        if answer["frontier"] is not None:
            best = answer["frontier"]
            rows += [("frontier: knows all precursors", *cells_of(best["at_rate"][rate]), "")]
            rows += [("frontier at the base rate", *cells_of(best["at_rate_at_base_rate"][rate]), "")]
        rows += [
            (name_of(name), *cells_of(found[rate]), interval(found[rate]["ours_better_by_ci"]))
            for name, found in answer["baselines"].items()
        ]
        rows += [
            (
                f"{name_of(name)}, at the base rate",
                *cells_of(found[rate]),
                interval(found[rate]["ours_better_by_ci"]),
            )
            for name, found in answer["baselines_at_base_rate"].items()
        ]
        yield table(f"At no more than {rate} false alarms per athlete hour ({mark(answer)})", columns, rows)
