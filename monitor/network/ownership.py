"""Which gateway takes a sensor that several hear.

A sensor that is linked does not advertise, so nobody else hears it: whoever has it keeps it until the link breaks. Then
gateways tell each other in their beats how strongly they hear it, and who begins to hear it is answered at once. When
all have answered, and `WORD_S` after it was heard first, the strongest takes it; the one that had it last counts as
`STAY_DB` stronger, so that a player between two gateways does not go to and fro. Without word of the others each
decides alone; the sensor itself takes one link only, and the hub one gateway's packets.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.events import Event, Link, LinkChange
from monitor.network.messages import GatewayBeat

STAY_DB = 6.0
FRESH_S = 1.5  # older words count no more
WORD_S = 0.25  # for the others to hear it as well
PATIENCE_S = 2.0  # a stronger gateway that has not taken it after so long will not
_HOLDING = (Link.CONNECTING, Link.STARTING, Link.LIVE, Link.STALLED)


@dataclass(slots=True)
class _Peer:
    told_s: float
    beat: GatewayBeat


@dataclass(slots=True)
class _Sensor:
    """heard_s, dbm : by this gateway, the newest; free_s : since when it has been heard with nobody holding it.

    A sensor that this gateway has is not heard.
    """

    heard_s: float = float("-inf")
    dbm: float = -200.0
    free_s: float = 0.0
    held: bool = False
    last_holder: str = ""


@dataclass(slots=True)
class Ownership:
    """hear() and may_take() are for the radio's thread, told() for the network's. name : of this gateway.

    news : set when the others should be told at once, not with the next beat; whoever tells them clears it.
    """

    name: str
    now_s: Callable[[], float] = time.monotonic
    news: threading.Event = field(default_factory=threading.Event)
    _peers: dict[str, _Peer] = field(default_factory=dict)
    _sensors: dict[str, _Sensor] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, sensor: str, dbm: float) -> None:
        """It advertises, and is heard so strongly, whether or not there is a mind to link it now."""
        with self._lock:
            self._hear(sensor, dbm)

    def _hear(self, sensor: str, dbm: float) -> _Sensor:
        now_s, known = self.now_s(), self._sensors.setdefault(sensor, _Sensor())
        if now_s - known.heard_s > FRESH_S:
            known.free_s = now_s
            self.news.set()
        known.heard_s, known.dbm = now_s, dbm
        return known

    def may_take(self, sensor: str, dbm: float) -> bool:
        """It advertises, and is heard so strongly: whether to link it now."""
        now_s = self.now_s()
        with self._lock:
            known = self._hear(sensor, dbm)
            others = {name: peer.beat for name, peer in self._peers.items() if now_s - peer.told_s <= FRESH_S}
            if any(sensor in beat.held for beat in others.values()):
                known.free_s = now_s
                return False
            waited_s = now_s - known.free_s
            if not others or waited_s > PATIENCE_S:
                return True
            if waited_s < WORD_S or any(self._peers[name].told_s < known.free_s for name in others):
                return False
            own = self._merit(known, self.name, dbm)
            return all(
                own > self._merit(known, name, beat.heard[sensor])
                for name, beat in others.items()
                if sensor in beat.heard
            )

    @staticmethod
    def _merit(known: _Sensor, name: str, dbm: float) -> tuple[float, str]:
        return dbm + (STAY_DB if known.last_holder == name else 0.0), name

    def follow(self, event: Event) -> None:
        """Follow the links of this gateway's radio."""
        if isinstance(event, LinkChange):
            with self._lock:
                known = self._sensors.setdefault(event.sensor, _Sensor())
                if known.held != (event.link in _HOLDING):
                    known.held = not known.held
                    known.heard_s = float("-inf") if known.held else known.heard_s
                    self.news.set()
                if event.link is Link.LIVE:
                    known.last_holder = self.name

    def told(self, name: str, beat: GatewayBeat) -> None:
        """Another gateway says what it has and hears."""
        if name == self.name:
            return
        with self._lock:
            before = self._peers.get(name)
            if before is None or beat.heard.keys() - before.beat.heard.keys():
                self.news.set()  # it waits for an answer
            self._peers[name] = _Peer(self.now_s(), beat)
            for sensor in beat.held:
                self._sensors.setdefault(sensor, _Sensor()).last_holder = name

    def told_here(self) -> tuple[list[str], dict[str, float]]:
        """What this gateway holds, and how strongly it hears what it does not hold."""
        now_s = self.now_s()
        with self._lock:
            held = [name for name, known in self._sensors.items() if known.held]
            fresh = {n: k.dbm for n, k in self._sensors.items() if not k.held and now_s - k.heard_s <= FRESH_S}
        return held, fresh
