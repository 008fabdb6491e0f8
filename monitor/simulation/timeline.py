"""When a scenario does what: its activities as numbered bouts on the session clock, without an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.scenario import Scenario
from monitor.simulation.step import Step


@dataclass(frozen=True, slots=True)
class Bout:
    """One step of the scenario from start_s on. number: its place in the session."""

    number: int
    step: Step
    start_s: float

    @property
    def activity(self) -> str:
        """What is done."""
        return self.step.activity

    @property
    def duration_s(self) -> float:
        """Seconds until the next bout."""
        return self.step.seconds

    @property
    def end_s(self) -> float:
        """When the next bout begins."""
        return self.start_s + self.duration_s


class Timeline:
    """The bouts of a scenario; after its last part that part begins again, for ever."""

    def __init__(self, scenario: Scenario) -> None:
        self._steps = scenario.steps
        self._loop = scenario.part[-1].steps
        self._edges_s = np.cumsum([0.0] + [step.seconds for step in self._steps])
        self._loop_edges_s = np.cumsum([0.0] + [step.seconds for step in self._loop])

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
            return Bout(number, self._steps[number], float(self._edges_s[number]))
        loops, place = divmod(number - len(self._steps), len(self._loop))
        start_s = self._edges_s[-1] + loops * self._loop_edges_s[-1] + self._loop_edges_s[place]
        return Bout(number, self._loop[place], float(start_s))

    def bouts(self, start_s: float, until_s: float) -> list[Bout]:
        """All bouts that overlap a span of time."""
        first, last = self.number_at(np.array([start_s, until_s]))
        return [self.bout(number) for number in range(int(first), int(last) + 1)]
