"""What quality costs: the live rules of 60 sensors beside the bare rfft of the same samples, on one core.

    python tests/benchmarks/quality.py [--sensors 60] [--channels 2] [--rate 1000] [--seconds 60] [--rounds 5]
        [--chunk 1] [--json]

Quality: `ChannelQuality` of every sensor, fed as live: a leg hands over what has come of a second when it closes
(`--chunk 0.1`: as it does while a screen shows its signals). Bare: Hann and rfft of all frames (128 ms every 60 ms) of
the same samples, all sensors at once as in the detector study, which gives 0.23 % of a core for 60 x 8 channels at
1000 Hz on a quiet machine; 3 % of a core is 13 times that. Medians over the rounds.
Over 60 s the steady state counts: in the first eight seconds of a sensor every window is looked at for the resolution
of its steps, later one in sixteen, which is a cost of starting up.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import rfft

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.quality import ChannelQuality
from monitor.settings import QualitySettings
from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.scenario import scenario


def cpu_s(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(
    n_sensors: int, n_channels: int, rate_hz: float, seconds: float, rounds: int, chunk_s: float
) -> dict[str, float]:
    """Percent of a core, and their ratio."""
    labels = tuple(f"{('GM', 'GL')[i % 2]}{i}" for i in range(n_channels))
    time_s, samples = EmgSource(Calf(scenario("tiring"), "left", 1), labels, rate_hz=rate_hz).read(
        round(seconds * rate_hz)
    )
    stream = Stream("emg", rate_hz, tuple(Channel(label, "uV") for label in labels), "pod")
    n = round(chunk_s * rate_hz)
    chunks = [
        Chunk(stream, time_s[i : i + n], samples[i : i + n].astype(np.float32)) for i in range(0, len(samples), n)
    ]
    frame, hop = round(0.128 * rate_hz), round(0.06 * rate_hz)
    window = np.hanning(frame + 1)[:-1].astype(np.float32)
    together = np.tile(samples.astype(np.float32), (1, n_sensors))
    frames = sliding_window_view(together, frame, axis=0)[::hop]

    stages = [ChannelQuality(stream, (-5000.0, 5000.0), QualitySettings()) for _ in range(n_sensors)]

    def quality() -> None:
        for stage in stages:
            stage.reset()
            for chunk in chunks:
                stage.push(chunk)

    def bare() -> None:
        for each in frames:
            rfft(each * window, axis=1)

    pairs = [(cpu_s(quality), cpu_s(bare)) for _ in range(rounds)]
    return {
        "quality_pct_of_a_core": 100 * statistics.median(q for q, _ in pairs) / seconds,
        "bare_rfft_pct_of_a_core": 100 * statistics.median(b for _, b in pairs) / seconds,
        "ratio": statistics.median(q / b for q, b in pairs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU cost of signal quality beside the bare rfft.")
    parser.add_argument("--sensors", type=int, default=60)
    parser.add_argument("--channels", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chunk", type=float, default=1.0, help="seconds")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.sensors, given.channels, given.rate, given.seconds, given.rounds, given.chunk)
    if given.json:
        print(json.dumps(vars(given) | found))
        return
    print(f"{given.sensors} sensors of {given.channels} channels at {given.rate:g} Hz, percent of one core")
    print(f"quality {found['quality_pct_of_a_core']:.2f}   bare rfft {found['bare_rfft_pct_of_a_core']:.2f}", end="")
    print(f"   ratio {found['ratio']:.1f}")


if __name__ == "__main__":
    main()
