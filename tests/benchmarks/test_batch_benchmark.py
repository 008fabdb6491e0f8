"""The benchmark of the batch, in small."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("batch.py")


def test_it_prints_throughput_and_scaling():
    command = [
        sys.executable,
        str(SCRIPT),
        "--json",
        "--recording",
        "electrode-off",
        "--times",
        "1",
        "--jobs",
        "1",
        "--rounds",
        "1",
        "--table-seconds",
        "40",
    ]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout)
    assert found["scaling"] == {"1": 1.0} and found["times_real"]["1"] > 1.0 and found["times"] == 1
    assert found["table_times_real"] > 1.0
