"""Keeps one sensor's link alive for ever: search, connect, start, watch, and begin again when it fails."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import NoReturn

from bleak import BleakClient

from monitor.acquisition.adapters import Adapters, Air, share_of
from monitor.acquisition.care import Care
from monitor.acquisition.farewell import heed_cancellation, let_go, link_errors, to_the_end
from monitor.acquisition.identity import is_serial, may_be, search, the_right_one
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.session_clock import SessionClock
from monitor.acquisition.sightings import Sighting
from monitor.acquisition.steps import Dialogue, UnsupportedSensorError, require_characteristics
from monitor.errors import LinkError
from monitor.events import Battery, Event, Link, LinkChange, Notification

UNSUPPORTED_PAUSE_S = 30.0
FIRST_PACKET_MIN_S = 2.0  # wall seconds: a link is set up in real time, whatever the session's speed
STALL_DROP_MIN_S = 0.5  # wall seconds of silence before a link is cut; at high speed, a stall may be this machine's own
LEFT_OVER_S = 0.1  # wall seconds between stopping a stream that may be left over and starting anew
SPREAD_S = 0.25  # wall seconds for the other adapters to hear a sensor, too, before one of them takes it
ASK_S, RECENT_S = 0.1, 0.5  # wall seconds; whether it may be taken is asked again so soon, if it was heard so lately
_GIVE_UP_S = 2.0  # how long a connect that took too long may take to be called off
_SIGNALS = {"emg", "acc", "gyro", "mag", "quat", "euler", "linear_acc", "envelope", "heart_rate", "speed", "cadence"}


class AdapterGoneError(LinkError):
    """The adapter that held the link has gone; the sensor may well be heard by another."""


MayTake = Callable[[str, float], bool]


def always(source_id: str, dbm: float) -> bool:
    """Whoever hears a sensor takes it."""
    return True


class BackOff:
    """Pauses that double from 0.25 s to 8 s."""

    def __init__(self, first_s: float = 0.25, longest_s: float = 8.0) -> None:
        self._first_s = self._next_s = first_s
        self._longest_s = longest_s

    def next_s(self) -> float:
        """How long to wait this time."""
        pause_s, self._next_s = self._next_s, min(2 * self._next_s, self._longest_s)
        return pause_s

    def reset(self) -> None:
        """It worked: begin at the short end next time."""
        self._next_s = self._first_s


class Supervisor:
    """The keeper of one sensor.

    source_id : the advertised name or the address by which it is known, or "serial:" and its serial number.
    emit : takes each event, stamped and in order, in the event loop's thread.
    remark : what is said when it goes live for the first time. may_take : see `LiveSource`.
    link : where it stands. newest_s : the event loop's time of the newest packet. air : the adapter that holds it.
    """

    def __init__(
        self,
        source_id: str,
        profile: Profile,
        clock: SessionClock,
        emit: Callable[[Event], None],
        remark: str = "",
        may_take: MayTake = always,
    ) -> None:
        self.source_id = source_id
        self.link = Link.SEARCHING
        self.newest_s = 0.0
        self.air: Air | None = None
        self._profile = profile
        self._clock = clock
        self._emit = emit
        self._remark, self._may_take = remark, may_take
        self._signal_chars = signal_chars(profile)
        self._back_off = BackOff()
        self._failed_at_s = float("-inf")
        self._disconnected = asyncio.Event()
        self._care = Care(profile, clock, self.told_battery, self._on_remark)

    async def run(self, adapters: Adapters) -> None:
        """Keep the sensor on these adapters until cancelled; the link is then given back in good order."""
        while True:
            pause_s = 0.0
            try:
                await self._one_life(adapters)
            except AdapterGoneError as error:
                self.say(Link.LOST, str(error))
                continue
            except UnsupportedSensorError as error:
                self.say(Link.UNSUPPORTED, str(error))
                pause_s = UNSUPPORTED_PAUSE_S
            except LinkError as error:
                self.say(Link.LOST, str(error))
                pause_s = self._back_off.next_s()
            heed_cancellation()
            self._failed_at_s = asyncio.get_running_loop().time()
            await asyncio.sleep(pause_s)

    def say(self, link: Link, detail: str = "") -> None:
        """Tell where the link stands now."""
        self.link = link
        self._emit(LinkChange(self._clock.now_s(), self.source_id, link, detail))

    def alert(self) -> None:
        """Let the sensor draw attention to itself, if its link stands and it can."""
        if self.link is Link.LIVE:
            self._care.alarmed.set()

    def told_battery(self, fraction: float | None) -> None:
        """What the sensor has told of its battery outside its packets."""
        if fraction is not None:
            self._emit(Battery(self._clock.now_s(), self.source_id, fraction))

    async def _one_life(self, adapters: Adapters) -> None:
        """From the search to the end of one connection; the adapter may end it, too.

        Raises: LinkError, which says why the link ended.
        """
        sighting = await self._search(adapters)
        air = sighting.by
        assert isinstance(air, Air)
        self.air = air
        air.links[self.source_id] = share_of(self._profile)
        life = asyncio.create_task(self._link(adapters, air, sighting))
        air.lives.add(life)
        try:
            with adapters.claimed(sighting.device.address):
                await life
        except asyncio.CancelledError:
            heed_cancellation()
            raise AdapterGoneError("the radio is gone") from None
        finally:
            air.lives.discard(life)
            del air.links[self.source_id]
            self.air = None

    async def _search(self, adapters: Adapters) -> Sighting:
        """Wait until the sensor is heard, and let the adapters agree on which of them takes it."""
        while True:
            heard = await search(adapters, self.source_id, self._profile, self._failed_at_s)
            if len(adapters.in_service) > 1:
                await asyncio.sleep(SPREAD_S)
                if is_serial(self.source_id) and not may_be(adapters, heard, self.source_id, self._profile):
                    continue
            chosen = adapters.choose(adapters.sightings.of(heard.device.address), share_of(self._profile))
            if chosen is not None and self._may_take(self.source_id, chosen.heard.rssi):
                return chosen
            self._failed_at_s = max(self._failed_at_s, asyncio.get_running_loop().time() - RECENT_S)
            await asyncio.sleep(ASK_S)

    async def _link(self, adapters: Adapters, air: Air, sighting: Sighting) -> None:
        """One connection. Raises: LinkError at its end, unless it was only to ask a sensor for its serial number."""
        client = await self._connect(adapters, air, sighting)
        if client is None:
            return
        try:
            if is_serial(self.source_id):
                async with link_errors(air, "does not tell its serial number"):
                    if not await the_right_one(adapters, client, sighting, self.source_id):
                        self.say(Link.SEARCHING, f"{sighting.name or 'a sensor'} is another one")
                        return
            require_characteristics(client, self._profile)
            self.say(Link.STARTING)
            dialogue = Dialogue(client, self._profile, self._on_packet, self._note, self._on_remark)
            async with link_errors(air, "could not be started"):
                await self._clear(dialogue)
                await dialogue.run((*self._profile.step.setup, *self._profile.step.start))
            if self.link is Link.STARTING:
                self.newest_s = asyncio.get_running_loop().time()
            heed_cancellation()
            async with self._care.of(dialogue):
                await self._watch()
        finally:
            await to_the_end(let_go(air, client, self._profile))

    async def _connect(self, adapters: Adapters, air: Air, sighting: Sighting) -> BleakClient | None:
        """Connected, or None if it was not heard any more when it came to its turn."""
        address, limit_s = sighting.device.address, self._profile.link.connect_timeout_s
        async with air.turns.turn(address):
            now_s = asyncio.get_running_loop().time()
            fresh = adapters.choose([s for s in adapters.sightings.of(address) if s.by is air], 0.0)
            if fresh is None:
                self._failed_at_s = now_s
                return None
            self.say(Link.CONNECTING)
            self._disconnected.clear()
            client = air.radio.client(fresh.device, self._disconnected.set, limit_s)
            async with link_errors(air, "could not be connected"):
                async with asyncio.timeout(limit_s + _GIVE_UP_S):
                    await client.connect()
            return client

    async def _clear(self, dialogue: Dialogue) -> None:
        """Stop what may be left over from a program or a link that ended without a word; then it can be started."""
        writes = [step.model_copy(update={"optional": True, "expect": None}) for step in self._profile.step.stop]
        writes = [step for step in writes if step.op == "write"]
        if writes:
            await dialogue.run(writes)
            await asyncio.sleep(LEFT_OVER_S)

    async def _watch(self) -> NoReturn:
        """Wait for the end: the link is lost, or its packets stop. Raises: LinkError, always."""
        loop = asyncio.get_running_loop()
        while True:
            flowing = self.link in (Link.LIVE, Link.STALLED)
            limit_s, cut_s = self._limits_s(flowing)
            silent_s = loop.time() - self.newest_s
            if silent_s >= limit_s and self.link is Link.LIVE:
                self.say(Link.STALLED, f"no packet for {silent_s * self._clock.speed:.1f} s")
            if silent_s >= cut_s:
                raise LinkError("its packets stopped" if flowing else "it is connected but sends nothing")
            due_s = (limit_s if silent_s < limit_s else cut_s) - silent_s
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(due_s, self._limits_s(flowing=True)[0])):
                    await self._disconnected.wait()
            if self._disconnected.is_set():
                raise LinkError("the link was lost")

    def _limits_s(self, flowing: bool) -> tuple[float, float]:
        """Wall seconds of silence until the link counts as stalled, and until it is cut."""
        link = self._profile.link
        if not flowing:
            limit_s = max(FIRST_PACKET_MIN_S, link.first_packet_timeout_s / self._clock.speed)
            return limit_s, limit_s
        limit_s = link.stall_timeout_s / self._clock.speed
        return limit_s, max(limit_s, STALL_DROP_MIN_S)

    def _on_packet(self, char: str, payload: bytearray) -> None:
        """A notification: stamp it and pass it on, nothing else. An answer or a battery level is no sign of life."""
        if char in self._signal_chars:
            self.newest_s = asyncio.get_running_loop().time()
            if self.link is not Link.LIVE:
                self._back_off.reset()
                self.say(Link.LIVE, self._remark)
                self._remark = ""
        self._note(char, payload)

    def _note(self, char: str, payload: bytearray) -> None:
        self._emit(Notification(self._clock.now_s(), self.source_id, char, bytes(payload)))

    def _on_remark(self, sentence: str) -> None:
        self.say(self.link, sentence)


def signal_chars(profile: Profile) -> frozenset[str]:
    """The characteristics whose packets show that the sensor measures; all that have packets, if there are none."""
    packets = {packet for stream in profile.streams.values() if stream.kind in _SIGNALS for packet in stream.packets}
    chars = {packet.id: {profile.uuid(char) for char in packet.chars} for packet in profile.packets}
    told = [uuids for packet_id, uuids in chars.items() if packet_id in packets]
    return frozenset().union(*(told or chars.values()))
