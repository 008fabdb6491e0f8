"""How far the EMG's spectrum moves from the first to the last rise of a test, with its interval.

Each rise is one block: the same movement, angle and effort each time, so spectra of rises compare without a model of
either. What moves the whole spectrum down is found by its shape: ln P_b(f) = a(f) + g_b - u_b a'(ln f), with a(f) the
mean over the rises, g_b the gain and u_b the natural logarithm of the spectral scale of rise b; u_b against time is a
straight line. A sensor's own band does not move with the muscle; what it hides of a shift is made up for, as live.
Source: compression estimators, Lo Conte and Merletti 1996; Stulen and De Luca 1981.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from monitor.fatigue.baseline import shown_by
from monitor.fatigue.mdf import median_frequency
from monitor.fatigue.working_frames import WorkingFrames
from monitor.guided.rises import Rise
from monitor.settings import Settings, SpectrumSettings

Floats = NDArray[np.float64]
Interval = tuple[float, float]

_SMOOTHING = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0


@dataclass(frozen=True, slots=True)
class Decline:
    """From the first to the last rise. Changes in %, interval 95 %; None = unknown.

    repeat_ci : where 95 % of repeats of this test by an unchanged leg lie.
    An interval holds the scatter of the rises and what the place of the electrodes and the shape of the spectrum add,
    in proportion to the change.
    log_change, log_se : the change as a natural logarithm and its standard error, for differences between tests.
    """

    mdf_start_hz: float
    mdf_end_hz: float
    mdf_change_pct: float
    mdf_change_ci: Interval
    repeat_ci: Interval
    rms_change_pct: float
    rms: float
    log_change: float
    log_se: float


def decline_of(
    found: WorkingFrames, rises: Sequence[Rise], settings: Settings, corner_hz: float | None = None
) -> Decline | None:
    """The decline in one channel; None from too few rises with a good signal.

    corner_hz : where the sensor's own band ends, None = beyond what is looked at.
    """
    blocks = [(rise.peak_s, power) for rise in rises if len(power := _of_rise(found, rise))]
    if len(blocks) < settings.guided.least_blocks:
        return None
    time_s = np.array([peak_s for peak_s, _ in blocks])
    power = np.array([rows.mean(axis=0) for _, rows in blocks])
    scale = _log_scale(found, power, settings.spectrum, corner_hz)
    slope, se = _line(time_s, scale, np.array([len(rows) for _, rows in blocks], dtype=np.float64))
    span_s = rises[-1].peak_s - rises[0].peak_s
    change = slope * span_s
    change_se = math.hypot(se * span_s, settings.guided.change_error * change)
    t95 = float(stdtrit(len(blocks) - 2, 0.975))
    middle_hz = float(median_frequency(found.frequency_hz, power.mean(axis=0), found.band_hz))
    early = slope * (rises[0].peak_s - time_s.mean())
    level = _rms(found, power)
    rms_slope, _ = _line(time_s, np.log(level), np.ones(len(level)))
    return Decline(
        mdf_start_hz=middle_hz * math.exp(early),
        mdf_end_hz=middle_hz * math.exp(early + change),
        mdf_change_pct=_percent(change),
        mdf_change_ci=_interval(change, t95 * change_se),
        repeat_ci=_interval(change, math.sqrt(2.0) * t95 * change_se),
        rms_change_pct=_percent(rms_slope * span_s),
        rms=float(np.sqrt(np.mean(level**2))),
        log_change=change,
        log_se=change_se,
    )


def together(declines: Sequence[Decline]) -> tuple[float, Interval, Interval] | None:
    """The leg's change in %, its interval and that of repeats: the mean of the channels; None without one."""
    if not declines:
        return None
    change = float(np.mean([each.log_change for each in declines]))
    se = math.sqrt(float(np.sum([each.log_se**2 for each in declines]))) / len(declines)
    half = 2.0 * se
    return _percent(change), _interval(change, half), _interval(change, math.sqrt(2.0) * half)


def difference(first: Decline, second: Decline) -> tuple[float, Interval]:
    """first - second in points of %, about, with its interval."""
    apart = first.log_change - second.log_change
    half = 2.0 * math.hypot(first.log_se, second.log_se)
    return 100.0 * apart, (100.0 * (apart - half), 100.0 * (apart + half))


def _of_rise(found: WorkingFrames, rise: Rise) -> Floats:
    return found.power[(found.time_s >= rise.start_s) & (found.time_s <= rise.end_s)]


def _log_scale(found: WorkingFrames, power: Floats, settings: SpectrumSettings, corner_hz: float | None) -> Floats:
    """ln of the spectral scale of each block against the mean of all."""
    hz = found.frequency_hz
    rows = np.flatnonzero((hz >= settings.score_low_hz) & (hz <= min(settings.score_high_hz, 0.95 * found.band_hz[1])))
    logs = np.log(np.maximum(power[:, rows], 1e-30))
    mean = logs.mean(axis=0)
    padded = np.concatenate([np.repeat(mean[0], 2), mean, np.repeat(mean[-1], 2)])
    smooth = np.convolve(padded, _SMOOTHING, mode="valid")
    shape = -np.gradient(smooth, np.log(hz[rows]))
    shape = shape - shape.mean()
    apart = logs - mean
    template = shape / float(np.sum(shape**2))
    return (apart - apart.mean(axis=1, keepdims=True)) @ template / shown_by(template, hz[rows], corner_hz)


def _line(time_s: Floats, values: Floats, weights: Floats) -> tuple[float, float]:
    """Slope of the weighted straight line and its standard error."""
    weights = weights / weights.sum()
    apart_s = time_s - np.sum(weights * time_s)
    spread = float(np.sum(weights * apart_s**2))
    centred = values - np.sum(weights * values)
    slope = float(np.sum(weights * apart_s * centred)) / spread
    left = centred - slope * apart_s
    squared = len(values) / (len(values) - 2) * np.sum((weights * apart_s * left) ** 2)
    return slope, math.sqrt(float(squared)) / spread


def _rms(found: WorkingFrames, power: Floats) -> Floats:
    in_band = (found.frequency_hz >= found.band_hz[0]) & (found.frequency_hz <= found.band_hz[1])
    width_hz = found.frequency_hz[1] - found.frequency_hz[0]
    return np.sqrt(power[:, in_band].sum(axis=1) * width_hz)


def _percent(change: float) -> float:
    return 100.0 * math.expm1(change)


def _interval(change: float, half: float) -> Interval:
    return _percent(change - half), _percent(change + half)
