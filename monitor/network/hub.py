"""The hub: a source of events like the radio, but from gateways over a broker. Its one engine has every leg."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from monitor.errors import NetworkError
from monitor.events import Event, Marker
from monitor.network.connection import Access, Connection
from monitor.network.lane import Lane
from monitor.network.losses import NEWS_S, gist
from monitor.network.merging import Merge
from monitor.network.messages import BEAT_S, GatewayBeat, HubBeat, Status, checked_name, parts_of, topic
from monitor.snapshot import LinkView, Snapshot

LOST_S = 1.5  # a gateway that was not heard for so long is said to be lost
CATCHING_UP = 20  # blocks that a gateway has made and that have not come: worth a word
_TICK_S = 0.1
PAST = ("of gateway ", "messages ")  # how notes begin that tell what was, and end by themselves
_LONGEST_PROBLEM = 200
_FIRST_S = 4.0  # how long a start waits for the first gateway


@dataclass(frozen=True, slots=True)
class _HubClock:
    """The session's clock, as a live source's."""

    merge: Merge
    speed: float

    def now_s(self) -> float:
        """Session seconds."""
        return self.merge.session_s(time.monotonic())


class HubSource:
    """Iterate it in the engine's thread. Use as `with HubSource(...) as source`.

    name : of this hub; two of one name throw each other out. profiles : the key of each sensor's profile here, to see
    whether a gateway reads it likewise. speed : session seconds per wall second, of virtual sensors that run fast; the
    network's own times stay wall seconds. about : what a recording's header says of the gateways. refused : blocks and
    messages that were none; problem : the newest of them.
    Raises: NetworkError from `start` where the broker refuses, is not to be trusted, or does not answer.
    """

    def __init__(
        self, access: Access, name: str = "hub", profiles: Mapping[str, str] | None = None, speed: float = 1.0
    ) -> None:
        self.merge = Merge(speed)
        self.clock = _HubClock(self.merge, speed)
        self.name, self.run = checked_name(name), secrets.randbits(63)
        self._profiles = dict(profiles or {})
        self.refused, self.problem, self._refused_s = 0, "", float("-inf")
        self.about: dict[str, object] = {}
        self._lock = threading.Lock()
        self._inbox: queue.SimpleQueue[tuple[str, bytes, float]] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._told: dict[str, str] = {}
        subscriptions = [(topic("gateway", "+", what), qos) for what, qos in (("block", 1), ("beat", 0), ("status", 1))]
        self._connection = Connection(access, f"crampwatch-hub-{name}", subscriptions, self._keep)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hub")
        self._future: Future[None] | None = None

    def start(self) -> None:
        """Connect, and wait a little for the first gateway. Starting twice is starting once."""
        if self._future is None:
            self._connection.start()
            self._future = self._pool.submit(self._work)
            self._future.add_done_callback(lambda _: self._events.put(None))  # whatever happened, nobody waits for ever
            self._pool.shutdown(wait=False)
            until_s = time.monotonic() + _FIRST_S
            while not self.merge.newest_s and time.monotonic() < until_s and not self._ending.is_set():
                time.sleep(0.02)

    def stop(self) -> None:
        """End the iteration, from any thread, and twice."""
        if not self._ending.is_set():
            self._ending.set()
            if self._future is not None:
                wait([self._future])
                self._beat(ends=True)
                self._connection.stop()
            self._events.put(None)

    def __iter__(self) -> Iterator[Event]:
        self.start()
        while (event := self._events.get()) is not None:
            yield event
        if self._future is not None:
            self._future.result()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    @property
    def backlog(self) -> int:
        """Events that wait for the engine."""
        return self._events.qsize()

    def behind_s(self, session_s: float) -> float:
        """How far an engine that has come to `session_s` is behind what has come, session seconds."""
        return self.merge.newest_s - session_s

    def mark(self, text: str) -> None:
        """Note something now, from any thread."""
        with self._lock:
            self._events.put(Marker(self.merge.newest_s, text))

    def alert(self, source_id: str) -> None:
        """Let a sensor draw attention to itself: its gateway is asked to."""
        owner = self.merge.owner(source_id)
        if owner is not None:
            self._connection.publish(topic("gateway", owner, "alert"), source_id.encode(), qos=0)

    # What a screen shows of the way -----------------------------------------------------------------------------------

    def dress(self, shown: Snapshot) -> Snapshot:
        """The snapshot with what only the hub knows: gateways that are lost, and the links that are lost with them.

        It needs no event: while nothing comes at all, the session stands, and this tells why.
        """
        now_s = time.monotonic()
        with self._lock:
            lost = {lane.name: now_s - lane.heard_s for lane in self.merge.lanes.values() if self._is_lost(lane, now_s)}
            links = tuple(self._link(link, lost) for link in shown.links)
        simulated = shown.simulated or bool(self.about.get("simulated"))
        return replace(shown, links=links, simulated=simulated, notes=(*shown.notes, *self.notes()))

    def notes(self) -> tuple[str, ...]:
        """Plain sentences on the broker, the gateways, what was lost of them, and their sensors' profiles."""
        now_s = time.monotonic()
        broker = self._connection.problem
        with self._lock:
            states = [f"gateway {lane.name}: {state}" for lane in self._lanes() if (state := self._state(lane, now_s))]
            losses = [f"of gateway {lane.name}: {told}" for lane in self._lanes() if (told := lane.losses.told(now_s))]
            if now_s - self._refused_s <= NEWS_S:
                losses.append(f"messages that cannot be read: {self.refused}, the newest because {self.problem}")
            others = [text for lane in self._lanes() for text in self._other_profiles(lane)]
            none = () if self.merge.lanes else ("no gateway has been heard yet",)
        return (*((broker,) if broker else none), *states, *losses, *others)

    def lines(self) -> Iterator[str]:
        """What is new to say, for a terminal."""
        for note in self.notes():
            subject = note.split(":", 1)[0]
            if self._told.get(subject) != gist(note):
                self._told[subject] = gist(note)
                yield note
        said = {note.split(":", 1)[0] for note in self.notes()}
        for subject in [subject for subject in self._told if subject not in said]:
            del self._told[subject]
            if not subject.startswith(PAST):
                yield f"{subject}: well again" if subject.startswith("gateway") else "the broker answers"

    def _lanes(self) -> list[Lane]:
        """All but those of which the broker only remembers that they ended, before this hub began."""
        known = (lane for lane in self.merge.lanes.values() if lane.run is not None or not lane.gone)
        return sorted(known, key=lambda lane: lane.name)

    def _is_lost(self, lane: Lane, now_s: float) -> bool:
        return lane.gone or not self._connection.connected or now_s - lane.heard_s > LOST_S

    def _state(self, lane: Lane, now_s: float) -> str:
        """What is wrong with a gateway; empty = nothing."""
        if lane.gone and lane.status is not None and lane.status.state == "ended":
            return "has ended"
        if self._is_lost(lane, now_s):
            return "gateway lost, what it saw comes when it is back"
        if lane.behind > CATCHING_UP:
            return "catching up"
        return ""

    def _other_profiles(self, lane: Lane) -> Iterator[str]:
        for sensor, key in (lane.status.profiles if lane.status is not None else {}).items():
            own = self._profiles.get(sensor, key)
            if own != key:
                yield f"{sensor}: gateway {lane.name} takes it for {key}, the team file here for {own}"

    def _link(self, link: LinkView, lost: Mapping[str, float]) -> LinkView:
        owner = self.merge.owner(link.sensor)
        if owner is None or owner not in lost:
            return link
        age_s = None if link.age_s is None else link.age_s + lost[owner]
        return replace(link, link="lost", detail=f"gateway {owner} lost", age_s=age_s)

    def _keep(self, topic_name: str, content: bytes) -> None:
        """In the connection's thread: keep what came, with the moment at which it came."""
        self._inbox.put((topic_name, content, time.monotonic()))

    # What follows runs in the hub's own thread. -----------------------------------------------------------------------

    def _receive(self, topic_name: str, content: bytes, now_s: float) -> None:
        with self._lock:
            try:
                _, name, what = parts_of(topic_name)
                lane = self.merge.lane(name)
                match what:
                    case "block":
                        lane.take_block(content, now_s)
                    case "beat":
                        lane.take_beat(GatewayBeat.read(content), now_s)
                    case "status" if content:
                        lane.take_status(Status.read(content))
                        self._note_about(lane)
            except NetworkError as error:
                self.refused, self.problem, self._refused_s = self.refused + 1, str(error)[:_LONGEST_PROBLEM], now_s
            self._pass_on(now_s)

    def _pass_on(self, now_s: float) -> None:
        for event in self.merge.ready(now_s):
            self._events.put(event)

    def _note_about(self, lane: Lane) -> None:
        """What the recording of this hub says of its gateways."""
        gateways = dict(self.about.get("gateways") or {})  # type: ignore[call-overload]
        self.about["gateways"] = gateways | {lane.name: None if lane.status is None else lane.status.run}
        if lane.status is not None and lane.status.simulated:
            self.about["simulated"] = True

    def _work(self) -> None:
        next_s = 0.0
        while not self._ending.is_set():
            try:
                self._receive(*self._inbox.get(timeout=_TICK_S))
            except queue.Empty:
                with self._lock:
                    self._pass_on(time.monotonic())
            if time.monotonic() >= next_s:
                next_s = time.monotonic() + BEAT_S
                self._beat()

    def _beat(self, *, ends: bool = False) -> None:
        """Tell the gateways what has come. ends : and say farewell."""
        with self._lock:
            lanes = [(lane, got) for lane in self.merge.lanes.values() if (got := lane.got) is not None]
            clocks = [{"origin_s": self.merge.origin_s(lane), "leads": self.merge.leads(lane)} for lane, _ in lanes]
        got = {lane.name: got.model_copy(update=clock) for (lane, got), clock in zip(lanes, clocks, strict=True)}
        beat = HubBeat(run=self.run, got=got, ends=ends)
        self._connection.publish(topic("hub", self.name, "beat"), beat.text(), qos=0)
