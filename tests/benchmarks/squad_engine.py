"""An engine at work on a whole squad's packets in real time, for benchmarks of what runs beside it. No radio.

    python tests/benchmarks/squad_engine.py ATHLETES SECONDS     until its input ends; then says how it went

A thread with an event loop of its own hands the packets over at the times of connection events, as the radio's thread
does; how late it comes to do so is the latency of the notifications.
"""

from __future__ import annotations

import asyncio
import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]  # the project, its tests

from benchmarks.decoding import INTERVAL_S, notifications  # noqa: E402

from monitor.acquisition.live import HEARTBEAT_S  # noqa: E402
from monitor.acquisition.profile import find  # noqa: E402
from monitor.alerts.path import AlertPath  # noqa: E402
from monitor.engine import SQUAD_FRAME_S, Engine  # noqa: E402
from monitor.events import Event, Heartbeat, Link, LinkChange, Notification  # noqa: E402
from monitor.pauses import short_pauses  # noqa: E402
from monitor.session import Session  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.team import Athlete, Sensor, Team  # noqa: E402

RATES_LEARNT_S = 3.0
KINDS = 4  # of sensors that differ; the others send what one of these sends


class SquadEngine:
    """athletes : each wears a uMyo on both calves. Use as `with SquadEngine(40, 30.0) as squad`."""

    def __init__(self, athletes: int, seconds: float) -> None:
        profile = find("umyo")
        worn = [
            Athlete(
                name=f"A{number}",
                sensors=tuple(
                    Sensor(match=f"u{number}{leg}", profile="umyo", leg=leg, roles=("emg",))
                    for leg in ("left", "right")
                ),
            )
            for number in range(1, athletes + 1)
        ]
        self._sensors = [sensor.match for athlete in worn for sensor in athlete.sensors]
        self._flows = [notifications(profile, seconds, seed) for seed in range(KINDS)]
        self._seconds = seconds
        session = Session(Team(athletes=tuple(worn)), dict.fromkeys(self._sensors, profile), Settings())
        alerts = AlertPath(session.settings.alerts, [])
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.late_ms: list[float] = []

        def describe() -> dict[str, object]:
            calling = {"alerts": alerts.rules.standing(session.now_s)}
            return {"speed": 1.0, "source": "live", "title": "Squad", "simulated": True} | calling

        self.engine = Engine(
            self._events(),
            session,
            describe=describe,
            sinks=(alerts,),
            watched=True,
            frame_s=SQUAD_FRAME_S,
            curves=False,
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._radio()), name="radio", daemon=True)

    def __enter__(self) -> Self:
        self.engine.start()
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stopping.set()
        self._thread.join()
        self.engine.join()

    def learn_rates(self) -> None:
        """Until the sensors' rates are known; what was late until then does not count."""
        time.sleep(RATES_LEARNT_S)
        self.late_ms.clear()

    def told(self) -> dict[str, float]:
        """Latency of the notifications' hand-over: median, 99th percentile, largest; how far the engine is behind."""
        late_ms = np.array(self.late_ms or [np.nan])
        found = {"p50": np.median(late_ms), "p99": np.percentile(late_ms, 99), "max": late_ms.max()}
        behind_s = max(0.0, self._now_s - self.engine.session.now_s)
        return {f"notification_{q}": round(float(ms), 2) for q, ms in found.items()} | {
            "engine_behind_s": round(behind_s, 2)
        }

    _now_s = 0.0

    def _events(self) -> Iterator[Event]:
        while (event := self._queue.get()) is not None and not self._stopping.is_set():
            yield event

    async def _radio(self) -> None:
        begun_s, places = time.monotonic(), [0] * KINDS
        for sensor in self._sensors:
            self._queue.put(LinkChange(0.0, sensor, Link.LIVE))
        for tick in range(1, int(self._seconds / INTERVAL_S)):
            due_s = tick * INTERVAL_S
            await asyncio.sleep(max(0.0, begun_s + due_s - time.monotonic()))
            self._now_s = time.monotonic() - begun_s
            self.late_ms.append(1000 * (self._now_s - due_s))
            self._hand_over(due_s, places)
            if self._stopping.is_set():
                break
        self._queue.put(None)

    def _hand_over(self, due_s: float, places: list[int]) -> None:
        for kind, flow in enumerate(self._flows):
            first = places[kind]
            while places[kind] < len(flow) and flow[places[kind]].time_s <= due_s:
                places[kind] += 1
            for sensor in self._sensors[kind::KINDS]:
                for sent in flow[first : places[kind]]:
                    self._queue.put(Notification(due_s, sensor, sent.char, sent.payload))
        if due_s // HEARTBEAT_S > (due_s - INTERVAL_S) // HEARTBEAT_S:
            self._queue.put(Heartbeat(due_s))


def main() -> None:
    with short_pauses(), SquadEngine(int(sys.argv[1]), float(sys.argv[2])) as squad:
        squad.learn_rates()
        print("at work", flush=True)
        sys.stdin.read()
        print(json.dumps(squad.told()))


if __name__ == "__main__":
    main()
