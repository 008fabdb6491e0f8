"""Which sensors are in range, and what each is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.profile import Profile, library
from monitor.acquisition.radio import RadioSpec, open_radio

_BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class InRange:
    """One sensor that was heard. profile, model: None = fits no profile. battery: 0..1, None = not said."""

    name: str | None
    address: str
    rssi_dbm: int
    profile: str | None
    model: str | None
    battery: float | None


async def listen(spec: RadioSpec, seconds: float) -> list[InRange]:
    """Listen for a while; what was heard, those that fit a profile first, the strongest first.

    Raises: RadioError if there is no radio to listen with.
    """
    profiles = [entry for entry in library().values() if isinstance(entry, Profile)]
    found: dict[str, InRange] = {}

    def hear(device: BLEDevice, heard: AdvertisementData) -> None:
        found[device.address] = in_range(device, heard, profiles)

    async with open_radio(spec) as radio, radio.scanner(hear):
        await asyncio.sleep(seconds)
    return sorted(found.values(), key=lambda sensor: (sensor.profile is None, -sensor.rssi_dbm, sensor.name or ""))


def in_range(device: BLEDevice, heard: AdvertisementData, profiles: list[Profile]) -> InRange:
    """What an advertisement says about its sensor."""
    name = heard.local_name or device.name
    fitting = [profile for profile in profiles if profile.matches(name, heard.service_uuids, heard.manufacturer_data)]
    best = max(fitting, key=lambda profile: profile.match.priority, default=None)
    level = heard.service_data.get(_BATTERY_SERVICE)
    return InRange(
        name=name,
        address=device.address,
        rssi_dbm=heard.rssi,
        profile=best.id if best else None,
        model=f"{best.vendor} {best.model}" if best else None,
        battery=min(level[0], 100) / 100 if level else None,
    )
