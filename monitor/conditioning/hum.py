"""Which mains hums in the EMG, 50 or 60 Hz: found by itself, half second by half second."""

from __future__ import annotations

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.bands import MAINS_HZ
from monitor.conditioning.windows import KINDS
from monitor.settings import QualitySettings

_POWER = KINDS.index("power")
_LINES = [KINDS.index(f"{mains_hz:.0f} Hz lines") for mains_hz in MAINS_HZ]


class HumWatch:
    """The mains that hums in some channel, in a quarter of its half seconds so far: those of rest, as a rule.

    windows : Stream               output of `QualityWindows`
    Output at the windows' stamps: 50 or 60, 0 where no hum matters or too few windows were seen. A mains hums in a
    window where its lines stand out of their neighbours by more than `hum_share` of the power, and more than those of
    the other; EMG alone stands out so far by chance in few windows or none.
    """

    def __init__(self, windows: Stream, settings: QualitySettings) -> None:
        self.input = windows
        self.output = Stream(f"{windows.name} hum", windows.rate_hz, (Channel("mains", "Hz"),), windows.source_id)
        self._nothing = Chunk.empty(self.output)
        self._share, self._often, self._fewest = settings.hum_share, settings.hum_often, settings.hum_windows
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n_channels = len(self.input.channels) // len(KINDS)
        self._seen = np.zeros(n_channels, dtype=np.int64)  # windows
        self._hummed = np.zeros((n_channels, len(MAINS_HZ)), dtype=np.int64)  # of which with a hum

    def push(self, chunk: Chunk) -> Chunk:
        """Look at the next windows."""
        if not len(chunk):
            return self._nothing
        rows = np.asarray(chunk.samples, dtype=np.float64).reshape(len(chunk), len(self._seen), len(KINDS))
        power, lines = rows[:, :, _POWER], rows[:, :, _LINES]  # NaN = lost
        hums = lines > self._share * power[:, :, None]
        second = hums[:, :, 1] & (lines[:, :, 1] > lines[:, :, 0])
        hums[:, :, 0] &= ~second
        hums[:, :, 1] = second
        seen = self._seen + np.cumsum(np.isfinite(power), axis=0)
        hummed = self._hummed + np.cumsum(hums, axis=0)
        self._seen, self._hummed = seen[-1], hummed[-1]
        often = (hummed > self._often * seen[:, :, None]) & (seen >= self._fewest)[:, :, None]
        votes = np.add.reduce(np.where(often, hummed, 0), axis=1)
        found = np.array(MAINS_HZ)[np.argmax(votes, axis=1)]
        return Chunk(self.output, chunk.time_s, np.where(votes.any(axis=1), found, 0.0)[:, None])
