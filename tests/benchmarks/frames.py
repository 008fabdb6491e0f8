"""Frame times of the screens, offscreen: median and 99th percentile of show_snapshot + painting, ms.

    python tests/benchmarks/frames.py [--frames 300] [--view wall|dashboard|scientist|all] [--engine 40] [--json]

The wall shows 40 athletes whose states come and go, with two open alarms that flash; the dashboard two legs with
eight channels of 1000 Hz each; the scientist's view scrolls through sixteen channels of 1000 Hz. A frame is one new
snapshot, read and painted to its end. "own" is the work of this thread, which other programs do not lengthen.

--engine N: at the same time the engine works in real time on the packets of N athletes (both legs), a frame comes
every 33 ms, and the latency of the notifications is measured. The wall shows the snapshots of an engine in its own
process, as `live --wall` does; beside two legs' dashboard and the study of a recording the squad's is another program.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent.parent / "dashboard"))

import squad_engine
from fake_study import fake_study
from fakes import FakeSession
from pyqtgraph.Qt import QtWidgets
from rigs import Commands, Rig, squad_session
from squad_engine import SquadEngine

from monitor.dashboard.app import application
from monitor.dashboard.scientist.window import Scientist
from monitor.dashboard.wall import Wall
from monitor.dashboard.window import Dashboard
from monitor.pauses import short_pauses
from monitor.snapshot import Snapshot

FRAME_S = 0.033
WARM_UP = 20


def frame_times_ms(
    show: Callable[[Snapshot], object], pictures: list[Snapshot], frames: int, paced: bool
) -> np.ndarray:
    """Milliseconds of each frame after the warm-up: (frames, 2), on the wall and of this thread's own work.

    paced : a frame comes every 33 ms, else as soon as the last one is done.
    """
    spent = []
    for i in range(frames + WARM_UP):
        began = time.perf_counter(), time.thread_time()
        show(pictures[i % len(pictures)])
        QtWidgets.QApplication.processEvents()
        spent.append((time.perf_counter() - began[0], time.thread_time() - began[1]))
        if paced:
            time.sleep(max(0.0, FRAME_S - spent[-1][0]))
    return 1000 * np.array(spent[WARM_UP:])


def wall(frames: int, paced: bool = False, squad: SquadEngine | None = None) -> np.ndarray:
    """40 athletes; every second another one goes from OK to WATCH; or what the engine says of its own."""
    rig = Rig(Wall)
    pictures = [
        squad_session(40, A4="WARN", A11="CRAMP", **{f"A{20 + i // 30 % 20}": "WATCH"}).at(640.0 + 0.033 * i)
        for i in range(90)
    ]

    def show(snapshot: Snapshot) -> None:
        rig.wall_s += 0.033
        rig.show(snapshot if squad is None else squad.engine.snapshot)

    return frame_times_ms(show, pictures, frames, paced)


def dashboard(frames: int, paced: bool = False) -> np.ndarray:
    """Two legs of eight channels of 1000 Hz."""
    window = Dashboard(Commands())
    session = FakeSession(states=("WATCH", "WARN"), channels=tuple(f"E{i}" for i in range(8)))
    pictures = [session.at(640.0 + 0.033 * i) for i in range(60)]
    window.show_snapshot(pictures[0])
    window.show()
    return frame_times_ms(window.show_snapshot, pictures, frames, paced)


def scientist(frames: int, paced: bool = False) -> np.ndarray:
    """16 channels of 1000 Hz, ten seconds of them in view, played at real speed."""
    window = Scientist([])
    window._timer.stop()
    window._paths = [Path("made up.xdf")]
    window.show()
    window._take(fake_study(120.0, tuple(f"E{i}" for i in range(16))))
    window.player.zoom(10.0 / window.player.span_s, 20.0)
    window.player.go(window.player.view.from_s + 0.75 * window.player.span_s)  # from here on all panels scroll
    window.player.playing = True

    def show(_: Snapshot) -> None:
        window.player.advance(0.033)
        window._show()

    return frame_times_ms(show, [squad_session(1).at(1.0)], frames, paced)


VIEWS = {"wall": wall, "dashboard": dashboard, "scientist": scientist}


def beside_engine(name: str, frames: int, athletes: int) -> tuple[dict[str, float], np.ndarray]:
    """What the squad's engine says of itself, and the times of the frames."""
    seconds = 10.0 + 4 * FRAME_S * (frames + WARM_UP)
    if name == "wall":
        with short_pauses(), SquadEngine(athletes, seconds) as squad:
            squad.learn_rates()
            times_ms = wall(frames, paced=True, squad=squad)
            return squad.told(), times_ms
    command = [sys.executable, squad_engine.__file__, str(athletes), str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has learnt the rates
        times_ms = VIEWS[name](frames, paced=True)
        return json.loads(process.communicate()[0]), times_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--view", choices=[*VIEWS, "all"], default="all")
    parser.add_argument("--engine", type=int, default=0, metavar="N", help="athletes that the engine works on besides")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    application()
    for name in VIEWS if arguments.view == "all" else (arguments.view,):
        engine, times_ms = (
            beside_engine(name, arguments.frames, arguments.engine)
            if arguments.engine
            else ({}, VIEWS[name](arguments.frames))
        )
        row: dict[str, object] = {"view": name} | engine
        for kind, of_kind_ms in zip(("wall", "own"), times_ms.T, strict=True):
            row |= {f"{kind}_p{p}": round(float(np.percentile(of_kind_ms, p)), 2) for p in (50, 99)}
        line = "   ".join(f"{key} {value}" for key, value in row.items())
        print(json.dumps(row) if arguments.json else line)


if __name__ == "__main__":
    main()
