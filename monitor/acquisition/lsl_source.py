"""A team's sensors as LSL streams of other programs: a source like the radio's."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from monitor.acquisition.lsl_inlet import Inlet
from monitor.acquisition.lsl_library import lsl
from monitor.acquisition.session_clock import SessionClock
from monitor.errors import LinkError, TeamError
from monitor.events import Decoded, Event, Heartbeat, Link, LinkChange, Marker
from monitor.team import Sensor, Team

PROFILE = "lsl"
_PULL_S = 0.05
_HEARTBEAT_S = 0.5
_FORGET_S = 5.0
_JOIN_S = 10.0


class LslSource:
    """Iterate it in the engine's thread; use as `with LslSource(team) as source`.

    team : sensors of the profile "lsl" with one role each; `match` is a stream's source_id or name.
    Raises: TeamError for other sensors, NetworkError where the library is missing.
    """

    def __init__(self, team: Team) -> None:
        self._sensors = [sensor for athlete in team.athletes for sensor in athlete.sensors]
        for sensor in self._sensors:
            _check(sensor)
        self._lsl = lsl()
        self.clock = SessionClock(1.0)
        self._origin_s = self._lsl.local_clock()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._marks: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._opening: dict[str, Future[Inlet]] = {}
        self._inlets: dict[str, Inlet] = {}
        self._told: dict[str, tuple[Link, str]] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lsl", daemon=True)

    def start(self) -> None:
        """Begin to look for the streams. Starting twice is starting once."""
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """End the iteration, from any thread, and twice."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_S)
        self._events.put(None)

    def mark(self, text: str) -> None:
        """Note something now, from any thread."""
        self._marks.put(text)

    def alert(self, source_id: str) -> None:
        """LSL carries nothing back to a sensor."""

    def behind_s(self, session_s: float) -> float:
        """How far an engine that has come to `session_s` is behind what has come, session seconds."""
        return self.clock.now_s() - session_s

    def __iter__(self) -> Iterator[Event]:
        self.start()
        while (event := self._events.get()) is not None:
            yield event

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # What follows runs in the source's own thread.

    def _run(self) -> None:
        air = self._lsl.ContinuousResolver(forget_after=_FORGET_S)
        beat_s = 0.0
        with ThreadPoolExecutor(8, thread_name_prefix="lsl-open") as pool:
            while not self._ending.is_set():
                began_s = time.monotonic()
                self._look(air.results(), pool)
                for name in list(self._inlets):
                    self._pull(name)
                while not self._marks.empty():
                    self._events.put(Marker(self.clock.now_s(), self._marks.get()))
                if self.clock.now_s() >= beat_s:
                    beat_s += _HEARTBEAT_S
                    self._events.put(Heartbeat(self.clock.now_s()))
                self._ending.wait(max(0.0, _PULL_S - (time.monotonic() - began_s)))
        for inlet in self._inlets.values():
            inlet.close()
        self._events.put(None)

    def _look(self, found: list[Any], pool: ThreadPoolExecutor) -> None:
        """Open the streams that are there and not open; take those that are open by now."""
        for sensor in self._sensors:
            name = sensor.match
            if name in self._opening:
                self._take(name)
            elif name not in self._inlets and self._told.get(name, (Link.SEARCHING, ""))[0] is not Link.UNSUPPORTED:
                fitting = [info for info in found if name in (info.source_id(), info.name())]
                if len(fitting) > 1:
                    self._tell(name, Link.SEARCHING, "several streams have this name: give each a source_id")
                elif fitting:
                    self._tell(name, Link.CONNECTING)
                    self._opening[name] = pool.submit(Inlet, self._lsl, fitting[0], sensor, self._origin_s)
                elif name not in self._told:
                    self._tell(name, Link.SEARCHING)

    def _take(self, name: str) -> None:
        opening = self._opening[name]
        if not opening.done():
            return
        del self._opening[name]
        try:
            self._inlets[name] = opening.result()
        except LinkError as error:
            self._tell(name, Link.UNSUPPORTED, str(error))
        except (RuntimeError, TimeoutError) as error:  # what the library raises: the stream went away meanwhile
            self._tell(name, Link.LOST, str(error))
        else:
            self._tell(name, Link.LIVE)

    def _pull(self, name: str) -> None:
        try:
            chunk = self._inlets[name].pull()
        except (RuntimeError, TimeoutError) as error:
            self._inlets.pop(name).close()
            self._tell(name, Link.LOST, f"the stream has ended ({error})" if str(error) else "the stream has ended")
            return
        if chunk is not None and len(chunk):
            self._events.put(Decoded(self.clock.now_s(), name, chunk))

    def _tell(self, name: str, link: Link, detail: str = "") -> None:
        if self._told.get(name) != (link, detail):
            self._told[name] = link, detail
            self._events.put(LinkChange(self.clock.now_s(), name, link, detail))


def _check(sensor: Sensor) -> None:
    if sensor.profile != PROFILE:
        raise TeamError(
            f"sensor {sensor.match!r} has the profile {sensor.profile!r}; with --from lsl: all have {PROFILE!r}"
        )
    if len(sensor.roles) != 1:
        raise TeamError(
            f"sensor {sensor.match!r} has several roles; an LSL stream has one, and each stream its own sensor"
        )
