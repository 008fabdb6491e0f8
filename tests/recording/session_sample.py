"""A short session with everything in it that a recording must keep, the same each time, and how to compare events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.events import Decoded, Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.recording.recorder import Recorder

HEADER = {
    "crampwatch": "0.1.0",
    "title": "tiring <&> \u00e9",
    "speed": 10.0,
    "profiles": {"umyo": {"toml": "id = 'umyo'\n"}},
}
EMG = Stream("emg", 1000.25, (Channel("GM", "uV"), Channel("GL", "uV")), "uMyo <7>")
IMU = Stream("imu", 100.0, tuple(Channel(axis, "g") for axis in ("acc_x", "acc_y", "acc_z")), "uMyo <7>")
ANGLE = Stream("angle", 50.0, (Channel("ankle", "deg"),), "table")
CHAR = "fc7a850d-c1a5-f61f-0da7-9995621fbd00"
Put = tuple[Event, list[Chunk], list[dict]]


def session(n_steps: int = 200) -> Iterator[Put]:
    """Steps of 20 ms: packets with their chunks, sometimes a dropout, a lost link, a marker, a table's samples."""
    rng = np.random.default_rng(7)
    yield LinkChange(0.001, "uMyo <7>", Link.LIVE, "found, \u2713"), [], []
    for step in range(n_steps):
        time_s = 0.1 + step * 0.02 + rng.uniform(0, 0.004)
        emg = rng.standard_normal((20, 2)).astype(np.float32)
        emg[3:5] = np.nan if step % 40 == 17 else emg[3:5]
        chunks = [Chunk(EMG, step * 0.02 + np.arange(20) / 1000.25, emg)]
        if step % 5 == 0:
            chunks.append(Chunk(IMU, step * 0.02 + np.arange(10) / 100, rng.standard_normal((10, 3))))
        changes = [{"time_s": time_s, "state": "OK", "score": np.float64(0.5)}] if step % 50 == 10 else []
        yield Notification(time_s, "uMyo <7>", CHAR, rng.bytes(int(rng.integers(0, 244)))), chunks, changes
        if step % 25 == 24:
            yield Heartbeat(time_s + 0.001), [], []
        if step % 60 == 30:
            chunk = Chunk(ANGLE, time_s - 0.2 + np.arange(10) * 0.02, rng.standard_normal((10, 1)))
            yield Decoded(time_s + 0.001, "table", chunk), [chunk], []
            yield Decoded(time_s + 0.001, "table", chunk[:0]), [], []
            yield Marker(time_s + 0.002, 'cramp "left" \u00e9'), [], []


def record(path: Path, puts: Sequence[Put]) -> None:
    """Record all of it into one file."""
    recorder = Recorder(path, HEADER)
    for put in puts:
        recorder.put(*put)
    recorder.close()


def same(one: Event, other: Event) -> bool:
    """Two events agree to the last bit."""
    if isinstance(one, Decoded) and isinstance(other, Decoded):
        return (one.time_s, one.sensor, one.chunk.stream) == (other.time_s, other.sensor, other.chunk.stream) and (
            one.chunk.samples.dtype == other.chunk.samples.dtype
            and one.chunk.time_s.tobytes() == other.chunk.time_s.tobytes()
            and one.chunk.samples.tobytes() == other.chunk.samples.tobytes()
        )
    return type(one) is type(other) and one == other


def agree(found: Sequence[Event], expected: Sequence[Event]) -> bool:
    """Two lists of events agree, in order and to the last bit."""
    return len(found) == len(expected) and all(map(same, found, expected))


def is_part_of(found: Sequence[Event], expected: Sequence[Event]) -> bool:
    """`found` is `expected` with some events left out: nothing changed, added or moved."""
    rest = iter(expected)
    return all(any(same(event, other) for other in rest) for event in found)
