"""A sink of a gateway's engine: cuts what its session is fed into blocks and sees that every hub gets each of them.

Hubs confirm what they have (`HubBeat`); a block is kept until then. So nothing is lost when the broker is killed with
what it had confirmed, and a hub that comes late gets what was before. What comes twice a hub leaves out by its counter.
No more is handed over than the broker confirms in time: on a slow line blocks wait in the spool, which is bounded.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.chunk import Chunk
from monitor.events import Event, Heartbeat
from monitor.network.blocks import MOST_BYTES, MOST_EVENTS, Block, encode, weight
from monitor.network.connection import Connection
from monitor.network.messages import Got, HubBeat, topic
from monitor.network.spool import Spool

HUB_AWAY_S = 3.0  # a hub that has not been heard for so long is away
FORGET_HUB_S = 3600.0  # and after so long, or when it has said farewell, nothing is kept for it
HANDED_BLOCKS, HANDED_BYTES = 200, 16_000_000  # at most on the way to the broker
AGAIN_S = 2.0  # a hub that gets on no further for so long is sent again what it may lack
LACKS_S = 0.5  # and after so long, what it says that it lacks


@dataclass(slots=True)
class _Hub:
    run: int
    heard_s: float
    got: Got | None = None
    moved_s: float = 0.0


class Publisher:
    """put() runs in the engine's thread, the rest in the connection's; neither waits.

    run : names this start of the gateway. A block ends with a heartbeat, or when it is full.
    """

    def __init__(self, name: str, spool: Spool | None = None) -> None:
        self.name, self.run = name, secrets.randbits(63)
        self.spool = spool or Spool()
        self._topic = topic("gateway", name, "block")
        self._open: list[Event] = []
        self._open_bytes = 0
        self._lock = threading.RLock()
        self._connection: Connection | None = None
        self._cursor = 0
        self._hubs: dict[str, _Hub] = {}
        self._handed: deque[tuple[Callable[[], bool], int]] = deque()  # whether the broker has it, its bytes
        self._handed_bytes = 0

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Take the next event (see `monitor.engine.Sink`)."""
        self._open.append(event)
        self._open_bytes += weight(event)
        full = len(self._open) >= MOST_EVENTS or self._open_bytes >= MOST_BYTES // 2
        if full or isinstance(event, Heartbeat):
            self._close_block()

    def _close_block(self) -> None:
        events, self._open, self._open_bytes = tuple(self._open), [], 0
        with self._lock:
            self.spool.add(encode(Block(self.run, self.spool.next, events)))
            self._pump()

    def connected(self, connection: Connection) -> None:
        """The connection stands (again). What was on its way is sent again by the connection itself."""
        with self._lock:
            self._connection = connection
            self._pump()

    def told(self, hub: str, beat: HubBeat) -> None:
        """A hub says what it has."""
        now_s = time.monotonic()
        with self._lock:
            known = self._hubs.get(hub)
            if known is None or known.run != beat.run:
                known = self._hubs[hub] = _Hub(beat.run, now_s, moved_s=now_s)
            known.heard_s = now_s
            got = beat.got.get(self.name)
            if got is not None and got.run == self.run:
                self._hub_has(known, got, now_s)
            if beat.ends:
                del self._hubs[hub]
            self._pump()

    def _hub_has(self, known: _Hub, got: Got, now_s: float) -> None:
        if known.got is None or got.next != known.got.next:
            known.moved_s = now_s
        known.got = got
        self._confirm(now_s)
        if got.next < self._cursor and now_s - known.moved_s > (LACKS_S if got.lacks else AGAIN_S):
            self._cursor, known.moved_s = max(got.next, self.spool.oldest), now_s

    @property
    def hub_is_there(self) -> bool:
        """Whether a hub watches."""
        return bool(self._there())

    def _there(self) -> list[_Hub]:
        now_s = time.monotonic()
        return [hub for hub in list(self._hubs.values()) if now_s - hub.heard_s <= HUB_AWAY_S]

    @property
    def clocks(self) -> dict[int, tuple[float, bool]]:
        """Of each hub, by its run: its session time at this gateway's 0, and whether its clock is this gateway's.

        As far as hubs that are there have told it.
        """
        told = [(hub.run, hub.got) for hub in self._there() if hub.got is not None]
        return {run: (got.origin_s, got.leads) for run, got in told if got.origin_s is not None}

    @property
    def confirmed(self) -> bool:
        """Whether every hub that is there has every block; False while there is none."""
        there = self._there()
        return bool(there) and all(hub.got is not None and hub.got.next >= self.spool.next for hub in there)

    def _confirm(self, now_s: float) -> None:
        self._hubs = {name: hub for name, hub in self._hubs.items() if now_s - hub.heard_s <= FORGET_HUB_S}
        nexts = [0 if hub.got is None else hub.got.next for hub in self._hubs.values()]
        self.spool.confirm(min(nexts, default=0))

    def _pump(self) -> None:
        connection = self._connection
        self._cursor = max(self._cursor, self.spool.oldest)
        while connection is not None and connection.connected and self._cursor < self.spool.next and self._has_room():
            content = self.spool[self._cursor]
            self._handed.append((connection.publish(self._topic, content, qos=1), len(content)))
            self._handed_bytes += len(content)
            self._cursor += 1

    def _has_room(self) -> bool:
        while self._handed and self._handed[0][0]():
            self._handed_bytes -= self._handed.popleft()[1]
        return len(self._handed) < HANDED_BLOCKS and self._handed_bytes < HANDED_BYTES
