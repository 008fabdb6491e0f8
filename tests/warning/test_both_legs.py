"""Both calves restless at rest are hinted at, one alone never."""

from __future__ import annotations

from typing import Any

import pytest
from evidence_of import BAD, HELD, UNKNOWN, evidence

from monitor.settings import Settings
from monitor.warning.both_legs import BothLegs, Hint

RESTLESS = {"quiet_ratio": 1.6}
TWITCHING = {"twitches_per_min": 8.0}


class Pair:
    def __init__(self) -> None:
        self.pair, self.time_s, self.hints = BothLegs("A7", Settings()), 0.0, list[Hint]()

    def see(self, seconds: int, left: dict[str, Any], right: dict[str, Any]) -> int:
        """How many hints there are after so many seconds of this."""
        for _ in range(seconds):
            self.time_s += 1.0
            for leg, seen in (("left", left), ("right", right)):
                self.hints += self.pair.push(leg, evidence(time_s=self.time_s, **seen))
        return len(self.hints)


@pytest.mark.parametrize("left, right", [(RESTLESS, RESTLESS), (TWITCHING, TWITCHING), (RESTLESS, TWITCHING)])
def test_both_calves_restless_for_a_minute_are_told_once(left: dict[str, Any], right: dict[str, Any]):
    pair = Pair()
    assert pair.see(59, left, right) == 0
    assert pair.see(1, left, right) == 1 and pair.hints[0].time_s == 60.0
    assert pair.see(300, left, right) == 1


def test_one_calf_alone_is_never_told():
    pair = Pair()
    assert pair.see(300, RESTLESS, {}) == 0 and pair.see(300, {}, TWITCHING) == 0


def test_after_a_calm_minute_it_is_told_again():
    pair = Pair()
    pair.see(60, RESTLESS, RESTLESS)
    assert pair.see(59, {}, {}) == 1 and pair.see(100, RESTLESS, RESTLESS) == 1
    pair.see(60, {}, {})
    assert pair.see(60, RESTLESS, RESTLESS) == 2


@pytest.mark.parametrize("unknown", [UNKNOWN, BAD, HELD | RESTLESS])
def test_the_unknown_neither_counts_nor_clears(unknown: dict[str, Any]):
    pair = Pair()
    pair.see(30, RESTLESS, RESTLESS)
    assert pair.see(100, RESTLESS, unknown) == 0
    assert pair.see(30, RESTLESS, RESTLESS) == 1


def test_the_hint_has_the_numbers_says_which_account_applies_and_points_at_the_card():
    pair = Pair()
    pair.see(60, RESTLESS, RESTLESS | TWITCHING)
    text = pair.hints[0].text
    assert "1.6 x its baseline" in text and "8 twitches per min" in text
    assert "One calf alone" in text and "many muscles" in text and "card" in text


def test_legs_are_paired_by_their_seconds_whichever_comes_first():
    pair, hints = BothLegs("A7", Settings()), []
    for leg in ("left", "right"):
        for second in range(5 if leg == "left" else 20, 100):
            hints += pair.push(leg, evidence(time_s=float(second), **RESTLESS))
    assert [hint.time_s for hint in hints] == [79.0]
