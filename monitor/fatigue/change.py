"""How the spectrum changed from the beginning to the end of the contraction time, how surely, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitor.fatigue.mdf import median_frequency, pooled_spectrum
from monitor.fatigue.response import Response
from monitor.fatigue.slope import relative_slope
from monitor.fatigue.summary_settings import SummarySettings
from monitor.fatigue.working_frames import Bools, Floats, WorkingFrames
from monitor.grid import TICK_S

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """From the first to the last 15 % of the contraction time; None = unknown. Intervals are 95 %, changes in %."""

    mdf_start_hz: float | None = None
    mdf_end_hz: float | None = None
    mdf_change_pct: float | None = None
    mdf_change_ci: Interval | None = None
    slope_pct_per_min: float | None = None
    slope_ci: Interval | None = None
    rms_change_pct: float | None = None
    fatigue: str = "unknown"
    compression_change_pct: float | None = None
    compression_slope_pct_per_min: float | None = None


def measure_change(found: WorkingFrames, start_s: float, response: Response, settings: SummarySettings) -> Change:
    """Compare both edges. start_s: the span's start, where the slope's 100 % lies; response: the sensor's."""
    early, late = _edges(found, settings)
    if not early.any() or not late.any():
        return Change()
    first, last = pooled_spectrum(found.power[early]), pooled_spectrum(found.power[late])
    in_band = (found.frequency_hz >= found.band_hz[0]) & (found.frequency_hz <= found.band_hz[1])
    power_first, power_last = float(first[in_band].sum()), float(last[in_band].sum())
    if power_first <= 0 or power_last <= 0:
        return Change()
    start_hz, end_hz = float(_mdf(found, first)), float(_mdf(found, last))
    change_pct = 100 * (end_hz / start_hz - 1)
    interval = _interval(found, change_pct, settings)
    minutes, values_hz = _values(found, start_s, settings)
    slope, slope_ci = relative_slope(minutes, values_hz)
    if len(found.power) * settings.hop_ticks * TICK_S >= settings.own_spectrum_s:
        response = response.of(found.frequency_hz, pooled_spectrum(found.power))
    true_pct = 100 * float(response.compression(start_hz, np.array([end_hz]))[0] - 1)
    true_slope, _ = relative_slope(minutes, response.compression(start_hz, values_hz))
    rms_change_pct = 100 * ((power_last / power_first) ** 0.5 - 1)
    told = verdict(change_pct, interval, settings.decline_pct)
    return Change(
        start_hz, end_hz, change_pct, interval, slope, slope_ci, rms_change_pct, told, _finite(true_pct), true_slope
    )


def verdict(change_pct: float, interval: Interval | None, decline_pct: float) -> str:
    """Yes: declined by so much and surely below 0. No: a decline of so much is excluded. Else unknown."""
    if interval is None:
        return "unknown"
    if change_pct <= -decline_pct and interval[1] < 0:
        return "yes"
    return "no" if interval[0] > -decline_pct else "unknown"


def _mdf(found: WorkingFrames, power: Floats) -> Floats:
    return median_frequency(found.frequency_hz, power, found.band_hz)


def _edges(found: WorkingFrames, settings: SummarySettings) -> tuple[Bools, Bools]:
    edge_s = settings.edge_fraction * found.total_s
    rounding_s = TICK_S / 1000
    return found.end_s <= edge_s + rounding_s, found.begin_s >= found.total_s - edge_s - rounding_s


def _interval(found: WorkingFrames, change_pct: float, settings: SummarySettings) -> Interval | None:
    """Interval of the change: how far blocks of the whole span scatter about their trend, drawn anew for both edges.

    The few blocks of a short edge are too few to tell their own scatter; all blocks of the span together are not.
    """
    scatter = _block_scatter(found, settings)
    if scatter is None:
        return None
    n_blocks = max(1, round(settings.edge_fraction * found.total_s / settings.block_s))
    drawing = np.random.default_rng(settings.seed)
    drawn = [drawing.choice(scatter, (settings.resamples, n_blocks)).mean(axis=1) for _ in range(2)]
    low, high = np.percentile((100 + change_pct) * np.exp(drawn[1] - drawn[0]) - 100, [2.5, 97.5])
    return float(low), float(high)


def _block_scatter(found: WorkingFrames, settings: SummarySettings) -> Floats | None:
    """ln MDF of each block of contraction time less its straight line, (n_blocks,); None from too few blocks."""
    n_blocks = int(found.total_s / settings.block_s)
    if n_blocks < settings.min_blocks:
        return None
    block = np.minimum(((found.begin_s + found.end_s) / 2 / found.total_s * n_blocks).astype(np.int64), n_blocks - 1)
    sums = np.zeros((n_blocks, found.power.shape[1]))
    np.add.at(sums, block, found.power)
    filled = np.bincount(block, minlength=n_blocks) * settings.hop_ticks * TICK_S >= settings.block_s / 4
    if filled.sum() < settings.min_blocks:
        return None
    at = np.flatnonzero(filled) - np.flatnonzero(filled).mean()
    values = np.log(_mdf(found, sums[filled]))
    values = values - values.mean()
    values = values - at * np.sum(at * values) / np.sum(at**2)
    return values * np.sqrt(len(values) / (len(values) - 2))


def _values(found: WorkingFrames, start_s: float, settings: SummarySettings) -> tuple[Floats, Floats]:
    """The MDF in steps: minutes since the span's start, and Hz."""
    since_s = found.time_s - start_s
    reach_s = float(since_s[-1])
    value_s = min(max(reach_s / settings.slope_values, settings.slope_shortest_s), settings.slope_longest_s)
    value_s = max(value_s, reach_s / settings.slope_most_values)
    borders = np.flatnonzero(np.diff((since_s / value_s).astype(np.int64))) + 1
    rows = np.split(np.arange(len(since_s)), borders)
    rows = [part for part in rows if len(part) * settings.hop_ticks * TICK_S >= settings.slope_min_s]
    minutes = np.array([since_s[part].mean() / 60 for part in rows])
    values_hz = np.array([float(_mdf(found, pooled_spectrum(found.power[part]))) for part in rows])
    return minutes, values_hz


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
