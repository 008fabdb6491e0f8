"""How the batch analysis of recordings grows with the processes: leg hours per hour of wall time, and per added core.

    python tests/benchmarks/batch.py [--recording cramp] [--times 16] [--jobs 1 2] [--rounds 3] [--json]

The same sample recording, so many times, through `analyse_recording` as `analyze --jobs` calls it; the processes have
begun and imported before they are timed. Scaling: throughput for each process against that of the fewest, the median
over the rounds; .85 or more is aimed at where every process has a core of its own. And a table (NPZ) of four channels
of 1000 Hz, read and analysed in one process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from engine import signals

from monitor import shipped
from monitor.analysis import analyse_files, analyse_recording
from monitor.batch import Workers, in_order


def speed(path: Path, times: int, jobs: int) -> float:
    """Leg seconds analysed in a second of wall time."""
    workers = Workers(jobs)
    list(in_order(analyse_recording, [path] * jobs, workers))  # the processes begin
    began_s = time.monotonic()
    answers: list[Any] = list(in_order(analyse_recording, [path] * times, workers))
    spent_s = time.monotonic() - began_s
    assert all(answer == answers[0] for answer in answers)
    return sum(answer["duration_s"] * len(answer["legs"]) for answer in answers) / spent_s


def of_a_table(seconds: float, rounds: int) -> float:
    """Seconds of its signal analysed in a second of one core, the median over the rounds."""
    emg, spent_s = signals(seconds, 4, 1000.0, imus=False).emg, []
    columns = {f"{label}_uV": emg.samples[:, i] for i, label in enumerate(emg.stream.labels)}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):  # the first one imports
            path = Path(folder) / f"{number}.npz"
            np.savez(path, time_s=emg.time_s, **columns)
            began_s = time.process_time()
            analyse_files({"emg": path})
            spent_s.append(time.process_time() - began_s)
    return seconds / statistics.median(spent_s[1:])


def measure(recording: str, times: int, jobs: list[int], rounds: int, table_s: float) -> dict[str, Any]:
    path = shipped.recording(Path(recording))
    found = [{n: speed(path, times, n) for n in jobs} for _ in range(rounds)]
    scaling = {n: [each[n] / n / (each[jobs[0]] / jobs[0]) for each in found] for n in jobs}
    return {
        "recording": recording,
        "times": times,
        "times_real": {str(n): round(statistics.median(each[n] for each in found), 1) for n in jobs},
        "scaling": {str(n): round(statistics.median(scaling[n]), 3) for n in jobs},
        "table_times_real": round(of_a_table(table_s, rounds), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", default="cramp")
    parser.add_argument("--times", type=int, default=16)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table-seconds", type=float, default=600.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.recording, given.times, sorted(given.jobs), given.rounds, given.table_seconds)
    if given.json:
        print(json.dumps(found))
        return
    print(
        f"{given.times} times the recording {given.recording!r}: x real time of a leg; of what so many would do alone"
    )
    for jobs, times_real in found["times_real"].items():
        print(f"{jobs:>3} processes {times_real:8.1f} x {found['scaling'][jobs]:8.2f}")
    print(f"a table of 4 x 1000 Hz {found['table_times_real']:8.1f} x, by one process")


if __name__ == "__main__":
    main()
