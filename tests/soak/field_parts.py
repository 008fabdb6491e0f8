"""The processes of a soak of the whole product: a gateway with virtual sensors, and the hub with the wall.

    python tests/soak/field_parts.py gateway|hub PLAN.json NAME RECORDING HOST PORT FOLDER

Each runs what `crampwatch gateway` and `crampwatch live --from ... --wall` run, but for the radio: the packets of
virtual sensors are handed over at its place. Each says "ready" and is then told, on standard input, the monotonic
second at which the field begins, or began. Signals: TERM ends; USR1 steps the clock of the day by an hour; USR2 lets
the wall draw slowly for a while. The hub tells what its wall shows, ten times a second, as lines of JSON.
"""

from __future__ import annotations

import json
import math
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).parents[i]) for i in (0, 2)]
sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in (".", "network", "dashboard")]

from broker_rig import PacketSource  # noqa: E402
from field_plan import LASTS_S, SLOW_DISPLAY, Plan  # noqa: E402

from monitor.acquisition.profile import find  # noqa: E402
from monitor.acquisition.profile_model import Profile  # noqa: E402
from monitor.cli.live_run import LiveRun  # noqa: E402
from monitor.events import Event, Link, LinkChange, Marker, Notification  # noqa: E402
from monitor.network.address import Broker  # noqa: E402
from monitor.network.connection import Access  # noqa: E402
from monitor.network.gateway import HEARTBEAT_S, Gateway, LocalStates  # noqa: E402
from monitor.network.hub import HubSource  # noqa: E402
from monitor.network.ownership import Ownership  # noqa: E402
from monitor.session import Session  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.simulation.calf import Calf  # noqa: E402
from monitor.simulation.kit import LegSignals  # noqa: E402
from monitor.simulation.producer import Producer  # noqa: E402
from monitor.simulation.sessions import random_session  # noqa: E402
from monitor.team import Athlete, Sensor, Team  # noqa: E402

STEP_S = 0.025  # wall seconds from one connection event to the next
CONNECT_S = 1.0  # wall seconds until a gateway that begins has its sensors
LOOK_S = 0.1
SLOW_FRAME_S = 0.4
CLOCK_STEP_S = 3600.0


class FieldSource(PacketSource):
    """The packets of sensors that run since the field began, whether a gateway listens or not."""

    def __init__(self, plan: Plan, sensors: list[str], begins: Callable[[], float]) -> None:
        self._marks: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._plan, self._sensors = plan, sensors
        signals = {sensor: _signals(plan, sensor) for sensor in sensors}
        profile, began_s = find("umyo"), begins()
        self.since_s = (time.monotonic() - began_s) * plan.speed  # field's session seconds at this source's 0
        self._producers = {
            sensor: Producer(profile, profile.sim.notify[0], of, self.since_s) for sensor, of in signals.items()
        }
        super().__init__(self._flow(), plan.seconds * plan.speed - self.since_s, HEARTBEAT_S * plan.speed, plan.speed)

    def _flow(self) -> Iterator[Event]:
        there = dict.fromkeys(self._sensors, False)
        step_s, profile = STEP_S * self._plan.speed, find("umyo")
        yield from (LinkChange(0.0, sensor, Link.SEARCHING) for sensor in self._sensors)
        for step in range(math.ceil(self.since_s / step_s), round(self._plan.seconds * self._plan.speed / step_s)):
            field_s = step * step_s
            at_s = field_s - self.since_s
            while not self._marks.empty():
                yield Marker(at_s, self._marks.get())
            for sensor, producer in self._producers.items():
                away = any(begin_s <= field_s < end_s for begin_s, end_s in self._plan.absences(sensor))
                here = not away and at_s >= CONNECT_S * self._plan.speed
                if here != there[sensor]:
                    there[sensor] = here
                    yield LinkChange(at_s, sensor, Link.LIVE if here else Link.LOST, "" if here else "out of range")
                producer.advance(field_s)
                if here:
                    yield from (Notification(at_s, sensor, profile.uuid(char), sent) for char, sent in producer.queue)
                producer.queue.clear()

    def mark(self, text: str) -> None:
        self._marks.put(text)


def _signals(plan: Plan, sensor: str) -> LegSignals:
    number = plan.sensors.index(sensor)
    minutes = plan.seconds * plan.speed / 60
    calf = Calf(random_session(plan.seed + number, max(20.0, minutes)), "left", plan.seed + number)
    return LegSignals(calf, "shank", plan.seed + number, None)


def team_of(sensors: list[str]) -> tuple[Team, dict[str, Profile]]:
    """Each on the left calf of an athlete of its own."""
    athletes = tuple(
        Athlete(name=f"A{name[5:]}", sensors=(Sensor(match=name, profile="umyo", leg="left", roles=("emg",)),))
        for name in sensors
    )
    return Team(athletes=athletes), dict.fromkeys(sensors, find("umyo"))


def gateway(plan: Plan, name: str, record: Path, access: Access) -> None:
    """As `crampwatch gateway`."""
    sensors = plan.sensors_of(name)
    people, profiles = team_of(sensors)
    source = FieldSource(plan, sensors, _begins)
    signal.signal(signal.SIGTERM, lambda *_: source.stop())
    keys = {sensor: profile.key for sensor, profile in profiles.items()}
    with Gateway(source, access, Ownership(name), keys, simulated=True) as post:
        local = LocalStates(post.publisher, _say)
        about = {"gateway": {"name": name, "run": post.publisher.run, "states": "local"}, "field_s": source.since_s}
        run = LiveRun("soak", "gateway", True, window=False, as_json=False, record=record, about=about,
                      watchers=(post.publisher, local), lines=post.lines, quiet=True)  # fmt: skip
        run.play(post, Session(people, profiles, Settings(), speed=plan.speed), profiles)


def hub(plan: Plan, name: str, record: Path, access: Access) -> None:
    """As `crampwatch live --from ... --wall`."""
    people, profiles = team_of(list(plan.sensors))
    session = Session(people, profiles, Settings(), speed=plan.speed)
    keys = {sensor: profile.key for sensor, profile in profiles.items()}
    with HubSource(access, name, keys, plan.speed) as source:
        shown = Shown(source, _begins())
        signal.signal(signal.SIGTERM, lambda *_: shown.ended.set())
        signal.signal(signal.SIGUSR2, lambda *_: shown.slow_down())
        LiveRun("soak", "live", True, window=True, as_json=False, record=record, wall=True, about=source.about,
                lines=source.lines, dress=source.dress, show=shown.run).play(source, session, profiles)  # fmt: skip
    lanes = source.merge.lanes.values()
    _say(json.dumps({"left_out": source.merge.left_out, "refused": source.refused,
                     "blocks_lost": sum(lane.losses.given_up for lane in lanes),
                     "blocks_doubled": sum(lane.doubled for lane in lanes)}))  # fmt: skip


class Shown:
    """The wall, and somebody who looks at it."""

    def __init__(self, source: HubSource, began_s: float) -> None:
        self._source, self._began_s = source, began_s
        self.ended = threading.Event()
        self._slow_until_s = 0.0
        self.frames = 0

    def slow_down(self) -> None:
        """The display is slow from now on, for a while."""
        self._slow_until_s = time.monotonic() + LASTS_S[SLOW_DISPLAY]

    def run(self, snapshots: Callable[[], Any], controls: Any) -> None:
        """Until it is ended."""
        from pyqtgraph.Qt import QtCore
        from rigs import Played

        from monitor.dashboard.app import application
        from monitor.dashboard.wall import Wall

        app = application()
        window = Wall(controls, sounder=Played())
        window._timer.timeout.connect(self._draw)
        window.watch(snapshots)
        window.show()
        timer = QtCore.QTimer()
        timer.timeout.connect(lambda: window.close() if self.ended.is_set() else None)
        timer.start(100)
        looker = threading.Thread(target=self._look, args=(snapshots,), name="looker", daemon=True)
        looker.start()
        app.exec()
        looker.join()
        window.deleteLater()

    def _draw(self) -> None:
        self.frames += 1
        if time.monotonic() < self._slow_until_s:
            time.sleep(SLOW_FRAME_S)

    def _look(self, snapshots: Callable[[], Any]) -> None:
        while not self.ended.wait(LOOK_S):
            shown, clock = snapshots(), self._source.clock
            _say(
                json.dumps(
                    {
                        "at_s": round(time.monotonic() - self._began_s, 2),
                        "session_s": round(shown.time_s, 1),
                        "late_s": round((clock.now_s() - shown.time_s) / clock.speed, 2),
                        "notes": list(shown.notes),
                        "links": {link.sensor: link.link for link in shown.links},
                        "recording": shown.recording,
                        "frames": self.frames,
                        "states": {leg.athlete: leg.state for leg in shown.legs},
                    }
                )
            )


def _begins() -> float:
    """All is made: say so, and be told when the field begins."""
    _say("ready")
    return float(sys.stdin.readline())


def _say(line: str) -> None:
    print(line, flush=True)


def _step_clock() -> None:
    real_s = time.time
    time.time = lambda: real_s() + CLOCK_STEP_S


def main() -> None:
    kind, plan, name, record, host, port, folder = sys.argv[1:]
    signal.signal(signal.SIGUSR1, lambda *_: _step_clock())
    password = (Path(folder) / f"{name}.password").read_text(encoding="utf-8").strip()
    access = Access(Broker(host, int(port), tls=True), name, password, Path(folder) / "ca.crt")
    part = {"gateway": gateway, "hub": hub}[kind]
    part(Plan.read(Path(plan).read_text(encoding="utf-8")), name, Path(record), access)


if __name__ == "__main__":
    main()
