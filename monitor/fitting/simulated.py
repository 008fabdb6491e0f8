"""Tracks of random simulated sessions, and the seeds that are kept for fitting.

They are played as an evaluation plays them, sample by sample through the real leg: amplitudes drawn tick by tick were
ten times as fast, but made the quiet calf look noisier than it is (a ratio of 1.76 instead of 1.52 in one second of a
hundred without a precursor), and what was fitted on them trusted it too little.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from monitor.fitting.track import Floats, Track, track_of
from monitor.settings import Settings
from monitor.simulated_sessions import Kit, play_leg
from monitor.simulation.calf import Calf
from monitor.simulation.scenario import Scenario
from monitor.simulation.sessions import random_session
from monitor.simulation.truth import LEGS, relief_s
from monitor.team import LegSide

FIRST_SEED = 700_000  # evaluations use others
MINUTES = 40.0  # of a session, as evaluations have them
_WORN = Kit(("GM", "GL"))


def fitting_tracks(seed: int, settings: Settings, minutes: float = MINUTES) -> tuple[Track, ...]:
    """Both legs of a session. minutes : that are played of it"""
    session = random_session(seed, MINUTES)
    return tuple(_track(session, leg, seed, settings, minutes) for leg in LEGS)


def _track(session: Scenario, leg: LegSide, seed: int, settings: Settings, minutes: float) -> Track:
    calf, until_s = Calf(session, leg, seed), 60.0 * minutes
    played = play_leg(session, leg, seed, settings, _WORN, minutes)
    seen = [cramp for cramp in calf.cramps if cramp.plan.onset_s < until_s]
    cramps = [(cramp.plan.onset_s, relief_s(cramp, calf)) for cramp in seen]
    announced = [cramp.plan.precursor.strength > 0 for cramp in seen]
    found = track_of(played.seconds, seed, cramps, announced)
    before = [(each.plan.precursor, each.plan.onset_s) for each in seen if each.plan.precursor.strength > 0]
    precursors = [(each.start_s, onset_s, each.strength) for each, onset_s in before]
    passing = session.calf(leg).false_starts
    precursors += [(each.start_s, each.end_s, each.strength) for each in passing if each.start_s < until_s]
    return dataclasses.replace(found, values=_since_cramps(found, cramps), precursors=tuple(precursors))


def _since_cramps(track: Track, cramps: list[tuple[float, float]]) -> dict[str, Floats]:
    """The signs with the time since the last cramp let go, as the states remember it."""
    end_s = np.arange(1.0, len(track.values["quiet"]) + 1.0)
    ago_min = np.full(len(end_s), np.nan)
    for _, end in cramps:
        ago_min = np.where(end_s > end, (end_s - end) / 60.0, ago_min)
    decided = np.isfinite(track.values["session_part"])
    ago_min[~decided] = np.nan
    return dict(track.values) | {"aftermath": ago_min, "cooldown": ago_min}
