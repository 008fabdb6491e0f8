"""When a scenario does what: its activities as numbered bouts on the session clock, without an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Bout:
    """One activity from start_s on, for duration_s seconds. number: its place in the session."""

    number: int
    activity: str
    start_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        """When the next bout begins."""
        return self.start_s + self.duration_s


class Timeline:
    """The bouts of a scenario; after its last part that part begins again, for ever."""

    def __init__(self, scenario: Scenario) -> None:
        self._steps = scenario.steps
        self._loop = scenario.part[-1].steps
        self._edges_s = np.cumsum([0.0] + [seconds for _, seconds in self._steps])
        self._loop_edges_s = np.cumsum([0.0] + [seconds for _, seconds in self._loop])

    def number_at(self, time_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """The number of the bout at each time; before the session, that of the first."""
        length_s, loop_s = self._edges_s[-1], self._loop_edges_s[-1]
        loops, rest_s = np.divmod(np.maximum(time_s - length_s, 0.0), loop_s)
        planned = np.searchsorted(self._edges_s, time_s, side="right") - 1
        repeated = np.searchsorted(self._loop_edges_s, rest_s, side="right") - 1
        after = len(self._steps) + loops.astype(np.int64) * len(self._loop) + repeated
        return np.where(time_s < length_s, np.maximum(planned, 0), after)

    def bout(self, number: int) -> Bout:
        """The bout of that number."""
        if number < len(self._steps):
            activity, seconds = self._steps[number]
            return Bout(number, activity, float(self._edges_s[number]), seconds)
        loops, place = divmod(number - len(self._steps), len(self._loop))
        activity, seconds = self._loop[place]
        start_s = self._edges_s[-1] + loops * self._loop_edges_s[-1] + self._loop_edges_s[place]
        return Bout(number, activity, float(start_s), seconds)

    def bouts(self, start_s: float, until_s: float) -> list[Bout]:
        """All bouts that overlap a span of time."""
        first, last = self.number_at(np.array([start_s, until_s]))
        return [self.bout(number) for number in range(int(first), int(last) + 1)]
