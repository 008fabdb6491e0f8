"""Does each electrode sit on the calf? Walking tells: the calf pushes while its foot stands and rests while it swings.

The shin works the other way round (to lift the toes), and so does the other leg's calf. Measured on recordings with
known events (`tests/contraction/gait_emg.py`), mean amplitude of stance over that of swing: gastrocnemius 2.6-7.1,
tibialis anterior 0.4-0.8, and 0.24 on one electrode that its makers called gastrocnemius.
Source: Perry 1992 and Winter 1991 for when the muscles work (not re-read); the thresholds are our own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.strides import Stride
from monitor.medians import middle, quantile
from monitor.settings import PlacementSettings

Floats = NDArray[np.float64]
SENTENCE = "{label} {leg}: works while the foot swings, not while it stands; is it on the shin or on the other leg?"
_KEEP_SECONDS = 7
_LOW_SHARE = 0.1


def phase_levels(time_s: Floats, rms_uv: Floats, strike_s: float, toe_off_s: float, next_s: float) -> Floats:
    """What each channel did in one stride: mean amplitude in stance, in swing, and its quiet level, (3, C).

    time_s : (n,) ends of ticks, rms_uv : (n, C). The stance begins with the strike, the swing with the toe-off.
    NaN where half of a phase is lost.
    """
    out = np.full((3, rms_uv.shape[1]), np.nan)
    edges = time_s.searchsorted((strike_s, toe_off_s, next_s)).tolist()
    for row, (first, end) in enumerate(((edges[0], edges[1]), (edges[1], edges[2]))):
        known = np.isfinite(rms_uv[first:end])
        total, count = np.where(known, rms_uv[first:end], 0.0).sum(axis=0), known.sum(axis=0)
        out[row] = np.divide(total, count, out=out[row], where=2 * count > end - first)
    whole = np.isfinite(out[:2]).all(axis=0)
    for channel in np.flatnonzero(whole).tolist():
        levels = rms_uv[edges[0] : edges[2], channel]
        out[2, channel] = quantile(levels[np.isfinite(levels)], _LOW_SHARE)
    return out


class PlacementWatch:
    """Compares stance and swing of every channel over the last strides of walking. `push` takes second after second.

    n_channels : of the EMG; longest_stride_s : two strikes further apart are no stride
    `ratio` : (C,) stance over swing, median of the strides, NaN = too few. `doubtful` : (C,) the electrode works in
    swing and not in stance. A channel that does not rise above its own quiet level in swing is not doubted.
    """

    def __init__(self, n_channels: int, settings: PlacementSettings, longest_stride_s: float) -> None:
        self._settings, self._longest_stride_s = settings, longest_stride_s
        self._seconds: deque[tuple[Floats, Floats]] = deque(maxlen=_KEEP_SECONDS)
        self._strides: deque[Floats] = deque(maxlen=2 * int(settings.strides))
        self._struck_s = -np.inf
        self.ratio = np.full(n_channels, np.nan)
        self.doubtful = np.zeros(n_channels, dtype=bool)

    def push(self, time_s: Floats, rms_uv: Floats, swings: Sequence[Stride]) -> None:
        """The ticks of a second and the swings that ended in it; none unless the leg walks."""
        self._seconds.append((time_s, rms_uv))
        if not swings:
            return
        recent_s, recent_uv = (np.concatenate(parts) for parts in zip(*self._seconds, strict=True))
        for swing in swings:
            if swing.strike_s - self._struck_s <= self._longest_stride_s:
                stride_s = self._struck_s, swing.toe_off_s, swing.strike_s
                self._strides.append(phase_levels(recent_s, recent_uv, *stride_s))
            self._struck_s = swing.strike_s
        if self._strides:
            self._judge(np.array(self._strides))

    def _judge(self, levels_uv: Floats) -> None:
        known = np.isfinite(levels_uv.sum(axis=1))
        for channel in np.flatnonzero(known.sum(axis=0) >= self._settings.strides).tolist():
            stance, swing, quiet = middle(levels_uv[known[:, channel], :, channel]).tolist()
            self.ratio[channel] = stance_over_swing(stance, swing)
            works = swing > self._settings.above_quiet * quiet
            most = self._settings.leave if self.doubtful[channel] else self._settings.enter
            self.doubtful[channel] = works and self.ratio[channel] < most


def stance_over_swing(stance_uv: float, swing_uv: float) -> float:
    """How much more a muscle does in stance than in swing; a silent one does as much."""
    if swing_uv > 0:
        return stance_uv / swing_uv
    return float("inf") if stance_uv > 0 else 1.0
