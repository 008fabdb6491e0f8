"""What decoding costs: CPU milliseconds per second of one sensor's signal, beside np.frombuffer of the same bytes.

    python tests/benchmarks/decoding.py [--seconds 120] [--rounds 5] [--json]

Decoding: SensorDecoder from the bytes of 100 ms of notifications to stamped chunks in units, until the last batch.
Floor: nothing but np.frombuffer of the same bytes, joined batch by batch. Both take turns within each round; the table
shows medians over the rounds, the ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.sensor import SensorDecoder
from monitor.events import Notification
from monitor.simulation.packing import Packer

BATCH_S = 0.1
INTERVAL_S = 0.03  # of the connection: packets arrive together at its events
PROFILES = ("umyo", "witmotion")

Batches = list[list[Notification]]


def notifications(profile: Profile, seconds: float) -> list[Notification]:
    """All that one sensor sends, in order of arrival; one packet in 50 is lost."""
    rng = np.random.default_rng(1)
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
    return [Notification(at_s, profile.id, char, bytes_) for at_s, char, bytes_ in sent if rng.random() > 0.02]


def cut(sent: list[Notification]) -> Batches:
    batches: Batches = [[] for _ in range(int(sent[-1].time_s / BATCH_S) + 1)]
    for notification in sent:
        batches[int(notification.time_s / BATCH_S)].append(notification)
    return batches


def run_decoder(profile: Profile, batches: Batches) -> None:
    decoder = SensorDecoder(profile, profile.id)
    n_samples = sum(len(chunk) for batch in batches for chunk in decoder.push_many(batch))
    assert n_samples > 0 and decoder.errors == 0


def run_floor(batches: Batches) -> None:
    for batch in batches:
        np.frombuffer(b"".join([notification.payload for notification in batch]), "<i2")


def cpu_s(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(profile: Profile, seconds: float, rounds: int) -> dict[str, float]:
    sent = notifications(profile, seconds)
    batches = cut(sent)
    pairs = [(cpu_s(lambda: run_decoder(profile, batches)), cpu_s(lambda: run_floor(batches))) for _ in range(rounds)]
    decoding_s = statistics.median(decoding for decoding, _ in pairs)
    return {
        "decoding_ms_per_s": 1000 * decoding_s / seconds,
        "floor_ms_per_s": 1000 * statistics.median(floor for _, floor in pairs) / seconds,
        "ratio": statistics.median(decoding / floor for decoding, floor in pairs),
        "notifications_per_cpu_s": len(sent) / decoding_s,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU cost of decoding beside np.frombuffer of the same bytes.")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {name: measure(find(name), given.seconds, given.rounds) for name in PROFILES}
    if given.json:
        print(json.dumps({"seconds": given.seconds, "rounds": given.rounds, "batch_s": BATCH_S} | found))
        return
    print(f"one sensor, {given.seconds:g} s in batches of {1000 * BATCH_S:g} ms; CPU ms per second of signal")
    print(f"{'':12}{'decoding':>10}{'floor':>8}{'ratio':>8}{'notifications per CPU s':>26}")
    for name, row in found.items():
        print(
            f"{name:12}{row['decoding_ms_per_s']:10.3f}{row['floor_ms_per_s']:8.4f}{row['ratio']:8.0f}"
            f"{row['notifications_per_cpu_s']:26.0f}"
        )


if __name__ == "__main__":
    main()
