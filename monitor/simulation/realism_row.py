"""One number of the simulation beside its published range, and the calves that it is measured on."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.simulation.calf import Calf
from monitor.simulation.scenario import LegPlan, Scenario


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the simulation beside its published range. why : explains a value outside."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    why: str = ""

    @property
    def inside(self) -> bool:
        """Whether the value lies in the published range."""
        return self.low <= self.value <= self.high


def training(seed: int, *steps: str, plan: LegPlan | None = None, **more: object) -> Calf:
    """The left calf of an athlete who stands for 8 s and then does the steps."""
    played = {"name": "row", "title": "", "athlete": {}, "part": [{"steps": ["stand 8 s", *steps]}]} | more
    scenario = Scenario.model_validate(played | {"leg": {"left": plan or LegPlan()}})
    return Calf(scenario, "left", seed)
