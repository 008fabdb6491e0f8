"""What is known about one leg at the end of one second: the only input of score and state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """None = unknown, never 0. Times in session seconds."""

    time_s: float
    packets: bool  # any sample of the EMG in this second
    good: bool  # at least one EMG channel is usable
    quality: tuple[str, ...]  # plain sentences on the channels that are not
    calibration_fraction: float  # 1 = the baseline is usable
    compression: float | None  # spectral scale against baseline, 1 = unchanged
    stale: bool  # too few contractions lately to say
    baseline_hz: float | None
    quiet_ratio: float | None
    twitches_per_min: float | None
    twitch_baseline_per_min: float | None
    shortened_share: float | None  # of the last five minutes
    spectral: bool = True  # the sensor's rate can show a spectral shift
    relaxation_z: float | None = None  # of the last contractions, sd of their own kinds
    relaxation_of: int = 0  # how many
    tonic_s_per_min: float | None = None  # of quiet time
    dose_min: float | None = None  # shortened contraction, what is long ago counting less
