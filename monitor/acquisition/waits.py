"""How long packets wait for the radio, and what of that nobody can see.

A sensor whose packets keep step with the connection's events waits nearly as long each time: packets of 20 ms on a link
of 30 ms wait p, p + 10 or p + 20 ms, and no arrival tells how much p is, only that it is less than 10 ms, the distance
of the waits from each other. Half of it is the best guess, and is the uncertainty. Packets that do not keep step wait
all sorts of times, the shortest of them none at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

PACKETS = 128  # that are looked at
FEWEST = 16
BULK = 0.8  # the longest waits are chance: repetitions, a busy machine
IN_STEP_S = 0.003  # waits that differ by less are one: then even the distance cannot be seen,
LONGEST_STEP_S = 0.06  # and it is that of the packets, but no more than the longest usual connection interval
MEMORY_S = 20.0  # a line that was bent by what was seen then is only as certain as it was then
LEAST_S = 0.004  # what the radio, the system and the fit always leave uncertain


class Waits:
    """Of the newest packets of one line. shift_s: the wait to take off beside the least one that was seen.

    speed : session seconds per wall second; what the machine delays, it delays in wall seconds.
    """

    def __init__(self, speed: float) -> None:
        self._speed, self.least_s = speed, LEAST_S * speed
        self.restart()

    def restart(self) -> None:
        """Another line begins."""
        self._came: deque[tuple[float, float]] = deque(maxlen=PACKETS)
        self._told: deque[tuple[float, float]] = deque()  # (arrival, uncertainty), falling
        self.shift_s = 0.0
        self.unseen_s = LONGEST_STEP_S * self._speed

    def push(self, came: Iterable[tuple[float, float]]) -> None:
        """Packets by index and arrival."""
        self._came.extend(came)

    def measure(self, offset_s: float, slope_s: float) -> None:
        """Look at the waits above a line."""
        if len(self._came) < FEWEST:
            return
        came = np.array(self._came)
        waits_s = np.sort(came[:, 1] - offset_s - slope_s * came[:, 0])[: round(BULK * len(came))]
        if waits_s[-1] - waits_s[0] < IN_STEP_S * self._speed:
            step_s = (came[-1, 1] - came[0, 1]) / (len(came) - 1)
            self.shift_s, unseen_s = 0.0, min(step_s, LONGEST_STEP_S)
        else:
            unseen_s = float((waits_s[1:] - waits_s[:-1]).max()) / 2.0
            self.shift_s = max(0.0, unseen_s - float(waits_s[0]))  # where the line lies lower already, so much less
        self.unseen_s = self._worst(float(came[-1, 1]), unseen_s)

    def _worst(self, now_s: float, unseen_s: float) -> float:
        """The most that was unseen in the last while, this included."""
        while self._told and self._told[-1][1] <= unseen_s:
            self._told.pop()
        self._told.append((now_s, unseen_s))
        while self._told[0][0] < now_s - MEMORY_S:
            self._told.popleft()
        return self._told[0][1]
