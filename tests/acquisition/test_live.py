"""The live source: every sensor over one radio as events in order, whatever the radio does."""

from __future__ import annotations

import itertools
import time

import pytest
from radio_rig import Room, team_of
from watching import after, all_live, changes, says, watch

from monitor.acquisition.live import LiveSource
from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import find
from monitor.errors import ProfileError, RadioError, TeamError
from monitor.events import Heartbeat, Link, Marker, Notification


def test_three_kinds_of_sensor_go_live_and_their_events_are_in_order(air):
    sensors = {"uMyo-1L": "umyo", "WT1LS": "witmotion", "Myo": "myo"}
    room = Room(sensors, speed=4)
    with air.spec(room) as spec, LiveSource(team_of(sensors), spec, speed=4) as source:
        events = watch(source, room, (all_live(sensors), None), (after(4), None))
    times = [event.time_s for event in events]
    assert times == sorted(times)
    assert {event.sensor for event in events if isinstance(event, Notification)} == set(sensors)
    for name in sensors:
        assert changes(events, name) == [Link.SEARCHING, Link.CONNECTING, Link.STARTING, Link.LIVE]
    assert source.backlog == 0


def test_heartbeats_come_every_half_second_of_session_time_though_nothing_else_does():
    room = Room({}, speed=4)
    with LiveSource(team_of({"uMyo-1L": "umyo"}), room, speed=4) as source:
        beats = [e.time_s for e in watch(source, room, (after(5), None)) if isinstance(e, Heartbeat)]
    assert len(beats) >= 9
    assert all(0.3 < later - earlier < 0.9 for earlier, later in itertools.pairwise(beats))


def test_an_absent_sensor_does_not_hold_up_the_others(air):
    sensors = {"uMyo-1L": "umyo"}
    room = Room(sensors)
    team = team_of({"WT1LF": "witmotion", **sensors, "WT1LS": "witmotion"})
    with air.spec(room) as spec, LiveSource(team, spec) as source:
        events = watch(source, room, (says("uMyo-1L", Link.LIVE), None), limit_s=3)
    assert changes(events, "WT1LF") == changes(events, "WT1LS") == [Link.SEARCHING]


def test_a_sensor_out_of_range_for_five_seconds_is_lost_and_comes_back_by_itself(air):
    sensors = {"uMyo-1L": "umyo", "WT1LS": "witmotion"}
    room = Room(sensors, supervision_s=0.8)
    with air.spec(room) as spec, LiveSource(team_of(sensors), spec) as source:
        events = watch(
            source,
            room,
            (says("uMyo-1L", Link.LIVE), None),
            (after(0.5), lambda: room.lose("uMyo-1L")),
            (after(5), lambda: room.restore("uMyo-1L")),
            (says("uMyo-1L", Link.LIVE), None),
            (after(0.5), None),
        )
    came = changes(events, "uMyo-1L")
    assert came[:4] == [Link.SEARCHING, Link.CONNECTING, Link.STARTING, Link.LIVE]
    assert Link.LOST in came[4:] and came[-1] is Link.LIVE
    assert changes(events, "WT1LS")[-1] is Link.LIVE and Link.LOST not in changes(events, "WT1LS")


def test_a_sensor_that_may_not_be_taken_yet_is_asked_for_again_before_it_advertises_again(monkeypatch):
    monkeypatch.setattr("monitor.simulation.peripheral.ADVERTISING_INTERVAL_MS", 2000)
    sensors, asked_s, heard = {"uMyo-1L": "umyo"}, [], []

    def on_second_thought(sensor, dbm):
        asked_s.append(time.monotonic())
        return len(asked_s) > 1

    room = Room(sensors)
    with LiveSource(
        team_of(sensors), room, may_take=on_second_thought, on_heard=lambda *told: heard.append(told)
    ) as source:
        watch(source, room, (says("uMyo-1L", Link.CONNECTING), None))
    assert len(asked_s) == 2 and asked_s[1] - asked_s[0] < 1.0
    assert heard[0] == ("uMyo-1L", -50)


def test_ten_sensors_stream_at_once_and_no_packet_is_missing(air):
    sensors = {f"uMyo-{number}L": "umyo" for number in range(10)}
    room = Room(sensors)
    with air.spec(room) as spec, LiveSource(team_of(sensors), spec) as source:
        events = watch(source, room, (all_live(sensors), None), (after(1), None))
    for name in sensors:
        assert changes(events, name)[-1] is Link.LIVE
        decoder, firsts = Decoder(find("umyo")), []
        for event in events:
            if isinstance(event, Notification) and event.sensor == name:
                firsts += [packet.first_index for packet in decoder.push(event.char, event.payload)]
        indices = [first for first in firsts if first is not None]
        assert len(indices) > 40
        assert {later - earlier for earlier, later in itertools.pairwise(indices)} == {24}


def test_a_mark_stands_in_the_stream_of_events():
    room = Room({})
    with LiveSource(team_of({"uMyo-1L": "umyo"}), room) as source:
        source.mark("cramp left")
        events = watch(source, room, (lambda event: isinstance(event, Marker), None))
    assert [event.text for event in events if isinstance(event, Marker)] == ["cramp left"]


def test_a_radio_that_never_opens_is_an_error_at_the_start():
    source = LiveSource(team_of({"uMyo-1L": "umyo"}), "tcp:127.0.0.1:1")
    with pytest.raises(RadioError, match="crampwatch demo"):
        source.start()
    with pytest.raises(RadioError):
        next(iter(source))


def test_a_sensor_whose_profile_cannot_be_used_is_named():
    team = team_of({"uMyo-1L": "umyo"})
    with pytest.raises(TeamError, match="uMyo-1L"):
        LiveSource(team, "os", library={})
    with pytest.raises(TeamError, match="is broken"):
        LiveSource(team, "os", library={"umyo": ProfileError("umyo.toml is broken")})


def test_a_radio_that_hears_nothing_at_all_is_opened_anew(monkeypatch):
    monkeypatch.setattr("monitor.acquisition.live.SILENT_RADIO_S", 0.3)
    opened = []

    class Deaf(Room):
        def open_hci(self):
            opened.append(time.monotonic())
            return super().open_hci()

    room = Deaf({})
    with LiveSource(team_of({"uMyo-1L": "umyo"}), room) as source:
        events = watch(source, room, (lambda _: len(opened) >= 2, None), limit_s=5)
    assert changes(events, "uMyo-1L") == [Link.SEARCHING]
