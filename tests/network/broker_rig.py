"""A real mosquitto for the tests, which can be killed and come back; and gateways and hubs without a radio."""

from __future__ import annotations

import heapq
import math
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from acquisition.synthetic import wide_profile
from network_events import team_of_sensors

from monitor.acquisition.profile_model import Profile
from monitor.acquisition.session_clock import SessionClock
from monitor.engine import Engine
from monitor.events import Event, Heartbeat, Link, LinkChange, Notification
from monitor.network.address import Broker
from monitor.network.broker_config import write_broker_config
from monitor.network.connection import Access
from monitor.network.gateway import HEARTBEAT_S, Gateway
from monitor.network.ownership import Ownership
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.packing import Packer

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
PLAIN = "listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence true\n"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Mosquitto:
    """The broker, as a process. Its memory is gone when it is killed."""

    def __init__(self, file: Path, port: int, access: Access) -> None:
        self.file, self.port, self.access = file, port, access

    def start(self) -> None:
        if MOSQUITTO is None:
            pytest.skip("mosquitto is not installed here")
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", self.file], cwd=self.file.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers, 10.0, "mosquitto answers")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _answers(self) -> bool:
        assert self.process.poll() is None, "mosquitto has ended by itself"
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True


def plain_broker(folder: Path) -> Mosquitto:
    """One for this machine alone, without passwords."""
    port, file = free_port(), folder / "mosquitto.conf"
    file.write_text(PLAIN.format(port=port), encoding="utf-8")
    return Mosquitto(file, port, Access(Broker("127.0.0.1", port, tls=False)))


@contextmanager
def running(broker: Mosquitto) -> Iterator[Mosquitto]:
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


def until(true: Callable[[], object], limit_s: float, what: str) -> None:
    end_s = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end_s, f"never: {what}"
        time.sleep(0.01)


# A gateway's source without a radio -----------------------------------------------------------------------------------


def packets(profile: Profile, sensor: str, seconds: float, seed: int) -> list[Notification]:
    """What a sensor of 8 x 1000 Hz sends, 12 samples in a packet, as if it arrived as it is full."""
    spec = profile.packet("signal")
    packer = Packer(profile, spec)
    n = int(seconds * 1000) // 12
    counts = {"emg": np.random.default_rng(seed).integers(-3000, 3000, (12 * n, 8))}
    char = profile.uuid(spec.chars[0])
    sent = packer.pack(counts, 0)
    return [Notification((i + 1) * 0.012, sensor, char, payload) for i, payload in enumerate(sent)]


class PacketSource:
    """Gives prepared events when they are due, and heartbeats: a radio without a radio."""

    def __init__(
        self, events: Iterable[Event], seconds: float, heartbeat_s: float = HEARTBEAT_S, speed: float = 1.0
    ) -> None:
        self.clock = SessionClock(speed)
        self.beat_phase_s, self._heartbeat_s = 0.0, heartbeat_s
        self._events = heapq.merge(events, [Heartbeat(seconds)], key=lambda event: event.time_s)
        self._stopped = threading.Event()
        self.alerted: list[str] = []
        self.marked: list[str] = []

    def __iter__(self) -> Iterator[Event]:
        beat_s = self._next_beat_s(0.0)
        for event in self._events:
            while beat_s < event.time_s:
                yield from self._due(Heartbeat(beat_s))
                beat_s = self._next_beat_s(beat_s)
            yield from self._due(event)

    def _next_beat_s(self, after_s: float) -> float:
        steps = math.floor((after_s + self.beat_phase_s) / self._heartbeat_s + 1.01)
        return max(steps * self._heartbeat_s - self.beat_phase_s, after_s)

    def _due(self, event: Event) -> Iterator[Event]:
        wait_s = (event.time_s - self.clock.now_s()) / self.clock.speed
        if not (self._stopped.wait(wait_s) if wait_s > 0 else self._stopped.is_set()):
            yield event

    def behind_s(self, session_s: float) -> float:
        return self.clock.now_s() - session_s

    def mark(self, text: str) -> None:
        self.marked.append(text)

    def alert(self, source_id: str) -> None:
        self.alerted.append(source_id)

    def stop(self) -> None:
        self._stopped.set()


def live(sensors: Iterable[str], at_s: float = 0.0) -> list[Event]:
    return [LinkChange(at_s, sensor, Link.LIVE) for sensor in sensors]


def played(sensors: list[str], seconds: float) -> PacketSource:
    """These sensors, all live from the start."""
    profile = wide_profile()
    flows = [packets(profile, sensor, seconds, seed) for seed, sensor in enumerate(sensors)]
    return PacketSource(heapq.merge(live(sensors), *flows, key=lambda event: event.time_s), seconds)


class Heard:
    """A sink that keeps what the session was fed, and what it said."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.changes: list[dict[str, Any]] = []

    def put(self, event: Event, chunks: Any, changes: Any) -> None:
        self.events.append(event)
        self.changes += [dict(change) for change in changes]


def session_of(sensors: list[str]) -> Session:
    return Session(team_of_sensors(sensors), dict.fromkeys(sensors, wide_profile()), Settings())


class Post:
    """A gateway with its engine, in threads of this process."""

    def __init__(self, access: Access, name: str, source: PacketSource, sensors: list[str]) -> None:
        self.heard = Heard()
        self.gateway = Gateway(source, access, Ownership(name), {})
        self.engine = Engine(
            self.gateway, session_of(sensors), describe=described, sinks=(self.gateway.publisher, self.heard)
        )

    def __enter__(self) -> Post:
        self.gateway.__enter__()
        self.engine.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gateway.stop()
        self.engine.join(10.0)
        self.gateway.__exit__()


class Hub:
    """A hub with its engine, in threads of this process."""

    def __init__(self, source: Any, sensors: list[str]) -> None:
        self.source, self.heard = source, Heard()
        self.engine = Engine(source, session_of(sensors), describe=described, sinks=(self.heard,), watched=True)

    def __enter__(self) -> Hub:
        self.source.start()
        self.engine.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.source.stop()
        self.engine.join(10.0)


def described() -> dict[str, object]:
    return {"speed": 1.0, "source": "live", "title": "test", "simulated": True}


def fed_again(events: Iterable[Event], sensors: list[str]) -> Session:
    """A session that is fed these events directly."""
    session = session_of(sensors)
    for event in events:
        session.feed(event)
    session.finish()
    return session


def said(session: Session) -> list[tuple[Any, ...]]:
    """All that a session has come to, second by second, to the last bit."""
    return [
        (leg.athlete, second.time_s, repr(second.evidence), second.score, str(second.change))
        for leg in session.legs
        for second in leg.history
    ]


def secure_broker(folder: Path, days: int = 30, hosts: Sequence[str] = ("127.0.0.1",)) -> Mosquitto:
    """As `broker-config` writes it, for gw1, gw2 and hub; `access` is the hub's. days, hosts : of its certificate."""
    port = free_port()
    write_broker_config(folder / "broker", hosts, ["gw1", "gw2"], ["hub"], port=port, days=days)
    return Mosquitto(folder / "broker" / "mosquitto.conf", port, access_of(folder, port, "hub"))


def access_of(folder: Path, port: int, user: str) -> Access:
    password = (folder / "broker" / f"{user}.password").read_text(encoding="utf-8").strip()
    return Access(Broker("127.0.0.1", port, tls=True), user, password, folder / "broker" / "ca.crt")
