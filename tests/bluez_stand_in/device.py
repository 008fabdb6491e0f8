"""A remote device on the bus: connects and disconnects when asked, and tells when its link is lost."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from dbus_fast import Message, Variant

from bluez_stand_in.calls import bluez_error
from bluez_stand_in.gatt import GattCharacteristic, show_table
from bluez_stand_in.objects import BusObject, ObjectTree
from monitor.acquisition.radio import Radio

_PATIENCE_S = 20.0  # BlueZ waits far longer than bleak for a device that does not answer
_RSSI_SWING = 3  # dB; BlueZ tells of an advertisement only where something changed, and on air the strength always does


class Device(BusObject):
    """org.bluez.Device1."""

    interface = "org.bluez.Device1"
    calls: ClassVar[frozenset[str]] = frozenset({"Connect", "Disconnect"})

    def __init__(self, tree: ObjectTree, adapter_path: str, radio: Radio, device: BLEDevice) -> None:
        path = f"{adapter_path}/dev_{device.address.replace(':', '_')}"
        flags = dict.fromkeys(("Paired", "Bonded", "Trusted", "Blocked", "Connected", "ServicesResolved"), False)
        names = {"Address": device.address, "AddressType": "random", "Alias": device.address.replace(":", "-")}
        super().__init__(tree, path, Adapter=adapter_path, **names, **flags)
        self._radio = radio
        self._device = device
        self._n_heard = 0
        self._services: set[str] = set()
        self._client: BleakClient | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._table: list[GattCharacteristic] = []

    @property
    def connected(self) -> bool:
        """Whether the link stands."""
        return self._client is not None

    def hear(self, device: BLEDevice, heard: AdvertisementData) -> None:
        """It has advertised."""
        self._device = device
        self._n_heard += 1
        news: dict[str, object] = {"RSSI": heard.rssi - self._n_heard % _RSSI_SWING}
        news["UUIDs"] = self._with_services(heard.service_uuids)
        if heard.local_name:
            news |= {"Name": heard.local_name, "Alias": heard.local_name}
        if heard.manufacturer_data:
            told = heard.manufacturer_data.items()
            news["ManufacturerData"] = {company: Variant("ay", content) for company, content in told}
        self.change(**{name: value for name, value in news.items() if self.properties.get(name) != value})

    async def connect(self, _call: Message) -> None:
        """Connect(): link, MTU, and the whole GATT table."""
        if self.connected:
            return
        if self._connecting is not None:
            raise bluez_error("InProgress", "In Progress")
        client = self._radio.client(self._device, self._on_disconnected, timeout_s=_PATIENCE_S)
        self._connecting = asyncio.create_task(client.connect())
        try:
            await self._connecting
        except asyncio.CancelledError:
            raise bluez_error("Failed", "br-connection-canceled") from None
        except (BleakError, TimeoutError) as error:
            raise bluez_error("Failed", "le-connection-abort-by-remote") from error
        finally:
            self._connecting = None
        self._on_connected(client)

    async def disconnect(self, _call: Message) -> None:
        """Disconnect(): give up a pending Connect, or end the link."""
        if self._connecting is not None:
            self._connecting.cancel()
        elif self._client is None:
            raise bluez_error("NotConnected", "Not Connected")
        else:
            await self.drop()

    async def drop(self) -> None:
        """End the link, whoever wants it."""
        if self._client is not None:
            await self._client.disconnect()

    def _on_connected(self, client: BleakClient) -> None:
        self._client = client
        self.change(Connected=True)
        self._table = show_table(self.tree, self.path, client)
        services = [service.uuid for service in client.services]
        self.change(ServicesResolved=True, UUIDs=self._with_services(services))

    def _with_services(self, uuids: list[str]) -> list[str]:
        """Those it advertises and those it was found to have."""
        self._services.update(uuids)
        return sorted(self._services)

    def _on_disconnected(self) -> None:
        if self._client is None:
            return
        self._client = None
        for characteristic in self._table:
            characteristic.disconnected()
        self.change(ServicesResolved=False, Connected=False)
