"""What the one scanner hears: the newest advertisement of each sensor, for whoever wants to connect to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData


@dataclass(frozen=True, slots=True)
class Sighting:
    """An advertisement just heard. loop_time_s: the event loop's clock."""

    device: BLEDevice
    heard: AdvertisementData
    loop_time_s: float

    @property
    def names(self) -> set[str]:
        """What a team file may call the sensor: its advertised name, the system's name for it, its address."""
        return {name for name in (self.heard.local_name, self.device.name, self.device.address.upper()) if name}


class Sightings:
    """The newest sighting per sensor, by every name that it goes by. One scanner's callback feeds it (`hear`)."""

    def __init__(self) -> None:
        self._newest: dict[str, Sighting] = {}
        self._heard: dict[str, asyncio.Event] = {}

    def hear(self, device: BLEDevice, heard: AdvertisementData) -> None:
        """Take an advertisement."""
        sighting = Sighting(device, heard, asyncio.get_running_loop().time())
        for name in sighting.names:
            self._newest[name] = sighting
            if name in self._heard:
                self._heard[name].set()

    def forget(self) -> None:
        """The radio has changed: devices of the old one are of no use."""
        self._newest.clear()

    def newest(self, name: str) -> Sighting | None:
        """The last sighting of the sensor of that name or address."""
        return self._newest.get(_key(name))

    async def after(self, name: str, loop_time_s: float) -> Sighting:
        """A sighting of that sensor later than the given time: the one at hand, or the next."""
        while True:
            sighting = self.newest(name)
            if sighting is not None and sighting.loop_time_s > loop_time_s:
                return sighting
            event = self._heard.setdefault(_key(name), asyncio.Event())
            event.clear()
            await event.wait()


def _key(name: str) -> str:
    return name.upper() if name.count(":") == 5 else name
