"""What one live leg holds in memory as its session goes on: 8 x 1000 Hz and two IMUs, in 0.1 s chunks as live.

    python tests/benchmarks/memory.py [--minutes 32 64] [--json]

Megabytes that Python and numpy have allocated for the session after so many minutes, by tracemalloc, which counts only
what is still held. Half an hour of seconds fills first; after that nothing may grow.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.events import Decoded, Event, Heartbeat
from monitor.session import Session
from monitor.settings import Settings
from tests.benchmarks.engine import events, signals

BLOCK_MIN, CHUNK_S = 2, 0.1


def later(event: Event, by_s: float) -> Event:
    """The same event in another minute."""
    if isinstance(event, Decoded):
        chunk = event.chunk
        moved = type(chunk)(chunk.stream, chunk.time_s + by_s, chunk.samples)
        return Decoded(event.time_s + by_s, event.sensor, moved)
    return Heartbeat(event.time_s + by_s)


def measure(minutes: list[int]) -> dict[str, float]:
    """Megabytes held by minute, an even number each."""
    given = signals(60.0 * BLOCK_MIN, 8, 1000.0)
    turns = events(given, CHUNK_S)
    tracemalloc.start()
    session, held_mb = Session(given.team, {}, Settings()), {}
    before, _ = tracemalloc.get_traced_memory()
    for begin in range(0, max(minutes), BLOCK_MIN):
        for event in turns:
            session.feed(later(event, 60.0 * begin))
        if (end := begin + BLOCK_MIN) in minutes:
            gc.collect()
            held_mb[str(end)] = (tracemalloc.get_traced_memory()[0] - before) / 1e6
    tracemalloc.stop()
    return held_mb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    held_mb = measure(given.minutes)
    print(json.dumps(held_mb) if given.json else "\n".join(f"{at:>4} min {mb:7.2f} MB" for at, mb in held_mb.items()))


if __name__ == "__main__":
    main()
