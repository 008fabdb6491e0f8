"""How much of a stream was lost lately."""

from __future__ import annotations

from collections import deque

import numpy as np

LOSS_WINDOW_S = 10.0
SILENCE_S = 1.0  # silence counts as loss beyond this
ENTRY_S = 1.0  # an entry reaches back no further, unless something was lost before it


class LossLog:
    """Counts what came and what was missing in the last 10 s."""

    def __init__(self) -> None:
        self._entries: deque[tuple[float, int, int]] = deque()  # arrival, samples that came, samples lost before

    def note(self, time_s: float, came: int, lost: int) -> None:
        """Packets that arrived within ENTRY_S until time_s brought so many samples; so many were missing."""
        self._entries.append((time_s, came, lost))
        while self._entries[0][0] < time_s - LOSS_WINDOW_S:
            self._entries.popleft()

    def fraction(self, now_s: float, newest_s: float, rate_hz: float) -> float:
        """Part lost in the last 10 s, silence included. newest_s: when the sensor was last heard."""
        recent = [(came, lost) for time_s, came, lost in self._entries if time_s >= now_s - LOSS_WINDOW_S]
        got = sum(came for came, _ in recent)
        silence_s = min(now_s - newest_s, LOSS_WINDOW_S)
        silent = silence_s * rate_hz if silence_s > SILENCE_S else 0.0
        missing = max(0.0, (LOSS_WINDOW_S + ENTRY_S) * rate_hz - got)  # no more can be missing in the window
        lost = min(sum(lost for _, lost in recent), missing) + silent
        return float(np.clip(lost / (lost + got), 0.0, 1.0)) if lost + got > 0 else 0.0
