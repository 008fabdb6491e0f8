"""An engine at work on a whole squad's packets in real time, for benchmarks of what runs beside it. No radio.

A thread with an event loop of its own hands the packets over at the times of connection events, as the radio's thread
does; how late it comes to do so is the latency of the notifications.
"""

from __future__ import annotations

import asyncio
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

from monitor.acquisition.profile import find  # noqa: E402
from monitor.alerts.path import AlertPath  # noqa: E402
from monitor.engine import SQUAD_FRAME_S, Engine  # noqa: E402
from monitor.events import Event, Heartbeat, Link, LinkChange, Notification  # noqa: E402
from monitor.session import Session  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.team import Athlete, Sensor, Team  # noqa: E402

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
            self._events(), session, describe=describe, sinks=(alerts,), watched=True, frame_s=SQUAD_FRAME_S
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

    @property
    def behind_s(self) -> float:
        """How far the engine is behind what has come."""
        return max(0.0, self._now_s - self.engine.session.now_s)

    def latency_ms(self) -> dict[str, float]:
        """Of the notifications' hand-over: median, 99th percentile, largest."""
        late = np.array(self.late_ms or [np.nan])
        return {"p50": float(np.median(late)), "p99": float(np.percentile(late, 99)), "max": float(late.max())}

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
        self._queue.put(Heartbeat(due_s))
