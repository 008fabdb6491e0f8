"""The simulated calf against published ranges: every row is inside, or says why not."""

from __future__ import annotations

import pytest

from monitor.simulation import realism
from monitor.simulation.realism import Row


@pytest.fixture(scope="module")
def table() -> dict[str, Row]:
    return {row.name: row for row in realism.rows(n_athletes=3)}


def test_every_row_is_inside_or_explained(table: dict[str, Row]):
    assert len(table) >= 30
    assert [row.name for row in table.values() if not row.inside and not row.why] == []


@pytest.mark.parametrize(
    "name",
    [
        "fresh MDF of GM, sustained press",
        "decline, calf raises to failure",
        "left of it after 10 min of rest",
        "walking: most plantarflexion",
        "running: strides of a leg",
        "EMG uphill 6 deg / level",
        "twitches before a cramp",
        "other head in a cramp",
        "kick: fastest turn of the shank",
        "cramp: mean rate of a unit",
        "cramp: irregularity of intervals",
    ],
)
def test_what_the_detector_stands_on_is_inside(table: dict[str, Row], name: str):
    assert table[name].inside


def test_a_row_outside_its_range_says_so():
    assert not Row("x", "", 3.0, 0.0, 2.0, "somebody").inside


def test_the_command_prints_the_table_and_the_hash_of_the_ranges(monkeypatch, capsys):
    monkeypatch.setattr(realism, "rows", lambda n: [Row("good", "Hz", 1, 0, 2, "a"), Row("bad", "Hz", 3, 0, 2, "b")])
    assert realism.main(["--athletes", "2"]) == 1
    printed = capsys.readouterr().out
    assert "inside" in printed and "OUTSIDE: not explained" in printed
    assert "SIMULATED" in printed and realism.ranges_hash() in printed
