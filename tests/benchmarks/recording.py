"""What recording costs: part of one core and bytes per sample, for 60 sensors of 8 x 1000 Hz; and seeking in an hour.

    python tests/benchmarks/recording.py [--seconds 30] [--sensors 60] [--hours 1] [--json]

Core: CPU seconds of the encoder and of the writes with fsync, over session seconds, of ready decoded chunks and their
notifications. Size: the file's bytes beside those of the samples at float32, with the raw bytes in it and without.
Seek: the first chunk near the end of a file of so many hours, wall seconds; the memory is what Python allocates
for another such seek.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.chunk import Channel, Chunk, Stream
from monitor.events import Heartbeat, Notification
from monitor.recording.backlog import Entry
from monitor.recording.session_file import SessionFile
from monitor.recording.xdf_seek import chunks_from

RATE_HZ, N_CHANNELS, BATCH_S, PER_PACKET = 1000.0, 8, 0.25, 14
CHANNELS = tuple(Channel(f"ch{n + 1}", "uV") for n in range(N_CHANNELS))


def entries(n_sensors: int, seconds: float, raw: bool) -> Iterator[list[Entry]]:
    """What a session gives the recorder every 0.25 s."""
    rng = np.random.default_rng(0)
    streams = [Stream("emg", RATE_HZ, CHANNELS, f"sensor {n}") for n in range(n_sensors)]
    n_rows = int(BATCH_S * RATE_HZ)
    counts = rng.integers(-3000, 3000, (n_rows, N_CHANNELS), dtype=np.int16)
    samples = counts.astype(np.float32) * np.float32(0.286)
    n_packets = n_rows // PER_PACKET
    payloads = [counts[i * PER_PACKET : (i + 1) * PER_PACKET].tobytes() + b"\0" for i in range(n_packets)]
    for batch in range(int(seconds / BATCH_S)):
        start_s = batch * BATCH_S
        time_s = start_s + np.arange(n_rows) / (RATE_HZ * (1 + 1e-5))
        found = [Entry(Heartbeat(start_s), tuple(Chunk(stream, time_s, samples) for stream in streams), ())]
        for i, payload in enumerate(payloads if raw else ()):
            at_s = start_s + (i + 1) * BATCH_S / n_packets
            found += [Entry(Notification(at_s, stream.source_id, "emg", payload), (), ()) for stream in streams]
        yield found


def cost(n_sensors: int, seconds: float, raw: bool, folder: Path) -> dict[str, float]:
    """Percent of a core and bytes per byte of float32 samples."""
    path = folder / f"{raw}.xdf"
    file = SessionFile(path, {})
    spent_s = 0.0
    for batch in entries(n_sensors, seconds, raw):
        began_s = time.process_time()
        file.write(batch)
        spent_s += time.process_time() - began_s
    file.finish()
    file.close()
    n_sample_bytes = 4 * n_sensors * N_CHANNELS * RATE_HZ * seconds
    found = {"core_pct": 100 * spent_s / seconds, "size": path.stat().st_size / n_sample_bytes}
    path.unlink()
    return found


def seek(hours: float, folder: Path) -> dict[str, float]:
    """Opening a long recording of two such sensors and one chunk near its end."""
    path = folder / "long.xdf"
    file = SessionFile(path, {})
    for batch in entries(2, 3600 * hours, raw=True):
        file.write(batch)
    file.finish()
    file.close()
    began_s = time.perf_counter()
    chunk = next(chunks_from(path, "sensor 1 emg", 3600 * hours - 10))
    seek_s = time.perf_counter() - began_s
    assert chunk.time_s[-1] >= 3600 * hours - 10 > chunk.time_s[0] - 1
    tracemalloc.start()
    assert next(chunks_from(path, "sensor 1 emg", 1800 * hours)).time_s[-1] >= 1800 * hours
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return {"seek_s": seek_s, "peak_mb": peak_mb, "file_mb": path.stat().st_size / 1e6}


def measure(seconds: float, n_sensors: int, hours: float) -> dict[str, dict[str, float]]:
    """All of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {
            "with raw bytes": cost(n_sensors, seconds, True, folder),
            "without": cost(n_sensors, seconds, False, folder),
            "seek": seek(hours, folder),
        }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--sensors", type=int, default=60)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measure(args.seconds, args.sensors, args.hours)
    if args.json:
        print(json.dumps(found))
        return
    for name in ("with raw bytes", "without"):
        print(f"{name:>15}: {found[name]['core_pct']:.2f} % of a core, {found[name]['size']:.3f} x float32")
    at = found["seek"]
    print(f"{'seek':>15}: {at['seek_s']:.3f} s in {at['file_mb']:.0f} MB, {at['peak_mb']:.0f} MB of memory")


if __name__ == "__main__":
    main()
