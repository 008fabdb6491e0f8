"""Which sensors are in range, and what each is."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.battery import advertised
from monitor.acquisition.profile import Profile, library
from monitor.acquisition.radio import RadioSpecs, adapters_of, open_radio
from monitor.acquisition.tried import remark


@dataclass(frozen=True, slots=True)
class InRange:
    """One sensor that was heard. profile, model: None = fits no profile. battery: 0..1, None = not said.

    note: what has to be known about the profile, such as that it was never tried on hardware; may be empty.
    """

    name: str | None
    address: str
    rssi_dbm: int
    profile: str | None
    model: str | None
    battery: float | None
    note: str = ""


async def listen(radio: RadioSpecs, seconds: float) -> list[InRange]:
    """Listen for a while with all these adapters; what was heard, those that fit a profile first, the strongest first.

    Raises: RadioError if there is no radio to listen with.
    """
    profiles = [entry for entry in library().values() if isinstance(entry, Profile)]
    found: dict[str, InRange] = {}

    def hear(device: BLEDevice, heard: AdvertisementData) -> None:
        found[device.address] = in_range(device, heard, profiles)

    async with contextlib.AsyncExitStack() as stack:
        for spec in adapters_of(radio):
            adapter = await stack.enter_async_context(open_radio(spec))
            await stack.enter_async_context(adapter.scanner(hear))
        await asyncio.sleep(seconds)
    return sorted(found.values(), key=lambda sensor: (sensor.profile is None, -sensor.rssi_dbm, sensor.name or ""))


def in_range(device: BLEDevice, heard: AdvertisementData, profiles: list[Profile]) -> InRange:
    """What an advertisement says about its sensor."""
    name = heard.local_name or device.name
    fitting = [profile for profile in profiles if profile.matches(name, heard.service_uuids, heard.manufacturer_data)]
    best = max(fitting, key=lambda profile: profile.match.priority, default=None)
    return InRange(
        name=name,
        address=device.address,
        rssi_dbm=heard.rssi,
        profile=best.id if best else None,
        model=f"{best.vendor} {best.model}" if best else None,
        battery=advertised(heard, best),
        note=remark(best) if best else "",
    )
