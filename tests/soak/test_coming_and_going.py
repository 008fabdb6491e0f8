"""An athlete who is out of range for 60 s in every 120 s: what is learnt stays, and nothing is made of the silence."""

from __future__ import annotations

from typing import Any

import pytest
from coming_and_going import OUT_S, faults, hard_work, is_out, played

WELL = {"later_contraction_min": 1.2, "false_alarms": 0, "ankle_calibrations": 1, "learnt_again": 0}


def test_four_minutes_of_it_keep_calibration_and_baseline_and_give_no_alarm() -> None:
    run = played(hard_work(60.0), 1, 254.0, ["left"], OUT_S)["left"]
    said = [state for _, state in run.states]
    assert said.count("NO_SIGNAL") == 2 and run.states[-1][1] == "OK"
    assert run.ankles == 1 and run.learnt_again == 0 and run.false_alarms == 0
    assert all(is_out(at_s - 1.0, OUT_S, 120.0) for at_s, state in run.states if state == "NO_SIGNAL")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"later_contraction_min": 2.5}, "WATCH 2.5 min later"),
        ({"later_contraction_min": None}, "WATCH None min later"),
        ({"false_alarms": 1}, "1 false alarms"),
        ({"ankle_calibrations": 2}, "2 calibrations of the ankle"),
        ({"learnt_again": 1}, "learnt its baseline 1 times again"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, Any], sentence: str) -> None:
    assert faults(WELL) == []
    assert faults(WELL | wrong) == [sentence]
