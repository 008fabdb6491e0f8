"""A hundredth of the soak: what eight hours of session time must hold, seen in small."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from drawing import NO_WINDOWS

SCREENS = Path(__file__).parent / "screens.py"


@pytest.mark.alone
@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.skipif(bool(NO_WINDOWS), reason=NO_WINDOWS)
def test_a_hundredth_of_eight_hours_leaves_no_trace_and_drops_no_alert() -> None:
    """In a process of its own: what other tests have left behind is let go of meanwhile, and would be counted."""
    command = [sys.executable, str(SCREENS), "--hours", "0.08"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    figures = json.loads(done.stdout)
    assert figures["faults"] == [] and done.returncode == 0
    assert figures["alerts_sent"] >= 4 and figures["alerts_dropped"] == {"Dashboard": 0, "Wall": 0}
