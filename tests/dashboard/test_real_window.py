"""The same windows on a real X server (Xvfb): opened, driven by keys, photographed, closed."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import FOLDER

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or ctypes.util.find_library("xcb-cursor") is None,
    reason="needs Xvfb and libxcb-cursor",
)

DRIVE = """
import sys
from pathlib import Path
from fakes import FakeSession
from fake_study import fake_study
from pictures import keep
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets
from rigs import Commands, Played, squad_session
from monitor.dashboard.app import application
from monitor.dashboard.scientist.window import Scientist
from monitor.dashboard.wall import Wall
from monitor.dashboard.window import Dashboard

app = application()
assert app.platformName() == "xcb", app.platformName()

def drive(window, name, keys):
    window.show()
    window.activateWindow()
    QtTest.QTest.qWaitForWindowExposed(window, 3000)
    for key in keys:
        QtTest.QTest.keyClick(window, key)
        QtTest.QTest.qWait(20)
    keep(window, name)
    window.close()
    QtTest.QTest.qWait(10)

key, sounder = QtCore.Qt.Key, Played()
wall = Wall(Commands(), sounder=sounder)
wall.show_snapshot(squad_session(40, A4="WARN").at(100.0))
drive(wall, "x-wall", [key.Key_A, key.Key_Right, key.Key_T])
window = Dashboard(Commands(), sounder=sounder)
window.watch(lambda: FakeSession(states=("WARN", "OK")).at(100.0))
drive(window, "x-athlete", [key.Key_V, key.Key_T])
study = Scientist([])
study._paths = [Path("made up.xdf")]
study._take(fake_study())
drive(study, "x-scientist", [key.Key_W, key.Key_Up, key.Key_R])
print("all driven")
"""


@pytest.fixture
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.timeout(180)
def test_the_windows_work_on_a_real_x_server(display: str) -> None:
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parent.parent)])
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", DRIVE], env=environment, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "all driven" in done.stdout and "Traceback" not in done.stderr
    assert all((FOLDER / f"x-{name}.png").stat().st_size > 20_000 for name in ("wall", "athlete", "scientist"))
