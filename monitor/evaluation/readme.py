"""The figures of an evaluation as the README's tables, in Markdown.

    crampwatch evaluate --simulated 500 --quick --json > answer.json
    python -m monitor.evaluation.readme answer.json

Of an answer of `evaluate --kit` it prints what the kits told: the README's "What to buy".
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from monitor.evaluation.aims import AIM_COLUMNS, aim_rows
from monitor.evaluation.kit_rows import KIT_COLUMNS, KIT_NOTE, kit_rows
from monitor.evaluation.missed import REASONS
from monitor.evaluation.setting_rows import SETTING_COLUMNS, setting_rows
from monitor.evaluation.told import interval, name_of, number, spread

_RATES = ("0.1", "0.25", "0.5")


def markdown(answer: dict[str, Any]) -> str:
    """The tables of one answer of `evaluate --json`."""
    return "\n".join(
        [
            *_head(answer),
            *_table(SETTING_COLUMNS, list(setting_rows(answer))),
            *_against(answer),
            *_aims(answer),
            *_assumed(answer),
            *_cramp(answer),
        ]
    )


def kits_markdown(answer: dict[str, Any]) -> str:
    """What each kit told of the sessions of one answer of `evaluate --kit --json`."""
    return "\n".join([*_head(answer), *_table(KIT_COLUMNS, list(kit_rows(answer["kits"]))), KIT_NOTE])


def _head(answer: dict[str, Any]) -> Iterator[str]:
    kind = "Simulated, never clinical" if answer["simulated"] else "Labelled recordings"
    yield f"{kind}: {answer['sessions']} sessions, {answer['hours']:.0f} athlete hours, {answer['cramps']} cramps."
    yield answer.get("made_by", "") + "\n"


def _against(answer: dict[str, Any]) -> Iterator[str]:
    """Sensitivity at a rate of false alarms, beside what knows everything and what knows one thing."""
    rates = [rate for rate in _RATES if rate in answer["at_rate"]]
    named = {name_of("crampwatch"): answer["at_rate"]}
    if answer["frontier"] is not None:
        named["frontier: knows all precursors"] = answer["frontier"]["at_rate"]
    named |= {name_of(name): found for name, found in answer["baselines"].items()}
    rows = [
        (name, *(f"{number(at[rate]['sensitivity'])} {interval(at[rate]['sensitivity_ci'])}" for rate in rates))
        for name, at in named.items()
    ]
    yield from _table(("sensitivity at no more than", *(f"{rate} false alarms per hour" for rate in rates)), rows)


def _aims(answer: dict[str, Any]) -> Iterator[str]:
    """What was aimed at, and what the same warnings would have hit by chance."""
    if answer["simulated"]:
        yield from _table(AIM_COLUMNS, list(aim_rows(answer)))
    yield (
        f"The balanced setting's own warnings, moved around their sessions by random times, would have hit "
        f"{number(answer['chance_sensitivity'])} of the cramps; they hit {number(answer['sensitivity'])}.\n"
    )


def _assumed(answer: dict[str, Any]) -> Iterator[str]:
    """Sensitivity and lead if all cramps were announced alike."""
    by_rate = answer.get("assumed_precursors", {})
    columns = [f"{what} at {rate}/h" for rate in by_rate for what in ("sensitivity", "lead s")]
    rows = [
        (
            f"{cells[0]['assumed']} ({cells[0]['cramps']} cramps)",
            *(
                text
                for cell in cells
                for text in (
                    f"{number(cell['sensitivity'])} {interval(cell['sensitivity_ci'])}",
                    spread(cell["lead_s"]),
                )
            ),
        )
        for cells in zip(*by_rate.values(), strict=True)
    ]
    yield from _table(("if every cramp had as precursor", *columns), rows)


def _cramp(answer: dict[str, Any]) -> Iterator[str]:
    found, relief = answer["cramp"], answer["cramp"]["relief"]
    false = ", ".join(f"{number(each['per_hour'])} in {kind} sessions" for kind, each in found["false"].items())
    yield (
        f"CRAMP within 4 s: {number(found['within_4_s'])} {interval(found['within_4_s_ci'])} of {found['cramps']}; "
        f"false ones per athlete hour: {false}. Relief within 4 s: {number(relief['within_4_s'])}, "
        f"too early {relief['premature']} times."
    )
    why = "; ".join(f"{count}: {REASONS[reason]}" for reason, count in answer["missed"].items())
    yield f"Missed by the balanced setting: {why or 'none'}.\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield from (f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))
        yield ""


if __name__ == "__main__":
    _answer = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write((kits_markdown if "kits" in _answer else markdown)(_answer) + "\n")
