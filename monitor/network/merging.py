"""Many gateways' events as one sequence on one clock: what the hub's session is fed, and nothing else.

The clock is that of the gateway that runs longest, less whole seconds, so that with one gateway every time is that
gateway's own to the last bit. An event is passed on when every gateway that is waited for has told all that came before
it. One that is silent for `HOLD_S` is not waited for; what it tells later of times that have passed is left out (its
own recording has it), and it is waited for again when it has caught up. When all are silent, session time stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from monitor.events import Event, Heartbeat, Marker, Notification
from monitor.network.clock_marks import is_clock_mark
from monitor.network.lane import Lane
from monitor.network.owners import Owners

HOLD_S = 3.0
RETURN_S = 10.0  # one that speaks, or has to come back after a silence of all, is waited for so long: its blocks come
NEAR_S = 0.02  # by so much a time may fall behind others, since clocks are known no better; it is moved up then
ONE_BEAT_S = (
    0.2  # one gateway's heartbeats serve for all; those of another count when they have been missing for so long
)
_GATHER_S = 1.5  # how long gateways are listened to before the one that runs longest is chosen,
_MOST_GATHER_S = 5.0  # and at most, while the clock of one that was heard is not known yet


class Merge:
    """Feed the lanes, then take what `ready` gives. Times given to it are this machine's monotonic seconds.

    newest_s : session time that has been passed on. left_out : packets that came too late, or from a gateway that does
    not own their sensor. speed : session seconds per wall second, of virtual sensors that run fast.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed, self._near_s = speed, NEAR_S * speed
        self.lanes: dict[str, Lane] = {}
        self.newest_s = 0.0
        self.left_out = 0
        self._base: tuple[Lane, int | None] | None = None  # whose clock it is, in which run
        self._base_lag_s = 0.0
        self._since_s: float | None = None  # when the first beat came
        self._spoke_s = float("-inf")  # when any lane has moved last
        self._grace_s = float("-inf")  # all were silent until then
        self._beating: tuple[Lane | None, float] = None, float("-inf")
        self._shift_s = 0.0
        self._owners = Owners()

    def lane(self, name: str) -> Lane:
        """The gateway of that name."""
        return self.lanes.setdefault(name, Lane(name, self._speed))

    def origin_s(self, lane: Lane) -> float | None:
        """Session time at a gateway's 0; None while it is not known."""
        if self._base is None or lane.transit.lag_s is None:
            return None
        if self.leads(lane):
            return -self._shift_s
        return lane.transit.lag_s - self._base_lag_s - self._shift_s

    def session_s(self, now_s: float) -> float:
        """Session time now."""
        return self.newest_s if self._base is None else max(0.0, now_s * self._speed - self._base_lag_s - self._shift_s)

    def owner(self, sensor: str) -> str | None:
        """The gateway that has a sensor."""
        owner = self._owners.of(sensor)
        return None if owner is None else str(owner)

    def ready(self, now_s: float) -> Iterator[Event]:
        """The events that can be passed on now, in order."""
        if not self._settled(now_s) or any(lane.joins(now_s) for lane in self.lanes.values()):
            return
        self._note_silence(now_s)
        lanes = sorted(self.lanes.values(), key=lambda lane: lane.name)
        known = [(lane, origin_s) for lane in lanes if (origin_s := self.origin_s(lane)) is not None]
        awaited_s = [lane.until_s + origin_s for lane, origin_s in known if self._is_awaited(lane, origin_s, now_s)]
        if not awaited_s and not all(lane.gone for lane in lanes):
            return
        until_s = min(awaited_s, default=math.inf)
        found = [each for lane in lanes for each in self._of_earlier_runs(lane, until_s, now_s)]
        for lane, origin_s in known:
            lane.transit.in_use = True
            while lane.waiting and lane.waiting[0].time_s + origin_s <= until_s:
                event = lane.waiting.popleft()
                found.append((event.time_s + origin_s, lane, event))
            if (beat := self._early_beat(lane, until_s - origin_s)) is not None:
                found.append((until_s, lane, beat))
        found.sort(key=lambda each: each[0])
        for time_s, lane, event in found:
            passed = self._passed(time_s, lane, event, now_s)
            if passed is not None:
                self.newest_s = passed.time_s
                live = self._owners.live_before(lane.name, passed)
                yield from (passed,) if live is None else (live, passed)

    def _of_earlier_runs(self, lane: Lane, until_s: float, now_s: float) -> Iterator[tuple[float, Lane, Event]]:
        """What had come of a gateway before it began anew; what came before its clock was known has no time."""
        while lane.before:
            lag_s, event = lane.before[0]
            at_s = event.time_s + (lag_s or 0.0) - self._base_lag_s - self._shift_s
            if lag_s is not None and at_s > until_s:
                return
            lane.before.popleft()
            if lag_s is not None:
                yield at_s, lane, event
            elif isinstance(event, Notification):
                self.left_out += 1
                lane.losses.come_late(now_s)

    def _early_beat(self, lane: Lane, until_s: float) -> Heartbeat | None:
        """The beat that ends a lane's blocks, where others have told all up to a hair before it.

        It says that session time has come so far, and may as well say it there: it need not wait for their next blocks.
        """
        if lane.waiting and until_s >= lane.waiting[-1].time_s - self._near_s:
            beat = lane.waiting[-1]
            if isinstance(beat, Heartbeat):
                lane.waiting.pop()
                return beat
        return None

    def _settled(self, now_s: float) -> bool:
        """Whether a clock has been chosen."""
        if self._base is not None:
            lane, run = self._base
            if lane.run == run and lane.transit.lag_s is not None:
                if lane.transit.slept(lane.transit.lag_s, self._base_lag_s):  # the others' clocks went on
                    self._shift_s -= lane.transit.lag_s - self._base_lag_s
                self._base_lag_s = lane.transit.lag_s
            return True
        heard = [lane for lane in self.lanes.values() if lane.transit.lag_s is not None and lane.beat is not None]
        if not heard:
            return False
        self._since_s = now_s if self._since_s is None else self._since_s
        full = [lane for lane in heard if lane.waiting]
        all_known = len(heard) == len([lane for lane in self.lanes.values() if lane.run is not None])
        limit_s = _GATHER_S if all_known else _MOST_GATHER_S
        if not full or now_s - self._since_s < limit_s:
            return False
        lags_s = {lane.name: lane.transit.lag_s or 0.0 for lane in full}
        base = min(full, key=lambda lane: lags_s[lane.name])
        self._base, self._base_lag_s = (base, base.run), lags_s[base.name]
        first_s = min(lane.waiting[0].time_s + lags_s[lane.name] - self._base_lag_s for lane in full)
        self._shift_s = float(math.floor(first_s))
        return True

    def leads(self, lane: Lane) -> bool:
        """Whether the clock is that of this gateway."""
        return self._base is not None and self._base[0] is lane and self._base[1] == lane.run

    def _note_silence(self, now_s: float) -> None:
        """After a silence of all, all have `RETURN_S` to come back: then it was the way to us, not a gateway."""
        moved_s = max(lane.moved_s for lane in self.lanes.values())
        if moved_s > self._spoke_s:
            if math.isfinite(self._spoke_s) and moved_s - self._spoke_s > HOLD_S:
                self._grace_s = moved_s
            self._spoke_s = moved_s

    def _is_awaited(self, lane: Lane, origin_s: float, now_s: float) -> bool:
        caught_up = lane.until_s + origin_s >= self.newest_s - self._near_s
        speaks = now_s - lane.heard_s <= HOLD_S
        silent_s = self._spoke_s - lane.moved_s  # while others spoke: when nobody speaks, nobody is left behind
        moving = silent_s <= (RETURN_S if speaks else HOLD_S) or now_s - self._grace_s <= RETURN_S
        return caught_up and moving and not lane.gone

    def _passed(self, time_s: float, lane: Lane, event: Event, now_s: float) -> Event | None:
        """The event as the session gets it; None = left out."""
        late = time_s < self.newest_s - self._near_s
        at_s = max(time_s, self.newest_s)
        if isinstance(event, Heartbeat):
            return self._at(event, at_s) if not late and self._beats(lane, at_s) else None
        if isinstance(event, Marker) and is_clock_mark(event.text):
            return None
        late_packet = late and isinstance(event, Notification)
        if late_packet:
            lane.losses.come_late(now_s)
        if late_packet or not self._owners.passes(lane.name, event, time_s):
            self.left_out += isinstance(event, Notification)
            return None
        return self._at(event, at_s)

    def _beats(self, lane: Lane, time_s: float) -> bool:
        beating, last_s = self._beating
        if beating is not lane and time_s - last_s <= ONE_BEAT_S * self._speed:
            return False
        self._beating = lane, time_s
        return True

    @staticmethod
    def _at(event: Event, time_s: float) -> Event:
        if event.time_s == time_s:
            return event
        if isinstance(event, Notification):
            return Notification(time_s, event.sensor, event.char, event.payload)
        return replace(event, time_s=time_s)
