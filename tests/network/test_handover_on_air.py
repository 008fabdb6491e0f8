"""A player crosses between two gateways: their own code, a real Bluetooth stack on a virtual radio, a real broker."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from broker_rig import described, plain_broker, running, until
from pitch_rig import PROFILE, SENSOR, Pitch

from monitor.acquisition.live import LiveSource
from monitor.acquisition.profile import find
from monitor.chunk import Chunk
from monitor.cli.headers import live_header
from monitor.engine import Engine
from monitor.events import Event, Link, LinkChange, Notification
from monitor.network.connection import Access
from monitor.network.gateway import HEARTBEAT_S, Gateway
from monitor.network.hub import HubSource
from monitor.network.ownership import Ownership
from monitor.recording.replay import RecordingSource
from monitor.rewriting import merge, write_session
from monitor.session import Session
from monitor.settings import Settings
from monitor.team import Athlete, Sensor, Team

pytestmark = pytest.mark.alone

TEAM = Team(
    athletes=(Athlete(name="A1", sensors=(Sensor(match=SENSOR, profile=PROFILE, leg="left", roles=("emg",)),)),)
)
QUICKLY = Settings().changed({"baseline.start_s": 0.0, "baseline.usable_frames": 20, "baseline.refit_s": 1.0})
PACKET_BYTES, PER_PACKET = 52, 24


def session() -> Session:
    return Session(TEAM, {SENSOR: find(PROFILE)}, QUICKLY)


@dataclass
class Kept:
    """A sink that keeps what a session was fed, its samples, and at each step how much of a baseline its leg had."""

    session: Session
    events: list[Event] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    gathered: list[tuple[bool, float]] = field(default_factory=list)  # usable, part of the first usable one

    def put(self, event: Event, chunks: Any, changes: Any) -> None:
        self.events.append(event)
        self.chunks += [chunk for chunk in chunks if chunk.stream.name == "emg"]
        self.states += [change["state"] for change in changes]
        if (path := self.session.legs[0].path) is not None:
            self.gathered.append((path.compression.fit is not None, path.compression.calibration_fraction))

    @property
    def emg(self) -> dict[int, float]:
        """When each EMG packet arrived, by the number of its first sample, in the order in which they came."""
        packets = [e for e in self.events if isinstance(e, Notification) and len(e.payload) == PACKET_BYTES]
        numbers = [struct.unpack_from("<I", packet.payload)[0] for packet in packets]
        assert len(set(numbers)) == len(numbers), "a packet came twice"
        return dict(zip(numbers, (packet.time_s for packet in packets), strict=True))

    @property
    def times_live(self) -> int:
        return sum(isinstance(event, LinkChange) and event.link is Link.LIVE for event in self.events)


@dataclass
class Played:
    """posts : by gateway. taken : who had the sensor after each step."""

    hub: Kept
    source: HubSource
    posts: dict[str, Kept] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)

    @property
    def n_live(self) -> int:
        return sum(post.times_live for post in self.posts.values())

    def step(self, pitch: Pitch, x_m: float, *, hidden: bool = False) -> None:
        """The player goes there; where that, or a body before the sensor, breaks the link, somebody takes it."""
        pitch.carry_to(x_m)
        if hidden:
            pitch.cover()
            until(lambda: not pitch.linked, 10.0, "the link breaks")
            pitch.uncover()
        until(lambda: self.n_live > len(self.taken), 10.0, "somebody takes it")
        n_events = len(self.hub.events)
        until(lambda: len(self.hub.events) > n_events + 60, 10.0, "the hub gets it")
        self.taken.append(str(self.source.merge.owner(SENSOR)))


def post(stack: ExitStack, access: Access, name: str, radio: str) -> Kept:
    """A gateway as `crampwatch gateway` makes it."""
    own, kept = Ownership(name), Kept(session())
    taking: Any = {"may_take": own.may_take, "on_heard": own.hear}
    source = stack.enter_context(LiveSource(TEAM, radio, simulated=True, heartbeat_s=HEARTBEAT_S, **taking))
    gateway = stack.enter_context(Gateway(source, access, own, {SENSOR: find(PROFILE).key}, simulated=True))
    run(stack, gateway, kept, gateway.publisher)
    return kept


def run(stack: ExitStack, source: Any, kept: Kept, *sinks: Any) -> None:
    engine = Engine(source, kept.session, describe=described, sinks=(*sinks, kept))
    engine.start()
    stack.callback(engine.join, 10.0)
    stack.callback(source.stop)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """To the other end; back past the middle, where a body breaks the link; near the middle, where one does again."""
    with ExitStack() as stack:
        broker = stack.enter_context(running(plain_broker(Path(tmp_path_factory.mktemp("broker")))))
        pitch = stack.enter_context(Pitch({"gw1": 0.0, "gw2": 100.0}))
        posts = {name: post(stack, broker.access, name, radio) for name, radio in pitch.specs.items()}
        source = stack.enter_context(HubSource(broker.access))
        game = Played(Kept(session()), source, posts)
        run(stack, source, game.hub)
        game.step(pitch, 0.0)
        until(lambda: game.hub.gathered and game.hub.gathered[-1][0], 30.0, "the leg has a baseline")
        game.step(pitch, 100.0)
        game.step(pitch, 20.0, hidden=True)
        game.step(pitch, 55.0, hidden=True)
    yield game


def test_each_time_one_gateway_takes_it_and_at_an_end_the_one_that_is_there(played: Played) -> None:
    assert played.taken[:2] == ["gw1", "gw2"]  # where both hear it: see test_gateway_alone; here it depends on the load
    assert len(played.taken) == 4
    assert all(post.times_live == played.taken.count(name) for name, post in played.posts.items())


def test_one_gateway_alone_has_it_at_any_time_and_the_hub_has_each_packet_of_both_once(played: Played) -> None:
    by = {number: name for name, post in played.posts.items() for number in post.emg}
    assert len(by) == sum(len(post.emg) for post in played.posts.values())
    turns = [name for name, _ in itertools.groupby(by[number] for number in sorted(by))]
    assert turns == [name for name, _ in itertools.groupby(played.taken)]
    numbers = list(played.hub.emg)
    assert numbers == sorted(by)[: len(numbers)] and len(by) - len(numbers) < 60  # the end may come before the last
    assert played.source.merge.left_out == 0
    decoder = played.hub.session.seats[SENSOR].decoder
    assert decoder is not None and (decoder.doubled, decoder.late) == (0, 0)


def test_a_handover_takes_three_seconds_at_most(played: Played) -> None:
    arrived = list(played.hub.emg.items())
    gaps_s = [now_s - then_s for (n, then_s), (m, now_s) in itertools.pairwise(arrived) if m - n > PER_PACKET]
    assert len(gaps_s) == 3 and min(gaps_s) > 1.0 and max(gaps_s) <= 3.0


def test_what_nobody_heard_is_nan_and_no_sample_comes_twice(played: Played) -> None:
    time_s = np.concatenate([chunk.time_s for chunk in played.hub.chunks])
    lost = np.isnan(np.concatenate([chunk.samples for chunk in played.hub.chunks]))[:, 0]
    numbers = list(played.hub.emg)
    assert (np.diff(time_s) > 0).all()
    assert len(time_s) == numbers[-1] - numbers[0] + PER_PACKET
    assert lost.sum() == len(time_s) - PER_PACKET * len(numbers)
    assert np.count_nonzero(np.diff(lost.astype(int)) == 1) == 3


def test_the_legs_baseline_goes_on(played: Played) -> None:
    assert played.hub.gathered == sorted(played.hub.gathered) and played.hub.gathered[-1] == (True, 1.0)
    assert played.hub.states[0] == "CALIBRATING" and "CALIBRATING" not in played.hub.states[1:]


def test_what_the_gateways_recorded_is_joined_to_what_the_hub_had_each_packet_once(
    played: Played, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.xdf" for name in played.posts]
    for run, (path, post) in enumerate(zip(paths, played.posts.values(), strict=True)):
        header = live_header(
            session(), {SENSOR: find(PROFILE)}, "team", 1.0, simulated=True, epoch_s=1.7e9 + 100.0 * run
        )
        write_session(post.events, header | {"gateway": {"name": path.stem, "run": run, "states": "local"}}, path)
    merge(paths, tmp_path / "match.xdf")
    joined = Kept(session())
    with RecordingSource(tmp_path / "match.xdf") as source:
        joined.events.extend(source)
    heard = sorted(number for post in played.posts.values() for number in post.emg)
    assert list(joined.emg) == heard
    apart_s = [joined.emg[number] - at_s for number, at_s in played.hub.emg.items()]
    assert max(apart_s) - min(apart_s) < 0.02  # but for whole seconds, by which the hub's clock begins later
