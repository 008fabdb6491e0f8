import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("recording.py")


def test_size_and_memory_of_a_recording_are_as_promised():
    command = [sys.executable, str(SCRIPT), "--seconds", "4", "--sensors", "20", "--hours", "0.02", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100)
    found = json.loads(done.stdout)
    assert found["with raw bytes"]["size"] < 1.8
    assert found["without"]["size"] < 1.1
    assert found["with raw bytes"]["core_pct"] > found["without"]["core_pct"] > 0
    assert found["seek"]["peak_mb"] < 30
