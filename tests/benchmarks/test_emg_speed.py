import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("emg_speed.py")


def test_it_prints_speeds_and_memory():
    command = [sys.executable, str(SCRIPT), "--seconds", "20", "--rounds", "1", "--json"]
    paths = os.environ | {"PYTHONPATH": str(SCRIPT.parents[2])}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100, env=paths)
    found = json.loads(ran.stdout)
    assert found["spectrum, 4 channels"]["x_real_time"] > 40  # 300 on an idle core
    assert found["motor-unit, 4 channels"]["x_real_time"] > 5
    for each in found.values():
        assert each["cost_over_floor"] > 1
        assert each["memory_growth"] < 0.1
