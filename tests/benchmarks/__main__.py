"""All of what is measured about speed, memory and the peers, as one table.

    python -m tests.benchmarks [--only engine radio ...] [--quick] [--out tests/benchmarks/RESULTS.json]
    python -m tests.benchmarks --table tests/benchmarks/RESULTS.json      the README's table of such a file, in Markdown

Each benchmark is a process of its own, one after the other: nothing else should run. --quick is a trial of a minute or
two. `--out` keeps the answers of all, with what they were measured on; parts that were left out keep those that the
file has. The peers need environments of their own: see tests/benchmarks/peers.py and CRAMPWATCH_PEERS. A benchmark
that fails says so in its row and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Rows = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One benchmark. command : after `python`; quick : further arguments for a trial; rows : of its answers"""

    command: str
    rows: Callable[[list[Any]], Rows]
    quick: str = ""


def engine(answers: list[Any]) -> Rows:
    for found in answers:
        kind, live, batch = f"{found['channels']} x {found['rate_hz']:g} Hz", found["live"], found["batch"]
        kind += " with two IMUs" if found["imus"] else " alone"
        shares = found["live_pct_of_a_core"]
        yield (
            f"engine live, a leg of {kind}; bare sosfilt + rfft of the same EMG",
            f"{live['engine_ms_per_s']:.1f} ms a second, {live['ratio']:.1f} x the floor",
        )
        if found["channels"] == 8:
            legs = ", ".join(f"{share:.1f} % ({n})" for n, share in shares.items())
            floor = float(shares["60"]) / live["engine_ms_per_s"] * live["floor_ms_per_s"]
            yield "of one core for so many such legs", f"{legs}; the floor alone {floor:.0f} % (60)"
        yield (
            f"engine in batch, a leg of {kind}",
            f"{found['batch_speed']:.0f} x real time, {batch['ratio']:.0f} x the floor",
        )


def batch(answers: list[Any]) -> Rows:
    (found,) = answers
    speeds = ", ".join(f"{times:.0f} ({n})" for n, times in found["times_real"].items())
    most = max(found["scaling"], key=int)
    yield "recordings analysed, x real time of a leg, by processes", speeds
    yield f"of what {most} processes would do alone", f"{found['scaling'][most]:.2f}"
    yield "a table of 4 x 1000 Hz read and analysed, x real time", f"{found['table_times_real']:.0f}"


def memory(answers: list[Any]) -> Rows:
    (found,) = answers
    yield (
        "memory that a live leg of 8 x 1000 Hz holds",
        ", ".join(f"{mb:.2f} MB after {minutes} min" for minutes, mb in found.items()),
    )


def radio(answers: list[Any]) -> Rows:
    (found,) = answers
    what = f"{found['sensors']} virtual uMyos on the virtual radio, from a sensor's notification"
    yield f"{what} to the gateway", _latency(found, "radio")
    yield f"{what} to the picture of a remote wall", _latency(found, "latency")


def network(answers: list[Any]) -> Rows:
    (found,) = answers
    what = f"{found['sensors']} sensors of 8 x 1000 Hz, {found['gateways']} gateways, broker with TLS, one hub"
    lost = found["blocks_missing"], found["packets_left_out"], found["packets_not_in_their_order"]
    yield f"{what}: blocks missing, packets left out, out of order", ", ".join(map(str, lost))
    yield f"{what}: from packet to the wall's picture", _latency(found, "latency")
    shares = f"{found['hub_core_pct']:.0f} %, {found['mosquitto_core_pct']:.1f} %"
    yield f"{what}: of a core for the hub, the broker", shares


def outage(answers: list[Any]) -> Rows:
    (found,) = answers
    lost = found["blocks_missing"], found["packets_left_out"], found["packets_not_in_their_order"]
    what = f"{found['sensors']} such sensors, the broker killed for 5 s"
    yield f"{what}: blocks missing, packets left out, out of order", ", ".join(map(str, lost))
    back = found["recovery_s"]
    yield f"{what}: from its return until the wall is on time", "never" if back is None else f"{back:.1f} s"


def frames(answers: list[Any]) -> Rows:
    for found in answers:
        late = f"; notifications up to {found['notification_p99']:.0f} ms late" if "notification_p99" in found else ""
        yield (
            f"frames of the {found['view']} while the engine works on 40 athletes",
            f"{found['wall_p50']:.1f} ms median, {found['wall_p99']:.1f} ms p99{late}",
        )


def recording(answers: list[Any]) -> Rows:
    (found,) = answers
    for name in ("with raw bytes", "without"):
        figures = found[name]
        yield (
            f"recording 60 sensors of 8 x 1000 Hz, {name.replace('without', 'without raw bytes')}",
            f"{figures['core_pct']:.1f} % of a core, {figures['size']:.2f} x the samples at float32",
        )
    yield "a seek in a recording of an hour", f"{1000 * found['seek']['seek_s']:.0f} ms"


def decoding(answers: list[Any]) -> Rows:
    (found,) = answers
    shares = [(name, row) for name, row in found.items() if isinstance(row, dict)]
    for name, row in shares:
        yield (
            f"decoding {found['sensors']} sensors: {name}",
            f"{row['core_pct']:.0f} % of a core, {row['ratio']:.0f} x frombuffer of the same bytes",
        )


def pages(answers: list[Any]) -> Rows:
    ((*_, most),) = answers
    yield (
        f"{most['pages']} phones at the touchline, {most['athletes']} athletes",
        f"{most['core_percent']:.1f} % of a core, {most['kB_per_s'] / 1000:.1f} MB/s",
    )


def start(answers: list[Any]) -> Rows:
    (found,) = answers
    for what, seconds in found.items():
        yield f"start-up: {what}", f"{seconds:.2f} s"


def peers(answers: list[Any]) -> Rows:
    (rows,) = answers
    for row in rows:
        mapped = row["path"] == "crampwatch, mapped back"
        if mapped if row["rate_hz"] == 500.0 else not mapped:  # at 500 Hz the compression is what counts
            cost = f", x {row['times_ours']:.2f}" if "times_ours" in row else ""
            what = f"error of a known fatigue slope at {row['rate_hz']:.0f} Hz, CPU against our windows: {row['path']}"
            yield what, row.get("missing") or f"{row['slope_error_pct']:+.1f} %{cost}"


PARTS = {
    "engine": Part("tests/benchmarks/engine.py --json", engine, "--seconds 30 --rounds 1"),
    "memory": Part("tests/benchmarks/memory.py --json", memory, "--minutes 2 4"),
    "batch": Part("tests/benchmarks/batch.py --json", batch, "--times 2 --rounds 1"),
    "radio": Part("-m tests.benchmarks.radio --json", radio, "--seconds 6 --warm 3"),
    "network": Part("-m tests.benchmarks.network --json --seconds 45", network, "--sensors 4 --seconds 8 --warm 4"),
    "outage": Part("-m tests.benchmarks.network --json --seconds 60 --kill 5", outage, "--sensors 4 --seconds 20"),
    "frames": Part("tests/benchmarks/frames.py --json --engine 40", frames, "--frames 30"),
    "recording": Part("tests/benchmarks/recording.py --json", recording, "--seconds 5 --hours 0.1"),
    "decoding": Part("tests/benchmarks/decoding.py --json", decoding, "--seconds 10 --sensors 8 --rounds 1"),
    "pages": Part("tests/benchmarks/pages.py --json", pages, "--pages 2 --seconds 2"),
    "start": Part("tests/benchmarks/first_minutes.py --json --program {program}", start),
    "peers": Part("tests/benchmarks/peers.py --json", peers, "--seeds 1 --seconds 20"),
}


def _latency(found: dict[str, Any], name: str) -> str:
    return f"{found[f'{name}_p50_ms']:.1f} ms median, {found[f'{name}_p99_ms']:.0f} ms p99"


def run(name: str, quick: bool) -> dict[str, Any]:
    """One benchmark: its command, its answers or what went wrong, the commit, how busy the machine was before."""
    part = PARTS[name]
    command = f"{part.command} {part.quick if quick else ''}".strip()
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    program = Path(sys.executable).parent / "crampwatch"
    told = command.replace("{program}", str(program)).split()
    done = subprocess.run([sys.executable, *told], cwd=ROOT, capture_output=True, text=True, check=False)
    about = {"command": f"python {command.replace(' --json', '').replace(' --program {program}', '')}"}
    about |= {"on": datetime.date.today().isoformat(), "commit": _commit(), "load_before": busy}
    if done.returncode:
        return about | {"failed": (done.stderr.strip().splitlines() or ["no reason given"])[-1]}
    return about | {"answers": [json.loads(line) for line in done.stdout.splitlines() if line.startswith(("{", "["))]}


def _commit() -> str:
    git = shutil.which("git")
    asked = [git, "rev-parse", "--short", "HEAD"] if git else [sys.executable, "-c", ""]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def rows_of(results: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What, figure, command; of all parts that the results have."""
    for name, part in PARTS.items():
        found = results["parts"].get(name)
        if found is None:
            continue
        if "failed" in found:
            yield name, f"failed: {found['failed']}", found["command"]
            continue
        for what, figure in part.rows(found["answers"]):
            yield what, figure, found["command"]


def markdown(results: dict[str, Any]) -> str:
    """The README's table."""
    days = sorted({found["on"] for found in results["parts"].values()})
    commits = sorted({found["commit"] for found in results["parts"].values()})
    head = f"Measured {' to '.join(dict.fromkeys((days[0], days[-1])))} at {', '.join(commits)}: {results['machine']}."
    lines = ["| what | figure | command |", "|---|---|---|"]
    lines += [f"| {what} | {figure} | `{command}` |" for what, figure, command in rows_of(results)]
    return "\n".join([head, "", *lines])


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--table", type=Path, metavar="RESULTS.json")
    given = parser.parse_args()
    if given.table is not None:
        print(markdown(json.loads(given.table.read_text(encoding="utf-8"))))
        return 0
    results: dict[str, Any] = {"machine": machine(), "quick": given.quick, "parts": {}}
    if given.out is not None and given.out.exists():
        before = json.loads(given.out.read_text(encoding="utf-8"))
        if any(before[name] != results[name] for name in ("machine", "quick")):
            parser.error(f"{given.out} is of another machine, or of a trial; take another file")
        results["parts"] = before["parts"]
    for name in given.only:
        began_s = time.monotonic()
        results["parts"][name] = run(name, given.quick)
        results["parts"] = {part: results["parts"][part] for part in PARTS if part in results["parts"]}
        print(f"{name}: {time.monotonic() - began_s:.0f} s", file=sys.stderr)
        if given.out is not None:
            given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for what, figure, _ in rows_of(results):
        print(f"{what}: {figure}")
    return int(any("failed" in found for found in results["parts"].values()))


if __name__ == "__main__":
    sys.exit(main())
