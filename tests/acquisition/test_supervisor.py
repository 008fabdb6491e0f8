"""One sensor's keeper: what it does, in which order, when the sensor misbehaves."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest
from airs import VirtualAir
from keeping import keeping
from radio_rig import Room, until

from monitor.acquisition.profile import find
from monitor.acquisition.steps import Dialogue
from monitor.acquisition.supervisor import BackOff
from monitor.events import Link, LinkChange, Notification


def test_a_profiles_steps_are_done_in_their_order_and_undone_at_the_end(air):
    async def session():
        room = Room({"Myo": "myo"})
        async with keeping(air, room) as keeper:
            await keeper.until_live("Myo")
            sensor = room.sensors["Myo"]
            assert [command.hex() for _, command in sensor.commands] == ["0103000000", "090101", "0103030100"]
            await until(lambda: sensor.peripheral.subscribed >= {"imu", "emg0", "emg1", "emg2", "emg3"})
        assert sensor.commands[-1] == ("command", bytes.fromhex("0103000000"))
        assert not sensor.peripheral.connected

    asyncio.run(session())


def test_notifications_carry_the_session_clock_and_the_characteristic(air):
    async def session():
        room = Room({"uMyo-1L": "umyo"}, speed=4)
        async with keeping(air, room) as keeper:
            await keeper.until_live("uMyo-1L")
            await until(lambda: len(keeper.events) > 60)
        packets = [event for event in keeper.events if isinstance(event, Notification)]
        times = [event.time_s for event in packets]
        assert times == sorted(times)
        assert {event.char for event in packets} == {find("umyo").uuid("telemetry")}
        assert {type(event.payload) for event in packets} == {bytes}

    asyncio.run(session())


def test_a_sensor_that_stays_silent_after_subscribing_is_tried_again():
    async def session():
        room = Room({"uMyo-1L": "umyo"}, speed=4)
        async with keeping(VirtualAir(), room) as keeper:
            room.sensors["uMyo-1L"].muted = True
            await until(lambda: keeper.details(Link.LOST), 6)
            assert keeper.details(Link.LOST) == ["it is connected but sends nothing"]
            assert Link.LIVE not in keeper.links("uMyo-1L")
            room.sensors["uMyo-1L"].muted = False
            await keeper.until_live("uMyo-1L")

    asyncio.run(session())


def test_a_stream_that_stops_is_stalled_at_once_then_cut_and_had_again(air):
    async def session():
        room = Room({"uMyo-1L": "umyo"}, speed=4)
        async with keeping(air, room) as keeper:
            await keeper.until_live("uMyo-1L")
            room.sensors["uMyo-1L"].muted = True
            await until(lambda: Link.STALLED in keeper.links("uMyo-1L"), 1)
            assert room.sensors["uMyo-1L"].peripheral.connected
            await until(lambda: keeper.details(Link.LOST))
            assert keeper.details(Link.LOST) == ["its packets stopped"]
            room.sensors["uMyo-1L"].muted = False
            await keeper.until_live("uMyo-1L")
        after = keeper.links("uMyo-1L")
        assert after[after.index(Link.LIVE) :][:3] == [Link.LIVE, Link.STALLED, Link.LOST]

    asyncio.run(session())


def test_a_short_silence_is_stalled_and_live_again_without_a_new_link(air):
    async def session():
        room = Room({"uMyo-1L": "umyo"}, speed=5)
        async with keeping(air, room) as keeper:
            await keeper.until_live("uMyo-1L")
            room.sensors["uMyo-1L"].muted = True
            await until(lambda: Link.STALLED in keeper.links("uMyo-1L"), 1)
            room.sensors["uMyo-1L"].muted = False
            await keeper.until_live("uMyo-1L")
            assert keeper.links("uMyo-1L")[-2:] == [Link.STALLED, Link.LIVE]

    asyncio.run(session())


def test_the_right_name_without_the_service_is_unsupported_and_says_what_is_missing(air):
    async def session():
        room = Room({"uMyo-1L": "witmotion"})
        async with keeping(air, room, {"uMyo-1L": "umyo"}) as keeper:
            await until(lambda: keeper.details(Link.UNSUPPORTED))
            assert "telemetry" in keeper.details(Link.UNSUPPORTED)[0]
            assert keeper.links("uMyo-1L") == [Link.CONNECTING, Link.UNSUPPORTED]
            await until(lambda: not room.sensors["uMyo-1L"].peripheral.connected)

    asyncio.run(session())


def test_sensors_are_connected_one_after_the_other():
    async def session():
        names = {f"uMyo-{number}L": "umyo" for number in range(5)}
        room = Room(names, interval_s=0.01)
        async with keeping(VirtualAir(), room) as keeper:
            await keeper.until_live(*names)
        connecting = [
            e for e in keeper.events if isinstance(e, LinkChange) and e.link in (Link.CONNECTING, Link.STARTING)
        ]
        assert [event.link for event in connecting] == [Link.CONNECTING, Link.STARTING] * 5
        assert all(a.sensor == b.sensor for a, b in zip(connecting[::2], connecting[1::2], strict=True))

    asyncio.run(session())


def test_a_sensor_that_has_gone_is_tried_once_and_not_again_until_it_is_heard(air):
    async def session():
        room = Room({"uMyo-1L": "umyo", "WT1LS": "witmotion"}, supervision_s=0.2)
        async with keeping(air, room) as keeper:
            await keeper.until_live("uMyo-1L", "WT1LS")
            room.lose("uMyo-1L")
            await until(lambda: Link.LOST in keeper.links("uMyo-1L"), 2)
            tries = keeper.links("uMyo-1L").count(Link.CONNECTING)
            await asyncio.sleep(1.5)
            assert keeper.links("uMyo-1L").count(Link.CONNECTING) == tries
            room.restore("uMyo-1L")
            await keeper.until_live("uMyo-1L")

    asyncio.run(session())


def test_back_off_doubles_to_eight_seconds_and_begins_anew_after_success():
    back_off = BackOff()
    assert [back_off.next_s() for _ in range(7)] == [0.25, 0.5, 1, 2, 4, 8, 8]
    back_off.reset()
    assert back_off.next_s() == 0.25


@pytest.mark.parametrize("name", ["C4:00:00:00:00:00", "c4:00:00:00:00:00"])
def test_a_sensor_can_be_named_by_its_address(air, name):
    async def session():
        room = Room({"uMyo-1L": "umyo"})
        async with keeping(air, room, {name: "umyo"}) as keeper:
            await keeper.until_live(name)
            assert {event.sensor for event in keeper.events} == {name}

    asyncio.run(session())


def test_a_cancellation_that_gets_lost_in_a_step_is_heeded_all_the_same(monkeypatch):
    """asyncio.wait_for of Python 3.11 loses one that comes together with what it waits for."""

    async def session():
        async def swallow(*_):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(5)

        monkeypatch.setattr(Dialogue, "run", swallow)
        async with keeping(VirtualAir(), Room({"uMyo-1L": "umyo"})) as keeper:
            await until(lambda: Link.STARTING in keeper.links("uMyo-1L"))

    began_s = time.monotonic()
    asyncio.run(session())
    assert time.monotonic() - began_s < 4


def test_a_farewell_that_has_begun_is_said_to_its_end_though_the_session_ends(air, monkeypatch):
    async def session():
        begun, said, run = asyncio.Event(), [], Dialogue.run

        async def slowly(dialogue, steps):
            if steps == find("myo").step.stop:
                begun.set()
                await asyncio.sleep(0.1)
            await run(dialogue, steps)
            said.append(steps)

        monkeypatch.setattr(Dialogue, "run", slowly)
        room = Room({"Myo": "myo"}, speed=4)
        async with keeping(air, room) as keeper:
            await keeper.until_live("Myo")
            room.sensors["Myo"].muted = True
            await begun.wait()
        assert said[-1] == find("myo").step.stop

    asyncio.run(session())
