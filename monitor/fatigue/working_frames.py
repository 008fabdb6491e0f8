"""The spectra of one recorded channel while its muscle works: what a summary is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.fatigue.activity import Ticks
from monitor.fatigue.hum import without_lines
from monitor.fatigue.mdf import frame_power, frames, frequencies_hz, mains_lines_hz
from monitor.fatigue.summary_settings import SummarySettings
from monitor.grid import TICK_S

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_FRAMES_AT_ONCE = 512
_LONG_FRAMES_AT_ONCE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One channel of a whole recording. time_s, samples: (n,), NaN = lost; usable: (n,) good and within the span."""

    rate_hz: float
    time_s: Floats
    samples: Floats
    usable: Bools


@dataclass(frozen=True, slots=True, eq=False)
class WorkingFrames:
    """Power spectra of (k, n_bins), mains lines taken out, of frames in which the muscle works from end to end.

    time_s: (k,) centre of each frame; begin_s, end_s: (k,) the same in contraction time, which stands still at rest;
    total_s: contraction time of the span; band_hz: where the median frequency is taken.
    """

    frequency_hz: Floats
    power: Floats
    time_s: Floats
    begin_s: Floats
    end_s: Floats
    total_s: float
    band_hz: tuple[float, float]


def working_frames(
    column: Column, ticks: Ticks, active: Bools, band_hz: tuple[float, float], settings: SummarySettings
) -> WorkingFrames:
    """All frames whose ticks are active and whose samples are usable. active: (n_ticks,) within the span."""
    n_frame = round(settings.frame_s * column.rate_hz)
    n_ticks = int(settings.frame_s / TICK_S + 1e-9)
    worked = np.concatenate([[0], np.cumsum(active)])
    last = np.arange(n_ticks - 1, len(ticks), settings.hop_ticks)
    before = last + 1 - n_ticks
    last = last[(worked[last + 1] - worked[before] == n_ticks) & (ticks.part[last] == ticks.part[before])]
    last = last[ticks.end[last] >= n_frame]
    last = last[_whole(column.usable, ticks.end[last] - n_frame, n_frame)]
    first = ticks.end[last] - n_frame
    frequency_hz = frequencies_hz(n_frame, column.rate_hz)
    frequency_hz = frequency_hz[frequency_hz <= band_hz[1] + 2 * frequency_hz[1]]
    lines_hz = _lines_hz(column, band_hz, settings)
    clean = without_lines(column.samples, column.usable, column.time_s, column.rate_hz, lines_hz)
    power = _power(clean, column.rate_hz, first, n_frame, len(frequency_hz))
    end_s = worked[last + 1] * TICK_S
    middle_s = column.time_s[first + n_frame // 2]
    return WorkingFrames(
        frequency_hz, power, middle_s, end_s - n_ticks * TICK_S, end_s, float(worked[-1] * TICK_S), band_hz
    )


def _power(samples: Floats, rate_hz: float, first: NDArray[np.int64], n_frame: int, n_bins: int) -> Floats:
    power = np.empty((len(first), n_bins))
    for at in range(0, len(first), _FRAMES_AT_ONCE):
        some = slice(at, at + _FRAMES_AT_ONCE)
        power[some] = frame_power(frames(samples, first[some], n_frame), rate_hz)[:, :n_bins]
    return power


def _whole(usable: Bools, first: NDArray[np.int64], n_frame: int) -> Bools:
    """Which frames hold usable samples only."""
    unusable = np.concatenate([[0], np.cumsum(~usable)])
    return unusable[first + n_frame] == unusable[first]


def _lines_hz(column: Column, band_hz: tuple[float, float], settings: SummarySettings) -> tuple[float, ...]:
    """The mains lines of the span, from long frames of rest and work alike."""
    n_frame = round(settings.line_frame_s * column.rate_hz)
    first = np.arange(0, len(column.samples) - n_frame + 1, max(1, n_frame // 2))
    lasts_s = column.time_s[first + n_frame - 1] - column.time_s[first]
    first = first[_whole(column.usable, first, n_frame) & (lasts_s < 1.01 * settings.line_frame_s)]
    if len(first) < settings.line_min_frames:
        return ()
    first = first[:: -(-len(first) // settings.line_most_frames)]
    total = np.zeros((1, n_frame // 2 + 1))
    for at in range(0, len(first), _LONG_FRAMES_AT_ONCE):
        power = frame_power(frames(column.samples, first[at : at + _LONG_FRAMES_AT_ONCE], n_frame), column.rate_hz)
        total = np.add.reduce(np.concatenate([total, power]), axis=0, keepdims=True)
    total = total[0]
    return mains_lines_hz(frequencies_hz(n_frame, column.rate_hz), total / len(first), band_hz)
