"""Hours of a session under both windows: memory flat, no drift of None's reference count, no dropped alert.

    python tests/soak/screens.py --hours 8                    at sixty times real speed
    python tests/soak/screens.py --hours 0.5 --speed 1        half an hour at real speed

A sample recording of a cramp follows on itself for so long, through the whole pipeline, the alert rules, the
dashboard (its views and themes in turn) and the wall. One JSON object at the end; exit code 1 if something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent.parent / "dashboard"))

from pyqtgraph.Qt import QtCore
from rigs import Played

from monitor import shipped
from monitor.alerts.alert import Alert
from monitor.alerts.path import AlertPath
from monitor.chunk import Chunk
from monitor.dashboard.app import application
from monitor.dashboard.controls import Controls
from monitor.dashboard.screen import Screen
from monitor.dashboard.wall import Wall
from monitor.dashboard.window import Dashboard
from monitor.engine import Engine
from monitor.events import Decoded, Event
from monitor.keeping import session_from_header
from monitor.pauses import short_pauses
from monitor.recording.replay import RecordingSource

LOOK_S, LOOKS = 5.0, 12  # wall seconds between two looks at the process; a short run has so many all the same
TURN_S = 20.0  # wall seconds after which the dashboard shows another view
GROWTH_MB = 30.0  # between the end of the warm-up and the end; a leg keeps three hours of seconds
NONE_DRIFT_PER_FRAME = 1 / 20


@dataclass
class Endless:
    """A recording that follows on itself. speed : session seconds per wall second."""

    path: Path
    until_s: float
    speed: float

    def __post_init__(self) -> None:
        with RecordingSource(self.path, speed=None) as source:
            self.header, self.events = source.header, list(source)
        self.length_s = self.events[-1].time_s + 0.5

    def __iter__(self) -> Iterator[Event]:
        begun_s = time.monotonic()
        for turn in range(int(self.until_s / self.length_s) + 1):
            later_s = turn * self.length_s
            for event in self.events:
                time_s = event.time_s + later_s
                if time_s > self.until_s:
                    return
                time.sleep(max(0.0, begun_s + time_s / self.speed - time.monotonic()))
                yield _moved(event, later_s)


def _moved(event: Event, by_s: float) -> Event:
    if isinstance(event, Decoded):
        chunk = Chunk(event.chunk.stream, event.chunk.time_s + by_s, event.chunk.samples)
        return replace(event, time_s=event.time_s + by_s, chunk=chunk)
    return replace(event, time_s=event.time_s + by_s)


@dataclass
class Ears:
    """What went out, and what each window heard of it."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    heard: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def send(self, alert: Alert) -> None:
        self.sent.append((alert.athlete, alert.leg, alert.state))

    def listen(self, window: Screen) -> None:
        """Write down what this window is to sound."""
        heard, update = self.heard.setdefault(type(window).__name__, []), window.alarms.update

        def listening(alerts: Any) -> Any:
            due = update(alerts)
            heard.extend((alert.athlete, alert.leg, alert.state) for alert in due)
            return due

        window.alarms = _Listened(listening)  # type: ignore[assignment]

    @property
    def dropped(self) -> dict[str, int]:
        """By window, how many alerts it never heard."""
        return {name: len(self.sent) - len(heard) for name, heard in self.heard.items()}


@dataclass
class Knocks:
    """The alert rules, with a made-up cramp of the right leg every so often besides what the recording gives."""

    path: AlertPath
    every_s: float = 70.0
    _due: list[tuple[float, str]] = field(default_factory=list)
    _next_s: float = 20.0

    def put(self, event: Event, chunks: Any, changes: Any) -> None:
        """Follow the session, and knock."""
        if event.time_s >= self._next_s:
            self._due = [(self._next_s, "CRAMP"), (self._next_s + 5.0, "OK")]
            self._next_s += self.every_s
        now = [{"time_s": at_s, "athlete": "Z", "leg": "right", "state": state}
               for at_s, state in self._due if at_s <= event.time_s]  # fmt: skip
        self._due = self._due[len(now) :]
        self.path.put(event, chunks, [*changes, *now])


class _Listened:
    sound = "WARN and CRAMP"

    def __init__(self, update: Any) -> None:
        self.update, self.left_range = update, lambda _: False


def resident_mb() -> float:
    """What this process holds, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def soak(session_s: float, speed: float = 60.0, tell: Any = lambda _: None) -> dict[str, Any]:
    """Run it; the figures. tell : called with each look at the process."""
    app = application()
    source = Endless(shipped.recording(Path("cramp")), session_s, speed)
    session = session_from_header(source.header)
    ears = Ears()
    path = AlertPath(session.settings.alerts, [ears])

    def describe() -> dict[str, object]:
        calling = {"alerts": path.rules.standing(session.now_s), "muted": ()}
        return {"speed": speed, "source": "live", "title": "soak", "simulated": True} | calling

    engine = Engine(source, session, describe=describe, sinks=(Knocks(path),), watched=True)
    dashboard, wall = Dashboard(Controls(), sounder=Played()), Wall(Controls(), sounder=Played())
    looks: list[dict[str, float]] = []
    begun_s, frames, turns = time.monotonic(), [0], [0]

    def count() -> None:
        frames[0] += 1

    def look() -> None:
        looks.append(
            {
                "session_s": round(session.now_s),
                "wall_s": round(time.monotonic() - begun_s, 1),
                "mb": round(resident_mb(), 1),
                "none": sys.getrefcount(None),
                "frames": frames[0],
                "turns": turns[0],
            }
        )
        tell(looks[-1])

    def turn() -> None:
        """In the first half: every rebuilt window costs some of None's references, which would hide a drift."""
        if session.now_s > session_s / 2:
            return
        turns[0] += 1
        dashboard.other_view()
        dashboard.other_theme()
        wall.other_theme()

    for window in (dashboard, wall):
        ears.listen(window)
        window.watch(lambda: engine.snapshot)
        window._timer.timeout.connect(count)
        window.show()
    timers = [QtCore.QTimer() for _ in range(3)]
    look_s = min(LOOK_S, session_s / speed / LOOKS)
    for timer, act, every_s in zip(
        timers, (look, turn, lambda: engine.running or app.quit()), (look_s, TURN_S, 0.1), strict=True
    ):
        timer.timeout.connect(act)
        timer.start(int(1000 * every_s))
    with short_pauses() as search_if_due:  # as every session that runs; nothing else searches for cycles
        timers[0].timeout.connect(search_if_due)
        engine.start()
        app.exec()
    for timer in timers:
        timer.stop()
    engine.join()
    for window in (dashboard, wall):
        window.show_snapshot(engine.snapshot)
    look()
    for window in (dashboard, wall):
        window.close()
        window.deleteLater()
    app.processEvents()
    return _figures(looks, ears, path, source)


def _figures(looks: list[dict[str, float]], ears: Ears, path: AlertPath, source: Endless) -> dict[str, Any]:
    """A third of the time is warm-up: caches fill, and the legs' memory of three hours."""
    last = looks[-1]
    first = next(one for one in looks if one["wall_s"] >= last["wall_s"] / 3)
    full = _still(looks)[0]["session_s"] > 3 * 3600
    return {
        "session_h": round(last["session_s"] / 3600, 2),
        "wall_min": round(last["wall_s"] / 60, 1),
        "times_real": round(last["session_s"] / max(last["wall_s"], 1e-9), 1),
        "frames": last["frames"],
        "mb_after_warm_up": first["mb"],
        "mb_at_end": last["mb"],
        "grown_mb": round(last["mb"] - first["mb"], 1),
        "memory_full_after_rebuilding": full,
        "none_drift_per_frame": round(_none_drift(looks), 4),
        "windows_rebuilt": last["turns"],
        "alerts_sent": len(ears.sent),
        "alerts_withheld": path.withheld,
        "alerts_dropped": ears.dropped,
        "turns_of_the_recording": round(last["session_s"] / source.length_s, 1),
    }


def _still(looks: list[dict[str, float]]) -> list[dict[str, float]]:
    """The looks after the last rebuilt window, but for the first of them: it takes its old parts away."""
    return [one for one in looks if one["turns"] == looks[-1]["turns"]][1:] or looks[-1:]


def _none_drift(looks: list[dict[str, float]]) -> float:
    """By how much None's reference count changes in a frame while no window is rebuilt. In one of few frames it is
    mostly what happens to be under way."""
    still = _still(looks)
    frames = still[-1]["frames"] - still[0]["frames"]
    return (still[-1]["none"] - still[0]["none"]) / frames if frames else 0.0


def faults(figures: dict[str, Any]) -> list[str]:
    """What is wrong, in sentences."""
    found = []
    if figures["grown_mb"] > GROWTH_MB:
        found.append(f"memory grew by {figures['grown_mb']} MB")
    drift = figures["none_drift_per_frame"]  # while the legs' memory fills, what it keeps refers to None, too
    if drift < -NONE_DRIFT_PER_FRAME or (figures["memory_full_after_rebuilding"] and drift > NONE_DRIFT_PER_FRAME):
        found.append(f"None's reference count drifts by {figures['none_drift_per_frame']} per frame")
    if any(figures["alerts_dropped"].values()) or not figures["alerts_sent"]:
        found.append(f"alerts were dropped: {figures['alerts_dropped']} of {figures['alerts_sent']}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8.0, help="of session time")
    parser.add_argument(
        "--speed",
        type=float,
        default=60.0,
        help="session seconds per second; a window must have time to see each alert",
    )
    arguments = parser.parse_args()
    figures = soak(3600 * arguments.hours, arguments.speed, lambda one: print(json.dumps(one), file=sys.stderr))
    wrong = faults(figures)
    print(json.dumps(figures | {"faults": wrong}))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
