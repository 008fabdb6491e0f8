"""The live source: every sensor of a team over one radio, as one stream of events in order of arrival."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.profile import Profile, find
from monitor.acquisition.radio import Radio, RadioSpec, open_radio, outage
from monitor.acquisition.session_clock import SessionClock
from monitor.acquisition.supervisor import Air, BackOff, Supervisor
from monitor.errors import ProfileError, RadioError, TeamError
from monitor.events import Event, Heartbeat, Link, Marker
from monitor.team import Sensor, Team

HEARTBEAT_S = 0.5  # session seconds
SILENT_RADIO_S = 10.0  # wall seconds without any advertisement or packet, after which the radio is opened anew
_STOP_S = 5.0  # wall seconds for the farewell to all sensors; what has not ended then is cancelled
_JOIN_S = 10.0
_HELD = (Link.CONNECTING, Link.STARTING, Link.LIVE, Link.STALLED)


class LiveSource:
    """Runs the radio in a thread of its own; iterate it in the engine's thread.

    team : who wears which sensors; a sensor's `match` is its source_id.
    radio : as `open_radio` takes it.
    speed : session seconds per wall second (virtual sensors only).
    library : profiles by id; None = the shipped ones and the user's own.

    The iteration ends after `stop()`. It survives the loss of the radio: all sensors are LOST, and the radio is opened
    again when it comes back. Use as `with LiveSource(...) as source`.
    Raises: TeamError if a sensor's profile cannot be used; from `start` or the iteration RadioError if the radio cannot
    be opened the first time.
    """

    def __init__(
        self,
        team: Team,
        radio: RadioSpec,
        speed: float = 1.0,
        library: Mapping[str, Profile | ProfileError] | None = None,
    ) -> None:
        self._profiles = team_profiles(team, library)
        self._spec = radio
        self.clock = SessionClock(speed)
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._opened = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="radio", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._heard_s = 0.0
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

    @property
    def backlog(self) -> int:
        """Events that wait for the engine."""
        return self._events.qsize()

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
            now_s = self.clock.now_s()
            due_s = (now_s // HEARTBEAT_S + 1) * HEARTBEAT_S
            await asyncio.sleep((due_s - now_s) / self.clock.speed)
            self._emit(Heartbeat(self.clock.now_s()))

    async def _end_of_patience(self) -> None:
        """Comes back some time after the source was stopped: a system's Bluetooth that hangs may not hold it up."""
        await self._stopping.wait()
        await asyncio.sleep(_STOP_S)

    async def _keep_radio(self) -> None:
        """Open the radio, again and again when it is lost, until stopped. Raises: RadioError if it never opened."""
        back_off = BackOff()
        supervisors = [Supervisor(name, profile, self.clock, self._emit) for name, profile in self._profiles.items()]
        for supervisor in supervisors:
            supervisor.say(Link.SEARCHING)
        while not self._stopping.is_set():
            try:
                async with open_radio(self._spec) as radio:
                    await self._serve(radio, supervisors, back_off.reset)
                self._tell_loss(supervisors)
            except RadioError as error:
                if not self._opened.is_set():
                    raise
                self._tell_outage(supervisors, outage(error))
            await _first_of(back_off.next_s(), self._stopping)

    async def _serve(self, radio: Radio, supervisors: list[Supervisor], on_open: Callable[[], None]) -> None:
        """Scan and supervise until the radio is lost or silent, or the source is stopped."""
        air = Air(radio)

        def hear(device: BLEDevice, heard: AdvertisementData) -> None:
            self._heard_s = asyncio.get_running_loop().time()
            air.sightings.hear(device, heard)

        async with radio.scanner(hear):
            if not self._opened.is_set():
                await radio.left_connected(hear)
            self._opened.set()
            on_open()
            self._tell_return(supervisors)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(supervisor.run(air)) for supervisor in supervisors]
                await self._until_lost(radio, supervisors)
                for task in tasks:
                    task.cancel()

    async def _until_lost(self, radio: Radio, supervisors: list[Supervisor]) -> None:
        loop = asyncio.get_running_loop()
        self._heard_s = loop.time()
        while not (radio.lost.is_set() or self._stopping.is_set()):
            newest_s = max(self._heard_s, *(supervisor.newest_s for supervisor in supervisors))
            left_s = newest_s + SILENT_RADIO_S - loop.time()
            if left_s <= 0:
                return
            await _first_of(left_s, radio.lost, self._stopping)

    def _tell_loss(self, supervisors: list[Supervisor]) -> None:
        for supervisor in supervisors:
            if supervisor.link in _HELD and not self._stopping.is_set():
                supervisor.say(Link.LOST, "the radio is gone")

    def _tell_outage(self, supervisors: list[Supervisor], reason: str) -> None:
        """Say of every sensor, found or not, why there is no radio; once."""
        if reason != self._outage:
            self._outage = reason
            for supervisor in supervisors:
                supervisor.say(Link.LOST, reason)

    def _tell_return(self, supervisors: list[Supervisor]) -> None:
        """The radio is back: all that were said to be lost with it are searched for."""
        if self._outage:
            self._outage = ""
            for supervisor in supervisors:
                supervisor.say(Link.SEARCHING)

    def _emit(self, event: Event) -> None:
        self._events.put(event)


def team_profiles(team: Team, library: Mapping[str, Profile | ProfileError] | None = None) -> dict[str, Profile]:
    """The profile of every sensor of the team, resolved, by source_id.

    library: by id; None = the shipped ones and the user's own. Raises: TeamError naming the sensor that has none.
    """
    profiles = {}
    for athlete in team.athletes:
        for sensor in athlete.sensors:
            try:
                profiles[sensor.match] = _profile(sensor, library)
            except ProfileError as error:
                raise TeamError(f"sensor {sensor.match!r} of {athlete.name}: {error}") from error
    return profiles


def _profile(sensor: Sensor, library: Mapping[str, Profile | ProfileError] | None) -> Profile:
    if library is None:
        return find(sensor.profile, sensor.variant, sensor.options, sensor.match)
    found = library.get(sensor.profile)
    if found is None:
        raise ProfileError(f"no profile is called {sensor.profile!r}")
    if isinstance(found, ProfileError):
        raise found
    return found.resolved(sensor.variant, sensor.options, sensor.match)


async def _first_of(timeout_s: float, *events: asyncio.Event) -> None:
    """Come back when the first of the events is set, or after the time-out."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
