import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("decoding.py")
SENSORS = ("8 x 1000 Hz", "umyo", "witmotion")


def benchmark(*options: str) -> str:
    command = [sys.executable, str(SCRIPT), "--seconds", "12", "--sensors", "10", "--rounds", "1", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout


def test_it_prints_cost_and_ratio_for_each_sensor():
    found = json.loads(benchmark("--json"))
    for sensor in SENSORS:
        assert found[sensor]["core_pct"] > 0
        assert 1 < found[sensor]["ratio"] < 1000


def test_the_table_names_what_it_shows():
    table = benchmark()
    assert all(word in table for word in ("% of core", "floor", "ratio", *SENSORS))
