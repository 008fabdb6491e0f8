"""Whose seconds close when: a few legs' at once, a squad's a few at a time, and nobody's much later."""

from __future__ import annotations

import itertools
from typing import Any

from monitor.closing import LATEST_SLOTS, LEGS_AT_ONCE, Closing

SLOT_S = 0.1


class Ticking:
    """A leg whose every second can close as soon as it is over."""

    def __init__(self) -> None:
        self.closed = 0

    def advance(self, now_s: float, wait_s: float) -> list[int]:
        seconds = list(range(self.closed + 1, int(now_s + 1e-9) + 1))
        self.closed += len(seconds)
        return seconds


def closed_by(n_legs: int, times_s: list[float]) -> list[list[int]]:
    """At each time the numbers of the legs that close something."""
    legs: Any = [Ticking() for _ in range(n_legs)]
    closing = Closing(legs, SLOT_S, 0.0)
    return [[legs.index(leg) for leg, _ in closing.advance(time_s, 0.5)] for time_s in times_s]


def test_all_legs_of_a_few_athletes_close_at_once() -> None:
    assert closed_by(LEGS_AT_ONCE, [0.9, 1.0, 1.1]) == [[], list(range(LEGS_AT_ONCE)), []]


def test_a_squads_legs_close_one_group_after_the_other() -> None:
    steps = [number / 10 for number in range(1, 31)]
    closed = closed_by(30, steps)
    assert [len(legs) for legs in closed[9:14]] == [8, 8, 8, 6, 0] == [len(legs) for legs in closed[19:24]]
    assert sorted(itertools.chain.from_iterable(closed[9:14])) == list(range(30))


def test_nobody_waits_for_ever_where_steps_are_rare() -> None:
    closed = closed_by(100, [float(second) for second in range(1, 9)])
    assert [len(legs) for legs in closed] == [100] * 8 and LATEST_SLOTS * SLOT_S <= 1.0
