"""The adapter on the bus: power, discovery on behalf of each bus client, and the devices it has heard."""

from __future__ import annotations

import asyncio
import contextlib
from typing import ClassVar

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from dbus_fast import Message

from bluez_stand_in.calls import bluez_error
from bluez_stand_in.device import Device
from bluez_stand_in.objects import BusObject, ObjectTree
from monitor.acquisition.radio import Radio

PATH = "/org/bluez/hci0"


class Adapter(BusObject):
    """org.bluez.Adapter1.

    forget_after_s : how long a device that is not connected stays known when discovery has stopped (BlueZ: 30 s).
    """

    interface = "org.bluez.Adapter1"
    calls: ClassVar[frozenset[str]] = frozenset(
        {"SetDiscoveryFilter", "StartDiscovery", "StopDiscovery", "RemoveDevice"}
    )

    def __init__(self, tree: ObjectTree, radio: Radio, powered: bool, forget_after_s: float) -> None:
        names = {"Address": "00:1A:7D:DA:71:13", "AddressType": "public", "Name": "stand-in", "Alias": "stand-in"}
        roles = ["central", "peripheral"]
        super().__init__(tree, PATH, **names, Powered=powered, Discovering=False, Roles=roles, UUIDs=[])
        self._radio = radio
        self._forget_after_s = forget_after_s
        self._searchers: set[str] = set()
        self._scan = contextlib.AsyncExitStack()
        self._lock = asyncio.Lock()

    @property
    def devices(self) -> list[Device]:
        """All devices that it knows."""
        return [shown for shown in self.tree if isinstance(shown, Device)]

    async def set_discovery_filter(self, _call: Message) -> None:
        """SetDiscoveryFilter(filter): everything is reported all the same."""

    async def start_discovery(self, call: Message) -> None:
        """StartDiscovery(): each bus client may do it once."""
        if not self.properties["Powered"]:
            raise bluez_error("NotReady", "Resource Not Ready")
        if call.sender in self._searchers:
            raise bluez_error("InProgress", "Operation already in progress")
        async with self._lock:
            self._searchers.add(call.sender)
            if not self.properties["Discovering"]:
                await self._scan.enter_async_context(self._radio.scanner(self._hear))
                self.change(Discovering=True)

    async def stop_discovery(self, call: Message) -> None:
        """StopDiscovery()."""
        if not self.properties["Powered"]:
            raise bluez_error("NotReady", "Resource Not Ready")
        if call.sender not in self._searchers:
            raise bluez_error("Failed", "No discovery started")
        await self.on_leave(call.sender)

    async def remove_device(self, call: Message) -> None:
        """RemoveDevice(path)."""
        device = self.tree.get(call.body[0])
        if not isinstance(device, Device):
            raise bluez_error("DoesNotExist", "Does Not Exist")
        await device.drop()
        self.tree.remove(device.path)

    async def on_leave(self, client: str) -> None:
        """Nobody left who searches: the scan ends, and what is not connected is forgotten after a while."""
        async with self._lock:
            self._searchers.discard(client)
            if not self._searchers and self.properties["Discovering"]:
                await self._end_scan()

    async def power(self, on: bool) -> None:
        """Switch it, as the desktop's button does. Off: all links end, and nobody's discovery is taken up again."""
        if not on:
            async with self._lock:
                self._searchers.clear()
                await self._end_scan()
            for device in self.devices:
                await device.drop()
        self.change(Powered=on)

    async def _end_scan(self) -> None:
        await self._scan.aclose()
        self.change(Discovering=False)
        for device in self.devices:
            device.unset("RSSI")
        asyncio.get_running_loop().call_later(self._forget_after_s, self._forget)

    def _forget(self) -> None:
        if self.properties["Discovering"]:
            return
        for device in self.devices:
            if not device.connected:
                self.tree.remove(device.path)

    def _hear(self, device: BLEDevice, heard: AdvertisementData) -> None:
        fresh = Device(self.tree, self.path, self._radio, device)
        known = self.tree.get(fresh.path)
        if isinstance(known, Device):
            known.hear(device, heard)
        else:
            fresh.hear(device, heard)
            self.tree.add(fresh)
