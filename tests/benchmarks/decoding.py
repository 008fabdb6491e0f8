"""What decoding costs: part of one core for 60 sensors, beside np.frombuffer of the same bytes.

    python tests/benchmarks/decoding.py [--seconds 60] [--sensors 60] [--rounds 3] [--json]

Decoding: decode_sensors from the bytes of 100 ms of notifications of all sensors to stamped chunks in units, as a
session does it, until the last batch. Reading: the part of it from bytes to counted samples in units, without clocks
and chunks. Floor: nothing but np.frombuffer of the same bytes, joined batch by batch and
sensor by sensor. Both take turns within each round; the table shows medians over the rounds, the ratio is the median of
the rounds' ratios. `8 x 1000 Hz`: a made-up sensor of 8 channels, 1000 samples a second of 16 bits, 12 in a packet with
a counter; the others are real profiles.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]  # the project, its tests

from acquisition.synthetic import wide_profile  # noqa: E402

from monitor.acquisition.packet import Decoder, decode_together  # noqa: E402
from monitor.acquisition.profile import find  # noqa: E402
from monitor.acquisition.profile_model import Profile  # noqa: E402
from monitor.acquisition.sensor import SensorDecoder, decode_sensors  # noqa: E402
from monitor.events import Notification  # noqa: E402
from monitor.simulation.packing import Packer  # noqa: E402

BATCH_S = 0.1
INTERVAL_S = 0.03  # of the connection: packets arrive together at its events
LOSS = 0.02
PROFILES: dict[str, Callable[[], Profile]] = {
    "8 x 1000 Hz": wide_profile,
    "umyo": lambda: find("umyo"),
    "witmotion": lambda: find("witmotion"),
}

Batches = list[list[Notification]]


def notifications(profile: Profile, seconds: float, seed: int) -> list[Notification]:
    """All that one sensor sends, in order of arrival; one packet in 50 is lost."""
    rng = np.random.default_rng(seed)
    sent: list[tuple[float, str, bytes]] = []
    for notify in profile.sim.notify:
        spec = profile.packet(notify.packet)
        packer = Packer(profile, spec)
        n_packets = int(seconds * notify.true_rate_hz) // packer.samples_per_packet
        rows = n_packets * packer.samples_per_packet
        counts = {
            name: rng.integers(-3000, 3000, (rows, len(stream.channels))) + int(stream.centre)
            for name, stream in profile.streams_of(spec).items()
        }
        full_s = (1 + np.arange(n_packets)) * packer.samples_per_packet / notify.true_rate_hz
        arrival_s = np.ceil(full_s / INTERVAL_S) * INTERVAL_S
        char = profile.uuid(spec.chars[0])
        sent += [(at_s, char, bytes_) for at_s, bytes_ in zip(arrival_s.tolist(), packer.pack(counts, 0), strict=True)]
    sent.sort(key=lambda item: item[0])
    return [Notification(at_s, profile.id, char, bytes_) for at_s, char, bytes_ in sent if rng.random() > LOSS]


def cut(sent: list[Notification], n_batches: int) -> Batches:
    batches: Batches = [[] for _ in range(n_batches)]
    for notification in sent:
        batches[min(n_batches - 1, int(notification.time_s / BATCH_S))].append(notification)
    return batches


def run_decoders(profile: Profile, flows: list[Batches]) -> None:
    decoders = [SensorDecoder(profile, profile.id) for _ in flows]
    n_samples = 0
    for batches in zip(*flows, strict=True):
        n_samples += sum(len(chunk) for chunks in decode_sensors(decoders, batches) for chunk in chunks)
    assert n_samples > 0 and not any(decoder.errors for decoder in decoders)


def run_reading(profile: Profile, flows: list[Batches]) -> None:
    """From bytes to counted samples in units, without clocks and chunks."""
    decoders = [Decoder(profile) for _ in flows]
    n_samples = 0
    for batches in zip(*flows, strict=True):
        for batch in decode_together(decoders, batches):
            for packets in batch.groups:
                n_samples += sum(len(packets.samples(name)) for name in packets.kind.streams)
    assert n_samples > 0


def run_floor(flows: list[Batches]) -> None:
    for batches in zip(*flows, strict=True):
        for batch in batches:
            if batch:
                np.frombuffer(b"".join([notification.payload for notification in batch]), np.uint8)


def cpu_s(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(profile: Profile, seconds: float, sensors: int, rounds: int) -> dict[str, float]:
    flows = [cut(notifications(profile, seconds, seed % 4), int(seconds / BATCH_S)) for seed in range(sensors)]
    pairs = [(cpu_s(lambda: run_decoders(profile, flows)), cpu_s(lambda: run_floor(flows))) for _ in range(rounds)]
    reading_s = statistics.median(cpu_s(lambda: run_reading(profile, flows)) for _ in range(rounds))
    decoding_s = statistics.median(decoding for decoding, _ in pairs)
    return {
        "reading_core_pct": 100 * reading_s / seconds,
        "core_pct": 100 * decoding_s / seconds,
        "ms_per_sensor_batch": 1000 * decoding_s * BATCH_S / seconds / sensors,
        "floor_ms_per_sensor_batch": 1000 * statistics.median(f for _, f in pairs) * BATCH_S / seconds / sensors,
        "ratio": statistics.median(decoding / floor for decoding, floor in pairs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU cost of decoding beside np.frombuffer of the same bytes.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--sensors", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {name: measure(make(), given.seconds, given.sensors, given.rounds) for name, make in PROFILES.items()}
    if given.json:
        print(json.dumps(vars(given) | {"batch_s": BATCH_S} | found))
        return
    print(f"{given.sensors} sensors, {given.seconds:g} s in batches of {1000 * BATCH_S:g} ms")
    print(
        f"{'':14}{'reading, % of core':>20}{'all, % of core':>16}"
        f"{'ms per sensor and batch':>26}{'floor':>9}{'ratio':>8}"
    )
    for name, row in found.items():
        print(
            f"{name:14}{row['reading_core_pct']:20.2f}{row['core_pct']:16.2f}{row['ms_per_sensor_batch']:26.4f}"
            f"{row['floor_ms_per_sensor_batch']:9.4f}{row['ratio']:8.0f}"
        )


if __name__ == "__main__":
    main()
