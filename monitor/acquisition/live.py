"""The live source: every sensor of a team over its adapters, as one stream of events in order of arrival."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.adapters import Adapters, Air
from monitor.acquisition.battery import advertised
from monitor.acquisition.profile import Profile
from monitor.acquisition.radio import Radio, RadioSpec, RadioSpecs, adapters_of, open_radio, outage
from monitor.acquisition.session_clock import SessionClock
from monitor.acquisition.sightings import Sighting
from monitor.acquisition.supervisor import BackOff, MayTake, Supervisor, always
from monitor.acquisition.team_profiles import team_profiles
from monitor.acquisition.tried import remark
from monitor.errors import ProfileError, RadioError
from monitor.events import Event, Heartbeat, Link, Marker
from monitor.team import Team

HEARTBEAT_S = 0.5  # session seconds
SILENT_RADIO_S = 10.0  # wall seconds without any advertisement or packet, after which the radio is opened anew
LOST_ADAPTER_S = 2.0  # wall seconds between looks for an adapter that has gone, at most: to look costs little
_STOP_S = 5.0  # wall seconds for the farewell to all sensors; what has not ended then is cancelled
_JOIN_S = 10.0


class LiveSource:
    """Runs the radio in a thread of its own; iterate it in the engine's thread.

    team : who wears which sensors; a sensor's `match` is its source_id.
    radio : as `open_radio` takes it; several adapters share the sensors ("os:hci0,os:hci1", or a list).
    simulated : the sensors are virtual, so nothing is said of what was never tried on hardware.
    speed : session seconds per wall second (virtual sensors only).
    library : profiles by id; None = the shipped ones and the user's own.
    heartbeat_s : session seconds from one heartbeat to the next. may_take : whether to link a sensor that is heard so
    strongly (its name, dBm); another computer may be nearer to it. on_heard : told of each such sensor that is heard.

    beat_phase_s : heartbeats fall on whole steps of the session clock plus this; it may be changed at any time, so that
    computers whose clocks differ keep step.

    The iteration ends after `stop()`. It survives the loss of the radio: its sensors are LOST, other adapters take
    them, and it is opened again when it comes back. Use as `with LiveSource(...) as source`.
    Raises: TeamError if a sensor's profile cannot be used; from `start` or the iteration RadioError if the radio cannot
    be opened the first time.
    """

    def __init__(
        self,
        team: Team,
        radio: RadioSpecs,
        speed: float = 1.0,
        library: Mapping[str, Profile | ProfileError] | None = None,
        *,
        simulated: bool = False,
        heartbeat_s: float = HEARTBEAT_S,
        may_take: MayTake = always,
        on_heard: Callable[[str, float], None] = lambda *_: None,
    ) -> None:
        self._profiles = team_profiles(team, library)
        self._specs = adapters_of(radio)
        self._simulated, self._heartbeat_s = simulated, heartbeat_s
        self._may_take, self._on_heard = may_take, on_heard
        self.beat_phase_s = 0.0
        self.clock = SessionClock(speed)
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._opened = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="radio", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._released = asyncio.Event()  # the sensors have said goodbye: the adapters may go
        self._supervisors: dict[str, Supervisor] = {}
        self._missing: dict[int, RadioError] = {}  # adapters by number
        self._asked: set[int] = set()  # adapters that told what links they hold already
        self._batteries: dict[str, float] = {}
        self._outage = ""

    def start(self) -> None:
        """Open the radio and begin; comes back when it is open. Starting twice is starting once."""
        if not self._thread.ident:
            self._thread.start()
        self._opened.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Stop the sensors, give the radio back, end the iteration. May be called from any thread, and twice."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_JOIN_S)
            if self._thread.is_alive():
                self._events.put(None)

    def mark(self, text: str) -> None:
        """Note something now, from any thread."""
        self.start()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(lambda: self._emit(Marker(self.clock.now_s(), text)))

    def alert(self, source_id: str) -> None:
        """Let a sensor draw attention to itself (vibrate, blink), from any thread.

        Nothing happens where its link does not stand or its profile knows no alert.
        """
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._alert, source_id)

    def _alert(self, source_id: str) -> None:
        supervisor = self._supervisors.get(source_id)
        if supervisor is not None:
            supervisor.alert()

    @property
    def backlog(self) -> int:
        """Events that wait for the engine."""
        return self._events.qsize()

    def behind_s(self, session_s: float) -> float:
        """How far an engine that has come to `session_s` is behind, session seconds."""
        return self.clock.now_s() - session_s

    def __iter__(self) -> Iterator[Event]:
        self.start()
        while (event := self._events.get()) is not None:
            yield event
        if self._error is not None:
            raise self._error

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        finally:  # whatever happened, nobody waits for ever
            self._opened.set()
            self._events.put(None)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        work = (self._keep_radio(), self._beat(), self._end_of_patience())
        tasks = [asyncio.create_task(part) for part in work]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.wait(tasks)
        self._error = next((task.exception() for task in done if task.exception() is not None), None)

    async def _beat(self) -> None:
        while True:
            now_s = self.clock.now_s() + self.beat_phase_s
            due_s = (now_s // self._heartbeat_s + 1) * self._heartbeat_s
            await asyncio.sleep((due_s - now_s) / self.clock.speed)
            self._emit(Heartbeat(self.clock.now_s()))

    async def _end_of_patience(self) -> None:
        """Comes back some time after the source was stopped: a system's Bluetooth that hangs may not hold it up."""
        await self._stopping.wait()
        await asyncio.sleep(_STOP_S)

    async def _keep_radio(self) -> None:
        """Keep all adapters and all sensors until stopped. Raises: RadioError if no adapter ever opened."""
        adapters = Adapters(frozenset(self._profiles))
        self._supervisors = {
            name: Supervisor(name, profile, self.clock, self._emit, self._remark(profile), self._may_take)
            for name, profile in self._profiles.items()
        }
        for supervisor in self._supervisors.values():
            supervisor.say(Link.SEARCHING)
        watching = [asyncio.create_task(supervisor.run(adapters)) for supervisor in self._supervisors.values()]
        keeping = [
            asyncio.create_task(self._keep_adapter(spec, number, adapters))
            for number, spec in enumerate(self._specs, start=1)
        ]
        ending = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([*watching, *keeping, ending], return_when=asyncio.FIRST_COMPLETED)
            await _ended(watching)
            self._released.set()
            done, _ = await asyncio.wait(keeping, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            await _ended([*watching, *keeping, ending])
        for task in (*watching, *done):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _keep_adapter(self, spec: RadioSpec, number: int, adapters: Adapters) -> None:
        """Open an adapter, again and again when it is lost, until released. Raises: RadioError if none ever opened."""
        back_off = BackOff(longest_s=LOST_ADAPTER_S)
        while not self._released.is_set():
            try:
                async with open_radio(spec) as radio:
                    self._missing.pop(number, None)
                    await self._serve(radio, number, adapters, back_off.reset)
            except RadioError as error:
                self._missing[number] = error
                if not self._opened.is_set():
                    if len(self._missing) == len(self._specs):
                        raise
                elif not adapters.in_service:
                    self._tell_outage(outage(error))
            await _first_of(back_off.next_s(), self._released)

    async def _serve(self, radio: Radio, number: int, adapters: Adapters, on_open: Callable[[], None]) -> None:
        """Scan, and offer the adapter, until it is lost or silent, or released."""
        air = Air(radio, adapters.sightings)
        heard_s = [asyncio.get_running_loop().time()]

        def hear(device: BLEDevice, heard: AdvertisementData) -> None:
            sighting = adapters.sightings.hear(device, heard, air)
            heard_s[0] = sighting.loop_time_s
            self._tell_battery(sighting)
            for name in sighting.names & self._supervisors.keys():
                best = adapters.choose(adapters.sightings.of(name), 0.0) or sighting
                self._on_heard(name, best.heard.rssi)

        async with radio.scanner(hear):
            adapters.join(air)
            try:
                if number not in self._asked:
                    self._asked.add(number)
                    await radio.left_connected(hear)
                self._opened.set()
                on_open()
                self._tell_return()
                await self._until_lost(air, heard_s)
            finally:
                await adapters.leave(air)

    async def _until_lost(self, air: Air, heard_s: list[float]) -> None:
        loop = asyncio.get_running_loop()
        while not (air.radio.lost.is_set() or self._released.is_set()):
            packets_s = (supervisor.newest_s for supervisor in self._supervisors.values() if supervisor.air is air)
            left_s = max(*heard_s, *packets_s, 0.0) + SILENT_RADIO_S - loop.time()
            if left_s <= 0:
                return
            await _first_of(left_s, air.radio.lost, self._released)

    def _tell_outage(self, reason: str) -> None:
        """Say of every sensor, found or not, why there is no radio; once."""
        if reason != self._outage:
            self._outage = reason
            for supervisor in self._supervisors.values():
                supervisor.say(Link.LOST, reason)

    def _tell_return(self) -> None:
        """There is a radio again: all that were said to be lost with it are searched for."""
        if self._outage:
            self._outage = ""
            for supervisor in self._supervisors.values():
                supervisor.say(Link.SEARCHING)

    def _tell_battery(self, sighting: Sighting) -> None:
        """What an advertisement of one of ours tells of the battery, when it is news."""
        for name in sighting.names & self._supervisors.keys():
            fraction = advertised(sighting.heard, self._profiles[name])
            if fraction is not None and fraction != self._batteries.get(name):
                self._batteries[name] = fraction
                self._supervisors[name].told_battery(fraction)

    def _remark(self, profile: Profile) -> str:
        return "" if self._simulated else remark(profile)

    def _emit(self, event: Event) -> None:
        self._events.put(event)


async def _ended(tasks: list[asyncio.Task[None]] | list[asyncio.Task[Any]]) -> None:
    """Cancel what still runs, and wait for its end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


async def _first_of(timeout_s: float, *events: asyncio.Event) -> None:
    """Come back when the first of the events is set, or after the time-out."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
