"""The truth beside a simulated session, in the shape that `simulate --truth` promises."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.discharges import Cramp
from monitor.simulation.scenario import Scenario
from monitor.team import LegSide

LEGS: tuple[LegSide, LegSide] = ("left", "right")
_ANGLE_RATE_HZ = 50.0


def truth(scenario: Scenario, seed: int, until_s: float) -> dict[str, Any]:
    """What really happens to both calves up to a time, ready for JSON.

    compression and quiet (RMS at rest / fresh): once a second for GM and GL; ankle_deg at 50 Hz, dorsiflexion +;
    contractions, twitches_s, cramps: times in seconds.
    """
    return {
        "scenario": scenario.name,
        "seed": seed,
        "legs": {leg: leg_truth(scenario, leg, seed, until_s) for leg in LEGS},
    }


def leg_truth(scenario: Scenario, leg: LegSide, seed: int, until_s: float) -> dict[str, Any]:
    """The truth about one leg."""
    calf = Calf(scenario, leg, seed)
    second_s = np.arange(0.0, until_s, 1.0)
    angle_s = np.arange(0.0, until_s, 1.0 / _ANGLE_RATE_HZ)
    return {
        "cramps": [_cramp(cramp, calf) for cramp in calf.cramps if cramp.start_s < until_s],
        "compression": {"time_s": second_s.tolist()}
        | {label: _short(calf.compression(second_s, label), 5) for label in ("GM", "GL")},
        "quiet": {"time_s": second_s.tolist()}
        | {label: _short(calf.quiet(second_s, label), 4) for label in ("GM", "GL")},
        "ankle_deg": {"time_s": _short(angle_s, 3), "deg": _short(calf.angle_deg(angle_s), 2)},
        "contractions": [[round(start_s, 3), round(end_s, 3)] for start_s, end_s in calf.contractions(until_s)],
        "twitches_s": _short(calf.twitches(0.0, until_s)[0], 4),
    }


def relief_s(cramp: Cramp, calf: Calf) -> float:
    """When the discharge has fallen below twice the quiet level for good, exact to 1 ms."""
    grid_s = np.arange(cramp.plan.stretch_s, cramp.plan.stretch_s + 60.0, 0.001)
    still = calf.site("GM").full_uv * cramp.level(grid_s) >= 2.0 * calf.quiet_uv(grid_s)
    return float(grid_s[np.flatnonzero(still)[-1]]) + 0.001


def _cramp(cramp: Cramp, calf: Calf) -> dict[str, Any]:
    return {
        "start_s": round(cramp.start_s, 3),
        "end_s": round(cramp.end_s, 3),
        "relief_s": round(relief_s(cramp, calf), 3),
        "precursor": cramp.plan.precursor.model_dump(),
    }


def _short(values: NDArray[np.float64], decimals: int) -> list[float]:
    return np.round(values, decimals).tolist()
