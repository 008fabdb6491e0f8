"""Hours of the whole product with faults: sensors, two gateways, a mosquitto with TLS, the hub with its wall.

    python tests/soak/field.py --hours 4 --report tests/soak/REPORT.md

Gateways and hub are processes of their own, as on the field; the packets are those of virtual sensors, handed over
where the radio would. Their clocks run `--speed` times as fast as the wall clock; all that belongs to the network, the
disk and the processes happens in real time. Faults, in turn, from a seed: a sensor out of range, the broker killed, a
gateway killed, the hub's disk full, the clock of the day stepped, the network slow (a TCP proxy) and cut (the cable of
a network namespace where root allows it, else the proxy), the display slow. One JSON object at the end; exit code 1 if
something is wrong.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
sys.path[:0] = [str(HERE.parent / name) for name in (".", "network")]

from broker_rig import Mosquitto, running, secure_broker  # noqa: E402
from field_figures import faults_of, figures_of  # noqa: E402
from field_ledger import compare  # noqa: E402
from field_plan import (  # noqa: E402
    BROKER_KILLED,
    CLOCK_STEP,
    DELAY,
    DISK_FULL,
    GATEWAY_KILLED,
    GATEWAYS,
    HUB,
    PARTITION,
    SLOW_DISPLAY,
    Fault,
    Plan,
    plan_of,
)
from field_report import report  # noqa: E402
from field_ways import Way, hosts  # noqa: E402

from monitor.rewriting import merge  # noqa: E402

DELAY_S = 0.3
END_S = 30.0  # how long everybody may take to end
POLL_S = 1.0
QT_POOL = "Thread (pooled)"  # Qt's own, which come and go


class Part:
    """A process of the field, and what it says. It may be killed, and another take its place."""

    def __init__(self, field: Field, kind: str, name: str, way: Way | None) -> None:
        self._field, self.kind, self.name, self._way = field, kind, name, way
        self.recordings: list[Path] = []
        self.said: list[str] = []
        self.looks: list[list[tuple[float, float, int]]] = []  # by process: field's wall second, MB, threads
        self._readers: list[threading.Thread] = []

    def start(self) -> None:
        """Another process, with a recording of its own."""
        field, number = self._field, len(self.recordings)
        self.recordings.append(field.folder / f"{self.name}-{number}.xdf")
        host, port = (self._way.host, self._way.port) if self._way else ("127.0.0.1", field.broker.port)
        command = [*(self._way.prefix if self._way else []), sys.executable, str(HERE / "field_parts.py"), self.kind]
        command += [str(field.plan_file), self.name, str(self.recordings[-1]), host, str(port)]
        command += [str(field.folder / "broker")]
        errors = (field.folder / f"{self.name}.stderr").open("ab")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        errors.close()
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n", f"{self.name} has ended by itself"
        self._readers.append(threading.Thread(target=self._read, args=(self.process,), daemon=True))
        self._readers[-1].start()
        self.looks.append([])

    def begin(self) -> None:
        """The field begins, or has begun."""
        assert self.process.stdin is not None
        print(repr(self._field.began_s), file=self.process.stdin, flush=True)

    def look(self) -> None:
        """At its memory and its threads."""
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
            names = [task.read_text().strip() for task in Path(f"/proc/{self.process.pid}/task").glob("*/comm")]
        except (OSError, IndexError):
            return
        mb = pages * resource.getpagesize() / 1e6
        self.looks[-1].append((self._field.now_s, round(mb, 1), sum(name != QT_POOL for name in names)))

    def end(self, *, ask: bool) -> int:
        """Wait for its end; its exit code."""
        if ask:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(END_S)
        self._readers[-1].join(5.0)
        return code

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.said += list(iter(process.stdout.readline, ""))


class Field:
    """Broker, gateways and hub. Use as `with Field(...) as field`, then `run`."""

    def __init__(self, plan: Plan, folder: Path, stack: ExitStack) -> None:
        self.plan, self.folder = plan, folder
        self.plan_file = folder / "plan.json"
        self.plan_file.write_text(plan.text(), encoding="utf-8")
        addresses = hosts(len(GATEWAYS))
        self.broker: Mosquitto = stack.enter_context(
            running(secure_broker(folder, hosts=tuple({"127.0.0.1": 0} | dict.fromkeys(addresses, 0))))
        )
        self.ways = {
            name: Way(number, self.broker.port, host)
            for number, (name, host) in enumerate(zip(GATEWAYS, addresses, strict=True), 1)
        }
        for way in self.ways.values():
            stack.callback(way.stop)
        self.hub = Part(self, "hub", HUB, None)
        self.gateways = {name: Part(self, "gateway", name, way) for name, way in self.ways.items()}
        for part in self.parts:
            part.start()
            stack.callback(lambda part=part: part.process.kill())
        self.began_s = time.monotonic()
        for part in self.parts:
            part.begin()

    @property
    def parts(self) -> list[Part]:
        """All processes but the broker."""
        return [self.hub, *self.gateways.values()]

    @property
    def now_s(self) -> float:
        """Wall seconds since the field began."""
        return round(time.monotonic() - self.began_s, 2)

    def run(self, tell: Any = lambda _: None) -> dict[str, int]:
        """All faults, then to the end; the exit codes."""
        for fault in self.plan.faults:
            self._until(fault.begin_s)
            tell(f"{self.now_s:8.1f} s  {fault.kind} {fault.whom}")
            self._begin(fault)
            self._until(fault.end_s)
            self._end(fault)
        self._until(self.plan.seconds)
        codes = {name: part.end(ask=False) for name, part in self.gateways.items()}
        time.sleep(1.0)
        return codes | {HUB: self.hub.end(ask=True)}

    def _until(self, at_s: float) -> None:
        while (left_s := at_s - self.now_s) > 0:
            time.sleep(min(left_s, POLL_S))
            for part in self.parts:
                part.look()

    def _begin(self, fault: Fault) -> None:
        if fault.kind == BROKER_KILLED:
            self.broker.kill()
        elif fault.kind == GATEWAY_KILLED:
            part = self.gateways[fault.whom]
            part.process.kill()
            part.process.wait()
        elif fault.kind == DISK_FULL:
            self._limit_files(self.hub.recordings[-1].stat().st_size)
        elif fault.kind == CLOCK_STEP:
            self.gateways[fault.whom].process.send_signal(signal.SIGUSR1)
        elif fault.kind == SLOW_DISPLAY:
            self.hub.process.send_signal(signal.SIGUSR2)
        elif fault.kind == DELAY:
            self.ways[fault.whom].delay(DELAY_S)
        elif fault.kind == PARTITION:
            self.ways[fault.whom].cut()

    def _end(self, fault: Fault) -> None:
        if fault.kind == BROKER_KILLED:
            self.broker.start()
        elif fault.kind == GATEWAY_KILLED:
            self.gateways[fault.whom].start()
            self.gateways[fault.whom].begin()
        elif fault.kind == DISK_FULL:
            self._limit_files(resource.RLIM_INFINITY)
        elif fault.kind in (DELAY, PARTITION):
            self.ways[fault.whom].mend()

    def _limit_files(self, n_bytes: int) -> None:
        """The hub may write no file longer than this: what a full disk is to it."""
        resource.prlimit(self.hub.process.pid, resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))


def soak(plan: Plan, tell: Any = lambda _: None, keep: Path | None = None) -> dict[str, Any]:
    """Run it; the figures, with what is wrong. keep : an empty folder in which all files stay."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()) if keep is None else keep)
        field = Field(plan, folder, stack)
        codes = field.run(tell)
        looks = [json.loads(line) for line in field.hub.said if line.startswith("{")]
        memory = {part.name: part.looks for part in field.parts}
        (folder / "looks.json").write_text(json.dumps({"said": looks, "memory": memory}), encoding="utf-8")
        figures = figures_of(plan, looks, memory)
        figures["way"] = "network namespaces" if field.ways["gw1"].namespace else "proxy"
        gateways = {name: part.recordings for name, part in field.gateways.items()}
        merge([path for paths in gateways.values() for path in paths], folder / "merged.xdf")
        figures["recorded"] = compare(plan, gateways, field.hub.recordings[-1], folder / "merged.xdf")
        figures["exit_codes"] = codes
        if any(codes.values()):
            figures["said"] = [(field.folder / f"{part.name}.stderr").read_text()[-2000:] for part in field.parts]
    return figures | {"wrong": faults_of(figures)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=4.0, help="of session time")
    parser.add_argument("--speed", type=float, default=8.0, help="session seconds per wall second")
    parser.add_argument("--every", type=float, default=25.0, help="wall seconds from one fault to the next")
    parser.add_argument("--sensors", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, help="write it there as Markdown, and beside it as JSON")
    parser.add_argument("--keep", type=Path, help="an empty folder in which recordings and what was said stay")
    given = parser.parse_args()
    plan = plan_of(given.seed, 3600 * given.hours, given.speed, given.every, given.sensors)
    figures = soak(plan, lambda line: print(line, file=sys.stderr, flush=True), given.keep)
    if given.report is not None:
        report(figures, " ".join(["python", "tests/soak/field.py", *sys.argv[1:]]), given.report)
    print(json.dumps(figures))
    return int(bool(figures["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
