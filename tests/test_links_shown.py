"""What a screen is told of a link: battery, slow links; and which sensors draw attention when a leg warns."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.acquisition.arrivals import ArrivalPattern
from monitor.acquisition.profile import find
from monitor.alerts.alert import Alert
from monitor.alerts.sinks import SensorAlert
from monitor.events import Battery, Heartbeat, Link, LinkChange, Notification
from monitor.session import Session
from monitor.settings import Settings
from monitor.snapshot import LinkView
from monitor.team import Team
from monitor.view import snapshot

TEAM = Team.model_validate(
    {
        "athletes": [
            {
                "name": "A1",
                "sensors": [
                    {"match": "L", "profile": "npg-lite", "leg": "left", "roles": ["emg"]},
                    {"match": "R", "profile": "npg-lite", "leg": "right", "roles": ["emg"]},
                ],
            }
        ]
    }
)


def session(settings=None) -> Session:
    profile = find("npg-lite")
    return Session(TEAM, {"L": profile, "R": profile}, settings or Settings())


def shown(of: Session, sensor="L") -> LinkView:
    picture = snapshot(of, speed=1.0, source="live", title="", simulated=False)
    return next(link for link in picture.links if link.sensor == sensor)


def test_a_battery_that_runs_low_is_warned_of_and_one_that_is_full_is_not():
    running = session()
    running.feed(Battery(0.1, "L", 0.12))
    running.feed(Battery(0.1, "R", 0.8))
    assert (shown(running).battery, shown(running).warning) == (0.12, "battery low: 12%")
    assert shown(running, "R").warning == ""


def test_a_battery_that_the_sensors_own_packets_tell_is_shown():
    profile = find("gforce")
    running = Session(TEAM, {"L": profile}, Settings())
    packet = profile.packet("battery_level")
    running.feed(Notification(0.1, "L", profile.uuid(packet.chars[0]), bytes([0, 8, 77])))
    running.feed(Heartbeat(0.5))
    assert shown(running).battery == pytest.approx(0.77)


@pytest.mark.parametrize(("per_event", "gap_s", "interval_s"), [(4, 0.06, 0.06), (3, 0.0375, 0.0375), (1, 0.02, None)])
def test_notifications_that_come_in_bursts_betray_the_connection_interval(per_event, gap_s, interval_s):
    pattern = ArrivalPattern(speed=2.0)
    assert pattern.interval_s is None
    jitter = np.random.default_rng(1).uniform(0, 0.0015, (40, per_event)).cumsum(axis=1) / per_event
    times_s = (np.arange(40)[:, None] * gap_s + jitter).ravel() * 2.0
    pattern.push(times_s)
    found = pattern.interval_s
    assert found is None if interval_s is None else found == pytest.approx(interval_s, abs=0.002)
    pattern.forget()
    assert pattern.interval_s is None


def test_a_slow_link_is_named_only_where_it_matters(monkeypatch):
    running = session()
    seat = running.seats["L"]
    wants = seat.profile.link.model_copy(update={"wants_short_interval": True})
    seat.profile = seat.profile.model_copy(update={"link": wants})
    running.feed(LinkChange(0.0, "L", Link.LIVE))
    seat.arrivals.push(np.repeat(np.arange(40) * 0.06, 4))
    monkeypatch.setattr(type(seat.decoder), "loss_fraction", lambda *_: 0.05)
    assert shown(running).warning == "link too slow: 60 ms between packets, 5% lost"
    monkeypatch.setattr(type(seat.decoder), "loss_fraction", lambda *_: 0.0)
    assert shown(running).warning == ""


def test_the_sensors_of_a_leg_that_warns_draw_attention_unless_that_is_switched_off():
    for settings, expected in ((Settings(), ["R"]), (Settings().changed({"link.alert_on_warn": 0}), [])):
        alerted: list[str] = []
        SensorAlert(session(settings), alerted.append).send(Alert(1.0, "A1", "right", "WARN"))
        assert alerted == expected


def test_packets_that_cannot_be_read_are_said_with_the_reason_until_they_are_few():
    profile = find("npg-lite")
    running = Session(TEAM, {"L": profile}, Settings())
    char = profile.uuid("data")
    for i in range(20):
        running.feed(Notification(0.02 * i, "L", char, bytes(20)))
    running.feed(Heartbeat(0.5))
    told = shown(running).warning
    assert told.startswith("100% of its packets cannot be read: npg-lite: 20 bytes on data") and "cut" in told
    whole = bytes.fromhex(profile.vectors[0].hex)
    for i in range(1200):
        running.feed(Notification(0.5 + 0.02 * i, "L", char, whole))
    running.feed(Heartbeat(25.0))
    assert "cannot be read" not in shown(running).warning


@pytest.mark.parametrize("profile_id", ["umyo", "npg-lite", "ganglion-v3", "biogap-ultra"])
def test_a_sensor_whose_count_or_time_stands_still_is_said_by_link_and_leg(profile_id):
    profile = find(profile_id)
    running = Session(TEAM, {"L": profile}, Settings())
    vector = next(vector for vector in profile.vectors if vector.packet in profile.streams["emg"].packets)
    packet, char, changes = bytes.fromhex(vector.hex), profile.uuid(vector.char), []
    for i in range(1000):
        changes += running.feed(Notification(0.02 * i, "L", char, packet)).changes
    told = "carry a count or time that came before: its clock stands still"
    assert told in shown(running).warning
    last = [change for change in changes if change.leg == "left"][-1]
    assert last.state == "NO_SIGNAL"
    assert told in " ".join(running.legs[0].machine.reasons)


def test_packets_that_all_come_twice_are_not_called_a_clock_that_stands_still():
    profile = find("umyo")
    running = Session(TEAM, {"L": profile}, Settings())
    vector = next(vector for vector in profile.vectors if vector.packet == "emg")
    body, char = bytes.fromhex(vector.hex)[4:], profile.uuid(vector.char)
    for i in range(500):
        for _ in range(2):
            running.feed(Notification(0.02 * i, "L", char, (24 * i).to_bytes(4, "little") + body))
    assert running.seats["L"].decoder.repeated == pytest.approx(0.5, abs=0.02)
    assert "stands still" not in shown(running).warning
    assert "stands still" not in " ".join(running.legs[0].machine.reasons)


def test_a_leg_whose_sensor_is_for_display_only_says_so_and_does_not_calibrate_for_ever():
    profile = find("myoware")
    running = Session(TEAM, {"L": profile}, Settings())
    changes = []
    for i in range(750):
        changes += running.feed(Notification(0.02 * i, "L", profile.uuid("text"), b"512")).changes
    left = [change for change in changes if change.leg == "left"][-1]
    assert left.state == "NO_SIGNAL"
    assert "display only" in left.reasons[0]
    leg = snapshot(running, speed=1.0, source="live", title="", simulated=False).legs[0]
    assert (leg.channels, leg.emg_unit) == (("envelope",), "counts")
    assert set(leg.emg.values.ravel().tolist()) == {512.0} and len(leg.emg.time_s) > 100
    assert running.legs[0].path is None, "no stage ever sees it"
