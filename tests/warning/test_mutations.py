"""Every threshold of the states and of the cramp does something: twice or half of it changes what is said.

For each setting one script of a leg; what it says with the default must differ from what it says with the setting
doubled, and from what it says with the setting halved (within its range).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from evidence_of import BAD, CRAMPING, HELD, LET_GO, LOW, RISKY, SILENT, STILL_QUIET, evidence
from sustained import REST, Span, readings, stride, ticks_of, verdicts, warm_up, watch
from told_leg import Leg

from monitor.settings import CrampSettings, Settings, StateSettings
from monitor.warning.both_legs import BothLegs
from monitor.warning.state import Report
from monitor.warning.texts import relief

Says = Callable[[Settings], Any]


def told(*spells: tuple[int, dict[str, Any]]) -> Says:
    """The state after every second of these spells."""
    return lambda settings: [state for leg in [Leg(settings)] for n, seen in spells for state in leg.see(n, **seen)]


def heard(*scripts: list[Span], rest: tuple[float, float] = REST, hum: bool = False) -> Says:
    """The last verdict of each script on two channels."""
    return lambda settings: [verdicts(script, 2, settings, rest, hum)[-1] for script in scripts]


def fallen(*scripts: list[Span], rest: tuple[float, float] = REST) -> Says:
    """Whether the contraction is down at the end of each script."""

    def say(settings: Settings) -> list[bool]:
        lasts = [readings(script, 2, settings, rest)[-1] for script in scripts]
        return [last is not None and last.fallen_s > 2.0 for last in lasts]

    return say


def swinging(half_s: float, levels: tuple[float, float]) -> list[Span]:
    return [(half_s, levels, 18.0), (half_s, levels, -20.0)] * round(3 / half_s)


def wobbling(speed_dps: float) -> list[Span]:
    pointed = [(4 / speed_dps, -18.0), (4 / speed_dps, -22.0)] * round(6 * speed_dps / 8)
    return [*((s, REST, deg) for s, deg in pointed), *((s, (130.0, 105.0), deg) for s, deg in pointed)]


def pulsing(high_uv: float, low_uv: float) -> list[Span]:
    return [(0.3, (high_uv, 6.0), 0.0), (0.2, (low_uv, 6.0), 0.0)] * 10


def humming(settings: Settings) -> list[float]:
    found = []
    for taken_uv in (14.0, 20.0):
        stage = watch(2, settings)
        stage.hum_taken = np.array([0.0, taken_uv**2])
        found.append(float(stage.push(ticks_of([*warm_up(), (8.0, (60.0, 6.0), 0.0)])).samples[-1, 0]))
    return found


def asked(settings: Settings) -> list[float]:
    leg = Leg(settings)
    for second in range(1, 20):
        leg.see(1, **(HELD | {"sustained_s": float(second)}))
    return [remark.time_s for remark in leg.remarks]


def reported(settings: Settings) -> list[str]:
    states = []
    for late_s in (7, 15):
        leg = Leg(settings)
        leg.see(5)
        leg.machine.report(Report.CRAMP)
        leg.see(late_s, **STILL_QUIET)
        states += leg.see(1, **HELD)
    return states


def came_back(settings: Settings) -> list[bool]:
    said = []
    for later_s in (45, 90):
        leg = Leg(settings)
        leg.see(5, **CRAMPING)
        leg.see(1 + later_s, **LET_GO)
        leg.see(1, **CRAMPING)
        said.append("came back" in leg.last.reasons[0])
    return said


def cooled(settings: Settings) -> list[str]:
    leg = Leg(settings)
    leg.see(5, **CRAMPING)
    leg.see(40, **LET_GO)
    states = []
    for _ in range(3):
        leg.time_s += 2400.0
        states += leg.see(1)
    return states


def long_lasting(settings: Settings) -> list[bool]:
    leg, said = Leg(settings), []
    leg.see(1, **CRAMPING)
    for _ in range(2):
        leg.time_s += 450.0
        leg.see(1, **CRAMPING)
        said.append("minutes" in leg.machine.reasons[-1])
    return said


def both(settings: Settings) -> list[float]:
    pair, hints = BothLegs("A7", settings), []
    for second in range(200):
        for leg in ("left", "right"):
            hints += pair.push(leg, evidence(time_s=float(second), quiet_ratio=2.0))
    return [hint.time_s for hint in hints]


def stretched(settings: Settings) -> list[str]:
    seen = [evidence(**(LET_GO | {"turned_deg": deg})).cramp for deg in (7.0, 15.0)]
    return [relief(one, None, False, settings)[0] for one in seen]


RELEASED = ((5, CRAMPING), *((1, LET_GO | {"fallen_s": s / 2, "unsustained_s": 0.0}) for s in range(1, 20)))
PAUSING = ((5, CRAMPING), *((1, LET_GO | {"fallen_s": 0.0, "unsustained_s": float(s)}) for s in range(1, 50)))
LOUD = (40.0, 30.0)
CRAMP_ABOVE_LOUD: Span = (8.0, (150.0, 30.0), -18.0)

CASES: dict[str, Says] = {
    "state.no_packet_s": told((10, {}), (10, SILENT)),
    "state.bad_quality_s": told((10, {}), (20, BAD)),
    "state.back_after_s": told((10, {}), (5, SILENT), (30, {})),
    "state.warn_after_s": told((20, RISKY)),
    "state.warn_clear_after_s": told((30, RISKY), (150, {})),
    "trend.watch_after_s": told((60, LOW)),
    "trend.clear_after_s": told((50, LOW), (150, {})),
    "cramp.window_s": lambda settings: verdicts([(9.0, (150.0, 6.0), 0.0)], 2, settings),
    "cramp.rest_ratio": heard([(6.0, (170.0, 50.0), 0.0)], [(6.0, (105.0, 50.0), 0.0)], rest=(60.0, 50.0)),
    "cramp.effort_least": heard([(6.0, (60.0, 6.0), 0.0)], [(6.0, (33.0, 6.0), 0.0)]),
    "cramp.steady_least": heard(pulsing(150.0, 80.0), pulsing(250.0, 65.0)),
    "cramp.steady_most": lambda settings: [
        heard([(8.0, (150.0, 6.0), 0.0)], hum=hum)(settings) for hum in (True, False)
    ],
    "cramp.heads_db": heard([(6.0, (150.0, 24.0), 0.0)], [(6.0, (62.0, 22.0), 0.0)]),
    "cramp.silent_hum": humming,
    "cramp.gait_dps": heard(swinging(0.5, (130.0, 105.0)), swinging(1.0, (130.0, 105.0))),
    "cramp.gait_effort": heard(swinging(0.25, (110.0, 88.0)), swinging(0.25, (70.0, 56.0))),
    "cramp.gait_hold_s": lambda settings: verdicts(stride(9.0, floor=(160.0, 130.0)), 2, settings),
    "cramp.still_dps": heard(wobbling(18.0), wobbling(9.0)),
    "cramp.ask_after_s": asked,
    "cramp.report_s": reported,
    "cramp.relief_fraction": fallen(
        *([(8.0, (150.0, 6.0), 0.0), (6.0, (level_uv, 6.0), 0.0)] for level_uv in (65.0, 30.0))
    ),
    "cramp.relief_rest_ratio": fallen(
        *([CRAMP_ABOVE_LOUD, (6.0, (level_uv, 30.0), 0.0)] for level_uv in (76.0, 51.0)), rest=LOUD
    ),
    "cramp.relief_after_s": told(*RELEASED),
    "cramp.unsustained_s": told(*PAUSING),
    "cramp.relief_hold_s": told((5, CRAMPING), (1, LET_GO), (100, STILL_QUIET)),
    "cramp.came_back_s": came_back,
    "cramp.stretch_deg": stretched,
    "cramp.long_min": long_lasting,
    "cramp.cooldown_min": cooled,
    "cramp.both_legs_s": both,
}


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", list(CASES))
def test_twice_or_half_of_a_threshold_is_noticed(name: str, factor: float):
    group, field = name.split(".")
    own = getattr(Settings(), group)
    (item,) = (item for item in dataclasses.fields(own) if item.name == field)
    value = min(max(factor * getattr(own, field), item.metadata["low"]), item.metadata["high"])
    assert CASES[name](Settings().changed({name: value})) != CASES[name](Settings())


def test_no_threshold_of_states_and_cramp_is_left_out():
    cramp = {f"cramp.{item.name}" for item in dataclasses.fields(CrampSettings)}
    times = {f"state.{item.name}" for item in dataclasses.fields(StateSettings) if item.name.endswith("_s")}
    assert cramp | times <= set(CASES)
