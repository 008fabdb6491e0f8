"""The contraction frames of the last minutes, as sums: what a baseline can be fitted again from at any time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from monitor.fatigue.baseline import N_COVARIATES, Sums

_BLOCK_S = 15.0  # frames are added together, so many seconds of them at once: that costs less than one by one


class _Timed(Protocol):
    @property
    def time_s(self) -> NDArray[np.float64]: ...


Rows = TypeVar("Rows", bound=_Timed)


class RecentSums(Generic[Rows]):
    """Sums of frames in blocks of a quarter of a minute or more; frames themselves are held no longer than that.

    sums_of : sums of some rows, their time counted from 0. window_s : how far back the blocks reach.
    """

    def __init__(self, sums_of: Callable[[Sequence[Rows]], Sums], window_s: float) -> None:
        self._sums_of, self._window_s = sums_of, window_s
        self._held: list[Rows] = []
        self._blocks: deque[tuple[float, float, Sums]] = deque()  # first and last frame, s, and what they come to

    def push(self, rows: Rows) -> None:
        """The next frames, at least one."""
        self._held.append(rows)
        newest_s = float(rows.time_s[-1])
        if newest_s - float(self._held[0].time_s[0]) >= _BLOCK_S:
            self._close()
            while self._blocks[0][1] < newest_s - self._window_s - _BLOCK_S:
                self._blocks.popleft()

    def _close(self) -> None:
        if self._held:
            begin_s, end_s = float(self._held[0].time_s[0]), float(self._held[-1].time_s[-1])
            self._blocks.append((begin_s, end_s, self._sums_of(self._held)))
            self._held = []

    def n_frames(self, now_s: float) -> int:
        """How many frames the window holds."""
        held = sum(len(rows.time_s) for rows in self._held)
        return held + sum(block.n_frames for _, end_s, block in self._blocks if end_s > now_s - self._window_s)

    def sums(self, now_s: float) -> Sums | None:
        """All of the window together, their time counted from its first frame; None = there are none."""
        self._close()
        chosen = [(begin_s, block) for begin_s, end_s, block in self._blocks if end_s > now_s - self._window_s]
        return anchored(together([block for _, block in chosen]), chosen[0][0]) if chosen else None

    def forget(self, channel: int) -> None:
        """What a channel said so far is not comparable with what it says from now on."""
        self._close()
        for _, _, block in self._blocks:
            block.forget(channel)


def together(parts: Sequence[Sums]) -> Sums:
    """All parts in one."""
    n_channels, _, n_score_bins = parts[0].atl.shape
    total = Sums(n_channels, n_score_bins, parts[0].power.shape[1])
    for part in parts:
        for name in ("ata", "atl", "power", "ln_power", "count"):
            getattr(total, name)[...] += getattr(part, name)
        total.n_frames += part.n_frames
        total.effort_low = min(total.effort_low, part.effort_low)
        total.effort_high = max(total.effort_high, part.effort_high)
    return total


def anchored(sums: Sums, start_s: float) -> Sums:
    """The same sums with time, the last covariate, counted from `start_s`."""
    shift = np.eye(N_COVARIATES)
    shift[-1, 0] = -start_s / 300.0
    sums.ata = np.einsum("ij,cjk,lk->cil", shift, sums.ata, shift)
    sums.atl = np.einsum("ij,cjb->cib", shift, sums.atl)
    return sums
