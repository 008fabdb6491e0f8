"""Simulated EMG against its own truth, and the two levels against each other.

    python tests/benchmarks/emg_truth.py [--minutes 11] [--seeds 3]

Truth: a lasting hold at fresh, tired and very tired muscle; the median frequency (MDF) of the mean spectrum of 1 s Hann
windows against the expected one, with the standard error of 20 interleaved parts.
Agreement: MDF and RMS of motor units over those of shaped noise in the same hold; and the compression that Crampwatch's
own path (gate, angle, baseline, score) reads from each after seven minutes in which the calf loses 15 % between
160 and 200 s. All simulated.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from monitor.chunk import Channel, Chunk, Stream
from monitor.emg_path import EmgPath
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.scenario import EmgLevel, LegPlan, Part, Scenario
from monitor.simulation.spectrum import median_of

LEVELS: tuple[EmgLevel, ...] = ("spectrum", "motor-unit")
RATE_HZ = 1000.0
LABELS = ("GM", "GL", "GM1", "GL3")
COMPRESSIONS = (1.0, 0.85, 0.7)
PARTS = 20
BAND = slice(20, 451)
WORK = ("raises 24 s", "stand 8 s", "walk 20 s", "hold 10 s", "stand 4 s")
SETTINGS = Settings().changed({"baseline.end_s": 150, "baseline.freeze_s": 160})


def hold(compression: float, minutes: float) -> Scenario:
    plan = LegPlan(compression=((0.0, compression),), drive_rise=0.0)
    length_s = round(60 * minutes * 1.5)
    return Scenario(name="hold", title="", part=(Part(steps=(f"hold {length_s} s",)),), leg={"left": plan})  # type: ignore[arg-type]


def powers(source: EmgSource, minutes: float) -> np.ndarray:
    """(PARTS, n_channels, n_freq): mean spectra of windows PARTS apart, each part over the whole time."""
    sums = np.zeros((PARTS, len(source.labels), 501))
    window, last = np.hanning(1000), np.empty((0, len(source.labels)))
    for second in range(round(60 * minutes)):
        last = np.concatenate([last[-500:], source.read(1000)[1]])
        for number, piece in enumerate(sliding_window_view(last, 1000, axis=0)[::500]):
            sums[(2 * second + number) % PARTS] += np.abs(np.fft.rfft(piece * window)) ** 2
    return sums


def mdf_hz(power: np.ndarray) -> np.ndarray:
    return np.apply_along_axis(lambda row: median_of(row[BAND], np.arange(501.0)[BAND]), -1, power)


def held(level: EmgLevel, compression: float, seed: int, minutes: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """MDF, its truth, and RMS of each channel; prints the comparison."""
    source = EmgSource(Calf(hold(compression, minutes), "left", seed), LABELS, rate_hz=RATE_HZ, level=level)
    begin_s = 60 * minutes * 0.25
    source.seek(begin_s)
    power = powers(source, minutes)
    found, true = mdf_hz(power.sum(axis=0)), source.mdf_hz(begin_s + 30 * minutes)
    error = mdf_hz(power).std(axis=0, ddof=1) / np.sqrt(PARTS)
    for label, *row in zip(LABELS, found, true, 100 * (found / true - 1), 100 * error / true, strict=True):
        print(
            f"{level:10}  {seed:4}  {compression:11.2f}  {label:7}"
            + "".join(f"  {value:{width}}" for value, width in zip(row, ("8.2f", "8.2f", "+7.2f", "6.2f"), strict=True))
        )
    return found, true, np.sqrt(power.sum(axis=(0, 2)))


def reading(level: EmgLevel, seed: int) -> tuple[float, float]:
    """The compression that Crampwatch reads at the end, and the truth."""
    plan = LegPlan(compression=((160.0, 1.0), (200.0, 0.85)))
    parts = (Part(steps=("stand 6 s",)), Part(steps=WORK))  # type: ignore[arg-type]
    calf = Calf(Scenario(name="x", title="", part=parts, leg={"left": plan}), "left", seed)
    stream = Stream("emg", RATE_HZ, (Channel("GM", "uV"), Channel("GL", "uV")), "pod")
    source, path, read = EmgSource(calf, rate_hz=RATE_HZ, level=level), EmgPath(stream, None, SETTINGS), np.nan
    for second in range(420):
        time_s, samples = source.read(1000 + 20 * (second == 0))
        path.push(Chunk(stream, time_s, samples.astype(np.float32)))
        angle_s = np.arange(second - 0.3, second + 1.0, 0.01)
        read = path.close(second + 1.0, angle_s, calf.angle_deg(angle_s), True).compression[0]
    true = [calf.compression(np.array([400.0]), label)[0] for label in ("GM", "GL")]
    return float(read), float(np.sqrt(np.prod(true)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulated EMG against its truth.")
    parser.add_argument("--minutes", type=float, default=11.0)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    print("level       seed  compression  channel  MDF (Hz)  truth (Hz)  off (%)  SE (%)")
    worst = dict.fromkeys(LEVELS, 0.0)
    agreement = []
    for seed in range(given.seeds):
        for compression in COMPRESSIONS:
            both = [held(level, compression, seed, given.minutes) for level in LEVELS]
            for level, (found, true, _) in zip(LEVELS, both, strict=True):
                worst[level] = max(worst[level], float(np.abs(100 * (found / true - 1)).max()))
            agreement.append((both[1][0] / both[0][0], both[1][2] / both[0][2]))
    ratios = 100 * (np.array(agreement) - 1)
    for level in LEVELS:
        print(f"{level}: all channels within {worst[level]:.2f} % of their truth")
    for number, name in enumerate(("MDF", "RMS")):
        part = ratios[:, number]
        print(f"{name}, motor units over noise: mean {part.mean():+.1f} %, {part.min():+.1f} to {part.max():+.1f} %")
    print("compression read by Crampwatch (truth): spectrum level, motor-unit level")
    for seed in range(given.seeds):
        shown = [reading(level, seed) for level in LEVELS]
        print(f"seed {seed}: " + ", ".join(f"{read:.3f} ({true:.3f})" for read, true in shown))


if __name__ == "__main__":
    main()
