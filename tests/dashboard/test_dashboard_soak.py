"""Thousands of frames: the process must not grow, and Qt's binding must not eat references to None."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeSession
from pyqtgraph.Qt import QtWidgets

from monitor.dashboard.controls import Controls
from monitor.dashboard.window import Dashboard

WARM_UP, FRAMES = 300, 3000
GROWTH_MB = 12.0


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@pytest.mark.alone
@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_three_thousand_frames_leave_no_trace(app: object) -> None:
    session = FakeSession(states=("WATCH", "WARN"), markers=((640.0, "stretch"),))
    window = Dashboard(Controls())
    pictures = [session.at(640.0 + 0.033 * i) for i in range(120)]
    window.show_snapshot(pictures[0])
    window.show()
    frame_ms: list[float] = []

    def draw(count: int) -> None:
        for i in range(count):
            began = time.perf_counter()
            window.show_snapshot(pictures[i % len(pictures)])
            QtWidgets.QApplication.processEvents()
            frame_ms.append(1000 * (time.perf_counter() - began))

    draw(WARM_UP)
    gc.collect()
    before_mb, before_none = resident_mb(), sys.getrefcount(None)
    draw(FRAMES)
    gc.collect()
    grown_mb, drift = resident_mb() - before_mb, sys.getrefcount(None) - before_none
    median_ms, p99_ms = np.percentile(frame_ms[WARM_UP:], [50, 99])
    print(f"frame {median_ms:.1f} ms median, {p99_ms:.1f} ms p99; grown {grown_mb:.1f} MB; None {drift:+d}")
    window.close()
    window.deleteLater()
    assert grown_mb < GROWTH_MB
    assert abs(drift) < FRAMES / 30  # one reference per frame would be 3000
    assert median_ms < 100
