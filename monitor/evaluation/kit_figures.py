"""What each kit can tell of the same sessions: the fatigue reading's error, WATCH, WARN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from monitor.evaluation.as_shown import judge
from monitor.evaluation.episodes import runs
from monitor.evaluation.figures import as_shown, spread
from monitor.evaluation.intervals import share_interval
from monitor.evaluation.tracks import AthleteSession, LegTrack
from monitor.warning.state import State

TIRED, RESTED = 0.10, 0.05  # true decline of the spectrum: WATCH is due above the first, and wrong below the second
_TIRED_FOR_S = 60
_AFTER_S = 360  # the baseline is complete, and the reading stands for something


def kit_figures(sessions: Sequence[AthleteSession], base_rate_per_h: float) -> dict[str, Any]:
    """One kit's figures. Unknown is None."""
    tracks = [track for session in sessions for track in session.legs]
    shown = as_shown([judge(session) for session in sessions], base_rate_per_h)
    kept = ("sessions", "hours", "cramps", "sensitivity", "sensitivity_ci", "sensitivity_precursor", "lead_s")
    kept += ("false_alarms_per_hour", "false_alarms_ci", "time_in_warning")
    return {
        "legs": len(tracks),
        "fatigue": fatigue_error(tracks),
        "watch": watch(tracks),
        "warn": {key: shown[key] for key in kept},
    }


def fatigue_error(tracks: Sequence[LegTrack]) -> dict[str, float | None]:
    """How far the reading is from the true decline (RMS, fraction), and for which share of the time there is one."""
    errors = [(track.scores["mdf_only"] - track.scores["true_decline"])[_AFTER_S:] for track in tracks]
    every = np.concatenate(errors) if errors else np.empty(0)
    known = every[np.isfinite(every)]
    return {
        "rms": float(np.sqrt(np.mean(known**2))) if len(known) else None,
        "bias": float(np.mean(known)) if len(known) else None,
        "known": len(known) / len(every) if len(every) else None,
    }


def watch(tracks: Sequence[LegTrack]) -> dict[str, Any]:
    """Whether WATCH (or WARN) is shown once a leg is truly tired, how long after, and how often on rested legs."""
    delays = [_watch_delay_s(track) for track in tracks if _tired_at(track) is not None]
    seen = [delay for delay in delays if delay is not None]
    rested = [track for track in tracks if track.scores["true_decline"].max(initial=0.0) < RESTED]
    hours = sum(len(track.state) for track in rested) / 3600.0
    false = sum(len(runs(track.is_in(State.WATCH))) for track in rested)
    return {
        "tired_legs": len(delays),
        "seen": len(seen) / len(delays) if delays else None,
        "seen_ci": share_interval(len(seen), len(delays)),
        "delay_s": spread(seen),
        "false_per_leg_hour": false / hours if hours else None,
    }


def _tired_at(track: LegTrack) -> int | None:
    """The first row at which a leg has been tired for a minute."""
    found = runs(track.scores["true_decline"] >= TIRED)
    return next((start for start, stop in found if stop - start >= _TIRED_FOR_S and start >= _AFTER_S), None)


def _watch_delay_s(track: LegTrack) -> float | None:
    """From there to WATCH or WARN; 0 or less = it was shown already."""
    tired = _tired_at(track)
    if tired is None:
        return None
    shown = np.flatnonzero(track.is_in(State.WATCH, State.WARN)[tired:])
    return float(shown[0]) if len(shown) else None
