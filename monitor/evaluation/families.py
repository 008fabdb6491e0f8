"""What kind of session a simulated one is: its training, and what makes it hard. A session has several families."""

from __future__ import annotations

from monitor.simulation.contact import SensorPlan
from monitor.simulation.scenario import Scenario

ARTEFACT = "artefacts"
_MANY_PER_H = 8.0  # lifted electrodes and cable pops, per hour and leg
_HUM_UV, _SHAKEN_UV = 20.0, 40.0  # beside a quiet EMG of about 6 uV; 0.28 of the random sessions in all
_COLD_C = -1.5


def families(scenario: Scenario) -> tuple[str, ...]:
    """The training first, then what applies."""
    flags = {
        ARTEFACT: has_artefacts(scenario.sensor),
        "cold": min(celsius for _, celsius in scenario.skin_c) < _COLD_C,
        "hills": any(step.slope_deg for step in scenario.steps),
        "tiptoe and standing": any(step.activity in ("tiptoe", "hold", "push") for step in scenario.steps),
        "both legs restless": _shared(scenario),
        "precursors without a cramp": any(plan.false_starts for plan in scenario.leg.values()),
        "no cramp": not any(plan.cramps for plan in scenario.leg.values()),
        "sudden cramp": any(cramp.precursor.strength == 0 for plan in scenario.leg.values() for cramp in plan.cramps),
    }
    return (_training(scenario), *(name for name, applies in flags.items() if applies))


def has_artefacts(plan: SensorPlan) -> bool:
    """Many lifted electrodes and cable pops, or hum or motion artefacts well above the quiet EMG."""
    often = plan.lift_offs + plan.cable_pops >= _MANY_PER_H
    return often or plan.mains_uv >= _HUM_UV or plan.motion_uv >= _SHAKEN_UV


def _training(scenario: Scenario) -> str:
    """The kind that the random sessions name in their title; a named scenario is its own."""
    _, _, kind = scenario.title.split(":")[0].partition("mostly ")
    return kind or scenario.name


def _shared(scenario: Scenario) -> bool:
    """Whether the same precursor begins in both calves at once."""
    starts = [{start.start_s for start in plan.false_starts} for plan in scenario.leg.values()]
    return len(starts) == 2 and bool(starts[0] & starts[1])
