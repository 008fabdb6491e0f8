"""The quality of a recorded span after the fact: the same verdicts as live, told of the samples that they speak of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.conditioning.faults import Quality
from monitor.conditioning.verdicts import QualityVerdicts
from monitor.conditioning.windows import QualityWindows
from monitor.settings import QualitySettings

_AT_ONCE = {Quality.RAILED, Quality.FLAT, Quality.LOSSY}  # seen in one window; the others need two


def quality_of(emg: Chunk, settings: QualitySettings) -> NDArray[np.int64]:
    """What is wrong with each sample: codes of `Quality`, (n_samples, n_channels); lost samples by themselves too.

    A live verdict comes at the end of the half seconds that it rests on; here they are bad themselves, and so is the
    half second before where a fault takes two to be seen. Nothing is held after a fault, and noise that turns out to be
    this muscle's rest is rest from the start. Scattered loss is told of the lost samples alone. What follows the last
    whole half second is as it was in it.
    """
    settings = replace(settings, hold_s=0.0)
    windows = QualityWindows(emg.stream, settings)
    judge = QualityVerdicts(windows.output, emg.stream.rate_hz, emg.stream.channels[0].unit, settings)
    found = windows.push(emg)
    verdicts = judge.push(found)
    if judge.heard_noise:
        verdicts = judge.knowing_the_rest().push(found)
    codes = np.zeros(emg.samples.shape, dtype=np.int64)
    if len(verdicts):
        told = _backdated(verdicts.samples[:, 1::2].astype(np.int64))
        codes = told[np.minimum(verdicts.time_s.searchsorted(emg.time_s, side="right"), len(told) - 1)]
    codes[codes == Quality.LOSSY] = Quality.GOOD
    codes[~np.isfinite(emg.samples)] = Quality.LOST
    return codes


def _backdated(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n_windows, n_channels): a fault that needs two windows begins with the first of them."""
    earlier = codes.copy()
    begins = (codes[:-1] == Quality.GOOD) & ~np.isin(codes[1:], [Quality.GOOD, *_AT_ONCE])
    earlier[:-1][begins] = codes[1:][begins]
    return earlier
