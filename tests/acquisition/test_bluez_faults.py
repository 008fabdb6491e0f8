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
from monitor.events import Link, Notification

pytest.importorskip("dbus_fast", reason="bleak's BlueZ backend is for Linux")

from bleak.exc import BleakDBusError
from bluez_stand_in.service import bluetooth_service

from monitor.acquisition.radio import open_radio

NAME = "uMyo-1L"
SENSORS = {NAME: "umyo", "WT1LS": "witmotion"}


def packets_after(events, time_s):
    return {event.sensor for event in events if isinstance(event, Notification) and event.time_s > time_s}


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


def test_bluetoothd_dies_all_are_stalled_then_lost_with_the_reason_and_come_back_with_it(bluez):
    room = Room(SENSORS)
    with bluez.service_of(room) as service, LiveSource(team_of(SENSORS), "os") as source:
        events = watch(
            source,
            room,
            (all_live(SENSORS), room.doing(service.die)),
            (says(NAME, Link.STALLED), None),
            (says(NAME, Link.LOST), None),
            (after(0.5), room.doing(service.start)),
            (all_live(SENSORS), None),
            (after(0.5), None),
        )
    for name in SENSORS:
        came = changes(events, name)
        assert [link for link, _ in itertools.groupby(came)][3:] == [
            Link.LIVE,
            Link.STALLED,
            Link.LOST,
            Link.SEARCHING,
            Link.CONNECTING,
            Link.STARTING,
            Link.LIVE,
        ]
    assert "no Bluetooth here: the Bluetooth service (bluetoothd) is not running" in reasons(events, Link.LOST)
    assert packets_after(events, events[-1].time_s - 0.4) == set(SENSORS)


def test_bluetoothd_that_is_restarted_at_once_has_forgotten_everything_and_is_asked_anew(bluez):
    async def restart():
        await service.die()
        await service.start()

    room = Room(SENSORS)
    with bluez.service_of(room) as service, LiveSource(team_of(SENSORS), "os") as source:
        began_s = time.monotonic()
        watch(source, room, (all_live(SENSORS), room.doing(restart)), (all_live(SENSORS), None))
    assert time.monotonic() - began_s < 8


def test_an_adapter_that_is_switched_off_and_on_again(bluez, monkeypatch):
    monkeypatch.setattr("monitor.acquisition.live.SILENT_RADIO_S", 1.0)
    room = Room(SENSORS)
    with bluez.service_of(room) as service, LiveSource(team_of(SENSORS), "os") as source:
        events = watch(
            source,
            room,
            (all_live(SENSORS), room.doing(lambda: service.adapter.power(on=False))),
            (lambda _: "switched off" in "".join(reasons([_], Link.LOST)), None),
            (after(0.3), room.doing(lambda: service.adapter.power(on=True))),
            (all_live(SENSORS), None),
        )
    assert changes(events, NAME)[-1] is Link.LIVE
    assert "the link was lost" in reasons(events, Link.LOST)


def test_bluetoothd_that_hangs_holds_up_neither_the_heartbeat_nor_the_end(bluez, monkeypatch):
    monkeypatch.setattr("monitor.acquisition.live.SILENT_RADIO_S", 0.5)
    monkeypatch.setattr("monitor.acquisition.live._STOP_S", 0.5)
    room = Room(SENSORS)
    with bluez.service_of(room) as service:
        with LiveSource(team_of(SENSORS), "os") as source:
            events = watch(
                source,
                room,
                (all_live(SENSORS), room.doing(service.hang)),
                (says(NAME, Link.LOST), None),
                (after(3), None),
            )
            ended_s = time.monotonic()
        assert time.monotonic() - ended_s < 5
    beats = [event.time_s for event in events if type(event).__name__ == "Heartbeat"]
    assert max(later - earlier for earlier, later in itertools.pairwise(beats)) < 0.9
    assert Link.STALLED in changes(events, NAME)
