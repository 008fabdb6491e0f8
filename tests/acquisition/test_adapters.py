"""Several adapters: who takes which sensor, and what happens when one of them goes."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from changed import with_link
from radio_rig import Room, team_of, until
from watching import after, all_live, watch

from monitor.acquisition.adapters import Adapters, Air, Turns, share_of
from monitor.acquisition.live import LiveSource
from monitor.acquisition.radio import Radio, adapters_of
from monitor.acquisition.sightings import Sightings
from monitor.events import Link, LinkChange, Notification


def test_a_list_of_adapters_may_be_one_text():
    assert adapters_of("os:hci0, os:hci1") == ("os:hci0", "os:hci1")
    assert adapters_of("os") == ("os",)
    assert adapters_of(["os", "usb:0"]) == ("os", "usb:0")


def heard(rssi):
    return AdvertisementData("uMyo", {}, {}, [], None, rssi, ())


def chosen(loads, receptions, share=0.2):
    """Which of some adapters, so full and hearing the sensor so, takes it; None = nobody."""

    async def choose():
        adapters = Adapters()
        for number, (load, rssi) in enumerate(zip(loads, receptions, strict=True)):
            air = Air(Radio(f"os:hci{number}", asyncio.Event()), adapters.sightings)
            air.links["others"] = load
            adapters.join(air)
            if rssi is not None:
                adapters.sightings.hear(BLEDevice("C4:00:00:00:00:01", "uMyo", None), heard(rssi), air)
        sighting = adapters.choose(adapters.sightings.of("uMyo"), share)
        return None if sighting is None else adapters.in_service.index(sighting.by)

    return asyncio.run(choose())


@pytest.mark.parametrize(
    ("loads", "receptions", "taker"),
    [
        ((0.0, 0.0), (-80, -50), 1),  # who hears it better
        ((0.2, 0.0), (-52, -55), 1),  # as well heard by both: who has less to do
        ((0.9, 0.4), (-50, -89), 1),  # the better one is full
        ((1.4, 1.2), (-50, -60), 1),  # both are full: better too many links than a sensor that nobody hears
        ((0.0, 0.0), (None, -90), 1),  # who hears it at all
        ((0.0, 0.0), (None, None), None),
    ],
)
def test_a_sensor_goes_where_there_is_room_then_good_reception_then_little_to_do(loads, receptions, taker):
    assert chosen(loads, receptions) == taker


def test_a_link_takes_the_part_of_an_adapter_that_its_profile_says():
    assert share_of(with_link("umyo", max_per_adapter=4)) == 0.25
    assert share_of(with_link("umyo", max_per_adapter=None)) == pytest.approx(1 / 7)


def test_of_those_who_wait_for_a_connect_the_sensor_heard_last_is_next():
    async def session():
        sightings, order = Sightings(), []
        turns = Turns(sightings)

        async def take(name):
            async with turns.turn(name):
                order.append(name)

        async with turns.turn("first"):
            tasks = [asyncio.create_task(take(name)) for name in ("a", "b", "c")]
            await asyncio.sleep(0)
            tasks.append(cancelled := asyncio.create_task(take("gone")))
            await asyncio.sleep(0)
            for name in ("c", "gone", "b"):
                sightings.hear(BLEDevice(name, name, None), heard(-50))
                await asyncio.sleep(0.002)
            cancelled.cancel()
        await asyncio.wait(tasks)
        assert order == ["b", "c", "a"]

    asyncio.run(session())


def test_a_stadium_full_of_phones_does_not_fill_the_memory():
    async def session():
        sightings = Sightings()
        for n in range(5000):
            sightings.hear(BLEDevice(f"C4:{n:010x}", None, None), heard(-50))
        assert len(list(sightings.all())) <= 2000
        assert sightings.of("C4:" + f"{4999:010x}".upper())

    asyncio.run(session())


class Dongles:
    """Adapters in one room, each of which can be pulled out."""

    def __init__(self, room):
        self.room, self.links = room, []

    def dongle(self):
        return Dongle(self)


class Dongle:
    """One adapter: the room lives as long as the first one does."""

    def __init__(self, dongles):
        self.dongles, self.pulled = dongles, False

    @contextlib.asynccontextmanager
    async def open_hci(self):
        if self.pulled:
            raise OSError("no such device")
        room = self.dongles.room
        async with contextlib.AsyncExitStack() as stack:
            if not room.opened.is_set():
                await stack.enter_async_context(room.running())
            await until(room.opened.is_set)
            self.source, sink = await stack.enter_async_context(room.radio.open_hci())
            yield self.source, sink

    def pull(self):
        self.pulled = True
        self.source.hci_sink.on_transport_lost()


def test_two_adapters_share_the_sensors_and_one_that_goes_gives_its_own_to_the_other():
    names = {f"uMyo-{number}": "umyo" for number in range(4)}
    room = Room(names, speed=4)
    dongles = Dongles(room)
    first, second = dongles.dongle(), dongles.dongle()
    library = {"umyo": with_link("umyo", max_per_adapter=2)}

    def links(dongle):
        return len(dongle.source.le_connections)

    with LiveSource(team_of(names), [first, second], 4, library) as source:
        events = watch(source, room, (all_live(names), None), limit_s=10, stop=False)
        assert (links(first), links(second)) == (2, 2)
        room.call(second.pull)
        lost = Lost()
        events += watch(source, room, (lost, None), stop=False)
        events += watch(source, room, (all_live(lost.found), None), (after(1), None), limit_s=10)
    assert len(lost.found) == 2
    told = [event.detail for event in events if isinstance(event, LinkChange) and event.link is Link.LOST]
    assert len(told) == 2
    assert {event.sensor for event in events[-200:] if isinstance(event, Notification)} == set(names)


class Lost:
    """True once two sensors were said to be lost: `found`."""

    def __init__(self):
        self.found = set()

    def __call__(self, event):
        if isinstance(event, LinkChange) and event.link is Link.LOST:
            self.found.add(event.sensor)
        return len(self.found) == 2
