import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("peers.py")


def test_it_prints_our_slope_and_says_which_peers_are_missing(tmp_path):
    hidden = {
        f"{name}.py": "raise ImportError('hidden')" for name in ("libemg", "biosppy", "neurokit2", "brainflow", "ezmsg")
    }
    for name, text in hidden.items():
        (tmp_path / name).write_text(text)
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
    wrapper.chmod(0o755)
    command = [sys.executable, str(SCRIPT), "--seeds", "1", "--seconds", "20", "--python", str(wrapper), "--json"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout)
    ours = [row for row in rows if row["path"].startswith("crampwatch")]
    assert {row["rate_hz"] for row in ours} == {1000.0, 500.0}
    assert all(abs(row["slope_error_pct"]) < 60 for row in ours), "one signal of 20 s says little, but it says it"
    peers = [row for row in rows if not row["path"].startswith("crampwatch")]
    assert peers and all(row["missing"] == "not installed" for row in peers)
