"""A session decodes the notifications of a while together, when session time enters the next slot."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.acquisition.packet import encode
from monitor.acquisition.profile import find
from monitor.events import Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.session import Outcome, Session
from monitor.settings import Settings
from monitor.slots import SENSORS_A_SLOT, SLOT_S
from monitor.team import Athlete, Sensor, Team

UMYO = find("umyo")
RATE_HZ = 1137.3
SENSORS = {"uMyo-L": "left", "uMyo-R": "right"}
TEAM = Team(
    athletes=(
        Athlete(
            name="A7",
            sensors=tuple(
                Sensor(match=name, profile="umyo", leg=leg, roles=("emg",), channels=("GM",))  # type: ignore[arg-type]
                for name, leg in SENSORS.items()
            ),
        ),
    )
)


def session(speed: float = 1.0) -> Session:
    return Session(
        TEAM, {sensor.match: UMYO for athlete in TEAM.athletes for sensor in athlete.sensors}, Settings(), speed=speed
    )


def notification(sensor: str, packet: int) -> Notification:
    counts = 8000 + np.arange(24)[:, None] % 7
    payload = encode(UMYO, "emg", {"emg": counts}, {"counter": 24 * packet})
    return Notification((packet + 1) * 24 / RATE_HZ, sensor, UMYO.uuid("telemetry"), payload)


def events(seconds: float, *others: Event) -> list[Event]:
    """What both sensors send, and other events in their places."""
    sent: list[Event] = [notification(sensor, packet) for packet in range(int(seconds * 47)) for sensor in SENSORS]
    return sorted([*sent, *others], key=lambda event: event.time_s)


def fed(to: Session, given: list[Event]) -> list[tuple[Event, Outcome]]:
    return [(event, to.feed(event)) for event in given]


def with_chunks(outcomes: list[tuple[Event, Outcome]]) -> list[Event]:
    return [event for event, outcome in outcomes if outcome.chunks]


@pytest.mark.parametrize(("speed", "slot_s"), [(0.5, 0.1), (1.0, 0.1), (4.0, 0.4)])
def test_chunks_come_with_the_first_event_after_a_slot(speed: float, slot_s: float):
    outcomes = fed(session(speed), events(8.0))
    told_s = [event.time_s for event in with_chunks(outcomes)]
    between_s, packet_s = np.diff(told_s), 1 / 47
    assert between_s.min() >= slot_s - 1e-9 and between_s.max() <= slot_s + packet_s and told_s[-1] >= 7.9 - slot_s
    assert all(len(outcome.chunks) == 2 for _, outcome in outcomes if outcome.chunks), "one of each sensor"
    assert not any(outcome.seconds for event, outcome in outcomes if event.time_s not in told_s and event.time_s > 6.0)


def test_who_beats_once_a_slot_cuts_the_slots():
    """Packets at the end of a block, a hair before its heartbeat, are decoded with it, not by themselves."""
    sent = events(6.0)
    beats = [Heartbeat(packet.time_s + 1e-6) for packet in sent[9::10]]  # every 0.106 s
    outcomes = fed(session(), sorted([*sent, *beats], key=lambda event: event.time_s))
    assert all(isinstance(event, Heartbeat) for event in with_chunks(outcomes))
    assert len(with_chunks(outcomes)) >= 30


def test_a_heartbeat_brings_what_waits():
    outcomes = fed(session(), events(6.0, Heartbeat(5.55), Heartbeat(5.551)))
    after = [outcome for event, outcome in outcomes if isinstance(event, Heartbeat)]
    assert [len(outcome.chunks) for outcome in after] == [2, 0]


def test_a_break_of_the_link_comes_after_what_arrived_before_it():
    of = session()
    outcomes = fed(of, events(6.0, LinkChange(5.55, "uMyo-L", Link.LOST, "gone"), Marker(5.56, "cramp left")))
    (change,) = [outcome for event, outcome in outcomes if isinstance(event, LinkChange)]
    assert [chunk.stream.source_id for chunk in change.chunks] == ["uMyo-L"]
    assert of.seats["uMyo-L"].link == Link.LOST and [text for _, text in of.markers] == ["cramp left"]


def test_nothing_is_left_when_the_session_ends():
    of = session()
    given = events(8.0)
    chunks = [chunk for _, outcome in fed(of, given) for chunk in outcome.chunks]
    chunks += of.finish().chunks
    for sensor in SENSORS:
        own = [chunk for chunk in chunks if chunk.stream.source_id == sensor]
        assert sum(map(len, own)) == 24 * sum(event.sensor == sensor for event in given)  # type: ignore[union-attr]
        assert (np.diff(np.concatenate([chunk.time_s for chunk in own])) > 0).all()
    assert of.finish().chunks == ()


def test_a_sensor_is_heard_at_once():
    of = session()
    first = notification("uMyo-L", 300)
    of.feed(first)
    assert of.seats["uMyo-L"].newest_s == of.seats["uMyo-L"].leg.heard_s == first.time_s
    assert of.seats["uMyo-R"].newest_s is None


def test_the_same_events_are_cut_in_the_same_batches():
    given = events(8.0, *(Heartbeat(beat / 2) for beat in range(1, 16)), LinkChange(6.01, "uMyo-R", Link.LOST))
    runs = [[chunk for _, outcome in fed(session(), given) for chunk in outcome.chunks] for _ in range(2)]
    for one, other in zip(*runs, strict=True):
        np.testing.assert_array_equal(one.time_s, other.time_s)
        np.testing.assert_array_equal(one.samples, other.samples)


@pytest.mark.parametrize(("sensors", "slot_s"), [(SENSORS_A_SLOT, SLOT_S), (3 * SENSORS_A_SLOT, 3 * SLOT_S)])
def test_many_sensors_are_decoded_less_often(sensors: int, slot_s: float):
    names = [f"S{number}" for number in range(sensors)]
    worn = [Sensor(match=name, profile="umyo", leg="left", roles=("emg",)) for name in names]
    team = Team(athletes=tuple(Athlete(name=f"A{sensor.match}", sensors=(sensor,)) for sensor in worn))
    of = Session(team, dict.fromkeys(names, UMYO), Settings())
    sent = [notification("S0", packet) for packet in range(int(5.0 * 47))]
    told_s = [event.time_s for event in with_chunks(fed(of, sent)) if event.time_s > 4.0]
    assert np.median(np.diff(told_s)) == pytest.approx(slot_s, abs=0.03)
