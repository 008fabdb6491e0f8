"""Fatigue slopes of other EMG libraries beside ours, on the same signals, and what each costs.

    python tests/benchmarks/peers.py [--seeds 20] [--seconds 120] [--python peers/bin/python ezmsg/bin/python] [--json]

The peers are benchmark-only: `pip install crampwatch[peers]`, or, since libemg wants numpy 1.26 and ezmsg-sigproc 3
numpy 2, in environments of their own that `--python` (or CRAMPWATCH_PEERS, parted by spaces) names:
    python -m venv peers && peers/bin/pip install libemg biosppy peakutils neurokit2 brainflow
    python -m venv ezmsg && ezmsg/bin/pip install ezmsg-sigproc
A peer that is not installed in any of them says so; one that is in several is taken from the first. Each runs through
its documented calls, with its defaults where it has any.

Signal: noise shaped after Stulen & De Luca whose spectrum is compressed from 1 to 0.66 along a straight line, hum of
50 Hz (20 % of the RMS) and drift (100 %). Every path gives a median frequency for windows of a second, four a second;
its slope is that of the least-squares line, in % of the line's start per minute. Error: slope / true slope - 1, the
true one being the median frequency of the model's spectrum. Ours is what `analyze` prints (with quality, gate and all),
the slope of the compression that it maps back, and the windows alone, which is the peers' work. Cost: CPU time on the
same samples against the windows alone, all in one run; what works on a stream (BrainFlow in chunks, ezmsg) is given
chunks of 20 ms.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HOP, PARTS = 4, 5
START, END = 1.0, 0.66
LOW_HZ, HIGH_HZ = 60.0, 120.0
PEERS = ("libemg", "biosppy", "neurokit2", "neurokit2 powerline", "brainflow", "brainflow in chunks", "ezmsg")
PACKAGES = {"ezmsg": "ezmsg.sigproc"}  # where it has another name
CHUNK_S = 0.02  # of those that work on a stream


def density(hz: np.ndarray, compression: float) -> np.ndarray:
    f = hz / compression
    return f**2 / ((f**2 + LOW_HZ**2) * (f**2 + HIGH_HZ**2) ** 2)


def signal(seconds: float, rate_hz: float, seed: int) -> np.ndarray:
    """(n,) in uV, RMS 100 and what disturbs it."""
    rng = np.random.default_rng(seed)
    n, length = round(seconds * rate_hz), 2 * round(rate_hz / 4)
    window = np.sin(np.pi * (np.arange(length) + 0.5) / length)
    hz, out = np.fft.rfftfreq(2 * length, 1 / rate_hz), np.zeros(n + 2 * length)
    for start in range(0, n + length, length // 2):
        gain = np.sqrt(density(hz, compression_at((start - length / 2) / rate_hz, seconds)))
        noise = np.fft.irfft(np.fft.rfft(rng.normal(size=2 * length)) * gain)[length // 2 : length // 2 + length]
        out[start : start + length] += window * noise * 100 / np.sqrt(np.mean(gain**2))
    time_s = np.arange(n) / rate_hz
    hum = 20 * np.sqrt(2) * np.sin(2 * np.pi * 50.0 * time_s + rng.uniform(0, 6))
    drift = 100 * np.sqrt(2) * np.sin(2 * np.pi * 0.3 * time_s + rng.uniform(0, 6))
    return out[length : length + n] + hum + drift


def compression_at(time_s: float, seconds: float) -> float:
    return START + (END - START) * min(1.0, max(0.0, time_s / seconds))


def true_slope(seconds: float, rate_hz: float, *, of_compression: bool = False) -> float:
    middles_s = np.linspace(0.5, seconds - 0.5, 60)
    scales = np.array([compression_at(middle_s, seconds) for middle_s in middles_s])
    if of_compression:
        return slope_of(middles_s, scales)
    hz = np.arange(20.0, min(450.0, 0.45 * rate_hz), 0.05)
    medians = [hz[np.searchsorted(total := np.cumsum(density(hz, scale)), total[-1] / 2)] for scale in scales]
    return slope_of(middles_s, np.array(medians))


def slope_of(time_s: np.ndarray, values: np.ndarray) -> float:
    slope, start = np.polyfit(time_s / 60, values, 1)
    return 100 * slope / start


def of_windows(samples: np.ndarray, rate_hz: float, median: Callable[[np.ndarray], float]) -> float:
    n = round(rate_hz)
    starts = np.arange(0, len(samples) - n + 1, n // HOP)
    return slope_of((starts + n / 2) / rate_hz, np.array([median(samples[at : at + n]) for at in starts]))


def median_of(hz: np.ndarray, power: np.ndarray, rate_hz: float) -> float:
    inside = (hz >= 20) & (hz <= min(450.0, 0.45 * rate_hz))
    total = np.cumsum(power[inside])
    return float(np.interp(total[-1] / 2, total, hz[inside]))


def ours(samples: np.ndarray, rate_hz: float) -> dict[str, float]:
    from monitor.chunk import Channel, Chunk, Stream
    from monitor.fatigue.summary import summarise

    stream = Stream("emg", rate_hz, (Channel("GM", "uV"),), "synthetic")
    emg = Chunk(stream, np.arange(len(samples)) / rate_hz, samples.astype(np.float32)[:, None])
    (found,) = summarise(emg, 0.0, len(samples) / rate_hz)
    return {"mdf": found.slope_pct_per_min or 0.0, "compression": found.compression_slope_pct_per_min or 0.0}


def our_windows(samples: np.ndarray, rate_hz: float) -> float:
    """The same work as the peers': hum out, the median frequency of each window, nothing else."""
    from monitor.fatigue.hum import without_lines
    from monitor.fatigue.mdf import analysis_band_hz, frame_power, frames, frequencies_hz, median_frequency

    n, band_hz = round(rate_hz), analysis_band_hz(rate_hz)
    usable, time_s = np.ones(len(samples), dtype=bool), np.arange(len(samples)) / rate_hz
    clean = without_lines(samples, usable, time_s, rate_hz, (50.0,))
    starts = np.arange(0, len(samples) - n + 1, n // HOP)
    power = frame_power(frames(clean, starts, n), rate_hz)
    return slope_of((starts + n / 2) / rate_hz, median_frequency(frequencies_hz(n, rate_hz), power, band_hz))


def libemg(samples: np.ndarray, rate_hz: float) -> float:
    from libemg.feature_extractor import FeatureExtractor
    from libemg.filtering import Filter
    from libemg.utils import get_windows

    band = Filter(rate_hz)
    band.install_filters({"name": "bandpass", "cutoff": [20, min(450, 0.45 * rate_hz)], "order": 4})
    band.install_filters({"name": "notch", "cutoff": 50, "bandwidth": 3})
    windows = get_windows(band.filter(samples[:, None]), round(rate_hz), round(rate_hz) // HOP)
    named = {"MDF_fs": int(rate_hz)}
    medians = FeatureExtractor().extract_features(["MDF"], windows, named)["MDF"][:, 0]
    return slope_of(0.5 + np.arange(len(medians)) / HOP, medians)


def biosppy(samples: np.ndarray, rate_hz: float) -> float:
    from biosppy.signals import emg, tools

    filtered = emg.emg(signal=samples, sampling_rate=rate_hz, show=False)["filtered"]

    def median(window: np.ndarray) -> float:
        hz, power = tools.power_spectrum(window, sampling_rate=rate_hz, decibel=False)
        return median_of(hz, power, rate_hz)

    return of_windows(filtered, rate_hz, median)


def neurokit2(samples: np.ndarray, rate_hz: float, method: str = "biosppy") -> float:
    import neurokit2 as nk

    cleaned = nk.emg_clean(samples, sampling_rate=int(rate_hz), method=method)

    def median(window: np.ndarray) -> float:
        psd = nk.signal_psd(window, sampling_rate=int(rate_hz), method="welch", min_frequency=1)
        return median_of(psd["Frequency"].to_numpy(), psd["Power"].to_numpy(), rate_hz)

    return of_windows(cleaned, rate_hz, median)


def neurokit2_powerline(samples: np.ndarray, rate_hz: float) -> float:
    import neurokit2 as nk

    cleaned = nk.signal_filter(nk.emg_clean(samples, int(rate_hz), method="none"), int(rate_hz), method="powerline")

    def median(window: np.ndarray) -> float:
        psd = nk.signal_psd(window, sampling_rate=int(rate_hz), method="welch", min_frequency=1)
        return median_of(psd["Frequency"].to_numpy(), psd["Power"].to_numpy(), rate_hz)

    return of_windows(cleaned, rate_hz, median)


def brainflow(samples: np.ndarray, rate_hz: float, chunk_s: float | None = None) -> float:
    from brainflow.data_filter import DataFilter, FilterTypes, NoiseTypes, WindowOperations

    rate, high_hz = int(rate_hz), min(450.0, 0.45 * rate_hz)
    size = len(samples) if chunk_s is None else round(chunk_s * rate_hz)
    filtered = []
    for at in range(0, len(samples), size):
        piece = np.ascontiguousarray(samples[at : at + size])
        DataFilter.perform_bandpass(piece, rate, 20.0, high_hz, 4, FilterTypes.BUTTERWORTH, 0)
        DataFilter.remove_environmental_noise(piece, rate, NoiseTypes.FIFTY)
        filtered.append(piece)

    def median(window: np.ndarray) -> float:
        n_fft = 2 ** int(np.log2(len(window)))
        power, hz = DataFilter.get_psd_welch(
            np.ascontiguousarray(window), n_fft, n_fft // 2, rate, WindowOperations.HANNING
        )
        return median_of(hz, power, rate_hz)

    return of_windows(np.concatenate(filtered), rate_hz, median)


def ezmsg(samples: np.ndarray, rate_hz: float) -> float:
    from ezmsg.sigproc.butterworthfilter import ButterworthFilterSettings, ButterworthFilterTransformer
    from ezmsg.sigproc.spectrum import SpectralOutput, SpectralTransform, SpectrumSettings, SpectrumTransformer
    from ezmsg.sigproc.spectrum import WindowFunction as Taper
    from ezmsg.sigproc.window import WindowSettings, WindowTransformer
    from ezmsg.util.messages.axisarray import AxisArray

    high_hz = min(450.0, 0.45 * rate_hz)
    edges = {"order": 4, "cuton": 20.0, "cutoff": high_hz}, {"order": 2, "cuton": 51.5, "cutoff": 48.5}
    band, notch = (ButterworthFilterTransformer(ButterworthFilterSettings(**each, coef_type="sos")) for each in edges)
    window = WindowTransformer(
        WindowSettings(newaxis="win", window_dur=1.0, window_shift=1.0 / HOP, zero_pad_until="none")
    )
    raw = SpectrumSettings(
        axis="time",
        window=Taper.HANNING,
        transform=SpectralTransform.RAW_COMPLEX,
        output=SpectralOutput.POSITIVE,
    )
    spectrum, medians, n = SpectrumTransformer(raw), [], round(CHUNK_S * rate_hz)
    for at in range(0, len(samples), n):
        time_axis = AxisArray.TimeAxis(fs=rate_hz, offset=at / rate_hz)
        message = AxisArray(samples[at : at + n, None], dims=["time", "ch"], axes={"time": time_axis}, key="emg")
        windows = window(notch(band(message)))
        if windows.data.size:
            found = spectrum(windows)
            hz = found.axes["freq"].value(np.arange(found.data.shape[1]))
            medians += [median_of(hz, np.abs(each[:, 0]) ** 2, rate_hz) for each in found.data]
    return slope_of(0.5 + np.arange(len(medians)) / HOP, np.array(medians))


def path_of(peer: str) -> Callable[[np.ndarray, float], float]:
    return {
        "libemg": libemg,
        "biosppy": biosppy,
        "neurokit2": neurokit2,
        "neurokit2 powerline": neurokit2_powerline,
        "brainflow": brainflow,
        "brainflow in chunks": lambda samples, rate_hz: brainflow(samples, rate_hz, CHUNK_S),
        "ezmsg": ezmsg,
    }[peer]


def worker() -> None:
    """In a peer's environment: signals come as a file, slopes and CPU seconds go out as JSON lines."""
    signals, peer = np.load(sys.argv[2]), sys.argv[3]
    try:
        importlib.import_module(PACKAGES.get(peer, peer.split()[0]))
    except ImportError:
        return
    path = path_of(peer)
    for key in signals.files:
        rate_hz, seed = key.split("/")
        path(signals[key][: 10 * int(float(rate_hz))], float(rate_hz))  # imports and caches
        began = time.process_time()
        slope = path(signals[key], float(rate_hz))
        took = time.process_time() - began
        print(json.dumps({"rate": rate_hz, "seed": seed, "slope": slope, "cpu_s": took}), flush=True)


def measure(
    seeds: int, seconds: float, rates: list[float], pythons: list[str], folder: Path
) -> list[dict[str, object]]:
    """One row for each path and rate."""
    made = {f"{rate_hz:g}/{seed}": signal(seconds, rate_hz, seed) for rate_hz in rates for seed in range(seeds)}
    file = folder / "signals.npz"
    np.savez(file, **made)  # type: ignore[arg-type]
    slopes: dict[tuple[str, float], list[float]] = {}
    cpu_s: dict[tuple[str, float], list[float]] = {}
    for path in (ours, our_windows):
        path(signal(10.0, rates[0], 0), rates[0])
    for key, samples in made.items():
        rate_hz = float(key.split("/")[0])
        began = time.process_time()
        found = ours(samples, rate_hz)
        cpu_s.setdefault(("crampwatch", rate_hz), []).append(time.process_time() - began)
        began = time.process_time()
        slopes.setdefault(("crampwatch, windows alone", rate_hz), []).append(our_windows(samples, rate_hz))
        cpu_s.setdefault(("crampwatch, windows alone", rate_hz), []).append(time.process_time() - began)
        slopes.setdefault(("crampwatch", rate_hz), []).append(found["mdf"])
        slopes.setdefault(("crampwatch, mapped back", rate_hz), []).append(found["compression"])
    missing, clean = dict.fromkeys(PEERS, "not installed"), {**os.environ, "PYTHONPATH": ""}
    for python in pythons:
        for peer in list(missing):
            command = [python, str(Path(__file__).resolve()), "--worker", str(file), peer]
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
            told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
            if done.returncode:
                missing[peer] = f"failed: {done.stderr.strip()[-200:]}"
            elif told:
                del missing[peer]
                for said in told:
                    slopes.setdefault((peer, float(said["rate"])), []).append(said["slope"])
                    cpu_s.setdefault((peer, float(said["rate"])), []).append(said["cpu_s"])
    rows: list[dict[str, object]] = []
    for rate_hz in rates:
        for name in ("crampwatch", "crampwatch, mapped back", "crampwatch, windows alone", *PEERS):
            row: dict[str, object] = {"path": name, "rate_hz": rate_hz}
            if (name, rate_hz) in slopes:
                true = true_slope(seconds, rate_hz, of_compression=name.endswith("mapped back"))
                errors = 100 * (np.array(slopes[name, rate_hz]) / true - 1)
                row |= {"slope_error_pct": float(errors.mean()), "sd_pct": float(errors.std()), "n": len(errors)}
            else:
                row["missing"] = missing.get(name, "not installed")
            if (name, rate_hz) in cpu_s:
                own = float(np.median(cpu_s["crampwatch, windows alone", rate_hz]))
                row |= {"times_ours": float(np.median(cpu_s[name, rate_hz])) / own}
                row |= {"times_real_time": seconds / float(np.median(cpu_s[name, rate_hz]))}
            rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Slope error and cost beside other libraries.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120.0)
    pythons = os.environ.get("CRAMPWATCH_PEERS", sys.executable).split()
    parser.add_argument("--python", nargs="+", default=pythons, help="of the environments that have the peers")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        rows = measure(given.seeds, given.seconds, [1000.0, 500.0], given.python, Path(folder))
    if given.json:
        print(json.dumps(rows))
        return
    print(
        f"{given.seeds} signals of {given.seconds:g} s; error of the fatigue slope, CPU time against our windows alone"
    )
    for row in rows:
        name = f"{row['rate_hz']:4.0f} Hz  {row['path']:26}"
        if "missing" in row:
            print(f"{name}{row['missing']}")
            continue
        cost = (
            f"  x {row['times_ours']:7.2f}   {row['times_real_time']:7.0f} x real time" if "times_ours" in row else ""
        )
        print(f"{name}{row['slope_error_pct']:+7.1f} % +- {row['sd_pct']:4.1f}{cost}")


if __name__ == "__main__":
    worker() if sys.argv[1:2] == ["--worker"] else main()
