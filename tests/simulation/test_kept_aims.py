"""The kept figures of the reading and the heel-rise test: the README's tables are made of them, and aims are held."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from monitor.simulation.aims import Row, keep, line, markdown

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = ("fatigue_truth.json", "watch_truth.json", "heel_rises.json")


def kept(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "recordings" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_the_readme_has_the_table_of_the_kept_rows(name: str) -> None:
    assert markdown(kept(name)) in README


@pytest.mark.parametrize("name", FILES)
def test_every_aim_is_met(name: str) -> None:
    rows = [Row(**row) for row in kept(name)["rows"]]
    assert sum(row.aim is not None for row in rows) >= 4
    assert not [row.name for row in rows if not row.met]


def test_a_row_says_its_aim_and_whether_it_is_met() -> None:
    assert Row("bias", "%", -1.4, 1.5).cells == ("bias", "-1.40 %", "at most 1.5 %", "met")
    assert Row("seen", "", 0.9, 0.98, least=True).cells == ("seen", "0.90", "at least 0.98", "missed")
    assert Row("told", "%", 95.0).cells == ("told", "95.00 %", "", "")
    assert line(Row("delay", "min", math.nan, 1.0)).split() == ["delay", "unknown", "at", "most", "1", "min", "unknown"]


def test_what_could_not_be_measured_is_kept_as_unknown(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    keep(path, "a command", [Row("delay", "min", math.nan, 1.0), Row("bias", "%", 0.5, 1.5)])
    found = json.loads(path.read_text(encoding="utf-8"))
    assert [row["value"] for row in found["rows"]] == [None, 0.5] and found["simulated"]
    assert "| delay | unknown | at most 1 min | unknown |" in markdown(found)
    assert markdown(found).startswith("Simulated, never clinical. Made by `a command`")
