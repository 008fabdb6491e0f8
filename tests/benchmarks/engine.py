"""What the engine costs: CPU milliseconds per second of one leg's signal, beside the bare floor of the same signal.

    python tests/benchmarks/engine.py [--seconds 120] [--channels 8 4] [--rate 1000] [--rounds 5] [--json]

Engine: from decoded chunks through every stage to states, of the EMG sensor alone and with an IMU on shank and foot
beside it, in 100 ms chunks as live and in 60 s chunks as a recording is analysed. Floor: nothing but scipy's sosfilt
(20-450 Hz band-pass of 4th order and a notch) and rfft of the Hann frames (128 samples every 60), on the same EMG in
the same chunks. Both take turns within each round; the table shows medians over the rounds, the ratio is the median of
the rounds' ratios. Below it what that makes of a core for some legs live, and how many times faster than real time one
core analyses a recording.
Two minutes lie wholly within the baseline (330 s), in which more is learnt; `--seconds 600` shows what follows it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import rfft
from scipy.signal import butter, iirnotch, sosfilt, tf2sos

from monitor.chunk import Channel, Chunk, Stream
from monitor.events import Decoded, Event, Heartbeat
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.imu import ImuSource
from monitor.simulation.scenario import scenario
from monitor.team import Athlete, Sensor, Team

IMU_RATE_HZ = 100.0
IMU_CHANNELS = tuple([Channel(f"acc_{a}", "g") for a in "xyz"] + [Channel(f"gyr_{a}", "deg/s") for a in "xyz"])
MODES = {"live": 0.1, "batch": 60.0}  # seconds in a chunk
LEGS = (2, 10, 60)
FRAME, HOP = 128, 60  # samples


@dataclass(frozen=True)
class Signals:
    """One calf that works about half of the time: its team and its sensors' samples, the EMG first."""

    team: Team
    chunks: tuple[Chunk, ...]

    @property
    def emg(self) -> Chunk:
        return self.chunks[0]

    @property
    def seconds(self) -> float:
        return len(self.emg) / self.emg.stream.rate_hz


def signals(seconds: float, n_channels: int, rate_hz: float, *, imus: bool = True) -> Signals:
    calf = Calf(scenario("tiring"), "left", 1)
    labels = tuple(f"{head}{number}" for number in range(1, n_channels + 1) for head in ("GM", "GL"))[:n_channels]
    emg = EmgSource(calf, labels, rate_hz=rate_hz).read(round(seconds * rate_hz))
    worn = [Sensor(match="emg", profile="decoded", leg="left", roles=("emg",), channels=labels)]
    chunks = [Chunk(Stream("emg", rate_hz, tuple(Channel(label, "uV") for label in labels), "emg"), *emg)]
    for place in ("shank", "foot") if imus else ():
        felt = ImuSource(calf, place, rate_hz=IMU_RATE_HZ).read(round(seconds * IMU_RATE_HZ))
        worn.append(Sensor(match=place, profile="decoded", leg="left", roles=(place,)))
        chunks.append(Chunk(Stream("imu", IMU_RATE_HZ, IMU_CHANNELS, place), *felt))
    return Signals(Team(athletes=(Athlete(name="A", sensors=tuple(worn)),)), tuple(chunks))


def parts(chunk: Chunk, chunk_s: float) -> Iterator[Chunk]:
    n = round(chunk_s * chunk.stream.rate_hz)
    return (chunk[first : first + n] for first in range(0, len(chunk), n))


def events(given: Signals, chunk_s: float) -> list[Event]:
    """The sensors' chunks in turn, and a heartbeat after each turn that lets the leg work."""
    out: list[Event] = []
    turns = zip(*(parts(chunk, chunk_s) for chunk in given.chunks), strict=True)
    for i, turn in enumerate(turns, start=1):
        out += [Decoded(i * chunk_s, chunk.stream.source_id, chunk) for chunk in turn]
        out.append(Heartbeat(i * chunk_s * (1 + 1e-9)))  # a hair late, so that every turn is due
    return out


def run_engine(given: Signals, turns: list[Event]) -> None:
    session = Session(given.team, {}, Settings())
    for event in turns:
        session.feed(event)
    session.finish()
    assert len(session.legs[0].history) >= int(given.seconds) - 1


def run_floor(emg: Chunk, pieces: list[np.ndarray]) -> None:
    rate_hz = emg.stream.rate_hz
    band = np.asarray(butter(4, [20.0, min(450.0, 0.45 * rate_hz)], "bandpass", fs=rate_hz, output="sos"))
    sos = np.concatenate([band, np.asarray(tf2sos(*iirnotch(50.0, 30.0, fs=rate_hz)))])
    state = np.zeros((len(sos), 2, len(emg.stream.channels)))
    window = np.hanning(FRAME + 1)[:-1]
    kept = np.empty((0, len(emg.stream.channels)))
    for piece in pieces:
        _, state = sosfilt(sos, piece, axis=0, zi=state)
        kept = np.concatenate([kept, piece])
        if len(kept) >= FRAME:
            frames = sliding_window_view(kept, FRAME, axis=0)[::HOP]
            rfft(frames * window, axis=2)
            kept = kept[len(frames) * HOP :]


def cpu_ms_per_s(work: Callable[[], None], seconds: float) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start) / seconds


def measure(given: Signals, rounds: int) -> dict[str, dict[str, float]]:
    turns = {mode: events(given, chunk_s) for mode, chunk_s in MODES.items()}
    pieces = {mode: [part.samples for part in parts(given.emg, chunk_s)] for mode, chunk_s in MODES.items()}
    found: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
    for _ in range(rounds):
        for mode in MODES:
            floor = cpu_ms_per_s(lambda mode=mode: run_floor(given.emg, pieces[mode]), given.seconds)
            engine = cpu_ms_per_s(lambda mode=mode: run_engine(given, turns[mode]), given.seconds)
            found[mode].append((engine, floor))
    return {
        mode: {
            "engine_ms_per_s": statistics.median(engine for engine, _ in pairs),
            "floor_ms_per_s": statistics.median(floor for _, floor in pairs),
            "ratio": statistics.median(engine / floor for engine, floor in pairs),
        }
        for mode, pairs in found.items()
    }


def shares_pct(engine_ms_per_s: float) -> dict[str, float]:
    """Of one core, by the number of legs."""
    return {str(n_legs): n_legs * engine_ms_per_s / 10 for n_legs in LEGS}


def table(found: dict[str, dict[str, float]]) -> str:
    """For people."""
    lines = [f"{'':24}{'engine':>8}{'floor':>8}{'ratio':>8}"]
    for mode, row in found.items():
        name = f"{mode}, {MODES[mode]:g} s chunks"
        lines.append(f"{name:24}{row['engine_ms_per_s']:8.3f}{row['floor_ms_per_s']:8.3f}{row['ratio']:8.2f}")
    live, batch = (found[mode]["engine_ms_per_s"] for mode in MODES)
    shares = ", ".join(f"{n_legs} legs {share:.1f} %" for n_legs, share in shares_pct(live).items())
    return "\n".join([*lines, f"live, of one core: {shares}", f"batch, of one core: {1000 / batch:.0f} x real time"])


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU cost of the engine beside bare sosfilt and rfft.")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--channels", type=int, nargs="+", default=[8, 4])
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="one object a line for each number of channels")
    given = parser.parse_args()
    for n_channels, imus in itertools.product(given.channels, (0, 2)):
        found = measure(signals(given.seconds, n_channels, given.rate, imus=imus > 0), given.rounds)
        if given.json:
            what = {"channels": n_channels, "rate_hz": given.rate, "imus": imus, "seconds": given.seconds}
            what |= {"rounds": given.rounds}
            live, batch = (found[mode]["engine_ms_per_s"] for mode in MODES)
            print(json.dumps(what | found | {"live_pct_of_a_core": shares_pct(live), "batch_speed": 1000 / batch}))
            continue
        beside = "and two IMUs" if imus else "alone"
        print(f"one leg, {n_channels} channels x {given.rate:g} Hz {beside}, {given.seconds:g} s; CPU ms per second")
        print(table(found))


if __name__ == "__main__":
    main()
