"""The system's Bluetooth fails while sensors stream: the watchdog says so, and everything comes back by itself."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest
from radio_rig import Room, team_of, until
from test_radio import TELEMETRY, found
from watching import after, all_live, changes, reasons, says, watch

from monitor.acquisition.live import LiveSource
from monitor.events import Heartbeat, Link, LinkChange, Notification

pytest.importorskip("dbus_fast", reason="bleak's BlueZ backend is for Linux")

from bleak.exc import BleakDBusError
from bluez_stand_in.service import bluetooth_service
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from monitor.acquisition.radio import open_radio

NAME = "uMyo-1L"
SENSORS = {NAME: "umyo", "WT1LS": "witmotion"}


SPEED = 4
TO_LIVE = [Link.SEARCHING, Link.CONNECTING, Link.STARTING, Link.LIVE]
NO_SERVICE = "no Bluetooth here: the Bluetooth service (bluetoothd) is not running"
IS_OFF = "no Bluetooth here: Bluetooth is switched off: switch it on"


def test_bleak_does_not_notice_that_bluetoothd_has_died_and_the_data_just_stop(bluez):
    async def session():
        room, got = Room(SENSORS), []
        async with bluetooth_service(room, bluez.bus_address) as service, open_radio("os") as radio:
            client = radio.client(await found(radio, NAME), lambda: None)
            await client.connect()
            await client.start_notify(TELEMETRY, lambda _, payload: got.append(payload))
            await until(lambda: len(got) > 5)
            await service.die()
            n_got = len(got)
            await asyncio.sleep(0.3)
            assert client.is_connected and len(got) == n_got
            with pytest.raises(BleakDBusError):
                await client.disconnect()

    asyncio.run(session())


def test_bluetoothd_dies_all_are_lost_with_the_reason_and_come_back_with_it(bluez):
    room = Room(SENSORS, speed=SPEED)
    with bluez.service_of(room) as service, LiveSource(team_of(SENSORS), "os", SPEED) as source:
        events = watch(
            source,
            room,
            (all_live(SENSORS), room.doing(service.die)),
            (lambda event: NO_SERVICE in reasons([event], Link.LOST), None),
            (after(1), room.doing(service.start)),
            (all_live(SENSORS), None),
            (after(1), None),
        )
    assert Link.STALLED in changes(events, NAME) + changes(events, "WT1LS")
    for name in SENSORS:
        came = [link for link, _ in itertools.groupby(changes(events, name)) if link is not Link.STALLED]
        assert came == [*TO_LIVE, Link.LOST, *TO_LIVE]
        assert any(event.sensor == name for event in packets(events[-60:]))


def test_bluetoothd_that_is_restarted_at_once_has_forgotten_everything_and_is_asked_anew(bluez):
    async def restart():
        await service.die()
        await service.start()

    room = Room(SENSORS, speed=SPEED)
    with bluez.service_of(room) as service, LiveSource(team_of(SENSORS), "os", SPEED) as source:
        watch(source, room, (all_live(SENSORS), room.doing(restart)), (all_live(SENSORS), None), limit_s=6)


def test_an_adapter_that_is_switched_off_and_on_again(bluez, monkeypatch):
    monkeypatch.setattr("monitor.acquisition.live.SILENT_RADIO_S", 0.5)
    room = Room(SENSORS, speed=SPEED)
    with bluez.service_of(room) as service, LiveSource(team_of(SENSORS), "os", SPEED) as source:
        events = watch(
            source,
            room,
            (all_live(SENSORS), room.doing(lambda: service.adapter.power(on=False))),
            (lambda event: IS_OFF in reasons([event], Link.LOST), None),
            (after(1), room.doing(lambda: service.adapter.power(on=True))),
            (all_live(SENSORS), None),
        )
    lost = [event.detail for event in events if isinstance(event, LinkChange) and event.link is Link.LOST]
    assert lost == ["the link was lost"] * 2 + [IS_OFF] * 2


def test_bluetoothd_that_hangs_holds_up_neither_the_heartbeat_nor_the_end(bluez, monkeypatch):
    for name, seconds in {"live.SILENT_RADIO_S": 0.8, "live._STOP_S": 0.3, "farewell._FAREWELL_S": 0.2}.items():
        monkeypatch.setattr(f"monitor.acquisition.{name}", seconds)
    monkeypatch.setattr("monitor.acquisition.radio._STOP_S", 0.3)
    room = Room(SENSORS, speed=SPEED)
    with bluez.service_of(room) as service:
        with LiveSource(team_of(SENSORS), "os", SPEED) as source:
            acts = (all_live(SENSORS), room.doing(service.hang)), (says(NAME, Link.LOST), None), (after(5), None)
            events = watch(source, room, *acts)
            stopped_s = time.monotonic()
        assert time.monotonic() - stopped_s < 2
    beats = [event.time_s for event in events if isinstance(event, Heartbeat)]
    assert max(later - earlier for earlier, later in itertools.pairwise(beats)) < 1
    assert changes(events, NAME) == [*TO_LIVE, Link.STALLED, Link.LOST]


async def connect_and_vanish(service, bus_address, n_sensors):
    """What is left of a program that was killed: links of which nobody says goodbye."""
    bus = await MessageBus(bus_address=bus_address).connect()
    adapter = service.adapter
    start = Message("org.bluez", adapter.path, adapter.interface, "StartDiscovery")
    assert (await bus.call(start)).message_type is MessageType.METHOD_RETURN
    await until(lambda: len(adapter.devices) == n_sensors)
    for device in adapter.devices:
        await bus.call(Message("org.bluez", device.path, device.interface, "Connect"))
    bus.disconnect()
    await bus.wait_for_disconnect()


def test_sensors_that_a_killed_program_left_connected_are_found_though_they_are_silent(bluez):
    room = Room(SENSORS, speed=SPEED)
    with bluez.service_of(room) as service:
        asyncio.run(connect_and_vanish(service, bluez.bus_address, len(SENSORS)))
        assert all(device.connected for device in service.adapter.devices)
        with LiveSource(team_of(SENSORS), "os", SPEED) as source:
            watch(source, room, (all_live(SENSORS), None), limit_s=5)


def packets(events):
    return [event for event in events if isinstance(event, Notification)]
