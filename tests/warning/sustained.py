"""A calf on the 20 ms grid for CrampWatch: levels and angles by the second, noise as of a muscle."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.settings import Settings
from monitor.warning.cramp import COLUMNS, CrampWatch, cramp_reading
from monitor.warning.evidence import CrampReading, Verdict
from monitor.warning.quiet import quiet_input

SETTINGS = Settings()
LABELS = ("GM", "GL")
REST, WORK = (6.0, 5.0), (300.0, 240.0)  # uV, GM and GL
NAN = float("nan")
Span = tuple[float, tuple[float, float], float]  # seconds, RMS of GM and GL in uV, ankle in deg (NaN = unknown)


def warm_up(rest: tuple[float, float] = REST) -> list[Span]:
    """A minute of rises and rests: both heads, the ankle pointed while they work."""
    return [(2.0, rest, 0.0), (2.0, WORK, -22.0)] * 15 + [(3.0, rest, 0.0)]


def stride(seconds: float, floor: tuple[float, float] = REST, each_s: float = 0.7) -> list[Span]:
    """Running: a third of each stride at work, the rest at `floor`."""
    both = tuple(float(np.hypot(*pair)) for pair in zip(WORK, floor, strict=True))
    return [(0.24, both, 18.0), (0.2, floor, -20.0), (0.26, floor, 5.0)] * round(seconds / each_s)  # type: ignore[list-item]


def ticks_of(spans: Iterable[Span], n_channels: int = 2, hum: bool = False) -> Chunk:
    """The input of CrampWatch. hum : the levels have no noise of their own."""
    rng = np.random.default_rng(7)
    levels = np.concatenate([np.tile(level, (round(50 * s), 1)) for s, level, _ in spans])
    angle = np.concatenate([np.full(round(50 * s), deg) for s, _, deg in spans])
    moved = np.convolve(np.pad(angle, 5, mode="edge"), np.ones(11) / 11, mode="valid")  # no ankle jumps
    n = len(levels) // 50 * 50
    power = levels**2 * (1.0 if hum else rng.chisquare(4, levels.shape) / 4)
    rows = np.empty((len(levels), 3 * n_channels + 2))
    for channel in range(n_channels):
        rows[:, 3 * channel : 3 * channel + 3] = power[:, channel : channel + 1]
    loudest = np.fmax.reduce(levels[:, :n_channels], axis=1)
    rows[:, -2] = np.where(np.isnan(loudest), NAN, loudest > 30.0)
    rows[:, -1] = moved
    stream = watch(n_channels).input
    return Chunk(stream, 0.02 * np.arange(1, n + 1), rows[:n])


def watch(n_channels: int = 2, settings: Settings = SETTINGS) -> CrampWatch:
    kinds = ("ms", "dms", "peak")
    channels = tuple(Channel(f"{label} {kind}", "uV2") for label in LABELS[:n_channels] for kind in kinds)
    stream = quiet_input(Stream("ticks", 50.0, channels, "made"))
    return CrampWatch(stream, settings.cramp, settings.baseline, settings.angle)


def readings(
    spans: Iterable[Span],
    n_channels: int = 2,
    settings: Settings = SETTINGS,
    rest: tuple[float, float] = REST,
    hum: bool = False,
) -> list[CrampReading | None]:
    """Second by second after the warm-up."""
    warm = ticks_of(warm_up(rest), n_channels)
    told = ticks_of(spans, n_channels, hum)
    stage = watch(n_channels, settings)
    stage.push(warm)
    out = stage.push(Chunk(told.stream, told.time_s + warm.time_s[-1], told.samples))
    assert out.stream.channels == COLUMNS
    return [cramp_reading(row, LABELS[:n_channels]) for row in out.samples]


def verdicts(
    spans: Iterable[Span],
    n_channels: int = 2,
    settings: Settings = SETTINGS,
    rest: tuple[float, float] = REST,
    hum: bool = False,
) -> list[Verdict]:
    found = readings(spans, n_channels, settings, rest, hum)
    return [Verdict.NOTHING if one is None else one.verdict for one in found]
