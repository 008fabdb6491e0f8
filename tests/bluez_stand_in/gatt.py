"""The GATT table of a connected device on the bus: services and characteristics."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.service import BleakGATTService
from bleak.exc import BleakError
from dbus_fast import Message

from bluez_stand_in.calls import Answer, bluez_error, gatt_refusal
from bluez_stand_in.objects import BusObject, ObjectTree

_ATT_HEADER = 3
_NOTIFYING = {"notify", "indicate"}


class GattService(BusObject):
    """org.bluez.GattService1."""

    interface = "org.bluez.GattService1"

    def __init__(self, tree: ObjectTree, device_path: str, service: BleakGATTService) -> None:
        path = f"{device_path}/service{service.handle:04x}"
        super().__init__(tree, path, UUID=service.uuid, Device=device_path, Primary=True, Includes=[])


class GattCharacteristic(BusObject):
    """org.bluez.GattCharacteristic1. It outlives a connection, as BlueZ keeps the table of a device it knows."""

    interface = "org.bluez.GattCharacteristic1"
    calls: ClassVar[frozenset[str]] = frozenset({"ReadValue", "WriteValue", "StartNotify", "StopNotify"})

    def __init__(self, tree: ObjectTree, service_path: str, found: BleakGATTCharacteristic) -> None:
        path = f"{service_path}/char{found.handle - 1:04x}"  # BlueZ names it by its declaration
        properties: dict[str, object] = {"UUID": found.uuid, "Service": service_path, "Flags": list(found.properties)}
        if _NOTIFYING.intersection(found.properties):
            properties["Notifying"] = False
        super().__init__(tree, path, Value=b"", MTU=0, **properties)
        self._flags = frozenset(found.properties)
        self._listeners: set[str] = set()
        self._link: tuple[BleakClient, BleakGATTCharacteristic] | None = None

    def connected(self, client: BleakClient, found: BleakGATTCharacteristic) -> None:
        """The device is here."""
        self._link = client, found
        self.change(MTU=found.max_write_without_response_size + _ATT_HEADER)

    def disconnected(self) -> None:
        """The device has gone."""
        self._link = None
        self._listeners.clear()
        if self.properties.get("Notifying"):
            self.change(Notifying=False)

    async def read_value(self, _call: Message) -> Answer:
        """ReadValue(options)."""
        client, found = self._linked()
        try:
            return "ay", [bytes(await client.read_gatt_char(found))]
        except (BleakError, TimeoutError) as error:
            raise gatt_refusal(error) from error

    async def write_value(self, call: Message) -> None:
        """WriteValue(value, options): with response wherever the characteristic has it."""
        client, found = self._linked()
        if not self._flags.intersection({"write", "write-without-response"}):
            raise bluez_error("NotPermitted", "Write not permitted")
        try:
            await client.write_gatt_char(found, call.body[0], response="write" in self._flags)
        except (BleakError, TimeoutError) as error:
            raise gatt_refusal(error) from error

    async def start_notify(self, call: Message) -> None:
        """StartNotify(): each notification becomes a change of Value."""
        client, found = self._linked()
        if not _NOTIFYING & self._flags:
            raise bluez_error("NotSupported", "Operation is not supported")
        if call.sender in self._listeners:
            raise bluez_error("Failed", "Already notifying")
        first = not self._listeners
        self._listeners.add(call.sender)
        if first:
            try:
                await client.start_notify(found, partial(_tell_value, self))
            except (BleakError, TimeoutError) as error:
                self._listeners.discard(call.sender)
                raise gatt_refusal(error) from error
            self.change(Notifying=True)

    async def stop_notify(self, call: Message) -> None:
        """StopNotify()."""
        if call.sender not in self._listeners:
            raise bluez_error("Failed", "No notify session started")
        await self.on_leave(call.sender)

    async def on_leave(self, client: str) -> None:
        """A listener less; after the last one the device is told to stop."""
        if client not in self._listeners:
            return
        self._listeners.discard(client)
        if not self._listeners and self._link is not None:
            remote, found = self._link
            self.change(Notifying=False)
            try:
                await remote.stop_notify(found)
            except (BleakError, TimeoutError) as error:
                raise gatt_refusal(error) from error

    def _linked(self) -> tuple[BleakClient, BleakGATTCharacteristic]:
        if self._link is None:
            raise bluez_error("Failed", "Not connected")
        return self._link


def show_table(tree: ObjectTree, device_path: str, client: BleakClient) -> list[GattCharacteristic]:
    """Show the GATT table of a device that has just connected, or find it again; gives its characteristics."""
    shown = []
    for service in client.services:
        service_object = GattService(tree, device_path, service)
        if service_object.path not in tree:
            tree.add(service_object)
        for found in service.characteristics:
            new = GattCharacteristic(tree, service_object.path, found)
            known = tree.get(new.path)
            characteristic = known if isinstance(known, GattCharacteristic) else new
            if characteristic is new:
                tree.add(new)
            characteristic.connected(client, found)
            shown.append(characteristic)
    return shown


def _tell_value(characteristic: GattCharacteristic, _found: BleakGATTCharacteristic, payload: bytearray) -> None:
    characteristic.change(Value=bytes(payload))
