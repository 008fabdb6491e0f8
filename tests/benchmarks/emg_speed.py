"""How fast simulated EMG is made, and whether its memory grows: x real time per core, beside bare random numbers.

    python tests/benchmarks/emg_speed.py [--seconds 240] [--rate 1000] [--rounds 5] [--json]

One leg of the scenario cramp-left-calf, read in blocks of 0.25 s: 4 channels (and 1 and 16) at spectrum level, 4 at
motor-unit level. Floor: numpy's standard_normal of as many samples, in the same blocks. Both take turns within each
round; medians over the rounds, the ratio is the median of the rounds' ratios. Times are CPU times of one process.
Growth: by how much more memory the second half of the seconds needed at its peak than the first, over the bytes of the
samples read in between.
Goals: 300 x real time at spectrum level, 5 x at motor-unit level, growth 0.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.scenario import EmgLevel, scenario

CASES: tuple[tuple[EmgLevel, int], ...] = (("spectrum", 1), ("spectrum", 4), ("spectrum", 16), ("motor-unit", 4))
GOALS = {("spectrum", 4): 300.0, ("motor-unit", 4): 5.0}
BLOCK_S = 0.25
WARM_S = 40.0


def new_source(level: EmgLevel, n_channels: int, rate_hz: float) -> EmgSource:
    labels = tuple(f"{('GM', 'GL')[number % 2]}{number // 2 or ''}" for number in range(n_channels))
    return EmgSource(Calf(scenario("cramp-left-calf"), "left", seed=1), labels, rate_hz=rate_hz, level=level)


def read(source: EmgSource, seconds: float) -> None:
    for _ in range(round(seconds / BLOCK_S)):
        source.read(round(BLOCK_S * source.rate_hz))


def floor(seconds: float, n_channels: int, rate_hz: float) -> None:
    rng = np.random.default_rng(1)
    for _ in range(round(seconds / BLOCK_S)):
        rng.standard_normal((round(BLOCK_S * rate_hz), n_channels))


def cpu_s(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def growth(level: EmgLevel, n_channels: int, rate_hz: float, seconds: float) -> float:
    source = new_source(level, n_channels, rate_hz)
    tracemalloc.start()
    read(source, WARM_S)
    peaks = []
    for _ in range(2):
        tracemalloc.reset_peak()
        read(source, 0.5 * seconds)
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    return (peaks[1] - peaks[0]) / (8.0 * 0.5 * seconds * rate_hz * n_channels)


def measure(level: EmgLevel, n_channels: int, rate_hz: float, seconds: float, rounds: int) -> dict[str, float]:
    source = new_source(level, n_channels, rate_hz)
    read(source, 5.0)
    pairs = []
    for _ in range(rounds):
        bare_s = cpu_s(lambda: floor(seconds, n_channels, rate_hz))
        source.seek(0.0)
        pairs.append((cpu_s(lambda: read(source, seconds)), bare_s))
    return {
        "x_real_time": seconds / statistics.median(made for made, _ in pairs),
        "floor_x_real_time": seconds / statistics.median(bare for _, bare in pairs),
        "cost_over_floor": statistics.median(made / bare for made, bare in pairs),
        "memory_growth": growth(level, n_channels, rate_hz, seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of simulated EMG beside bare random numbers.")
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {case: measure(*case, given.rate, given.seconds, given.rounds) for case in CASES}
    if given.json:
        print(json.dumps({f"{level}, {n_channels} channels": each for (level, n_channels), each in found.items()}))
        return
    print("level       channels  x real time     goal  bare normal  cost / bare  memory growth")
    for case, each in found.items():
        goal = f"{GOALS[case]:.0f}" if case in GOALS else "-"
        print(
            f"{case[0]:10}  {case[1]:8}  {each['x_real_time']:11.0f}  {goal:>7}  {each['floor_x_real_time']:11.0f}"
            f"  {each['cost_over_floor']:11.1f}  {each['memory_growth']:13.4f}"
        )


if __name__ == "__main__":
    main()
