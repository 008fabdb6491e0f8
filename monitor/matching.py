"""Frames of EMG beside what the leg did while they lasted: contraction and ankle angle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.contraction.angle_at import angle_at
from monitor.grid import TICK_S

Floats = NDArray[np.float64]
_FRAME_TICKS = 6  # a frame is valid if the last six ticks are all contraction
_HISTORY_TICKS = 8


class Matching:
    """Second by second. matched : see `compression_input`; half_frame_s : from a frame's end to its middle."""

    def __init__(self, matched: Stream, n_channels: int, half_frame_s: float) -> None:
        self._matched, self._half_frame_s = matched, half_frame_s
        self._active = np.zeros(_HISTORY_TICKS, dtype=bool)  # of the last ticks before
        self._bad = np.zeros((_HISTORY_TICKS, n_channels), dtype=bool)

    def close(
        self,
        frames: Chunk,
        ticks_s: Floats,
        active: NDArray[np.bool_],
        bad: NDArray[np.bool_],
        angle: tuple[Floats, Floats],
        *,
        expected: bool,
    ) -> tuple[Chunk, Chunk]:
        """Frames with contraction and angle beside them, and the same with everything but contraction set to NaN.

        active (n,), bad (n, C) : of the second's ticks; angle : its times and degrees; expected : one is to be had.
        """
        working = np.concatenate([self._active, active])
        bad = np.concatenate([self._bad, bad])
        self._active, self._bad = working[-_HISTORY_TICKS:], bad[-_HISTORY_TICKS:]
        begin_s = ticks_s[0] if len(ticks_s) else 0.0
        last_tick = np.rint((frames.time_s - begin_s) / TICK_S).astype(np.int64) + _HISTORY_TICKS
        last_tick = np.minimum(np.maximum(last_tick, _FRAME_TICKS - 1), len(working) - 1)
        rows = last_tick[:, None] - np.arange(_FRAME_TICKS)
        contraction = np.logical_and.reduce(working[rows], axis=1)
        power = frames.samples
        if bad.any():
            n_bins = power.shape[1] // bad.shape[1]
            power = np.where(np.repeat(bad[rows].any(axis=1), n_bins, axis=1), np.nan, power)
        matched = np.empty((len(frames), power.shape[1] + 3))
        matched[:, :-3], matched[:, -3], matched[:, -1] = power, contraction, expected
        matched[:, -2] = angle_at(frames.time_s - self._half_frame_s, *angle)
        only = np.full(power.shape, np.nan)
        only[contraction] = power[contraction]
        return Chunk(self._matched, frames.time_s, matched), Chunk(frames.stream, frames.time_s, only)
