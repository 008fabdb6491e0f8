"""The broker is killed for five seconds: the wall says so, nothing is lost, each block counts once and in order."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from broker_rig import Hub, Mosquitto, Post, access_of, played, running, secure_broker, until

from monitor.events import Event, Notification
from monitor.network.hub import HubSource

SENSORS = {"gw1": ["N1", "N2"], "gw2": ["S1", "S2"]}
EVERYBODY = [sensor for sensors in SENSORS.values() for sensor in sensors]
SECONDS = 14.0


def packets_of(events: list[Event], sensors: list[str]) -> list[tuple[str, bytes]]:
    return [(e.sensor, e.payload) for e in events if isinstance(e, Notification) and e.sensor in sensors]


def posts(folder: Path, broker: Mosquitto) -> list[Post]:
    return [
        Post(access_of(folder, broker.port, name), name, played(sensors, SECONDS), sensors)
        for name, sensors in SENSORS.items()
    ]


@pytest.mark.alone
def test_a_broker_killed_for_five_seconds_costs_nothing(tmp_path: Path) -> None:
    with running(secure_broker(tmp_path)) as broker:
        source = HubSource(broker.access)
        first, second = posts(tmp_path, broker)
        with first, second, Hub(source, EVERYBODY) as hub:
            until(lambda: hub.engine.session.now_s > 3.0, 30.0, "the session runs")
            broker.kill()
            killed_s = time.monotonic()
            until(lambda: lost_gateways(hub) == {"gw1", "gw2"}, 10.0, "the wall says that both are lost")
            assert time.monotonic() - killed_s <= 2.0
            assert {link.link for link in source.dress(hub.engine.snapshot).links} == {"lost"}
            time.sleep(max(0.0, killed_s + 5.0 - time.monotonic()))
            broker.start()
            until(lambda: not lost_gateways(hub), 15.0, "both are back")
            until(lambda: first.engine.session.now_s >= SECONDS - 0.1, 30.0, "the gateways end")
            until(lambda: all(post.gateway.publisher.confirmed for post in (first, second)), 15.0, "all has come")
            until(lambda: hub.source.backlog == 0, 15.0, "the hub has worked it off")
    assert source.refused == 0 and source.merge.left_out == 0
    assert {lane.losses.given_up for lane in source.merge.lanes.values()} == {0}
    for post, sensors in zip((first, second), SENSORS.values(), strict=True):
        sent, got = packets_of(post.heard.events, sensors), packets_of(hub.heard.events, sensors)
        assert len(sent) > 2000
        assert got == sent[: len(got)] and len(got) >= len(sent) - 30  # the very last wait for the other gateway
    times_s = [event.time_s for event in hub.heard.events]
    assert times_s == sorted(times_s)
    assert not [leg for leg in hub.engine.session.legs if any(s.emg is None for s in list(leg.history)[5:-1])]


def lost_gateways(hub: Hub) -> set[str]:
    shown = hub.source.dress(hub.engine.snapshot)
    return {note.split()[1].rstrip(":") for note in shown.notes if "gateway lost" in note}
