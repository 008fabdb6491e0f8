import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("decoding.py")


def benchmark(*options: str) -> str:
    command = [sys.executable, str(SCRIPT), "--seconds", "12", "--rounds", "1", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout


def test_it_prints_cost_ratio_and_throughput_for_each_sensor():
    found = json.loads(benchmark("--json"))
    for sensor in ("umyo", "witmotion"):
        assert found[sensor]["decoding_ms_per_s"] > 0
        assert found[sensor]["ratio"] > 1
        assert found[sensor]["notifications_per_cpu_s"] > 0


def test_the_table_names_what_it_shows():
    table = benchmark()
    assert all(word in table for word in ("decoding", "floor", "ratio", "umyo", "witmotion"))
