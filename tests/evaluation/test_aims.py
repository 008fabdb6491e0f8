"""What was aimed at stands beside what was reached, met or missed."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from monitor.evaluation.aims import aim_rows
from monitor.evaluation.page import page
from monitor.evaluation.readme import markdown

ANSWER = json.loads((Path(__file__).parents[2] / "recordings" / "evaluation.json").read_text(encoding="utf-8"))


def verdicts(answer: dict) -> dict[str, str]:
    return {what: verdict for what, _, _, verdict in aim_rows(answer)}


def test_each_aim_is_met_or_missed_by_its_number() -> None:
    changed = copy.deepcopy(ANSWER)
    changed["at_rate"]["0.1"] |= {"sensitivity": 0.61, "sensitivity_precursor": 0.79}
    changed["sensitivities"]["quiet"]["time_in_warning"] = 0.016
    changed["cramp"] |= {"within_4_s": None}
    changed["cramp"]["relief"]["within_4_s"] = 0.94
    told = verdicts(changed)
    assert told["sensitivity at 0.1 false alarms per hour"] == "met"
    assert told["sensitivity for cramps with precursors at 0.1 false alarms per hour"] == "missed"
    assert told["time in WARN without a cramp, setting quiet"] == "missed"
    assert told["time in WARN without a cramp, at 0.25 false alarms per hour"] == "met"
    assert told["CRAMP within 4 s"] == "unknown" and told["relief confirmed within 4 s"] == "missed"


def test_readme_and_page_tell_what_is_missed() -> None:
    assert "missed" in verdicts(ANSWER).values(), "else this test needs another answer"
    assert "| missed |" in markdown(ANSWER) and "<td>missed</td>" in page(ANSWER)
    assert "would have hit" in markdown(ANSWER)
