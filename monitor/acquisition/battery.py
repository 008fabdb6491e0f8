"""A sensor's battery, where it tells of it by itself: the standard Battery Service, or its advertisements."""

from __future__ import annotations

from bleak import BleakClient
from bleak.backends.scanner import AdvertisementData

from monitor.acquisition.profile_model import Profile

SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
ASK_EVERY_S = 60.0  # session seconds


def advertised(heard: AdvertisementData, profile: Profile | None) -> float | None:
    """The fraction, 0..1, that an advertisement tells; None = it does not."""
    if level := heard.service_data.get(SERVICE):
        return fraction_of(level)
    told = profile.advert.battery if profile is not None else None
    if told is None:
        return None
    for company, content in heard.manufacturer_data.items():
        fraction = told.fraction(company.to_bytes(2, "little") + content)
        if fraction is not None:
            return fraction
    return None


def is_asked_for(client: BleakClient, profile: Profile) -> bool:
    """Whether the sensor has the Battery Service and its profile does not look after it."""
    return client.services.get_characteristic(LEVEL) is not None and LEVEL not in {
        spec.char for spec in profile.gatt.values()
    }


def fraction_of(level: bytes | bytearray) -> float | None:
    """The fraction that the standard Battery Level says; None where these bytes are none."""
    return level[0] / 100 if len(level) == 1 and level[0] <= 100 else None
