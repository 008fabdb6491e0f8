"""Has an electrode moved? A channel that leaves all that it was before, against the others, sits elsewhere.

What a moved electrode says is not comparable with the baseline of its old place: a louder or slower spectrum there is
no fatigue, and a quicker one no recovery. Muscles themselves share their work differently from task to task, so a
channel's range is learnt first, and a step counts only beyond it and only if it stays; after a lost contact, at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.medians import channel_median
from monitor.settings import ElectrodeSettings

Floats = NDArray[np.float64]
_REST_S = 2  # seconds of rest in a block: fewer tell no floor
_CLEAR = 1.5  # times as far from its usual self as the next one


@dataclass(slots=True)
class Range:
    """What one measure of one channel was so far, in means of blocks; those beyond it wait until it is clear why."""

    low: float = np.inf
    high: float = -np.inf
    blocks: int = 0
    beyond: list[float] = field(default_factory=list[float])

    def push(self, value: float, margin: float, settings: ElectrodeSettings) -> int:
        """The next block; gives how many of the last ones in a row lie beyond, all on the same side."""
        if not np.isfinite(value):
            return len(self.beyond)
        side = self._side(value, margin)
        if self.blocks < settings.least_blocks or not self._side(value, margin / 2):
            self._learn(value)
            return 0
        if not side:  # half of a step, as a block has that holds its instant: it would widen the range for the next one
            return len(self.beyond)
        if self.beyond and self._side(self.beyond[-1], margin) != side:
            self._learn()
        self.beyond.append(value)
        return len(self.beyond)

    @property
    def step(self) -> float:
        """How far the blocks beyond lie from the middle of the range; NaN = none do."""
        return float(np.mean(self.beyond)) - (self.low + self.high) / 2 if self.beyond else np.nan

    def _side(self, value: float, margin: float) -> int:
        return int(value > self.high + margin) - int(value < self.low - margin)

    def _learn(self, *values: float) -> None:
        """Blocks that waited were a task of its own: they belong to the range."""
        for value in (*self.beyond, *values):
            self.low, self.high, self.blocks = min(self.low, value), max(self.high, value), self.blocks + 1
        self.beyond.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Which electrodes sit elsewhere than when the baseline was learnt (C,), and how much louder they are there (C,).

    NaN = not known, or not moved.
    """

    channels: NDArray[np.bool_]
    gain: Floats


class Electrodes:
    """Watches the channels of one leg in blocks of `block_frames` contraction frames.

    moved, gain : see `Moved`.
    Measures of a channel: level (ln power), spectrum (u) and, at rest, floor (ln RMS); against the median of the
    others. Of a channel alone spectrum and floor count, and only after a lost contact: the calf itself varies as much.
    Where all lost it their own spectra count, too: put back elsewhere, they step together.
    """

    def __init__(self, n_channels: int, settings: ElectrodeSettings) -> None:
        self._settings, self._n = settings, n_channels
        self._margins = (settings.level_ln, settings.spectrum_ln, settings.floor_ln)
        self.moved, self.gain = np.zeros(n_channels, dtype=bool), np.full(n_channels, np.nan)
        self._off_s, self._sustained = np.zeros(n_channels), False
        self._back = np.zeros(n_channels, dtype=bool)  # contact was lost since the channel was last judged
        self._start()

    @property
    def told(self) -> Moved:
        """What is known of the electrodes now."""
        return Moved(self.moved, self.gain)

    def _start(self) -> None:
        self._ranges = [[Range() for _ in self._margins] for _ in range(self._n)]
        self._low, self._high = np.full((2, self._n), np.inf), np.full((2, self._n), -np.inf)  # each by itself
        self._begin()

    def _begin(self) -> None:
        self._sums, self._counts, self._frames = np.zeros((3, self._n)), np.zeros((3, self._n)), 0

    def heed(self, off: NDArray[np.bool_], floor_uv: Floats | None, *, sustained: bool = False) -> None:
        """A second: the channels without contact, and the RMS of those at rest; None = no rest in it.

        sustained : the calf works without pause. In a cramp one head works alone, and its electrode has not moved.
        """
        self._sustained = sustained
        if sustained:
            self._begin()
        self._off_s = np.where(off, self._off_s + 1, 0.0)
        if (self._off_s >= self._settings.off_s).any():
            self._back |= self._off_s >= self._settings.off_s
            self._begin()  # no block lies on both sides of a lost contact
        if floor_uv is not None:
            self._add(2, np.log(np.maximum(floor_uv, 1e-9))[None, :])

    def push(self, ln_power: Floats, u: Floats) -> NDArray[np.bool_]:
        """Frames of contraction (n, C), NaN = unknown; gives the channels that are found to have moved just now."""
        if self._sustained:
            return np.zeros(self._n, dtype=bool)
        self._add(0, ln_power)
        self._add(1, u)
        self._frames += len(ln_power)
        if self._frames < self._settings.block_frames:
            return np.zeros(self._n, dtype=bool)
        found = self._judge()
        if found.any():
            self.moved = self.moved | found
            self._start()
        self._begin()
        return found

    def _add(self, measure: int, values: Floats) -> None:
        known = np.isfinite(values) & ~self.moved
        self._sums[measure] += np.where(known, values, 0.0).sum(axis=0)
        self._counts[measure] += known.sum(axis=0)

    def _judge(self) -> NDArray[np.bool_]:
        """A block is full: which channels have left their ranges for good."""
        frames = self._settings.block_frames / 2
        means = np.where(
            self._counts >= np.array([[frames], [frames], [_REST_S]]), self._sums / np.maximum(self._counts, 1), np.nan
        )
        against = self._against_others(means)
        beyond = np.array(
            [
                [r.push(value, margin, self._settings) for r, value, margin in zip(rs, row, self._margins, strict=True)]
                for rs, row in zip(self._ranges, against.T.tolist(), strict=True)
            ]
        )
        lost = self._back & ((beyond > 0).any(axis=1) | self._elsewhere(means[1]))
        stepped = beyond[:, 0] >= self._settings.steady_blocks
        found = lost if lost.any() else self._blamed(stepped, means[:2])
        self.gain = np.where(found, np.exp([ranges[0].step / 2 for ranges in self._ranges]), self.gain)
        self._back &= ~np.isfinite(means[0])
        if not (beyond > 0).any():
            self._low, self._high = np.fmin(self._low, means[:2]), np.fmax(self._high, means[:2])
        return found

    def _elsewhere(self, u: Floats) -> NDArray[np.bool_]:
        """Where all channels were off, as a sensor that is put back elsewhere: those whose spectrum is new."""
        if not self._back[~self.moved].all():
            return np.zeros(self._n, dtype=bool)
        margin, low, high = self._margins[1], self._low[1], self._high[1]
        return np.isfinite(low) & ((u < low - margin) | (u > high + margin))

    def _blamed(self, stepped: NDArray[np.bool_], own: Floats) -> NDArray[np.bool_]:
        """Where one channel steps, the others step against it: the one that left its own level and spectrum has moved.

        Where that is not clear, all of them count as moved.
        """
        if stepped.sum() < 2:
            return stepped
        width = np.maximum(self._high - self._low, np.array(self._margins[:2])[:, None])
        away = np.nansum(np.abs(own - (self._low + self._high) / 2) / width, axis=0)
        first, second = np.sort(np.where(stepped, away, 0.0))[::-1][:2]
        return stepped & (away == first) if first > _CLEAR * second else stepped

    def _against_others(self, means: Floats) -> Floats:
        """(3, C) each channel less the median of the others; of a channel that is alone spectrum and floor as such."""
        if (~self.moved).sum() == 1:
            return np.concatenate([np.full((1, self._n), np.nan), means[1:]])
        others = [channel_median(np.delete(means, c, axis=1)) for c in range(self._n)]
        return means - np.stack(others, axis=1)
