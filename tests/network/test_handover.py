"""Twelve players cross between two gateways; the way to the hub is slow, out of order and doubled."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from field_rig import PROFILE, Field, Message
from network_events import team_of_sensors

from monitor.events import Event, Notification
from monitor.network.merging import Merge
from monitor.network.messages import GatewayBeat
from monitor.session import Session
from monitor.settings import Settings

SECONDS = 30.0
ARRIVES_S = 1 / 64  # the shortest way


@pytest.fixture(scope="module")
def played() -> tuple[Field, list[Message]]:
    field = Field(12, SECONDS)
    return field, list(field.run())


def received(messages: list[Message], delays_s: list[float]) -> tuple[Merge, list[Event]]:
    """What a hub passes on of messages that take so long; one without delay takes the shortest way."""
    merge, passed = Merge(), []
    arriving = sorted((m.at_s + delay_s, i) for i, (m, delay_s) in enumerate(zip(messages, delays_s, strict=True)))
    for arrival_s, number in arriving:
        message, now_s = messages[number], 500.0 + arrival_s
        lane = merge.lane(message.gateway)
        if message.kind == "beat":
            lane.take_beat(GatewayBeat.read(message.content), now_s)
        else:
            lane.take_block(message.content, now_s)
        passed += merge.ready(now_s)
    passed += merge.ready(500.0 + SECONDS + 10.0)
    return merge, passed


def doubled_and_late(messages: list[Message]) -> tuple[list[Message], list[float]]:
    """Every fifth block twice, all blocks up to 0.4 s late and so out of order, the beats as they were."""
    rng = random.Random(1)
    sent, delays_s = [], []
    for message in messages:
        for _ in range(2 if message.kind == "block" and rng.random() < 0.2 else 1):
            sent.append(message)
            delays_s.append(ARRIVES_S + (rng.uniform(0, 0.4) if message.kind == "block" else 0.0))
    return sent, delays_s


def test_every_handover_takes_three_seconds_at_most(played: tuple[Field, list[Message]]) -> None:
    field, _ = played
    crossings = 0
    for sensor, times_s in field.packets.items():
        by = [gateway for _, name, gateway in field.links if name == sensor]
        assert all(before != after for before, after in itertools.pairwise(by)), "to and fro"
        crossings += len(by) - 1
        gaps_s = [after - before for before, after in itertools.pairwise(times_s)]
        assert max(gaps_s) <= 3.0, sensor
    assert crossings >= 16


def test_a_hub_gets_the_same_however_its_messages_come(played: tuple[Field, list[Message]]) -> None:
    field, messages = played
    sent, delays_s = doubled_and_late(messages)
    merge, passed = received(sent, delays_s)
    direct, fed = received(messages, [ARRIVES_S] * len(messages))
    assert passed == fed
    assert sum(lane.doubled for lane in merge.lanes.values()) > 200
    assert merge.left_out == direct.left_out == 0
    times_s = [event.time_s for event in passed]
    assert times_s == sorted(times_s)
    for sensor, on_air_s in field.packets.items():
        got = [event for event in passed if isinstance(event, Notification) and event.sensor == sensor]
        assert len({event.payload for event in got}) == len(got) == len(on_air_s)
        error_s = [event.time_s - at_s for event, at_s in zip(got, on_air_s, strict=True)]
        assert max(map(abs, error_s)) < 0.02  # the two clocks, 1.5 s apart, as one


def test_no_sample_comes_twice_and_states_go_on_through_the_gaps(played: tuple[Field, list[Message]]) -> None:
    field, messages = played
    sensors = [player.sensor for player in field.players]
    _, passed = received(*doubled_and_late(messages))
    session = Session(team_of_sensors(sensors), dict.fromkeys(sensors, PROFILE), Settings())
    newest_s, lost = dict.fromkeys(sensors, 0.0), set()
    for event in passed:
        for chunk in session.feed(event).chunks:
            if len(chunk):
                assert chunk.time_s[0] > newest_s[chunk.stream.source_id]
                newest_s[chunk.stream.source_id] = float(chunk.time_s[-1])
                lost |= {chunk.stream.source_id} if np.isnan(chunk.samples).any() else set()
    session.finish()
    assert all(seat.decoder is not None and seat.decoder.doubled == 0 for seat in session.seats.values())
    assert len(lost) == 12  # every sensor's gap is NaN
    assert all(leg.history[-1].time_s >= SECONDS - 2 for leg in session.legs)
