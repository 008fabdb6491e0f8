"""A state machine that is told evidence second by second, and what it says."""

from __future__ import annotations

from typing import Any

from evidence_of import LOW, RISKY, evidence

from monitor.settings import Settings
from monitor.warning.state import Remark, StateChange, StateMachine

SETTINGS = Settings()
LEARNING = {"calibration_fraction": 0.4, "compression": None, "baseline_hz": None}


class Leg:
    """A state machine that is told one evidence for so many seconds, and what it said, second by second."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.machine = StateMachine("A7", "left", settings)
        self.changes: list[StateChange] = [self.machine.begin(0.0)]
        self.remarks: list[Remark] = []
        self.time_s = 0.0

    def see(self, seconds: int, **changed: Any) -> list[str]:
        """The state after each of the seconds."""
        states = []
        for _ in range(seconds):
            self.time_s += 1.0
            change = self.machine.push(evidence(time_s=self.time_s, **changed))
            if change is not None:
                self.changes.append(change)
            if self.machine.remark is not None:
                self.remarks.append(self.machine.remark)
            states.append(str(self.machine.state))
        return states

    @property
    def state(self) -> str:
        return str(self.machine.state)

    @property
    def last(self) -> StateChange:
        return self.changes[-1]


def seconds_until(leg: Leg, state: str, most: int = 200, **changed: Any) -> int:
    """After how many seconds of this evidence the state is reached."""
    states = leg.see(most, **changed)
    assert state in states, f"stayed {leg.state}"
    return states.index(state) + 1


def in_watch() -> Leg:
    leg = Leg()
    leg.see(30, **LOW)
    assert leg.state == "WATCH"
    return leg


def in_warn() -> Leg:
    leg = Leg()
    leg.see(10, **RISKY)
    assert leg.state == "WARN"
    return leg
