import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("engine.py")


def benchmark(*options: str) -> str:
    command = [sys.executable, str(SCRIPT), "--seconds", "4", "--channels", "2", "--rounds", "1", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout


def test_it_prints_a_ratio_for_live_and_batch():
    alone, found = map(json.loads, benchmark("--json").splitlines())
    assert (alone["imus"], found["imus"]) == (0, 2)
    assert found["channels"] == 2
    for mode in ("live", "batch"):
        assert found[mode]["ratio"] > 0
        assert found[mode]["engine_ms_per_s"] > 0
    assert found["live_pct_of_a_core"]["60"] == pytest.approx(6 * found["live"]["engine_ms_per_s"])
    assert found["batch_speed"] == pytest.approx(1000 / found["batch"]["engine_ms_per_s"])


def test_the_table_names_engine_floor_and_ratio():
    table = benchmark()
    assert all(word in table for word in ("engine", "floor", "ratio", "live", "batch", "60 legs", "x real time"))
