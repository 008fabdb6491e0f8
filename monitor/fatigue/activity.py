"""Where a recorded channel can be used and where its muscle works, seen as a whole after the fact.

The live gate must decide with what it has heard so far; a summary may take the noise floor from the whole recording.
The rule is the same: first-difference RMS per tick against a reference and a floor, with hysteresis.
Source: Crampwatch detector study.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.conditioning.faults import Quality
from monitor.contraction.levels import on_threshold, smoothed
from monitor.grid import TICK_S
from monitor.runs import latched
from monitor.settings import GateSettings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HEARD = (Quality.GOOD, Quality.RAILED)  # what is at the limit cannot be measured, but it was heard
_HOLE_PERIODS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Ticks:
    """Consecutive 20 ms of rows. first, end: (n,) row numbers, end excluded; part: (n,) number of the gap-free part."""

    first: NDArray[np.int64]
    end: NDArray[np.int64]
    part: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)


def cut_ticks(time_s: Floats, rate_hz: float) -> Ticks:
    """Rows cut into ticks; no tick spans a hole in time, and what is left over before a hole is dropped."""
    borders = np.flatnonzero(np.diff(time_s) > _HOLE_PERIODS / rate_hz) + 1
    edges = np.concatenate([[0], borders, [len(time_s)]])
    firsts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    parts: list[NDArray[np.int64]] = []
    for number, (start, stop) in enumerate(itertools.pairwise(edges)):
        count = int((stop - start) / (rate_hz * TICK_S))
        at = start + np.round(np.arange(count + 1) * (rate_hz * TICK_S)).astype(np.int64)
        firsts.append(at[:-1])
        ends.append(at[1:])
        parts.append(np.full(count, number, dtype=np.int64))
    return Ticks(np.concatenate(firsts), np.concatenate(ends), np.concatenate(parts))


def railed_samples(samples: Floats) -> Bools:
    """Samples in a run of three or more at the channel's own smallest or largest value. samples: (n,), NaN = lost."""
    railed = np.zeros(len(samples), dtype=bool)
    if len(samples) < 3 or not np.isfinite(samples).any():
        return railed
    for level in (np.nanmin(samples), np.nanmax(samples)):
        at = samples == level
        run = at[:-2] & at[1:-1] & at[2:]
        for shift in range(3):
            railed[shift : shift + len(run)] |= run
    return railed


def tick_level(samples: Floats, good: Bools, ticks: Ticks) -> Floats:
    """RMS of the first difference per tick, (n_ticks,), NaN where fewer than half of its samples are good."""
    if not len(ticks):
        return np.empty(0)
    usable = np.zeros(len(samples), dtype=bool)
    usable[1:] = good[1:] & good[:-1]
    usable[ticks.first[np.diff(ticks.part, prepend=-1) != 0]] = False
    square = np.zeros(len(samples))
    square[usable] = np.diff(samples, prepend=0.0)[usable] ** 2
    count = _sums(usable.astype(np.float64), ticks)
    enough = count >= (ticks.end - ticks.first) / 2
    return np.sqrt(np.divide(_sums(square, ticks), count, out=np.full(len(ticks), np.nan), where=enough))


def _sums(values: Floats, ticks: Ticks) -> Floats:
    edges = np.stack([ticks.first, ticks.end], axis=1).ravel()
    return np.add.reduceat(np.append(values, 0.0), edges)[::2]


def active_ticks(level: Floats, heard: Floats, inside: Bools, settings: GateSettings) -> tuple[Bools, str]:
    """Which ticks belong to a contraction, and the gate that said so.

    level: (n,) of the whole recording, NaN = unknown; inside: (n,) the analysed span, from which the reference comes.
    heard: (n,) the same of all samples that are `HEARD`: where contractions are cut off, what is left is their rest.
    Gives (n,) within the span, and "emg", or "span" where the recording holds no rest to measure a floor from: then
    every known tick counts.
    """
    known = np.isfinite(level)
    if not (known & inside).any():
        return np.zeros(len(level), dtype=bool), "span"
    floor = np.percentile(level[known], settings.floor_percentile)
    reference = np.percentile(level[known & inside], settings.reference_percentile)
    loudest = np.percentile(heard[np.isfinite(heard) & inside], settings.reference_percentile)
    if settings.on_floor * floor > max(reference, loudest) / 2:
        return known & inside, "span"
    on = on_threshold(floor, reference, settings)
    smooth = smoothed(level, np.nan)
    with np.errstate(invalid="ignore"):
        active = latched(smooth > on, ~(smooth >= settings.off_fraction * on), before=False)
    return active & inside, "emg"
