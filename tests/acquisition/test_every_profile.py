"""Every profile streams from its virtual sensor through bleak on the virtual radio, whatever the MTU."""

from __future__ import annotations

import time
from collections import defaultdict
from functools import cache

import pytest
from radio_rig import Room, team_of
from watching import Condition

from monitor.acquisition.live import LiveSource
from monitor.acquisition.packet import Decoder, Packet
from monitor.acquisition.profile import find, library
from monitor.acquisition.profile_model import Profile
from monitor.events import Event, Link, LinkChange, Notification

IDS = sorted(name for name, entry in library().items() if isinstance(entry, Profile) and not entry.match.never)
VARIANTS = {
    "NPG-LITE": "npg-lite",
    "NPG-3CH-0A1B": "npg-lite",
    "NPG-6CH-0A1B": "npg-lite",
    "NPG-Lite-band-3CH:A1B2": "npg-lite",
}
SENSORS = {find(name).sim.advert_name: name for name in IDS} | VARIANTS
PER_ROOM = 7  # what the radio carries beside other work
LIMIT_S = 30.0
ENOUGH = 12  # notifications, or as many as a slow sensor sends in two seconds


def room_of(name: str) -> dict[str, str]:
    """The sensors that are heard together with this one."""
    number = list(SENSORS).index(name) // PER_ROOM
    return dict(list(SENSORS.items())[number * PER_ROOM : (number + 1) * PER_ROOM])


def heard(mtu: int, name: str) -> tuple[list[Event], Room]:
    return _heard(mtu, tuple(room_of(name).items()))


@cache
def _heard(mtu: int, sensors: tuple[tuple[str, str], ...]) -> tuple[list[Event], Room]:
    """All that some sensors say until each has said enough, or cannot say anything at this MTU."""
    room, events = Room(dict(sensors), mtu=mtu), []
    enough, end_s = all_said_enough(mtu, dict(sensors)), time.monotonic() + LIMIT_S
    with LiveSource(team_of(dict(sensors)), room) as source:
        for event in source:
            events.append(event)
            if enough(event) or time.monotonic() > end_s:
                source.stop()
    return events, room


def all_said_enough(mtu: int, sensors: dict[str, str]) -> Condition:
    missing = {}
    for name, profile_id in sensors.items():
        profile = find(profile_id, name=name)
        slowest = min(notify.true_rate_hz for notify in profile.sim.notify)
        missing[name] = ENOUGH if slowest > 5 else 6  # what comes now and then may come first
        if mtu < profile.link.min_mtu and profile.sim.small_mtu == "silent":
            missing[name] = 0
    silent = {name for name, count in missing.items() if not count}

    def asked(event: Event) -> bool:
        if isinstance(event, Notification):
            missing[event.sensor] -= 1
        elif isinstance(event, LinkChange) and event.link is Link.LOST:
            silent.discard(event.sensor)
        return not silent and all(count <= 0 for count in missing.values())

    return asked


def packets_of(name: str, events: list[Event]) -> list[Packet]:
    decoder = Decoder(find(SENSORS[name], name=name))
    notified = [event for event in events if isinstance(event, Notification) and event.sensor == name]
    return [packet for event in notified for packet in decoder.push(event.char, event.payload)]


def links_of(name: str, events: list[Event]) -> list[Link]:
    return [event.link for event in events if isinstance(event, LinkChange) and event.sensor == name]


@pytest.mark.parametrize("name", SENSORS)
@pytest.mark.parametrize("mtu", [23, 185, 517])
def test_it_streams_and_every_packet_decodes(mtu: int, name: str):
    profile = find(SENSORS[name], name=name)
    if mtu < profile.link.min_mtu:
        pytest.skip(f"the device needs an MTU of {profile.link.min_mtu}")
    events, room = heard(mtu, name)
    assert Link.LIVE in links_of(name, events), room.sensors[name].commands
    packets = packets_of(name, events)
    assert [packet.error for packet in packets if packet.error] == []
    came: dict[str, int] = defaultdict(int)
    for packet in packets:
        for stream, samples in packet.streams.items():
            came[stream] += len(samples)
    fastest = max(profile.sim.notify, key=lambda notify: notify.true_rate_hz)
    assert profile.streams_of(profile.packet(fastest.packet)).keys() <= came.keys()


@pytest.mark.parametrize("name", [name for name in SENSORS if find(SENSORS[name], name=name).link.min_mtu > 23])
def test_where_the_mtu_is_too_small_it_is_said(name: str):
    profile = find(SENSORS[name], name=name)
    events, room = heard(23, name)
    if profile.sim.small_mtu == "cut":
        errors = [packet.error for packet in packets_of(name, events) if packet.error]
        assert errors and all("cut" in error for error in errors)
    else:
        details = [e.detail for e in events if isinstance(e, LinkChange) and e.sensor == name and e.link is Link.LOST]
        assert {"it is connected but sends nothing", "its packets stopped"} & set(details)  # an answer may come first
    assert room.sensors[name].oversized > 0
