"""A bleak scanner backend on a shared bumble Central."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_16, normalize_uuid_32
from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Advertisement

from monitor.acquisition.bumble_central import Central

_NAME = (AdvertisingData.COMPLETE_LOCAL_NAME, AdvertisingData.SHORTENED_LOCAL_NAME)
_UUID_SIZES = {
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    AdvertisingData.COMPLETE_LIST_OF_32_BIT_SERVICE_CLASS_UUIDS: 4,
    AdvertisingData.INCOMPLETE_LIST_OF_32_BIT_SERVICE_CLASS_UUIDS: 4,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
}
_SERVICE_DATA_SIZES = {AdvertisingData.SERVICE_DATA_16_BIT_UUID: 2, AdvertisingData.SERVICE_DATA_128_BIT_UUID: 16}


def uuid_text(uuid_bytes: bytes) -> str:
    """A UUID of 2, 4 or 16 bytes, little-endian as on air, as bleak writes it: lower case, full length."""
    if len(uuid_bytes) == 2:
        return normalize_uuid_16(int.from_bytes(uuid_bytes, "little"))
    if len(uuid_bytes) == 4:
        return normalize_uuid_32(int.from_bytes(uuid_bytes, "little"))
    return UUID.from_bytes(uuid_bytes).to_hex_str("-").lower()


def advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    """What one advertisement says, in bleak's words."""
    name, tx_power = None, None
    manufacturer: dict[int, bytes] = {}
    service_data: dict[str, bytes] = {}
    uuids: list[str] = []
    for kind, content in advertisement.data.ad_structures:
        if kind in _NAME:
            name = content.decode("utf-8", "replace")
        elif kind in _UUID_SIZES:
            uuids += _uuids(content, _UUID_SIZES[kind])
        elif kind in _SERVICE_DATA_SIZES:
            size = _SERVICE_DATA_SIZES[kind]
            service_data[uuid_text(content[:size])] = bytes(content[size:])
        elif kind == AdvertisingData.MANUFACTURER_SPECIFIC_DATA:
            manufacturer[int.from_bytes(content[:2], "little")] = bytes(content[2:])
        elif kind == AdvertisingData.TX_POWER_LEVEL:
            tx_power = int.from_bytes(content[:1], "little", signed=True)
    return AdvertisementData(
        name, manufacturer, service_data, list(dict.fromkeys(uuids)), tx_power, advertisement.rssi, (advertisement,)
    )


class BumbleScanner(BaseBleakScanner):
    """bleak's scanner on bumble. A subclass names its `central` (bleak's `backend=` takes a class)."""

    central: ClassVar[Central]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"] = "active",
        **_kwargs: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        """Start to listen; the first scanner of a central starts the scan itself."""
        self.seen_devices = {}
        try:
            await self.central.listen(self._on_advertisement)
        except BaseBumbleError as error:
            raise BleakError(f"the adapter cannot scan: {error}") from error

    async def stop(self) -> None:
        """Stop listening."""
        try:
            await self.central.unlisten(self._on_advertisement)
        except BaseBumbleError as error:
            raise BleakError(f"the scan cannot be stopped: {error}") from error

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        heard = advertisement_data(advertisement)
        if not self.is_allowed_uuid(heard.service_uuids):
            return
        address = advertisement.address.to_string(with_type_qualifier=False)
        details = {"address": advertisement.address}
        device = self.create_or_update_device(address, address, heard.local_name, details, heard)
        self.call_detection_callbacks(device, heard)


def _uuids(content: bytes, size: int) -> Iterator[str]:
    for start in range(0, len(content) - size + 1, size):
        yield uuid_text(content[start : start + size])
