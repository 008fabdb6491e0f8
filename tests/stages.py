"""Every stage, built the way a leg builds it, with an input that makes it work. The laws run over this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.filters import HighPass, Notch
from monitor.conditioning.hum import HumWatch
from monitor.conditioning.hum_power import HumPower
from monitor.conditioning.quality import ChannelQuality
from monitor.conditioning.tick_faults import TickFaults
from monitor.conditioning.verdicts import QualityVerdicts
from monitor.conditioning.windows import QualityWindows
from monitor.contraction.inclination import Inclination
from monitor.contraction.onset import Gate
from monitor.contraction.orientation import QUATERNION, Orientation
from monitor.contraction.shortened import ShortenedDose, activity_input
from monitor.contraction.ticks import TickFeatures
from monitor.fatigue.compression import Compression, compression_input
from monitor.fatigue.course import Course
from monitor.fatigue.spectrum import Frames, PooledMdf
from monitor.fatigue.trend import Trend
from monitor.settings import Settings
from monitor.stage import Stage
from monitor.warning.cramp import CrampWatch
from monitor.warning.discharges import Discharges
from monitor.warning.quiet import QuietActivity, QuietTicks, quiet_input
from monitor.warning.relaxation import LateRelaxation, relaxation_input

SETTINGS = Settings().changed({"baseline.start_s": 1, "baseline.end_s": 60, "trend.first_reading_frames": 10})
EMG = Stream("emg", 1000.0, (Channel("GM", "uV"), Channel("GL", "uV")), "test")
IMU_CHANNELS = tuple([Channel(f"acc_{a}", "g") for a in "xyz"] + [Channel(f"gyr_{a}", "deg/s") for a in "xyz"])
IMU = Stream("imu", 100.0, IMU_CHANNELS, "test")
SECONDS = 40


def emg() -> Chunk:
    """Bursts of noise, two channels, offset and all."""
    rng = np.random.default_rng(1)
    time_s = np.arange(SECONDS * 1000) / 1000
    burst = np.where((time_s % 4 > 2.3) & (time_s % 4 < 3.5), 200.0, 3.0)[:, None]
    return Chunk(EMG, time_s, rng.standard_normal((len(time_s), 2)) * burst + 500.0)


def imu() -> Chunk:
    """A sensor that swings about its x axis."""
    time_s = np.arange(SECONDS * 100) / 100
    angle = 0.5 * np.sin(2 * np.pi * 0.5 * time_s)
    rate = np.degrees(0.5 * np.pi * np.cos(2 * np.pi * 0.5 * time_s))
    zero = np.zeros_like(angle)
    return Chunk(IMU, time_s, np.stack([zero, np.sin(angle), np.cos(angle), rate, zero, zero], axis=1))


def orientation() -> Chunk:
    """The same swing as a sensor tells it that runs its own filter."""
    swing = imu()
    half = np.arctan2(swing.samples[:, 1], swing.samples[:, 2]) / 2
    zero = np.zeros_like(half)
    stream = Stream("quat", 100.0, tuple(Channel(axis, "1") for axis in QUATERNION), "test")
    return Chunk(stream, swing.time_s, np.stack([np.cos(half), np.sin(half), zero, zero], axis=1))


def windows() -> Chunk:
    """Half-second windows for the rules of quality."""
    return QualityWindows(EMG, SETTINGS.quality).push(emg())


def ticks() -> Chunk:
    """Features of the filtered EMG."""
    return TickFeatures(EMG).push(HighPass(EMG, SETTINGS.filters).push(emg()))


def gate() -> Chunk:
    """Contraction yes or no."""
    return Gate(ticks().stream, SETTINGS.gate).push(ticks())


def activity() -> Chunk:
    """Contraction and an angle that goes in and out of the shortened zone."""
    decided = gate()
    angle = 15 * np.sin(2 * np.pi * 0.2 * decided.time_s)
    effort = decided.samples[:, 1] / decided.samples[:, 3]
    return Chunk(activity_input("test"), decided.time_s, np.stack([decided.samples[:, 0], angle, effort], axis=1))


def quiet_ticks_input() -> Chunk:
    """Tick features with contraction and angle."""
    features = ticks()
    angle = np.full(len(features), np.nan)
    rows = np.concatenate([features.samples, gate().samples[:, :1], angle[:, None]], axis=1)
    return Chunk(quiet_input(features.stream), features.time_s, rows)


def quiet_ticks() -> Chunk:
    """Which ticks are quiet."""
    return QuietTicks(quiet_ticks_input().stream, SETTINGS.signs).push(quiet_ticks_input())


def amplitude() -> Chunk:
    """Amplitude of a calf that contracts every two seconds, with contraction and angle: two minutes."""
    time_s = np.arange(1, 6001) * 0.02
    since_s = time_s % 2.0 - 0.8
    level = np.where(since_s < 0, 200.0, 200.0 * np.exp(-since_s / (0.05 + 0.0005 * time_s))) + 2.0
    rows = np.stack([level, level > 20.0, np.full(len(time_s), -15.0)], axis=1)
    return Chunk(relaxation_input("test"), time_s, rows)


def frames() -> Chunk:
    """Spectra."""
    return Frames(EMG, SETTINGS.spectrum).push(emg())


def matched() -> Chunk:
    """Spectra with contraction and angle beside them."""
    chunk = frames()
    active = ((chunk.time_s % 4 > 2.45) & (chunk.time_s % 4 < 3.45)).astype(float)
    angle = -20 * active
    extra = np.stack([active, angle, np.ones(len(chunk))], axis=1)
    return Chunk(compression_input(chunk.stream), chunk.time_s, np.concatenate([chunk.samples, extra], axis=1))


def compressed() -> Chunk:
    """Compression of each frame."""
    return _compression(matched().stream).push(matched())


def _compression(stream: Stream) -> Compression:
    return Compression(
        stream, EMG.labels, Frames(EMG, SETTINGS.spectrum).frequency_hz, SETTINGS.spectrum, SETTINGS.baseline
    )


@dataclass(frozen=True)
class Case:
    """A stage and an input for it."""

    name: str
    build: Callable[[], Stage]
    source: Callable[[], Chunk]

    def __str__(self) -> str:
        return self.name


def _quiet_stream() -> Stream:
    return QuietTicks(quiet_input(TickFeatures(EMG).output), SETTINGS.signs).output


def _ticks_stream() -> Stream:
    return TickFeatures(EMG).output


CASES = [
    Case("HighPass", lambda: HighPass(EMG, SETTINGS.filters), emg),
    Case("Notch", lambda: Notch(EMG, 50.0), emg),
    Case("ChannelQuality", lambda: ChannelQuality(EMG, (-100.0, 1100.0), SETTINGS.quality), emg),
    Case("TickFaults", lambda: TickFaults(EMG, (-100.0, 1100.0), SETTINGS.quality), emg),
    Case("QualityWindows", lambda: QualityWindows(EMG, SETTINGS.quality), emg),
    Case("QualityVerdicts", lambda: QualityVerdicts(windows().stream, 1000.0, "uV", SETTINGS.quality), windows),
    Case("HumWatch", lambda: HumWatch(windows().stream, SETTINGS.quality), windows),
    Case("HumPower", lambda: HumPower(windows().stream, SETTINGS.quality), windows),
    Case("TickFeatures", lambda: TickFeatures(EMG), emg),
    Case("Gate", lambda: Gate(_ticks_stream(), SETTINGS.gate), ticks),
    Case("Inclination", lambda: Inclination(IMU, SETTINGS.angle), imu),
    Case("Orientation", lambda: Orientation(orientation().stream, SETTINGS.angle), orientation),
    Case("ShortenedDose", lambda: ShortenedDose(activity_input("test"), SETTINGS.angle), activity),
    Case("Frames", lambda: Frames(EMG, SETTINGS.spectrum), emg),
    Case("PooledMdf", lambda: PooledMdf(frames().stream, EMG, Frames(EMG, SETTINGS.spectrum).frequency_hz), frames),
    Case("Compression", lambda: _compression(compression_input(Frames(EMG, SETTINGS.spectrum).output)), matched),
    Case("Trend", lambda: Trend(compressed().stream, SETTINGS.trend, SETTINGS.angle), compressed),
    Case("Course", lambda: Course(compressed().stream, SETTINGS.trend, SETTINGS.angle), compressed),
    Case(
        "CrampWatch",
        lambda: CrampWatch(quiet_input(_ticks_stream()), SETTINGS.cramp, SETTINGS.baseline, SETTINGS.angle),
        quiet_ticks_input,
    ),
    Case("QuietTicks", lambda: QuietTicks(quiet_input(_ticks_stream()), SETTINGS.signs), quiet_ticks_input),
    Case("QuietActivity", lambda: QuietActivity(_quiet_stream(), SETTINGS.signs, SETTINGS.baseline), quiet_ticks),
    Case("Discharges", lambda: Discharges(_quiet_stream(), SETTINGS.signs, SETTINGS.baseline), quiet_ticks),
    Case(
        "LateRelaxation",
        lambda: LateRelaxation(relaxation_input("test"), SETTINGS.signs, SETTINGS.baseline),
        amplitude,
    ),
]
