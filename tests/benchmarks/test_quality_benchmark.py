import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("quality.py")


def test_it_prints_the_cost_and_its_ratio_to_the_bare_rfft():
    command = [sys.executable, str(SCRIPT), "--sensors", "3", "--seconds", "4", "--rounds", "1", "--json"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)
    assert found["ratio"] > 0 and found["quality_pct_of_a_core"] > 0 and found["bare_rfft_pct_of_a_core"] > 0
