"""The radio: bleak's own API over real HCI, L2CAP, ATT and GATT bytes, and the sentences when there is none."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)
from bumble import ll
from radio_rig import Room, until

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import find
from monitor.acquisition.radio import open_radio, radio_error
from monitor.errors import RadioError

UMYO = find("umyo")
TELEMETRY, NAME = UMYO.uuid("telemetry"), UMYO.uuid("name")


async def found(radio, name):
    heard = {}
    async with radio.scanner(lambda device, _: heard.setdefault(device.name, device)):
        await until(lambda: name in heard)
    return heard[name]


@contextlib.asynccontextmanager
async def connected(air, room, name):
    async with air.radio(room) as radio:
        client = radio.client(await found(radio, name), lambda: None)
        async with client:
            yield client


def test_a_stream_comes_in_order_and_whole_through_bleak(air):
    async def session():
        decoder, firsts = Decoder(UMYO), []

        def take(_, payload):
            firsts.extend(packet.first_index for packet in decoder.push(TELEMETRY, bytes(payload)))

        room = Room({"uMyo-1L": "umyo"}, speed=8)
        async with air.radio(room) as radio:
            device = await found(radio, "uMyo-1L")
            async with radio.client(device, lambda: None) as client:
                telemetry = client.services.get_characteristic(TELEMETRY)
                assert telemetry.max_write_without_response_size == UMYO.link.want_mtu - 3
                await client.start_notify(TELEMETRY, take)
                await until(lambda: len(firsts) > 300)
        indices = [first for first in firsts if first is not None]
        assert {later - earlier for earlier, later in itertools.pairwise(indices)} == {24}

    asyncio.run(session())


def test_reading_and_refusals_are_those_of_the_profile(air):
    async def session():
        async with connected(air, Room({"uMyo-1L": "umyo"}), "uMyo-1L") as client:
            assert await client.read_gatt_char(NAME) == b"uMyo-1L"
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(TELEMETRY, b"x", response=True)
            assert refused.value.code == 0x03

    asyncio.run(session())


@pytest.mark.parametrize("how", ["peer", "silent"])
def test_a_lost_link_is_told_and_the_same_sensor_can_be_had_again(air, how):
    async def session():
        room = Room({"uMyo-1L": "umyo"}, interval_s=0.01)
        async with air.radio(room) as radio:
            device = await found(radio, "uMyo-1L")
            lost = asyncio.Event()
            client = radio.client(device, lost.set, timeout_s=0.4)
            await client.connect()
            if how == "peer":
                await room.sensors["uMyo-1L"].peripheral.disconnect()
            else:
                room.lose("uMyo-1L")
            async with asyncio.timeout(2):
                await lost.wait()
            assert not client.is_connected
            await client.disconnect()
            if how == "silent":
                with pytest.raises((TimeoutError, BleakError)):
                    await client.connect()
                room.restore("uMyo-1L")
            await asyncio.sleep(0.05)
            async with radio.client(await found(radio, "uMyo-1L"), lambda: None) as again:
                assert await again.read_gatt_char(NAME) == b"uMyo-1L"

    asyncio.run(session())


def test_a_connect_that_is_given_up_does_not_block_the_next(air):
    async def session():
        room = Room({"uMyo-1L": "umyo", "WT1LS": "witmotion"})
        async with air.radio(room) as radio:
            absent, there = await found(radio, "uMyo-1L"), await found(radio, "WT1LS")
            room.lose("uMyo-1L")
            with pytest.raises(TimeoutError):
                await radio.client(absent, lambda: None, timeout_s=0.2).connect()
            async with radio.client(there, lambda: None, timeout_s=1) as client:
                assert client.is_connected

    asyncio.run(session())


def test_a_pending_read_fails_when_the_link_goes(air):
    async def session():
        room = Room({"uMyo-1L": "umyo"})
        async with connected(air, room, "uMyo-1L") as client:
            room.lose("uMyo-1L")
            with pytest.raises(BleakError):
                await client.read_gatt_char(NAME)

    asyncio.run(session())


def sentence_of(spec):
    async def session():
        async with open_radio(spec) as radio, radio.scanner(lambda device, heard: None):
            pass

    with pytest.raises(RadioError) as caught:
        asyncio.run(session())
    return str(caught.value)


def test_no_bus_no_service_no_simulator_are_one_sentence_each(monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sentences = [sentence_of("os"), sentence_of(f"tcp:127.0.0.1:{port}"), sentence_of("serial:/dev/nothing")]
    for sentence in sentences:
        assert sentence.startswith("no Bluetooth here: ")
        assert sentence.endswith("try `crampwatch demo` or `crampwatch replay FILE`")
        assert "\n" not in sentence
    assert "D-Bus" in sentences[0]


def test_an_unknown_radio_is_refused_by_name():
    assert "'wifi'" in sentence_of("wifi")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["x"]), "bluetoothd"),
        (BleakDBusError("org.freedesktop.systemd1.NoSuchUnit", ["x"]), "bluetoothd"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["x"]), "group `bluetooth`"),
        (BleakDBusError("org.bluez.Error.NotReady", ["x"]), "switched off"),
        (TimeoutError(), "does not answer"),
        (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.POWERED_OFF), "switched off"),
        (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "no Bluetooth adapter"),
        (BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.DENIED_BY_USER), "may not use"),
    ],
)
def test_what_the_system_lacks_is_said(error, words):
    assert words in str(radio_error("os", error))


def test_a_connect_that_the_sensor_never_heard_fails_at_once():
    async def session():
        room = Room({"uMyo-1L": "umyo"})
        async with open_radio(room) as radio:
            device = await found(radio, "uMyo-1L")
            send = room.radio.send_advertising_pdu

            def out_of_range_in_that_moment(sender, packet):
                if isinstance(packet, ll.ConnectInd):
                    room.lose("uMyo-1L")
                send(sender, packet)

            room.radio.send_advertising_pdu = out_of_range_in_that_moment
            async with asyncio.timeout(1):
                with pytest.raises(BleakError, match="lost"):
                    await radio.client(device, lambda: None).connect()

    asyncio.run(session())
