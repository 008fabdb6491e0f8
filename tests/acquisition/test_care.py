"""What is done on a link beside the stream: answers, values that are read, alerts, the battery, who it is."""

from __future__ import annotations

import asyncio
import time

import pytest
from airs import VirtualAir
from changed import BATTERY, SERIAL, with_gatt, with_steps
from keeping import keeping
from radio_rig import Room, team_of, until
from watching import says, watch

from monitor.acquisition.live import LiveSource
from monitor.acquisition.profile import find
from monitor.acquisition.tried import UNTRIED
from monitor.events import Battery, Link, LinkChange, Notification

MYO = find("myo")
ORDER = {"op": "write", "char": "command", "hex": "01 03 03 01 00", "response": True}
TELL = {"op": "subscribe", "char": "imu"}


def expecting(on_fail, hex_="ee"):
    """Myo whose start command is to be answered on `imu`."""
    answer = {"char": "imu", "hex": hex_, "timeout_ms": 120, "on_fail": on_fail}
    return with_steps("myo", start=[TELL, {"op": "subscribe", "char": "emg0"}, ORDER | {"expect": answer}])


def test_an_answer_that_must_come_and_does_not_is_the_end_of_this_link():
    async def session():
        async with keeping(VirtualAir(), Room({"Myo": expecting("abort")})) as keeper:
            await until(lambda: keeper.details(Link.LOST))
            assert "no answer ee on imu within 0.12 s" in keeper.details(Link.LOST)[0]

    asyncio.run(session())


def test_an_answer_that_should_come_and_does_not_is_said_and_the_stream_begins_all_the_same():
    async def session():
        async with keeping(VirtualAir(), Room({"Myo": expecting("warn")})) as keeper:
            await keeper.until_live("Myo")
            await until(lambda: any("no answer ee on imu" in event.detail for event in remarks(keeper)))
            assert not keeper.details(Link.LOST)

    asyncio.run(session())


def test_an_answer_that_comes_is_waited_for_no_longer(air):
    async def session():
        profile = expecting("abort", "ff")  # so a virtual sensor's quaternion begins
        room = Room({"Myo": profile})
        async with keeping(air, room) as keeper:
            await keeper.until_live("Myo")
            await asyncio.sleep(0.2)
            assert not keeper.details(Link.LOST)

    asyncio.run(session())


def remarks(keeper):
    return [event for event in keeper.events if isinstance(event, LinkChange) and event.detail]


def test_what_is_read_is_told_like_a_notification_where_a_packet_stands_on_it_and_is_no_sign_of_life(air):
    async def session():
        emg0 = MYO.gatt["emg0"].model_copy(update={"props": ("notify", "read")})
        profile = with_gatt("myo", emg0=emg0).model_copy(
            update={"step": with_steps("myo", setup=[{"op": "read", "char": "emg0"}], start=[ORDER]).step}
        )
        room = Room({"Myo": profile})
        async with keeping(air, room) as keeper:
            await until(lambda: any(isinstance(event, Notification) for event in keeper.events))
            read = next(event for event in keeper.events if isinstance(event, Notification))
            assert (read.char, read.payload) == (MYO.uuid("emg0"), room.sensors["Myo"].peripheral.values["emg0"])
            assert Link.LIVE not in keeper.links("Myo")

    asyncio.run(session())


ALERT = {"op": "write", "char": "command", "hex": "03 01 02", "response": True}


def test_an_alert_reaches_the_sensor_that_is_meant_from_another_thread(air):
    profile = with_steps("myo", alert=[ALERT])
    room = Room({"Myo": profile, "Myo2": profile})
    library = {"myo": profile}

    def got(name):
        return ("command", bytes.fromhex("030102")) in room.sensors[name].commands

    with air.spec(room) as spec, LiveSource(team_of(room.names), spec, library=library) as source:
        source.alert("nobody")
        both = (says("Myo", Link.LIVE), None), (says("Myo2", Link.LIVE), lambda: source.alert("Myo2"))
        watch(source, room, *both, (lambda _: got("Myo2"), None), limit_s=6)
        assert not got("Myo")


def test_a_sensor_that_wants_to_be_kept_awake_is_told_so_again_and_again_while_it_is_live(air):
    awake = {"op": "write", "char": "command", "hex": "09 01 01", "response": True, "every_s": 0.15}

    async def session():
        room = Room({"Myo": with_steps("myo", keepalive=[awake])})

        def n_told():
            return room.sensors["Myo"].commands.count(("command", bytes.fromhex("090101"))) - n_at_start

        async with keeping(air, room) as keeper:
            n_at_start = 0
            await keeper.until_live("Myo")
            n_at_start = n_told()
            await until(lambda: n_told() >= 3)

    asyncio.run(session())


def test_a_sensor_without_an_alert_takes_none():
    async def session():
        room = Room({"Myo": with_steps("myo", alert=[])})
        async with keeping(VirtualAir(), room) as keeper:
            await keeper.until_live("Myo")
            n_commands = len(room.sensors["Myo"].commands)
            keeper.supervisors["Myo"].alert()
            await asyncio.sleep(0.1)
            assert len(room.sensors["Myo"].commands) == n_commands

    asyncio.run(session())


def test_the_battery_service_is_asked_though_the_profile_does_not_know_it(air):
    async def session():
        room = Room({"WT1": with_gatt("witmotion", battery=BATTERY)})
        async with keeping(air, room, {"WT1": "witmotion"}) as keeper:
            await until(lambda: room.sensors)
            room.sensors["WT1"].peripheral.values["battery"] = bytes([73])
            await until(lambda: any(isinstance(event, Battery) for event in keeper.events))
            assert [e.fraction for e in keeper.events if isinstance(e, Battery)] == [0.73]

    asyncio.run(session())


def test_sensors_of_one_name_are_told_apart_by_the_serial_number_that_they_tell(air):
    async def session():
        profile = with_gatt("witmotion", serial=SERIAL)
        room = Room({"WT1": profile, "WT1 ": profile})
        wanted = {"serial:B2": "witmotion", "serial:A1": "witmotion"}
        async with keeping(air, room, wanted) as keeper:
            await until(lambda: len(room.sensors) == 2)
            for name, serial in {"WT1": b"A1\0", "WT1 ": b"B2"}.items():
                room.sensors[name].peripheral.values["serial"] = serial
            await keeper.until_live(*wanted)
            addresses = {serial: address for address, serial in keeper.adapters.serials.items()}
            assert addresses == {"A1": "C4:00:00:00:00:00", "B2": "C4:00:00:00:00:01"}
            await room.sensors["WT1"].peripheral.disconnect()
            await until(lambda: keeper.links("serial:A1").count(Link.LIVE) == 2, 5)
            assert keeper.links("serial:A1").count(Link.SEARCHING) <= 1  # it is known now: no other one is asked

    asyncio.run(session())


def test_a_sensor_that_the_team_knows_by_name_is_not_asked_for_its_number():
    async def session():
        room = Room({"Myo": "myo"})
        async with keeping(VirtualAir(), room, {"Myo": "myo", "serial:A1": "myo"}) as keeper:
            await keeper.until_live("Myo")
            await asyncio.sleep(0.3)
            assert keeper.links("serial:A1") == []

    asyncio.run(session())


def test_a_stream_that_is_left_over_is_stopped_before_it_is_started(air):
    async def session():
        room = Room({"Myo": "myo"})
        async with keeping(air, room) as keeper:
            await keeper.until_live("Myo")
            commands = [payload.hex() for _, payload in room.sensors["Myo"].commands]
            assert commands[0] == "0103000000"
            assert commands[-1] == "0103030100"

    asyncio.run(session())


@pytest.mark.parametrize(("simulated", "told"), [(False, [UNTRIED]), (True, [""])])
def test_the_first_connection_says_that_the_profile_was_never_tried(simulated, told):
    room = Room({"Myo": "myo"})
    with LiveSource(team_of(room.names), room, simulated=simulated) as source:
        events = watch(source, room, (says("Myo", Link.LIVE), None))
    live = [event.detail for event in events if isinstance(event, LinkChange) and event.link is Link.LIVE]
    assert live == told


def test_an_alert_to_a_source_that_has_ended_is_nothing():
    source = LiveSource(team_of({"Myo": "myo"}), Room({}))
    source.alert("Myo")
    began_s = time.monotonic()
    with source:
        pass
    source.alert("Myo")
    assert time.monotonic() - began_s < 3
