"""A squad over MQTT: 60 sensors of 8 x 1000 Hz from two gateways over a real mosquitto with TLS to one hub.

    python -m tests.benchmarks.network [--seconds 60] [--sensors 60] [--gateways 2] [--kill 0] [--json]

Each gateway is a process of its own that feeds packets when they are due, as a radio would, to its publisher (its own
engine for local alarms is left out: it runs on the gateway's machine). The hub is this process: the whole way from the
broker to states and to the squad's snapshots, ten a second, as for a wall; no recording, no drawing.
Latency: from the moment at which a packet is due at the gateway to the published snapshot that contains its samples;
after the first 10 s (--warm), until which rates are measured. Way: the part of it from the end of a block at the
gateway to the queue of the hub's engine, through the broker and the order of both gateways. Every packet is checked:
each once and in order. Core: CPU seconds per session second. Where the machine has less to give, the engine falls
behind, and the latency says so.
--kill : seconds for which the broker is killed in the middle; recovery is from its return to the first snapshot that is
less than 0.5 s old.
"""

from __future__ import annotations

import argparse
import heapq
import json
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "network")]  # the project, its tests

from acquisition.synthetic import wide_profile  # noqa: E402
from broker_rig import Mosquitto, PacketSource, access_of, described, live, packets, secure_broker  # noqa: E402
from network_events import team_of_sensors  # noqa: E402

from monitor.chunk import Chunk  # noqa: E402
from monitor.engine import SQUAD_FRAME_S, Engine  # noqa: E402
from monitor.events import Event, Heartbeat, Notification  # noqa: E402
from monitor.network.gateway import Gateway  # noqa: E402
from monitor.network.hub import HubSource  # noqa: E402
from monitor.network.ownership import Ownership  # noqa: E402
from monitor.pauses import short_pauses  # noqa: E402
from monitor.session import Session  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.snapshot import Snapshot  # noqa: E402

PACKET_S, PER_PACKET, PHASES = 0.012, 12, 4
ON_TIME_S = 0.5


def due_s(sensor: int, packet: int) -> float:
    """Session second of its gateway at which a packet is full; sensors are not in step."""
    return (packet + 1) * PACKET_S + sensor % PHASES * PACKET_S / PHASES


def names_of(gateway: int, gateways: int, sensors: int) -> list[str]:
    return [f"S{number}" for number in range(sensors) if number % gateways == gateway]


def feed(gateway: int, gateways: int, sensors: int, seconds: float, folder: Path, port: int) -> None:
    """One gateway, to its end; says when its clock began."""
    names = names_of(gateway, gateways, sensors)
    flows: list[list[Event]] = [list(live(names))]
    for name in names:
        number = int(name[1:])
        sent = packets(wide_profile(), name, seconds, number % 4)
        flows.append([Notification(due_s(number, i), name, each.char, each.payload) for i, each in enumerate(sent)])
    user = f"gw{gateway + 1}"
    source = PacketSource(heapq.merge(*flows, key=lambda event: event.time_s), seconds)
    with Gateway(source, access_of(folder, port, user), Ownership(user), {}) as post:
        print(time.monotonic() - source.clock.now_s(), flush=True)
        for event in post:
            post.publisher.put(event, (), ())
        wait_until = time.monotonic() + 20.0
        while not post.publisher.confirmed and time.monotonic() < wait_until:
            time.sleep(0.05)
        print(json.dumps({"blocks": post.publisher.spool.next, "unconfirmed": len_of(post)}), flush=True)


def len_of(post: Gateway) -> int:
    return post.publisher.spool.next - post.publisher.spool.oldest


class TimedHub(HubSource):
    """A hub that notes when it passed a heartbeat on to the engine: (monotonic second, session second)."""

    def _pass_on(self, now_s: float) -> None:
        self.beats: list[tuple[float, float]] = getattr(self, "beats", [])
        for event in self.merge.ready(now_s):
            self._events.put(event)
            if isinstance(event, Heartbeat):
                self.beats.append((time.monotonic(), event.time_s))


class Watched(Engine):
    """An engine that notes for every packet when a snapshot with its samples was published."""

    def __init__(self, *given: Any, began_s: dict[str, float], warm_s: float, **options: Any) -> None:
        self.latency_s: list[float] = []
        self.pictures: list[tuple[float, float]] = []  # monotonic seconds, session seconds
        self._began_s, self._warm_s = began_s, warm_s
        self._decoded: dict[str, int] = {}
        self._shown: dict[str, int] = {}
        self.checked: dict[str, int] = {}  # next sample of each sensor
        self.wrong = 0
        super().__init__(*given, sinks=(self,), watched=True, frame_s=SQUAD_FRAME_S, curves=False, **options)

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Any) -> None:
        if isinstance(event, Notification):
            (counter,) = struct.unpack_from("<H", event.payload)
            expected = self.checked.get(event.sensor, counter)
            self.wrong += counter != expected & 0xFFFF
            self.checked[event.sensor] = expected + PER_PACKET

    def _show(self, chunks: Sequence[Chunk]) -> None:
        for chunk in chunks:
            name = chunk.stream.source_id
            self._decoded[name] = self._decoded.get(name, 0) + len(chunk)
        super()._show(chunks)

    def _picture(self) -> Snapshot:
        shown, now_s = super()._picture(), time.monotonic()
        self.pictures.append((now_s, self.session.now_s))
        for name, n_samples in self._decoded.items():
            number, before = int(name[1:]), self._shown.get(name, 0)
            for packet in range(before, n_samples // PER_PACKET):
                at_s = due_s(number, packet)
                if at_s > self._warm_s:
                    self.latency_s.append(now_s - self._began_s[name] - at_s)
            self._shown[name] = n_samples // PER_PACKET
        return shown


def measure(sensors: int, gateways: int, seconds: float, kill_s: float, warm_s: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        broker = secure_broker(Path(name))
        broker.start()
        try:
            return _measured(Path(name), broker, sensors, gateways, seconds, kill_s, warm_s)
        finally:
            broker.kill()


def _measured(
    folder: Path, broker: Mosquitto, sensors: int, gateways: int, seconds: float, kill_s: float, warm_s: float
) -> dict[str, Any]:
    everybody = [f"S{number}" for number in range(sensors)]
    command = [sys.executable, "-m", "tests.benchmarks.network", "--seconds", str(seconds), "--sensors", str(sensors)]
    command += ["--gateways", str(gateways), "--folder", str(folder), "--port", str(broker.port), "--feed"]
    feeds = [
        subprocess.Popen([*command, str(gateway)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for gateway in range(gateways)
    ]
    began_s: dict[str, float] = {}
    for gateway, process in enumerate(feeds):
        assert process.stdout is not None
        at_s = float(process.stdout.readline())
        began_s |= dict.fromkeys(names_of(gateway, gateways, sensors), at_s)
    session = Session(team_of_sensors(everybody), dict.fromkeys(everybody, wide_profile()), Settings())
    with short_pauses(), TimedHub(broker.access) as source:
        engine = Watched(source, session, describe=described, began_s=began_s, warm_s=warm_s)
        cpu_s = time.process_time()
        engine.start()
        back_s = _kill(broker, seconds, kill_s) if kill_s else None
        ends = [json.loads(process.communicate()[0].splitlines()[-1]) for process in feeds]
    ended_s = time.monotonic()
    engine.join(10 * seconds)
    cpu_pct = 100 * (time.process_time() - cpu_s) / session.now_s
    lanes = source.merge.lanes.values()
    way_ms = 1000 * np.array([at_s - _began(began_s) - beat_s for at_s, beat_s in source.beats if beat_s > warm_s])
    latency_ms = 1000 * np.array(engine.latency_s)
    found = {
        "packets": sum(n // PER_PACKET for n in engine.checked.values()),
        "blocks": sum(end["blocks"] for end in ends),
        "blocks_missing": sum(end["unconfirmed"] for end in ends) + sum(lane.losses.given_up for lane in lanes),
        "blocks_doubled_and_left_out": sum(lane.doubled for lane in lanes),
        "packets_not_in_their_order": engine.wrong,
        "packets_left_out": source.merge.left_out,
        "way_p50_ms": float(np.percentile(way_ms, 50)),
        "way_p99_ms": float(np.percentile(way_ms, 99)),
        "latency_p50_ms": float(np.percentile(latency_ms, 50)),
        "latency_p99_ms": float(np.percentile(latency_ms, 99)),
        "behind_at_the_end_s": time.monotonic() - ended_s,
        "hub_core_pct": cpu_pct,
        "mosquitto_core_pct": 100 * _cpu_s(broker.process.pid) / seconds,
    }
    if back_s is not None:
        lag = [(wall_s, wall_s - _began(began_s) - session_s) for wall_s, session_s in engine.pictures]
        on_time_s = [wall_s for wall_s, lag_s in lag if wall_s > back_s and lag_s < ON_TIME_S]
        found["recovery_s"] = min(on_time_s) - back_s if on_time_s else None  # None: the engine never caught up
    return found


def _began(began_s: dict[str, float]) -> float:
    return min(began_s.values())


def _kill(broker: Mosquitto, seconds: float, kill_s: float) -> float:
    """Gives the monotonic second of the broker's return."""
    time.sleep(seconds / 2)
    broker.kill()
    time.sleep(kill_s)
    broker.start()
    return time.monotonic()


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process of Linux; 0 elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--sensors", type=int, default=60)
    parser.add_argument("--gateways", type=int, default=2, choices=(1, 2))
    parser.add_argument("--kill", type=float, default=0.0)
    parser.add_argument("--warm", type=float, default=10.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--feed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.feed is not None:
        feed(given.feed, given.gateways, given.sensors, given.seconds, given.folder, given.port)
        return
    found = measure(given.sensors, given.gateways, given.seconds, given.kill, given.warm)
    if given.json:
        print(json.dumps({"sensors": given.sensors, "gateways": given.gateways, "seconds": given.seconds} | found))
        return
    print(f"{given.sensors} sensors of 8 x 1000 Hz, {given.gateways} gateways, {given.seconds:g} s, mosquitto with TLS")
    for name, value in found.items():
        print(f"{name.replace('_', ' '):>30}: {value:.1f}" if isinstance(value, float) else f"{name:>30}: {value}")


if __name__ == "__main__":
    main()
