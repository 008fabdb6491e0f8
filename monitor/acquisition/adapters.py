"""The adapters in service: which of them takes a sensor, one connect at a time on each, and what each carries."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from monitor.acquisition.profile_model import Profile
from monitor.acquisition.radio import Radio
from monitor.acquisition.sightings import Sighting, Sightings

ASSUMED_LINKS = 7  # of a profile that does not say: what common controllers carry
STEP_DBM = 10  # reception is compared in such steps: less is noise
FRESH_S = 3.0  # a sensor last heard longer ago than this is not worth a connect


class Turns:
    """One connect at a time. Of those who wait, the sensor heard last has the next turn: it is the likeliest there."""

    def __init__(self, sightings: Sightings) -> None:
        self._sightings = sightings
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._taken = False

    @contextlib.asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for the turn and have it inside the `async with`. name: under which the sensor is heard."""
        await self._wait(name)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, name: str) -> None:
        if not self._taken:
            self._taken = True
            return
        called = self._waiting[name] = asyncio.get_running_loop().create_future()
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._pass_on()
            raise
        finally:
            self._waiting.pop(name, None)

    def _pass_on(self) -> None:
        waiting = [name for name, called in self._waiting.items() if not called.done()]
        self._taken = bool(waiting)
        if waiting:
            self._waiting[max(waiting, key=self._heard_s)].set_result(None)

    def _heard_s(self, name: str) -> float:
        return max((sighting.loop_time_s for sighting in self._sightings.of(name)), default=float("-inf"))


class Air:
    """One adapter in service. links: the part of it that each sensor's link takes; lives: the tasks that hold them."""

    def __init__(self, radio: Radio, sightings: Sightings) -> None:
        self.radio = radio
        self.turns = Turns(sightings)
        self.links: dict[str, float] = {}
        self.lives: set[asyncio.Task[None]] = set()

    @property
    def load(self) -> float:
        """How full it is, 1 = as many links as it carries."""
        return sum(self.links.values())


class Adapters:
    """All adapters in service, and what they hear. taken: the names by which the team knows its sensors.

    serials : address -> serial number of the sensors that were asked for it. claims : addresses that somebody holds.
    """

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self.sightings = Sightings()
        self.in_service: list[Air] = []
        self.taken = taken
        self.serials: dict[str, str] = {}
        self.claims: set[str] = set()

    def join(self, air: Air) -> None:
        """An adapter comes into service."""
        self.in_service.append(air)

    async def leave(self, air: Air) -> None:
        """An adapter goes out of service: its links are ended, so far as they still can be, and given to the others."""
        self.in_service.remove(air)
        self.sightings.forget(air)
        for life in air.lives:
            life.cancel()
        if air.lives:
            await asyncio.wait(air.lives)

    def choose(self, sightings: list[Sighting], share: float) -> Sighting | None:
        """The sighting by the adapter that should take this sensor: with room, then good reception, then little to do.

        None if no sighting is fresh. A link that fits nowhere goes where there is most room: better than none.
        """
        now_s = asyncio.get_running_loop().time()
        fresh = [s for s in sightings if now_s - s.loop_time_s <= FRESH_S and s.by in self.in_service]
        return max(fresh, key=lambda sighting: _merit(sighting, share), default=None)

    @contextlib.contextmanager
    def claimed(self, address: str) -> Iterator[None]:
        """Inside, nobody else who looks for an unknown sensor tries this one."""
        self.claims.add(address)
        try:
            yield
        finally:
            self.claims.discard(address)


def share_of(profile: Profile) -> float:
    """The part of an adapter that one link of this profile takes."""
    return 1.0 / (profile.link.max_per_adapter or ASSUMED_LINKS)


def _merit(sighting: Sighting, share: float) -> tuple[bool, int, float]:
    air = sighting.by
    assert isinstance(air, Air)
    room = air.load + share <= 1.0 + 1e-9
    reception = sighting.heard.rssi // STEP_DBM if room else 0
    return room, reception, -air.load
