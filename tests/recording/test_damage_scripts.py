"""A hundredth of the long runs against damage and invented inputs."""

from __future__ import annotations

import random

import fuzz_files
from damage import Whole, cuts, flips, kills, power_cuts


def test_a_hundredth_of_the_damage(tmp_path):
    whole, dice = Whole(), random.Random(5)
    assert cuts(whole, 20, dice, tmp_path / "a.xdf")["n"] == 20
    flips(whole, 20, dice, tmp_path / "a.xdf")
    power_cuts(whole, 8, dice, tmp_path / "a.xdf")
    kills(1, dice, tmp_path)


def test_a_hundredth_of_the_invented_inputs(tmp_path):
    found = fuzz_files.run(10_000, 3, tmp_path)
    assert 0 < found["refused"] < 10_000
