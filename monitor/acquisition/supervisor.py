"""Keeps one sensor's link alive for ever: search, connect, start, watch, and begin again when it fails."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import NoReturn

from bleak import BleakClient
from bleak.exc import BleakError

from monitor.acquisition.profile_model import Profile, Step
from monitor.acquisition.radio import CONNECT_TIMEOUT_S, Radio, adapter_is_gone, service_is_another
from monitor.acquisition.session_clock import SessionClock
from monitor.acquisition.sightings import Sightings
from monitor.acquisition.steps import UnsupportedSensorError, require_characteristics, run_steps
from monitor.errors import LinkError
from monitor.events import Event, Link, LinkChange, Notification

FRESH_S = 3.0  # a sensor last heard longer ago than this is not worth a connect
UNSUPPORTED_PAUSE_S = 30.0
FIRST_PACKET_MIN_S = 2.0  # wall seconds: a link is set up in real time, whatever the session's speed
STALL_DROP_MIN_S = 0.5  # wall seconds of silence before a link is cut; at high speed, a stall may be this machine's own
_FAREWELL_S = 1.0
_GIVE_UP_S = 2.0  # how long a connect that took too long may take to be called off
_LINK_ERRORS = (BleakError, OSError, EOFError)  # a TimeoutError is an OSError


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


@dataclass(frozen=True, slots=True)
class Air:
    """What all supervisors share: the radio, what it hears, and the lock for the one connect at a time."""

    radio: Radio
    sightings: Sightings = field(default_factory=Sightings)
    connect_lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Supervisor:
    """The keeper of one sensor.

    source_id : the advertised name or the address by which it is known.
    emit : takes each event, stamped and in order, in the event loop's thread.
    link : where it stands. newest_s : the event loop's time of the newest packet.
    """

    def __init__(self, source_id: str, profile: Profile, clock: SessionClock, emit: Callable[[Event], None]) -> None:
        self.source_id = source_id
        self.link = Link.SEARCHING
        self._profile = profile
        self._clock = clock
        self._emit = emit
        self._back_off = BackOff()
        self._failed_at_s = float("-inf")
        self.newest_s = 0.0
        self._disconnected = asyncio.Event()

    async def run(self, air: Air) -> None:
        """Keep the sensor on this radio until cancelled; the link is then given back in good order."""
        while True:
            try:
                await self._one_life(air)
            except UnsupportedSensorError as error:
                self.say(Link.UNSUPPORTED, str(error))
                pause_s = UNSUPPORTED_PAUSE_S
            except LinkError as error:
                self.say(Link.LOST, str(error))
                pause_s = self._back_off.next_s()
            _heed_cancellation()
            self._failed_at_s = asyncio.get_running_loop().time()
            await asyncio.sleep(pause_s)

    def say(self, link: Link, detail: str = "") -> None:
        """Tell where the link stands now."""
        self.link = link
        self._emit(LinkChange(self._clock.now_s(), self.source_id, link, detail))

    async def _one_life(self, air: Air) -> NoReturn:
        """From the search to the end of one connection. Raises: LinkError, always: it says why the link ended."""
        client = await self._connect(air)
        try:
            require_characteristics(client, self._profile)
            self.say(Link.STARTING)
            async with self._link_errors(air, "could not be started"):
                steps = self._profile.step
                await run_steps(client, self._profile, (*steps.setup, *steps.start), self._on_packet)
            if self.link is Link.STARTING:
                self.newest_s = asyncio.get_running_loop().time()
            _heed_cancellation()
            async with self._kept_alive(client):
                await self._watch()
        finally:
            await _to_the_end(self._let_go(air, client))

    async def _connect(self, air: Air) -> BleakClient:
        while True:
            await air.sightings.after(self.source_id, self._failed_at_s)
            async with air.connect_lock:
                sighting = air.sightings.newest(self.source_id)
                now_s = asyncio.get_running_loop().time()
                if sighting is None or now_s - sighting.loop_time_s > FRESH_S:
                    self._failed_at_s = now_s
                    continue
                self.say(Link.CONNECTING)
                self._disconnected.clear()
                client = air.radio.client(sighting.device, self._disconnected.set, CONNECT_TIMEOUT_S)
                async with self._link_errors(air, "could not be connected"):
                    async with asyncio.timeout(CONNECT_TIMEOUT_S + _GIVE_UP_S):
                        await client.connect()
                return client

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
        """A notification: stamp it and pass it on, nothing else."""
        self.newest_s = asyncio.get_running_loop().time()
        if self.link is not Link.LIVE:
            self._back_off.reset()
            self.say(Link.LIVE)
        self._emit(Notification(self._clock.now_s(), self.source_id, char, bytes(payload)))

    @contextlib.asynccontextmanager
    async def _kept_alive(self, client: BleakClient) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._repeat(client, step)) for step in self._profile.step.keepalive]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _repeat(self, client: BleakClient, step: Step) -> None:
        while step.every_s is not None:
            await asyncio.sleep(step.every_s / self._clock.speed)
            with contextlib.suppress(*_LINK_ERRORS):  # what it is for shows in the packets, which are watched
                await run_steps(client, self._profile, [step], self._on_packet)
            _heed_cancellation()

    async def _let_go(self, air: Air, client: BleakClient) -> None:
        """Say goodbye. A link that is lost already is given back too: the system keeps a place for each client."""
        if client.is_connected:
            steps = self._profile.step.stop
            await self._farewell(air, run_steps(client, self._profile, steps, self._on_farewell_packet))
        stood = client.is_connected
        error = await self._farewell(air, client.disconnect())
        if stood and error is not None and service_is_another(error):
            air.radio.lost.set()

    async def _farewell(self, air: Air, words: Coroutine[None, None, None]) -> Exception | None:
        """Do it so far as it can be done; the error, if there was one."""
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await words
        except _LINK_ERRORS as error:
            if adapter_is_gone(error):
                air.radio.lost.set()
            return error
        return None

    def _on_farewell_packet(self, char: str, payload: bytearray) -> None:
        """Stop steps subscribe to nothing; a packet here has nobody to go to."""

    @contextlib.asynccontextmanager
    async def _link_errors(self, air: Air, what: str) -> AsyncIterator[None]:
        try:
            yield
        except _LINK_ERRORS as error:
            if adapter_is_gone(error):
                air.radio.lost.set()
            raise LinkError(f"{what}: {str(error) or 'no answer in time'}") from error


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Do it to its end, even if the task is cancelled meanwhile; the cancellation comes after it."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _heed_cancellation() -> None:
    """Raises: CancelledError if the task was cancelled and does not know it.

    asyncio.wait_for of Python 3.11, under bumble's GATT requests, loses a cancellation that comes with the answer.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
