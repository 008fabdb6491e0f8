"""The truth beside a simulated session, in the shape that `simulate --truth` promises, and more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.discharges import Cramp
from monitor.simulation.emg import EmgSource
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.scenario import Scenario
from monitor.simulation.timeline import Bout
from monitor.team import LegSide

LEGS: tuple[LegSide, LegSide] = ("left", "right")
_ANGLE_RATE_HZ = 50.0
_MDF_STEP_S = 10.0
_LABELS = ("GM", "GL")


def truth(
    scenario: Scenario, seed: int, until_s: float, *, emg_hz: float, legs: Sequence[LegSide] = LEGS
) -> dict[str, Any]:
    """What really happens to the calves up to a time, ready for JSON.

    emg_hz : samples of EMG per second, which bound the band of the MDF
    ranges_hash : of the ranges that athletes are drawn from
    sensor : how well the sensors sit and work
    activities : [start_s, end_s, name, slope in deg, rough]
    legs : see `leg_truth`
    """
    calves = {leg: Calf(scenario, leg, seed) for leg in legs}
    return {
        "scenario": scenario.name,
        "seed": seed,
        "simulated": True,
        "ranges_hash": ranges_hash(),
        "sensor": scenario.sensor.model_dump(exclude={"event"}),
        "activities": [_activity(bout, until_s) for bout in calves[legs[0]].timeline.bouts(0.0, until_s)],
        "legs": {leg: leg_truth(calf, until_s, emg_hz) for leg, calf in calves.items()},
    }


def leg_truth(calf: Calf, until_s: float, emg_hz: float) -> dict[str, Any]:
    """The truth about one leg; times in seconds.

    compression : spectral scale by fatigue alone, once a second, GM and GL; spectral_scale : with temperature, at 0 deg
    mdf_hz : of the expected spectrum at that instant as if its state lasted, at either level of the EMG; every 10 s
    quiet : RMS at rest / fresh; relaxation_s : time constant with which the drive dies away
    twitches_per_min : the rate that is aimed at, in rest; temperature_scale : of the spectrum
    ankle_deg : at 50 Hz, dorsiflexion +; contractions : voluntary, onset and offset; steps : strikes and toe-offs
    rises : heel rises, when they are highest and how high
    precursors : all that begin, with or without a cramp to follow
    artefacts : what happened to the electrodes; a shift lasts until the session's end
    traits : drawn or fixed, None where the scenario's file gives the curves
    """
    second_s = np.arange(0.0, until_s, 1.0)
    angle_s = np.arange(0.0, until_s, 1.0 / _ANGLE_RATE_HZ)
    warmth = calf.temperature_scale(second_s)
    scales = {label: calf.compression(second_s, label) for label in _LABELS}

    def each_second(courses: dict[str, NDArray[np.float64]], decimals: int) -> dict[str, list[float]]:
        return {"time_s": second_s.tolist()} | {name: _short(course, decimals) for name, course in courses.items()}

    state = {"relaxation_s": calf.relaxation_s(second_s), "temperature_scale": warmth}
    state["twitches_per_min"] = calf.twitches_per_min(second_s)
    traits = calf.traits
    rises_s, heights_deg = calf.rises(0.0, until_s)
    return {
        "traits": None if traits is None else {name: round(value, 5) for name, value in traits.items()},
        "cramps": [_cramp(cramp, calf) for cramp in calf.cramps if cramp.start_s < until_s],
        "precursors": _precursors(calf, until_s),
        "compression": each_second(scales, 5),
        "spectral_scale": each_second({label: scale * warmth for label, scale in scales.items()}, 5),
        "mdf_hz": _mdf(calf, until_s, emg_hz),
        "quiet": each_second({label: calf.quiet(second_s, label) for label in _LABELS}, 4),
        "state": each_second(state, 4),
        "ankle_deg": {"time_s": _short(angle_s, 3), "deg": _short(calf.angle_deg(angle_s), 2)},
        "contractions": [[round(start_s, 3), round(end_s, 3)] for start_s, end_s in calf.contractions(until_s)],
        "steps": {
            "strikes_s": _short(calf.strikes(0.0, until_s)[0], 3),
            "toe_offs_s": _short(calf.toe_offs_s(0.0, until_s), 3),
        },
        "rises": {"time_s": _short(rises_s, 3), "height_deg": _short(heights_deg, 1)},
        "artefacts": [item.model_dump(exclude={"leg"}) for item in calf.contact.artefacts(0.0, until_s)],
        "twitches_s": _short(calf.twitches(0.0, until_s)[0], 4),
    }


def _mdf(calf: Calf, until_s: float, emg_hz: float) -> dict[str, list[float]]:
    instants_s = np.arange(0.0, until_s, _MDF_STEP_S)
    source = EmgSource(calf, _LABELS, rate_hz=emg_hz)
    medians_hz = np.array([source.mdf_hz(float(instant_s)) for instant_s in instants_s])
    courses = {label: _short(medians_hz[:, column], 2) for column, label in enumerate(_LABELS)}
    return {"time_s": instants_s.tolist()} | courses


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


def _precursors(calf: Calf, until_s: float) -> list[dict[str, Any]]:
    followed = [
        cramp.plan.precursor.model_dump() | {"end_s": cramp.plan.onset_s, "cramp": True}
        for cramp in calf.cramps
        if cramp.plan.precursor.strength > 0
    ]
    passed = [start.model_dump() | {"cramp": False} for start in calf.plan.false_starts]
    begun = [entry for entry in followed + passed if entry["start_s"] < until_s]
    return sorted(begun, key=lambda entry: entry["start_s"])


def _activity(bout: Bout, until_s: float) -> list[Any]:
    end_s = round(min(bout.end_s, until_s), 3)
    return [round(bout.start_s, 3), end_s, bout.activity, bout.step.slope_deg, bout.step.rough]


def _short(values: NDArray[np.float64], decimals: int) -> list[float]:
    return np.round(values, decimals).tolist()
