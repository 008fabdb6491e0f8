"""A bleak client backend on a shared bumble Central: real GATT bytes without the system's Bluetooth."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import att
from bumble.core import BaseBumbleError
from bumble.device import Connection, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy

from monitor.acquisition.bumble_central import Central
from monitor.acquisition.bumble_scanner import BumbleScanner, uuid_text

_DEFAULT_MTU = 23
_ATT_HEADER = 3
_PROPERTY_NAMES = {
    Characteristic.Properties.BROADCAST: "broadcast",
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}


def backends(central: Central) -> tuple[type[BumbleScanner], type[BumbleClient]]:
    """bleak's `backend=` classes for one central."""
    scanner = type("BumbleScanner", (BumbleScanner,), {"central": central})
    client = type("BumbleClient", (BumbleClient,), {"central": central})
    return scanner, client


class BumbleClient(BaseBleakClient):
    """bleak's client on bumble. A subclass names its `central`; it connects to what the central's scanner found."""

    central: ClassVar[Central]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        services: set[str] | None = None,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **kwargs: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **kwargs)
        if isinstance(address_or_ble_device, str):
            raise BleakDeviceNotFoundError(address_or_ble_device, "give the BLEDevice that the scanner found")
        self._device = address_or_ble_device
        self._wanted_services = services
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        """The advertised name, or the address where there is none."""
        return self._device.name or self.address

    @property
    def mtu_size(self) -> int:
        """The ATT MTU in bytes."""
        return self._connection.att_mtu if self._connection else _DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._connection is not None

    async def connect(self, pair: bool, **_kwargs: Any) -> None:
        """Connect, exchange the MTU and discover everything within the time-out.

        Raises: TimeoutError; BleakError if the sensor refuses or is lost on the way.
        """
        if self._connection is not None:
            raise BleakError("the client is already connected")
        async with asyncio.timeout(self._timeout):
            self._connection = await self.central.connect(self._device.details["address"])
            self._connection.on("disconnection", self._on_disconnection)
            try:
                await self._discover()
            except (BleakError, asyncio.CancelledError):
                await self.disconnect()
                raise

    async def disconnect(self) -> None:
        """End the link; nothing to do where there is none."""
        if self._connection is not None:
            await self.central.drop(self._connection)
        if self._connection is not None:  # the controller no longer answers: the link is over all the same
            self._on_disconnection(0)

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Pair with the sensor."""
        if self._connection is not None:
            await self._connection.pair()

    async def unpair(self) -> None:
        """Not offered: nothing is stored."""
        raise NotImplementedError

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_kwargs: Any
    ) -> bytearray:
        """Read a characteristic."""
        with self._gatt():
            return bytearray(await characteristic.obj.read_value())

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_kwargs: Any
    ) -> bytearray:
        """Read a descriptor."""
        with self._gatt():
            return bytearray(await descriptor.obj.read_value())

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        """Write a characteristic."""
        with self._gatt() as peer:
            await peer.gatt_client.write_value(characteristic.obj, bytes(data), with_response=response)

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor."""
        with self._gatt() as peer:
            await peer.gatt_client.write_value(descriptor.obj, bytes(data), with_response=True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_kwargs: Any
    ) -> None:
        """Subscribe; each notification goes to the callback at once."""
        subscriber = partial(_pass_on, callback)
        with self._gatt() as peer:
            self._subscribers[characteristic.handle] = subscriber
            self.central.notified[peer.connection.handle, characteristic.handle] = subscriber
            await characteristic.obj.subscribe(subscriber)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        with self._gatt() as peer:
            self.central.notified.pop((peer.connection.handle, characteristic.handle), None)
            await characteristic.obj.unsubscribe(self._subscribers.pop(characteristic.handle, None))

    async def _discover(self) -> None:
        with self._gatt() as peer:
            await peer.request_mtu(self.central.mtu)
            await peer.discover_services()
            for service in peer.services:
                await peer.discover_characteristics(service=service)  # descriptors are looked up when subscribed to
            self.services = self._collection(peer)

    def _collection(self, peer: Peer) -> BleakGATTServiceCollection:
        collection = BleakGATTServiceCollection()
        for found in peer.services:
            service = BleakGATTService(found, found.handle, uuid_text(found.uuid.uuid_bytes))
            if self._wanted_services and service.uuid not in self._wanted_services:
                continue
            collection.add_service(service)
            for characteristic in found.characteristics:
                self._add_characteristic(collection, service, characteristic)
        return collection

    def _add_characteristic(
        self, collection: BleakGATTServiceCollection, service: BleakGATTService, found: CharacteristicProxy
    ) -> None:
        names: Any = [name for flag, name in _PROPERTY_NAMES.items() if found.properties & flag]
        characteristic = BleakGATTCharacteristic(
            found, found.handle, uuid_text(found.uuid.uuid_bytes), names, self._payload_size, service
        )
        collection.add_characteristic(characteristic)

    def _payload_size(self) -> int:
        return self.mtu_size - _ATT_HEADER

    def _on_disconnection(self, _reason: int) -> None:
        if self._connection is None:
            return
        for handle in self._subscribers:
            self.central.notified.pop((self._connection.handle, handle), None)
        self._connection = self._peer = self.services = None
        self._subscribers.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    @contextlib.contextmanager
    def _gatt(self) -> Iterator[Peer]:
        """One GATT operation, its errors in bleak's words."""
        if self._connection is None:
            raise BleakError("not connected")
        if self._peer is None:
            self._peer = Peer(self._connection)
        try:
            yield self._peer
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except BaseBumbleError as error:
            raise BleakError(str(error)) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._connection is None and task is not None and not task.cancelling():
                raise BleakError("the link was lost") from None  # bumble cancels what is pending on a lost link
            raise


def _pass_on(callback: NotifyCallback, value: bytes) -> None:
    callback(bytearray(value))
