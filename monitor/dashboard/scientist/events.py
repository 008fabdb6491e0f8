"""Everything that happened in a recording, on one list: states, markers, bad channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitor.dashboard.scientist.panel import runs
from monitor.dashboard.scientist.ribbons import quality_word
from monitor.dashboard.states import GREY, PURPLE, state_look
from monitor.study import LegStudy, Study
from monitor.warning.state import StateChange

SHORTEST_FAULT_S = 3


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. cause: why, in sentences; urgent: what a person looks for first."""

    time_s: float
    what: str
    cause: str
    colour: str
    urgent: bool = False


def happenings(found: Study, leg: LegStudy) -> list[Happening]:
    """All of one leg in order of time."""
    every = [_of_state(change) for change in leg.states]
    every += [Happening(time_s, f"mark: {text}", text, PURPLE) for time_s, text in found.markers]
    for lane, label in enumerate(leg.labels):
        verdict = leg.seconds.quality[:, lane]
        bad = np.isfinite(verdict) & (verdict > 0)
        for first, last in runs(bad):
            if last - first >= SHORTEST_FAULT_S:
                word = quality_word(float(verdict[first]))
                at_s = float(leg.seconds.time_s[first])
                every.append(Happening(at_s, f"{label}: {word}", f"{label} {word} for {last - first} s", GREY))
    return sorted(every, key=lambda each: each.time_s)


def _of_state(change: StateChange) -> Happening:
    look = state_look(str(change.state))
    return Happening(change.time_s, look.headline, ". ".join(change.reasons), look.colour, look.loud)
