"""A gateway and `analyze` run where there is no Qt: on a small computer without a screen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.running import ENVIRONMENT

ROOT = Path(__file__).parents[2]
TEAM = """
[[athletes]]
name = "A7"
[[athletes.sensors]]
match = "uMyo-A1"
profile = "umyo"
leg = "left"
roles = ["emg"]
"""
WITHOUT_QT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from monitor.cli import main
for call in sys.argv[1].split("|"):
    sys.argv[1:] = call.split()
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""


@pytest.fixture
def sensor() -> Iterator[str]:
    """A virtual sensor, as a radio."""
    command = [sys.executable, "-m", "monitor", "virtual", "--profile", "umyo", "--seconds", "60"]
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        found = next(match for line in process.stderr if (match := re.search(r"tcp:127\.0\.0\.1:\d+", line)))
        yield found[0]
    finally:
        process.kill()
        process.communicate()


def test_a_gateway_records_and_its_recording_is_analysed_without_qt(sensor: str, tmp_path: Path) -> None:
    (tmp_path / "team.toml").write_text(TEAM, encoding="utf-8")
    gateway = f"gateway --team team.toml --to mqtt://127.0.0.1:9 --radio {sensor} --record gw.xdf --seconds 5 --sound"
    calls = f"gateway --help|{gateway}|analyze gw.xdf --json"
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT, calls],
        cwd=tmp_path,
        env=ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "Headless near the athletes" in done.stdout
    assert "no broker listens at mqtt://127.0.0.1:9; recording goes on" in done.stderr
    assert "alerts are " in done.stderr or "alerts sound on" in done.stderr
    analysed = json.loads(done.stdout.splitlines()[-1])
    assert analysed["legs"][0]["channels"][0]["good_fraction"] > 0.5
    assert re.search(r"0\.0 s  A7 left   CALIBRATING  local: ", done.stdout)
