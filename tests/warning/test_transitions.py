"""The table of states is all that the machine does, and the drawing is all of the table."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from evidence_of import BAD, CRAMPING, HELD, LET_GO, LOW, RISKY, SILENT, STILL_QUIET, UNKNOWN
from told_leg import LEARNING, Leg

from monitor.settings import Settings
from monitor.warning import diagram
from monitor.warning.state import Report
from monitor.warning.transitions import TABLE, Fact, State, next_state

MOVES = {(row.source, row.target) for row in TABLE if row.source != row.target}
SEEN = ({}, LOW, RISKY, CRAMPING, HELD, LET_GO, STILL_QUIET, UNKNOWN, SILENT, BAD, LEARNING)
SHORT = Settings().changed(
    {
        "trend.watch_after_s": 2,
        "trend.clear_after_s": 3,
        "state.warn_clear_after_s": 3,
        "state.back_after_s": 2,
        "cramp.relief_hold_s": 3,
        "cramp.cooldown_min": 1,
    }
)


def lived(seed: int, spells: int = 400) -> set[tuple[str, str]]:
    """The moves of a leg whose evidence is drawn in spells of up to twelve seconds, with reports in between."""
    rng, leg = np.random.default_rng(seed), Leg(SHORT)
    for _ in range(spells):
        leg.see(int(rng.integers(1, 13)), **SEEN[rng.integers(len(SEEN))])
        if rng.uniform() < 0.1:
            leg.machine.report(list(Report)[rng.integers(3)])
    return {(one.state, other.state) for one, other in itertools.pairwise(leg.changes)}


def test_random_lives_make_no_move_that_is_not_in_the_table_and_nearly_all_that_are():
    moves = set().union(*(lived(seed) for seed in range(8)))
    assert moves <= MOVES
    assert len(moves) >= 0.8 * len(MOVES), MOVES - moves


@pytest.mark.parametrize("row", range(len(TABLE)))
def test_every_row_can_be_taken(row: int):
    """With its own facts true and no other, and those of no row above it."""
    taken = TABLE[row]
    assert next_state(taken.source, frozenset(taken.when)) == taken.target


def test_every_state_can_be_entered_and_left():
    assert {source for source, _ in MOVES} == {target for _, target in MOVES} == set(State)


def test_every_fact_decides_somewhere():
    assert {fact for row in TABLE for fact in row.when} == set(Fact)


def test_a_lost_signal_comes_before_everything():
    for state in State:
        assert next_state(state, frozenset(Fact)) == State.NO_SIGNAL


def test_a_cramp_ends_in_relief_alone():
    ends = {row.target for row in TABLE if row.source == State.CRAMP}
    assert ends == {State.NO_SIGNAL, State.CALIBRATING, State.RELIEF}


def test_fatigue_alone_leads_to_watch_alone():
    for state in State:
        assert next_state(state, {Fact.TIRING, Fact.BACK}) in (State.WATCH, state)


@pytest.mark.parametrize("drawn, arrow", [(diagram.mermaid(), "-->"), (diagram.dot(), "->")])
def test_the_drawing_has_one_arrow_for_each_move_of_the_table(drawn: str, arrow: str):
    arrows = [line for line in drawn.splitlines() if arrow in line and "[*]" not in line and "start" not in line]
    assert len(arrows) == len([row for row in TABLE if row.source != row.target])
    assert all(any(line.strip().startswith(f"{a} {arrow} {b}") for line in arrows) for a, b in MOVES)


def test_the_command_prints_the_drawing(capsys: pytest.CaptureFixture[str]):
    assert diagram.main([]) == 0 and capsys.readouterr().out.startswith("stateDiagram-v2")
    assert diagram.main(["--dot"]) == 0 and capsys.readouterr().out.startswith("digraph")
