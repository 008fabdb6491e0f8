"""Tracks of random simulated sessions, and the seeds that are kept for fitting."""

from __future__ import annotations

import numpy as np

from monitor.fitting.tick_level import sign_track
from monitor.fitting.track import Floats, Track
from monitor.settings import Settings
from monitor.settings.tables import SIGNS
from monitor.simulation.calf import Calf
from monitor.simulation.discharges import Cramp
from monitor.simulation.sessions import random_session
from monitor.team import LegSide

FIRST_SEED = 700_000  # evaluations use others
_LABELS = ("GM", "GL")
_RELIEVED = 0.1  # of the plateau


def fitting_track(seed: int, settings: Settings) -> Track:
    """One leg of a session: the one that cramps, or else left and right in turn."""
    session = random_session(seed)
    sides: tuple[LegSide, ...] = ("left", "right") if seed % 2 else ("right", "left")
    cramping: list[LegSide] = [side for side in sides if session.calf(side).cramps]
    leg = cramping[0] if cramping else sides[0]
    calf, plan = Calf(session, leg, seed), session.calf(leg)
    until_s = int(session.length_s)
    signs = sign_track(calf, _LABELS, until_s, settings)
    announced = tuple(cramp.plan.precursor.strength > 0 for cramp in calf.cramps)
    before = [(c.plan.precursor, c.plan.onset_s) for c in calf.cramps if c.plan.precursor.strength > 0]
    precursors = [(each.start_s, onset_s, each.strength) for each, onset_s in before]
    precursors += [(each.start_s, each.end_s, each.strength) for each in plan.false_starts]
    return Track(
        seed,
        _values(signs, calf.cramps, session.length_s, settings),
        tuple(cramp.plan.onset_s for cramp in calf.cramps),
        tuple(map(_relief_s, calf.cramps)),
        announced,
        tuple(precursors),
    )


def _relief_s(cramp: Cramp) -> float:
    return cramp.below_s(_RELIEVED)


def _values(
    signs: dict[str, Floats], cramps: tuple[Cramp, ...], planned_s: float, settings: Settings
) -> dict[str, Floats]:
    """By sign of the tables; unknown before the baseline is over."""
    n = len(signs["quiet_ratio"])
    end_s: Floats = np.arange(1.0, n + 1.0)
    ago_min = np.full(n, np.nan)
    for cramp in cramps:
        ago_min = np.where(end_s > _relief_s(cramp), (end_s - _relief_s(cramp)) / 60.0, ago_min)
    values = {name: np.full(n, np.nan) for name in SIGNS} | {
        "fatigue": 1.0 - signs["compression"],
        "relaxation": signs["relaxation_z"],
        "quiet": signs["quiet_ratio"],
        "twitches": signs["twitches_per_min"] - signs["twitch_baseline_per_min"],
        "tonic": signs["tonic_s_per_min"],
        "dose": signs["dose_min"],
        "aftermath": ago_min,
        "cooldown": ago_min,
        "session_part": np.minimum(end_s / planned_s, 1.0),
    }
    learnt = end_s > settings.baseline.end_s
    return {name: np.where(learnt, value, np.nan) for name, value in values.items()}
