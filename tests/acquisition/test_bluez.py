"""What only the system's Bluetooth on Linux can do to Crampwatch: a bus or a service that is missing, dies or hangs."""

from __future__ import annotations

import asyncio
import socket

import pytest
from radio_rig import Room, team_of, until
from test_radio import found, sentence_of
from watching import says, watch

from monitor.acquisition.live import LiveSource
from monitor.acquisition.radio import open_radio
from monitor.errors import RadioError
from monitor.events import Link

pytest.importorskip("dbus_fast", reason="bleak's BlueZ backend is for Linux")

from bleak.exc import BleakError
from bluez_stand_in.service import bluetooth_service
from dbus_fast import Message
from dbus_fast.aio import MessageBus

UMYO = {"uMyo-1L": "umyo"}
NAME = "uMyo-1L"


async def n_bus_clients(bus_address):
    """How many connections the private bus has."""
    bus = await MessageBus(bus_address=bus_address).connect()
    dbus = "org.freedesktop.DBus"
    reply = await bus.call(Message(dbus, "/org/freedesktop/DBus", dbus, "ListNames"))
    bus.disconnect()
    await bus.wait_for_disconnect()
    return sum(name.startswith(":") for name in reply.body[0])


def test_a_bus_that_has_died_is_one_sentence(monkeypatch, tmp_path):
    with socket.socket(socket.AF_UNIX) as once:
        once.bind(f"{tmp_path}/bus")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    assert "D-Bus" in sentence_of("os")


def test_a_bus_without_bluetoothd_is_one_sentence(bluez):
    assert "bluetoothd" in sentence_of("os")


def test_an_adapter_that_is_off_is_one_sentence(bluez):
    async def session():
        async with bluetooth_service(Room(UMYO), bluez.bus_address, powered=False), open_radio("os") as radio:
            with pytest.raises(RadioError, match="switched off"):
                async with radio.scanner(lambda device, heard: None):
                    pass

    asyncio.run(session())


def test_a_second_scan_beside_the_first_is_refused_in_plain_words(bluez):
    async def session():
        async with bluez.radio(Room(UMYO)) as radio, radio.scanner(lambda device, heard: None):
            with pytest.raises(RadioError, match="scanning for this program already"):
                async with radio.scanner(lambda device, heard: None):
                    pass

    asyncio.run(session())


def test_a_sensor_is_forgotten_after_the_scan_and_a_connect_says_that_it_was_not_found(bluez):
    async def session():
        room = Room(UMYO)
        async with (
            bluetooth_service(room, bluez.bus_address, forget_after_s=0.05) as service,
            open_radio("os") as radio,
        ):
            device = await found(radio, NAME)
            await until(lambda: not service.adapter.devices)
            with pytest.raises(BleakError, match="not found"):
                await radio.client(device, lambda: None).connect()

    asyncio.run(session())


def test_links_that_are_lost_leave_nothing_open_on_the_bus(bluez):
    room = Room(UMYO)
    with bluez.service_of(room), LiveSource(team_of(UMYO), "os") as source:
        loss = room.doing(lambda: room.sensors[NAME].peripheral.disconnect())
        is_live = says(NAME, Link.LIVE)
        n_clients = []

        def count(event):
            if is_live(event):
                n_clients.append(asyncio.run(n_bus_clients(bluez.bus_address)))
            return is_live(event)

        watch(source, room, (count, loss), (count, loss), (count, loss), (count, None))
    assert len(set(n_clients)) == 1
