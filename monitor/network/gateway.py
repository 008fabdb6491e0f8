"""A gateway: the radio's events go to its own engine, its recording and, in blocks, to the hubs."""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from monitor.chunk import Chunk
from monitor.errors import NetworkError
from monitor.events import Event
from monitor.network.clock_marks import WORTH_S, clock_mark
from monitor.network.connection import Access, Connection, Will
from monitor.network.losses import gist
from monitor.network.messages import BEAT_S, GatewayBeat, HubBeat, Status, checked_name, parts_of, topic
from monitor.network.ownership import Ownership
from monitor.network.publisher import Publisher
from monitor.network.transit import FEWEST

HEARTBEAT_S = 0.1  # session seconds; a block ends with each, on whole steps of the hub's clock, as its session decodes
BEHIND_S = 0.003  # after the gateway whose clock it is: clocks are known to about a millisecond, and it waits for all
QUICK_BEAT_S = 0.05  # between the first beats, so that a hub knows this clock at once
FAREWELL_S = 5.0  # how long the end waits for hubs that have not got everything


class Radio(Protocol):
    """What a gateway needs of its source."""

    clock: Any
    beat_phase_s: float

    def mark(self, text: str) -> None:
        """Note something now."""
        ...

    def alert(self, source_id: str) -> None:
        """Let a sensor draw attention to itself."""
        ...

    def stop(self) -> None:
        """End."""
        ...

    def __iter__(self) -> Iterator[Event]: ...


class Gateway:
    """Between a radio and the engine of this machine. Use as `with Gateway(...) as gateway`.

    It is a source (iterate it in the engine's thread), and its `publisher` a sink of that engine. Sensors draw
    attention to themselves when a hub asks for it; when this engine does, only while no hub is there.
    ownership : which sensors it takes. profiles : the key of the firmware profile of each sensor.
    epoch_s : Unix time at session time 0.
    Raises: NetworkError from `start` where the broker refuses or is not to be trusted; one that only does not answer is
    tried for ever.
    """

    def __init__(
        self,
        radio: Radio,
        access: Access,
        ownership: Ownership,
        profiles: Mapping[str, str],
        *,
        simulated: bool = False,
    ) -> None:
        self.name, self.clock = checked_name(ownership.name), radio.clock
        self.publisher, self._ownership = Publisher(self.name), ownership
        self._radio, name = radio, self.name
        self._epoch_s = time.time() - radio.clock.now_s() / radio.clock.speed
        run = self.publisher.run
        self._online = Status(run=run, state="online", simulated=simulated, profiles=dict(profiles)).text()
        self._status = topic("gateway", name, "status")
        will = Will(self._status, Status(run=run, state="lost").text())
        self._ended = Will(self._status, Status(run=run, state="ended").text())
        beats = [(topic("hub", "+", "beat"), 0), (topic("gateway", "+", "beat"), 0)]
        subscriptions = [*beats, (topic("gateway", name, "alert"), 0)]
        self._connection = Connection(
            access, f"crampwatch-gateway-{name}", subscriptions, self._receive, self._is_up, will
        )
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="gateway", daemon=True)
        self._told, self._told_lost = ("", False), ""
        self._noted_s: dict[int, float] = {}

    def __enter__(self) -> Self:
        self._connection.start(patient=True)
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Wait for what hubs still lack, for a little, and say farewell."""
        until_s = time.monotonic() + FAREWELL_S
        while self.publisher.hub_is_there and not self.publisher.confirmed and time.monotonic() < until_s:
            time.sleep(0.05)
        self._ending.set()
        self._ownership.news.set()
        self._thread.join()
        self._connection.stop(self._ended)

    def __iter__(self) -> Iterator[Event]:
        for event in self._radio:
            self._ownership.follow(event)
            yield event

    def behind_s(self, session_s: float) -> float:
        """How far an engine that has come to `session_s` is behind, session seconds."""
        return self.clock.now_s() - session_s

    def mark(self, text: str) -> None:
        """Note something now, from any thread."""
        self._radio.mark(text)

    def stop(self) -> None:
        """End the radio, and with it the iteration."""
        self._radio.stop()

    def alert(self, source_id: str) -> None:
        """This machine's engine wants a sensor to draw attention to itself: only while no hub has the say."""
        if not self.publisher.hub_is_there:
            self._radio.alert(source_id)

    def lines(self) -> Iterator[str]:
        """What is new to say, for a terminal: the broker, the hub, blocks that were given up."""
        told = self._connection.problem, self.publisher.hub_is_there
        if told != self._told:
            before, self._told = self._told, told
            problem, there = told
            if problem != before[0]:
                yield f"{problem}; recording goes on" if problem else "the broker is reached"
            if there != before[1]:
                yield "a hub watches: its alarms count" if there else "no hub watches: alarms are local"
        lost = self.publisher.spool.lost
        if lost and gist(str(lost)) != self._told_lost:
            self._told_lost = gist(str(lost))
            yield f"{lost} block(s) were given up before a hub had them, memory is full; the recording has them"

    # What follows runs in the connection's thread, or in the gateway's own. -------------------------------------------

    def _is_up(self) -> None:
        self._connection.publish(self._status, self._online, qos=1, retain=True)
        self.publisher.connected(self._connection)

    def _receive(self, topic_name: str, content: bytes) -> None:
        try:
            kind, name, what = parts_of(topic_name)
            if (kind, what) == ("hub", "beat"):
                self.publisher.told(name, HubBeat.read(content))
            elif what == "beat":
                self._ownership.told(name, GatewayBeat.read(content))
            elif what == "alert":
                self._radio.alert(content.decode("utf-8", "replace"))
        except NetworkError:
            return  # somebody who may write there wrote what is none: it says nothing

    def _beat(self) -> None:
        beats = itertools.chain(itertools.repeat(QUICK_BEAT_S, FEWEST), itertools.repeat(BEAT_S))
        news = self._ownership.news
        while True:
            news.wait(next(beats))
            news.clear()
            if self._ending.is_set():
                return
            self._keep_step()
            spool, (held, heard) = self.publisher.spool, self._ownership.told_here()
            beat = GatewayBeat(
                run=self.publisher.run,
                now_s=self.clock.now_s(),
                epoch_s=self._epoch_s,
                oldest=spool.oldest,
                next=spool.next,
                held=held,
                heard=heard,
            )
            self._connection.publish(topic("gateway", self.name, "beat"), beat.text(), qos=0)

    def _keep_step(self) -> None:
        """End blocks when a hub's other gateways end theirs, so that it waits for none; note its clock for `merge`."""
        for run, (origin_s, leads) in self.publisher.clocks.items():
            self._radio.beat_phase_s = origin_s - (0.0 if leads else BEHIND_S * self.clock.speed)
            if abs(origin_s - self._noted_s.get(run, math.inf)) > WORTH_S:
                self._noted_s[run] = origin_s
                self._radio.mark(clock_mark(run, origin_s))


class LocalStates:
    """A sink that tells state changes of this machine's engine while no hub is there, marked as local."""

    def __init__(self, publisher: Publisher, tell: Callable[[str], None]) -> None:
        self._publisher, self._tell = publisher, tell

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """See `monitor.engine.Sink`."""
        if changes and not self._publisher.hub_is_there:
            for change in changes:
                reasons = "; ".join(change["reasons"])
                who = f"{change['athlete']} {change['leg']:<5}"
                self._tell(f"{change['time_s']:8.1f} s  {who}  {change['state']:<11}  local: {reasons}")
