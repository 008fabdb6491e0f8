"""One gateway as a hub sees it: its blocks in order, each once; its clock; whether it is heard."""

from __future__ import annotations

from collections import deque

from monitor.events import Event
from monitor.network.blocks import decode, place_of
from monitor.network.losses import Losses
from monitor.network.messages import GatewayBeat, Got, Status
from monitor.network.transit import Transit

JOIN_S = 1.2  # a gateway that begins is waited for so long, so that nothing of its beginning comes too late
MOST_EARLY = 20_000  # blocks that wait for one before them


class Lane:
    """Times given to it are this machine's monotonic seconds; times in it the gateway's session seconds.

    run : of the gateway; None = nothing known yet. heard_s : when anything came last; moved_s : when the next block
    came; joined_s : when this run's first beat came, None = not yet.
    waiting : events in order that were not taken yet; until_s : all events up to here have come. before : such of
    earlier runs, with the lag of their clock (None = not known).
    doubled : blocks that came twice.
    """

    def __init__(self, name: str, speed: float = 1.0) -> None:
        self.name, self._speed = name, speed
        self.run: int | None = None
        self.status: Status | None = None
        self.beat: GatewayBeat | None = None
        self.heard_s = self.moved_s = float("-inf")
        self.doubled, self.losses = 0, Losses()
        self.before: deque[tuple[float | None, Event]] = deque()
        self._begin(None)

    def _begin(self, run: int | None) -> None:
        self.run = run
        self.transit = Transit(self._speed)
        self.waiting: deque[Event] = deque()
        self.until_s = float("-inf")
        self.joined_s: float | None = None
        self._next: int | None = None  # counter of the next block; known with the first beat
        self._early: dict[int, bytes] = {}

    @property
    def got(self) -> Got | None:
        """What to confirm."""
        if self.run is None or self._next is None:
            return None
        return Got(run=self.run, next=self._next, lacks=bool(self._early))

    @property
    def gone(self) -> bool:
        """The gateway has said farewell, or the broker has lost it."""
        return self.status is not None and self.status.state != "online" and self.run in (None, self.status.run)

    def joins(self, now_s: float) -> bool:
        """It has begun just now: nothing is told yet of its clock, or of its sensors."""
        begun = self.joined_s is not None and now_s - self.joined_s <= JOIN_S
        return begun and not self.gone and (self.transit.lag_s is None or self.until_s == float("-inf"))

    @property
    def behind(self) -> int:
        """Blocks that the gateway has made and that have not come."""
        if self.beat is None or self._next is None:
            return 0
        return max(0, self.beat.next - self._next)

    def take_beat(self, beat: GatewayBeat, now_s: float) -> None:
        """A beat has come. Another run begins another count and another clock; what has come of the last one stays."""
        if beat.run != self.run:
            self.before.extend((self.transit.lag_s, event) for event in self.waiting)
            self._begin(beat.run)
        self.beat, self.heard_s = beat, now_s
        self.joined_s = now_s if self.joined_s is None else self.joined_s
        self.transit.beat(now_s, beat.now_s)
        if self._next is None:
            self._next = beat.oldest
        elif beat.oldest > self._next:
            self.losses.give_up(beat.oldest - self._next, now_s)
            self._next = beat.oldest
        self._advance(now_s)

    def take_status(self, status: Status) -> None:
        """The gateway, or the broker for it, says where it stands."""
        self.status = status

    def take_block(self, content: bytes, now_s: float) -> None:
        """A block has come, in any order. Raises: NetworkError where it is none."""
        run, counter = place_of(content)
        if self.run is None:
            self._begin(run)
        if run != self.run:
            return  # of an earlier run, or before the first beat of a later one: that gateway has it still
        self.heard_s = now_s
        if counter in self._early or (self._next is not None and counter < self._next):
            self.doubled += 1
        elif counter == self._next:
            self._accept(content, now_s)
            self._advance(now_s)
        elif len(self._early) < MOST_EARLY:
            self._early[counter] = content

    def _advance(self, now_s: float) -> None:
        """Take the early blocks whose turn has come."""
        assert self._next is not None
        if self._early and min(self._early) < self._next:
            self._early = {counter: content for counter, content in self._early.items() if counter >= self._next}
        while (content := self._early.pop(self._next, None)) is not None:
            self._accept(content, now_s)

    def _accept(self, content: bytes, now_s: float) -> None:
        """The next block; one that is none is passed over, or it would be sent again for ever."""
        assert self._next is not None
        self._next, self.moved_s = self._next + 1, now_s
        block = decode(content)
        for event in block.events:
            if event.time_s >= self.until_s:  # a gateway's time never falls
                self.waiting.append(event)
        self.until_s = max(self.until_s, block.until_s)
