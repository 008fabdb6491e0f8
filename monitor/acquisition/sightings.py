"""What the scanners hear: the newest advertisement of each sensor by each adapter, for whoever wants to connect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

MOST_NAMES = 2000  # phones change their addresses four times an hour; what was heard longest ago is forgotten


@dataclass(frozen=True, slots=True)
class Sighting:
    """An advertisement just heard. loop_time_s: the event loop's clock; by: the adapter that heard it."""

    device: BLEDevice
    heard: AdvertisementData
    loop_time_s: float
    by: Hashable = None

    @property
    def name(self) -> str | None:
        """The advertised name, or the system's name for it."""
        return self.heard.local_name or self.device.name

    @property
    def names(self) -> set[str]:
        """What a team file may call the sensor: its advertised name, the system's name for it, its address."""
        return {name for name in (self.heard.local_name, self.device.name, self.device.address.upper()) if name}


class Sightings:
    """The newest sighting per sensor and adapter, by every name that it goes by. The scanners' callbacks feed it."""

    def __init__(self) -> None:
        self._newest: dict[str, dict[Hashable, Sighting]] = {}
        self._heard: dict[str, asyncio.Event] = {}
        self._any = asyncio.Event()

    def hear(self, device: BLEDevice, heard: AdvertisementData, by: Hashable = None) -> Sighting:
        """Take an advertisement."""
        sighting = Sighting(device, heard, asyncio.get_running_loop().time(), by)
        for name in sighting.names:
            self._newest.setdefault(name, {})[by] = sighting
            if name in self._heard:
                self._heard[name].set()
        if len(self._newest) > MOST_NAMES:
            self._forget_half()
        self._any.set()
        return sighting

    def _forget_half(self) -> None:
        """The names that were heard longest ago."""
        last_s = {
            name: max((each.loop_time_s for each in at.values()), default=0.0) for name, at in self._newest.items()
        }
        for name in sorted(last_s, key=last_s.__getitem__)[: MOST_NAMES // 2]:
            del self._newest[name]

    def forget(self, by: Hashable = None) -> None:
        """An adapter has gone: its devices are of no use any more."""
        for heard in self._newest.values():
            heard.pop(by, None)

    def all(self) -> Iterator[Sighting]:
        """The newest of everything, under its address."""
        for name, heard in self._newest.items():
            yield from (sighting for sighting in heard.values() if sighting.device.address.upper() == name)

    def of(self, name: str) -> list[Sighting]:
        """The newest sightings of the sensor of that name or address, one per adapter, the newest first."""
        heard = self._newest.get(_key(name), {})
        return sorted(heard.values(), key=lambda sighting: -sighting.loop_time_s)

    async def after(self, name: str, loop_time_s: float) -> Sighting:
        """A sighting of that sensor later than the given time: the one at hand, or the next."""
        while True:
            for sighting in self.of(name):
                if sighting.loop_time_s > loop_time_s:
                    return sighting
            event = self._heard.setdefault(_key(name), asyncio.Event())
            event.clear()
            await event.wait()

    async def first(self, fits: Callable[[Sighting], bool]) -> Sighting:
        """A sighting that fits: the newest at hand, or the next."""
        while True:
            fitting = [sighting for sighting in self.all() if fits(sighting)]
            if fitting:
                return max(fitting, key=lambda sighting: sighting.loop_time_s)
            self._any.clear()
            await self._any.wait()


def _key(name: str) -> str:
    """Addresses are compared in capitals: six bytes, or the UUID that macOS gives instead."""
    return name.upper() if name.count(":") == 5 or (len(name) == 36 and name.count("-") == 4) else name
