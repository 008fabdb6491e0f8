"""What the gate's own scripts say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import branches
import lowest
import pytest

COUNTED = [
    ("acquisition/packet.py", 10, 9),
    ("acquisition/clock.py", 4, 4),
    ("recording/xdf.py", 6, 3),
    ("warning/score.py", 2, 2),
]


def test_the_branches_of_a_room_are_added_up() -> None:
    files = {
        f"monitor/{name}": {"summary": {"num_branches": there, "covered_branches": taken}}
        for name, there, taken in COUNTED
    }
    files["monitor/recording/repair.py"] = {"summary": {"num_branches": 2, "covered_branches": 1}}
    files["monitor/leg.py"] = {"summary": {"num_branches": 90, "covered_branches": 0}}
    assert branches.taken({"files": files}) == {"decoding": 0.9, "clock": 1.0, "recording": 0.5, "warning": 1.0}
    with pytest.raises(KeyError, match="decoding"):
        branches.taken({"files": {}})


def test_every_pattern_finds_a_file() -> None:
    root = Path(__file__).parents[1]
    for pattern in (one for room in branches.ROOMS.values() for one in branches.patterns(room)):
        assert list((root / "monitor").glob(pattern)), pattern
    for pattern in branches.patterns(branches.TESTS):
        assert list((root / "tests").glob(pattern)), pattern


def test_every_dependency_has_a_lower_end() -> None:
    printed = subprocess.run([sys.executable, lowest.__file__], capture_output=True, text=True, check=True).stdout
    assert "numpy==2.0.2\n" in printed and "bumble==0.0.236\n" in printed
    for wrong in (["numpy"], ["numpy>=2", "numpy>=3"]):
        with pytest.raises(ValueError, match="numpy"):
            list(lowest.lowest({"dependencies": wrong, "optional-dependencies": {}}))
