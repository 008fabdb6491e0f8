"""The page: style for screen and paper, and its parts in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from monitor.report.methods import head_facts, methods_html
from monitor.report.over_time import athletes_html, squad_html
from monitor.report.physio import physio_html
from monitor.report.session import session_html
from monitor.warning.texts import DISCLAIMER

_STYLE = """
:root { --ink: #12181E; --muted: #4A5763; --line: #CDD5DD; }
* { box-sizing: border-box; }
body { font: 14px/1.45 Inter, "Segoe UI", system-ui, "DejaVu Sans", sans-serif; color: var(--ink); background: #F4F6F8;
  margin: 0 auto; max-width: 900px; padding: 24px; }
article, header { background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 18px 22px; margin: 0 0 18px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 0 0 10px; } h3 { font-size: 16px; margin: 18px 0 6px; }
h4 { margin: 14px 0 4px; } p { margin: 6px 0; } .small, figcaption, footer { color: var(--muted); font-size: 12px; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; font-size: 12px; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--muted); font-weight: 600; }
th, td { border-bottom: 1px solid var(--line); padding: 4px 6px;
  vertical-align: top; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 6px 0; } dt { color: var(--muted); }
dd { margin: 0; } figure { margin: 10px 0; break-inside: avoid; } svg { width: 100%; height: auto; display: block; }
@media print { body { background: #fff; padding: 0; font-size: 11px; max-width: none; }
  article, header { border: 0; border-radius: 0; padding: 0; } article { break-before: page; }
  header + article { break-before: auto; } svg { max-height: 42mm; }
  section.leg, table { break-inside: auto; } tr, li, p { break-inside: avoid; }
  thead { display: table-header-group; } h2, h3, h4, figcaption { break-after: avoid; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@page { margin: 14mm; }
"""
_LEGEND = "Shaded: WATCH yellow, WARN orange, CRAMP red-orange, after a cramp pink, no signal grey."


def report(answers: list[dict[str, Any]], tests: Sequence[Mapping[str, Any]] = ()) -> str:
    """One self-contained HTML page of what `analyze` says: a session, an athlete over time, or a squad.

    answers : objects of the contract's `analyze --json`; those with an error are listed and left out.
    tests : results of heel-rise tests, oldest first, for the physiotherapist's sheets of those athletes.
    """
    good = [answer for answer in answers if "legs" in answer]
    failed = [f"<p><b>{escape(str(a['file']))}</b>: {escape(a['error'])}</p>" for a in answers if "error" in a]
    parts = [
        f"<header><h1>{escape(title(good))}</h1><p>{escape(DISCLAIMER)}</p>{head_facts(good)}{''.join(failed)}</header>"
    ]
    if len(good) > 1:
        parts.append(_article("Overview", squad_html(good) + athletes_html(good)))
    for answer in good:
        name = Path(str(answer["file"])).name
        parts.append(_article(name, f"<p class=small>{_LEGEND}</p>{session_html(answer)}"))
        for athlete in dict.fromkeys(leg["athlete"] for leg in answer["legs"]):
            own = [test for test in tests if athlete and test["athlete"] == athlete]
            whose = f"{athlete}, {name}" if athlete else name
            parts.append(_article(f"Sheet for the physiotherapist: {whose}", physio_html(answer, athlete, own)))
    parts.append(_article("Methods", methods_html(good)))
    return page(title(good), parts)


def page(name: str, parts: Sequence[str]) -> str:
    """Parts of HTML as one page that needs no network."""
    head = f'<meta charset="utf-8"><title>{escape(name)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def title(answers: list[dict[str, Any]]) -> str:
    """What the report is about: one session, one athlete, or a squad."""
    athletes = sorted({leg["athlete"] for answer in answers for leg in answer["legs"] if leg["athlete"]})
    if len(answers) == 1:
        return f"Crampwatch: {Path(str(answers[0]['file'])).name}"
    if len(athletes) == 1:
        return f"Crampwatch: {athletes[0]} over {len(answers)} sessions"
    return f"Crampwatch: {len(answers)} sessions, {len(athletes) or 'unnamed'} athletes"


def _article(name: str, inside: str) -> str:
    return f"<article><h2>{escape(name)}</h2>{inside}</article>"
