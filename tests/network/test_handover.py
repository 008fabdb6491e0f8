"""Twelve players cross between two gateways; the way to the hub is slow, out of order and doubled."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from broker_rig import said
from field_rig import PROFILE, Field, Message
from network_events import team_of_sensors

from monitor.events import Event, Notification
from monitor.network.blocks import decode
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


def fed(events: Iterable[Event], sensors: list[str]) -> tuple[Session, dict[str, np.ndarray]]:
    """A session of these events, and of each sensor the times and samples that it decoded."""
    session = Session(team_of_sensors(sensors), dict.fromkeys(sensors, PROFILE), Settings())
    rows: dict[str, list[np.ndarray]] = {sensor: [] for sensor in sensors}
    for outcome in (*map(session.feed, events), session.finish()):
        for chunk in outcome.chunks:
            rows[chunk.stream.source_id].append(np.column_stack([chunk.time_s, chunk.samples]))
    return session, {sensor: np.concatenate(parts) for sensor, parts in rows.items()}


def without_a_hub(field: Field, messages: list[Message]) -> Iterator[Event]:
    """The same blocks with their gaps, without a hub: on the longest running gateway's clock, less whole seconds."""
    began_s = {gateway.name: gateway.began_s for gateway in field.gateways}
    told: dict[str, list[Event]] = {name: [] for name in began_s}
    for message in messages:
        if message.kind == "block":
            told[message.gateway] += decode(message.content).events
    first_s = min(began_s.values())
    whole_s = math.floor(min(events[0].time_s + began_s[name] - first_s for name, events in told.items()))
    shifted = (
        [replace(event, time_s=event.time_s + began_s[name] - first_s - whole_s) for event in events]
        for name, events in told.items()
    )
    yield from heapq.merge(*shifted, key=lambda event: event.time_s)


def test_a_hub_comes_to_the_same_as_a_session_fed_the_same_blocks_and_gaps_directly() -> None:
    field = Field(2, 16.0)
    messages, sensors = list(field.run()), [player.sensor for player in field.players]
    assert len(field.links) > len(sensors), "one has crossed"
    hub, of_hub = fed(received(*doubled_and_late(messages))[1], sensors)
    direct, of_direct = fed(without_a_hub(field, messages), sensors)
    assert said(hub) == said(direct)
    for sensor in sensors:
        np.testing.assert_array_equal(of_hub[sensor][:, 1:], of_direct[sensor][:, 1:])
        apart_s = np.abs(of_hub[sensor][:, 0] - of_direct[sensor][:, 0])
        assert apart_s.max() < 0.005  # heartbeats, with which times are read, are of one gateway, or of both


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
