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
        self._counts = [[0] * (1 + len(MAINS_HZ)) for _ in range(len(self.input.channels) // len(KINDS))]

    def push(self, chunk: Chunk) -> Chunk:
        """Look at the next windows."""
        if not len(chunk):
            return self._nothing
        return Chunk(self.output, chunk.time_s, np.array([[self._next(row)] for row in chunk.samples.tolist()]))

    def _next(self, row: list[float]) -> float:
        """One window: the `KINDS` of each channel in turn; NaN = lost."""
        votes = [0] * len(MAINS_HZ)
        for first, counts in zip(range(0, len(row), len(KINDS)), self._counts, strict=True):
            power, lines = row[first + _POWER], [row[first + line] for line in _LINES]
            counts[0] += power == power  # not NaN
            if (most := max(lines)) > self._share * power:
                counts[1 + lines.index(most)] += 1
            if counts[0] >= self._fewest:
                for which, hums in enumerate(counts[1:]):
                    votes[which] += hums if hums > self._often * counts[0] else 0
        return MAINS_HZ[votes.index(max(votes))] if any(votes) else 0.0
