"""How far a gateway's clock is behind this machine's, from the messages that it sends each half second.

A message that says "it is t here" and arrives at h was on its way for h - t - lag seconds. The way is never shorter
than at its best, so the smallest h - t of the last minute is the lag, plus the shortest way: some milliseconds, much
the same for all gateways of one broker, so that it falls out of their difference. Beats are sent with QoS 0: none waits
anywhere to be sent later. A minute lets two quartz clocks (50 ppm apart) part by 3 ms.
"""

from __future__ import annotations

from collections import deque

WINDOW_S = 60.0
FEWEST = 3
SLEW_S = 0.001  # a lag in use follows the estimate by so much per beat, so that times do not jump
SLEPT_S = 2.0  # a whole window of messages that are later by so much: the gateway's clock stood while its machine slept
STEADY_S = 10.0  # beats have come for so long without a gap: the first after an outage may be late
_GAP_S = 2.0


class Transit:
    """lag_s : seconds to add to the gateway's clock for this machine's; None until three beats have come.

    speed : of both clocks, session seconds per wall second. All times here are session seconds but those of arrival.

    in_use : times have been made with it.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._seen: deque[tuple[float, float]] = deque()  # rising differences, by time of arrival
        self._n = 0
        self._last_s = self._steady_s = float("-inf")  # when the last beat came, and the first after the last gap
        self.lag_s: float | None = None
        self.in_use = False

    def beat(self, arrival_s: float, told_s: float) -> None:
        """A beat that says `told_s` has arrived."""
        self._steady_s = arrival_s if arrival_s - self._last_s > _GAP_S else self._steady_s
        self._last_s = arrival_s
        difference_s = arrival_s * self._speed - told_s
        while self._seen and self._seen[-1][1] >= difference_s:
            self._seen.pop()
        self._seen.append((arrival_s, difference_s))
        while self._seen[0][0] < arrival_s - WINDOW_S:
            self._seen.popleft()
        self._n += 1
        smallest_s = self._seen[0][1]
        if self.lag_s is None or not self.in_use:
            self.lag_s = smallest_s if self._n >= FEWEST else None
        elif arrival_s - self._steady_s >= STEADY_S and self.slept(smallest_s):
            self.lag_s = smallest_s
        else:
            self.lag_s += min(max(smallest_s - self.lag_s, -SLEW_S), SLEW_S)

    def slept(self, lag_s: float, before_s: float | None = None) -> bool:
        """Whether a lag is so far beyond the one in use (or another before it) that the clock must have stood still."""
        used_s = self.lag_s if before_s is None else before_s
        return used_s is not None and lag_s - used_s > SLEPT_S * self._speed
