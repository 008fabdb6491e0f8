"""A signal of any length, made in pages of fixed size, so that the size of the reads cannot change it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Page = Callable[[int], NDArray[np.float64]]


class Pages:
    """Consecutive reads from numbered pages.

    page : gives page number k, (page_samples, n_channels), depending on k alone
    rate_hz : sample i is stamped i / rate_hz
    Memory: one page, whatever the length of the session.
    """

    def __init__(self, page: Page, page_samples: int, n_channels: int, rate_hz: float) -> None:
        if rate_hz <= 0:
            raise ValueError(f"a sampling rate is above 0 Hz, got {rate_hz}")
        self._page = page
        self._page_samples = page_samples
        self._n_channels = n_channels
        self._rate_hz = rate_hz
        self._next = 0
        self._held: tuple[int, NDArray[np.float64]] | None = None

    def read(self, n_samples: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The next samples: (n,) seconds on the session clock and (n, n_channels)."""
        first, end = self._next, self._next + n_samples
        samples = np.empty((n_samples, self._n_channels))
        while self._next < end:
            number, offset = divmod(self._next, self._page_samples)
            taken = min(self._page_samples - offset, end - self._next)
            samples[self._next - first : self._next - first + taken] = self._hold(number)[offset : offset + taken]
            self._next += taken
        return np.arange(first, end) / self._rate_hz, samples

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time; what lies between is never made."""
        self._next = max(0, int(np.ceil(time_s * self._rate_hz - 1e-6)))

    def _hold(self, number: int) -> NDArray[np.float64]:
        if self._held is None or self._held[0] != number:
            self._held = (number, self._page(number))
        return self._held[1]
