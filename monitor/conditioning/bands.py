"""Which bins of a half-second spectrum say what: every feature is a weighted sum of bins, so one product gives all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.settings import QualitySettings

MAINS_HZ = (50.0, 60.0)
_NEAR_BINS = 2  # a line seen through a Hann window is four bins wide
_AROUND_BINS = (4, 7)  # its neighbours, on either side
SUMS = ("power", "first moment", "second moment", "movement", "upper end", "below Nyquist")
N_SUMS = len(SUMS) + 3 * len(MAINS_HZ)


def weights(n: int, rate_hz: float, settings: QualitySettings) -> NDArray[np.float64]:
    """Weights of the bins of a window of `n` samples: (N_SUMS, n // 2 + 1).

    The sums are: power of the EMG's band and its first and second moment about 0 Hz; power of movement below the band;
    what the band would hold if all of it were as its upper end, and as the bins just below half of the rate; then for
    50 and 60 Hz in turn what all harmonics hold more than their neighbours promise, and the first and second moment of
    that excess.
    """
    hz = np.arange(n // 2 + 1) * (rate_hz / n)
    low_hz, high_hz = settings.band_low_hz, min(settings.band_high_hz, 0.45 * rate_hz)
    inside = ((hz >= low_hz) & (hz <= high_hz)).astype(np.float64)
    movement = ((hz >= settings.motion_low_hz) & (hz < low_hz)).astype(np.float64)
    upper_hz = settings.noise_low_hz if 1.2 * settings.noise_low_hz < high_hz else 0.8 * high_hz
    ends = [(hz >= upper_hz) & (hz <= high_hz), (hz >= 0.4 * rate_hz) & (hz <= 0.475 * rate_hz)]
    clean = [end & ~_near_mains(hz) for end in ends]
    means = [bins * (inside.sum() / max(1, np.count_nonzero(bins))) for bins in clean]
    lines = [line for mains_hz in MAINS_HZ for line in _excess(hz, mains_hz, high_hz)]
    return np.array([inside, inside * hz, inside * hz**2, movement, *means, *lines])


def _near_mains(hz: NDArray[np.floating]) -> NDArray[np.bool_]:
    near = np.zeros(len(hz), dtype=bool)
    for mains_hz in MAINS_HZ:
        near |= np.abs(hz - mains_hz * np.round(hz / mains_hz)) < 2.5 * hz[1]
    return near


def _excess(hz: NDArray[np.floating], mains_hz: float, high_hz: float) -> list[NDArray[np.float64]]:
    """The bins of all harmonics less what their neighbours promise, and the moments of that."""
    moments = np.zeros((3, len(hz)))
    for line_hz in np.arange(mains_hz, high_hz - (_AROUND_BINS[1] + 1) * hz[1], mains_hz):
        distance = np.abs(np.arange(len(hz)) - round(float(line_hz / hz[1])))
        near = (distance <= _NEAR_BINS).astype(np.float64)
        around = (distance >= _AROUND_BINS[0]) & (distance <= _AROUND_BINS[1])
        moments += (near - around * (near.sum() / around.sum())) * line_hz ** np.arange(3)[:, None]
    return list(moments)
