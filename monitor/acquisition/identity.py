"""By what a sensor is known: its name, its address, or the serial number that it tells once it is connected."""

from __future__ import annotations

from bleak import BleakClient

from monitor.acquisition.adapters import Adapters
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.sightings import Sighting

SERIAL = "00002a25-0000-1000-8000-00805f9b34fb"  # Device Information Service, Serial Number String
_PREFIX = "serial:"


def is_serial(source_id: str) -> bool:
    """Whether the sensor is known by its serial number ("serial:XYZ" in the team file)."""
    return source_id.startswith(_PREFIX)


async def search(adapters: Adapters, source_id: str, profile: Profile, after_s: float) -> Sighting:
    """Wait until the sensor, or one that may be it, is heard after that time of the event loop."""
    if not is_serial(source_id):
        return await adapters.sightings.after(source_id, after_s)
    return await adapters.sightings.first(
        lambda sighting: sighting.loop_time_s > after_s and may_be(adapters, sighting, source_id, profile)
    )


def may_be(adapters: Adapters, sighting: Sighting, source_id: str, profile: Profile) -> bool:
    """Whether this may be the sensor of that serial number: known to be, or of its profile and not yet asked."""
    address = sighting.device.address
    if address in adapters.claims or adapters.taken & sighting.names:
        return False
    known = adapters.serials.get(address)
    if known is not None:
        return known == source_id.removeprefix(_PREFIX)
    return profile.matches(sighting.name, sighting.heard.service_uuids, sighting.heard.manufacturer_data.keys())


async def the_right_one(adapters: Adapters, client: BleakClient, sighting: Sighting, source_id: str) -> bool:
    """Ask a connected sensor for its serial number; whether it is the one that is meant. The answer is remembered."""
    serial = await read_serial(client)
    adapters.serials[sighting.device.address] = serial
    return serial == source_id.removeprefix(_PREFIX)


async def read_serial(client: BleakClient) -> str:
    """The serial number, empty if the sensor has none to tell. Raises: BleakError if it cannot be read."""
    if client.services.get_characteristic(SERIAL) is None:
        return ""
    return (await client.read_gatt_char(SERIAL)).decode("utf-8", "replace").strip("\x00 \t\r\n")
