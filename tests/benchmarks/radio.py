"""Sensors in the air: from a virtual sensor's notification to the computer, and to the picture on a remote wall.

    python -m tests.benchmarks.radio [--seconds 45] [--sensors 8] [--json]

Four processes on one machine: uMyos on the virtual radio, which note when each notification leaves them; a gateway that
hears them through the real Bluetooth stack (HCI, L2CAP, ATT, GATT, bleak's interface) as `crampwatch gateway` does; a
mosquitto with TLS; and this one, a hub with the squad's pictures, as for a wall. Both ways begin when a sensor sends:
"radio" ends when the gateway's source gives the notification to its engine, "latency" with the first published picture
that holds its samples; after the first 10 s (--warm), until which rates are measured. The virtual air delivers at once:
a real one adds up to its connection interval (7.5-30 ms) and what it repeats. Every EMG packet is looked for by its
content. The squad of 60 sensors without a radio is `tests.benchmarks.network`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "network")]  # the project, its tests

from broker_rig import access_of, described, secure_broker  # noqa: E402

from monitor.acquisition.live import LiveSource  # noqa: E402
from monitor.acquisition.profile import find  # noqa: E402
from monitor.chunk import Chunk  # noqa: E402
from monitor.engine import SQUAD_FRAME_S, Engine  # noqa: E402
from monitor.events import Event, Notification  # noqa: E402
from monitor.network.gateway import HEARTBEAT_S, Gateway  # noqa: E402
from monitor.network.hub import HubSource  # noqa: E402
from monitor.network.ownership import Ownership  # noqa: E402
from monitor.pauses import short_pauses  # noqa: E402
from monitor.session import Session  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.simulation.peripheral import Peripheral  # noqa: E402
from monitor.simulation.standalone import numbered, standalone  # noqa: E402
from monitor.snapshot import Snapshot  # noqa: E402
from monitor.team import Athlete, Sensor, Team  # noqa: E402

PROFILE, PACKET_BYTES, PER_PACKET = "umyo", 52, 24
READY_S = 30.0
Moments = dict[str, dict[int, float]]  # by sensor and the checksum of an EMG packet: a monotonic second


def names_of(sensors: int) -> list[str]:
    return [numbered(find(PROFILE), number) for number in range(1, sensors + 1)]


def team_of(sensors: int) -> Team:
    return Team(
        athletes=tuple(
            Athlete(name=f"A{i}", sensors=(Sensor(match=name, profile=PROFILE, leg="left", roles=("emg",)),))
            for i, name in enumerate(names_of(sensors))
        )
    )


def note(moments: Moments, sensor: str, payload: bytes) -> None:
    if len(payload) == PACKET_BYTES:
        moments.setdefault(sensor, {}).setdefault(zlib.crc32(payload), time.monotonic())


def air(sensors: int, port: int) -> None:
    """The sensors, until the input ends; says first where they are and last when each sent what."""
    sent: Moments = {}
    notify = Peripheral.notify

    def noted(self: Peripheral, alias: str, payload: bytes) -> None:
        note(sent, self.name, payload)
        notify(self, alias, payload)

    Peripheral.notify = noted  # type: ignore[method-assign]

    async def serve() -> None:
        async with standalone(find(PROFILE), sensors, f"listen:{port}") as where:
            print(json.dumps(where), flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    asyncio.run(serve())
    print(json.dumps(sent), flush=True)


def gateway(sensors: int, radio: str, folder: Path, port: int) -> None:
    """The gateway, until the input ends; says last when it heard what."""
    heard: Moments = {}
    team, keys = team_of(sensors), dict.fromkeys(names_of(sensors), find(PROFILE).key)
    own = Ownership("gw1")
    with (
        short_pauses(),
        LiveSource(team, radio, simulated=True, heartbeat_s=HEARTBEAT_S, may_take=own.may_take) as source,
        Gateway(source, access_of(folder, port, "gw1"), own, keys, simulated=True) as post,
    ):
        threading.Thread(target=lambda: (sys.stdin.read(), post.stop()), daemon=True).start()
        print(json.dumps("at work"), flush=True)
        for event in post:
            if isinstance(event, Notification):
                note(heard, event.sensor, event.payload)
            post.publisher.put(event, (), ())
    print(json.dumps(heard), flush=True)


class Watched(Engine):
    """An engine that notes for every EMG packet when a picture with its samples was published."""

    def __init__(self, *given: Any, **options: Any) -> None:
        self.shown: Moments = {}
        self._waiting: dict[str, list[int]] = {}  # checksums of packets whose samples no picture holds yet
        self._decoded: dict[str, int] = {}  # samples of them that are decoded
        super().__init__(*given, sinks=(self,), watched=True, frame_s=SQUAD_FRAME_S, curves=False, **options)

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Any) -> None:
        """See `monitor.engine.Sink`; packets are noted in `_take`, which comes before the pictures."""

    def _take(self, event: Event) -> None:
        if isinstance(event, Notification) and len(event.payload) == PACKET_BYTES:
            self._waiting.setdefault(event.sensor, []).append(zlib.crc32(event.payload))
        super()._take(event)

    def _show(self, chunks: Sequence[Chunk]) -> None:
        for chunk in chunks:
            if chunk.stream.name == "emg":
                name = chunk.stream.source_id
                self._decoded[name] = self._decoded.get(name, 0) + len(chunk)
        super()._show(chunks)

    def _picture(self) -> Snapshot:
        shown, now_s = super()._picture(), time.monotonic()
        for name, n_samples in self._decoded.items():
            whole = n_samples // PER_PACKET
            for checksum in self._waiting[name][:whole]:
                self.shown.setdefault(name, {})[checksum] = now_s
            del self._waiting[name][:whole]
            self._decoded[name] -= whole * PER_PACKET
        return shown


def measure(sensors: int, seconds: float, warm_s: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker = secure_broker(folder)
        broker.start()
        try:
            with _process(sensors, "--air", "0") as sending:
                radio = _said(sending)
                with _process(sensors, "--gateway", radio, "--folder", name, "--port", str(broker.port)) as hearing:
                    _said(hearing)
                    shown, began_s, cpu_pct = _watch(broker.access, sensors, seconds, hearing)
                    heard = _said(hearing)
                assert sending.stdin is not None
                sending.stdin.close()
                sent = _said(sending)
        finally:
            broker.kill()
    after_s, before_s = began_s + warm_s, began_s + seconds - 1.0
    counted = {
        sensor: {int(key): at_s for key, at_s in times.items() if after_s < at_s < before_s}
        for sensor, times in sent.items()
    }
    arrived = {sensor: {int(key): at_s for key, at_s in times.items()} for sensor, times in heard.items()}
    return (
        {"packets": sum(map(len, counted.values()))}
        | _ways("radio", counted, arrived)
        | _ways("latency", counted, shown)
        | {"hub_core_pct": cpu_pct}
    )


def _watch(access: Any, sensors: int, seconds: float, hearing: subprocess.Popen[str]) -> tuple[Moments, float, float]:
    """When pictures held what, when they began, the hub's share of a core."""
    names = names_of(sensors)
    session = Session(team_of(sensors), dict.fromkeys(names, find(PROFILE)), Settings())
    with short_pauses(), HubSource(access) as source:
        engine = Watched(source, session, describe=described)
        engine.start()
        until_s = time.monotonic() + READY_S
        while len(engine.shown) < sensors and time.monotonic() < until_s:
            time.sleep(0.1)
        began_s, cpu_s = time.monotonic(), time.process_time()
        time.sleep(seconds)
        cpu_pct = 100 * (time.process_time() - cpu_s) / seconds
        assert hearing.stdin is not None
        hearing.stdin.close()
        source.stop()
        engine.join(READY_S)
    return engine.shown, began_s, cpu_pct


def _ways(name: str, sent: Mapping[str, Mapping[int, float]], arrived: Moments) -> dict[str, float]:
    """How long each packet took, and how many never came."""
    took_ms = [
        1000 * (arrived[sensor][key] - at_s)
        for sensor, times in sent.items()
        for key, at_s in times.items()
        if key in arrived.get(sensor, {})
    ]
    p50, p99 = np.percentile(took_ms or [np.nan], (50, 99))
    missing = sum(map(len, sent.values())) - len(took_ms)
    return {f"{name}_missing": missing, f"{name}_p50_ms": float(p50), f"{name}_p99_ms": float(p99)}


def _process(sensors: int, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.benchmarks.radio", "--sensors", str(sensors), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _said(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--sensors", type=int, default=8)
    parser.add_argument("--warm", type=float, default=10.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--air", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--gateway", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.air is not None:
        air(given.sensors, given.air)
    elif given.gateway is not None:
        gateway(given.sensors, given.gateway, given.folder, given.port)
    else:
        found = measure(given.sensors, given.seconds, given.warm)
        if given.json:
            print(json.dumps({"sensors": given.sensors, "seconds": given.seconds} | found))
            return
        print(f"{given.sensors} virtual uMyos, radio, gateway, mosquitto with TLS, hub; {given.seconds:g} s")
        for name, value in found.items():
            print(f"{name.replace('_', ' '):>20}: {value:.1f}" if isinstance(value, float) else f"{name:>20}: {value}")


if __name__ == "__main__":
    main()
