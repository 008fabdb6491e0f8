"""How soon and how wrongly CRAMP and RELIEF are said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from monitor.evaluation.definitions import CRAMP_SPARED_S, CRAMP_WITHIN_S, RELIEF_WITHIN_S
from monitor.evaluation.episodes import runs
from monitor.evaluation.intervals import rate_interval, share_interval
from monitor.evaluation.tracks import AthleteSession, Floats, LegTrack, TrueCramp
from monitor.warning.state import State


def entries_s(track: LegTrack, state: State) -> Floats:
    """When a state is entered."""
    return np.array([track.first_s + start for start, _ in runs(track.is_in(state))])


def cramp_delay_s(track: LegTrack, cramp: TrueCramp) -> float | None:
    """From half of the plateau to CRAMP, negative = before; None = not said from the first discharge to the relief."""
    said_s = entries_s(track, State.CRAMP)
    said_s = said_s[(said_s >= cramp.onset_s) & (said_s <= cramp.relief_s)]
    return float(said_s[0]) - cramp.start_s if len(said_s) else None


def relief_delay_s(track: LegTrack, cramp: TrueCramp) -> float | None:
    """From the true relief to RELIEF, negative = premature; None = not said after CRAMP and before the next one."""
    if cramp_delay_s(track, cramp) is None:
        return None
    said_s = entries_s(track, State.RELIEF)
    later_s = entries_s(track, State.CRAMP)
    end_s = min([*later_s[later_s > cramp.relief_s].tolist(), np.inf])
    said_s = said_s[(said_s > cramp.onset_s) & (said_s < end_s)]
    return float(said_s[0]) - cramp.relief_s if len(said_s) else None


def false_cramps(track: LegTrack, cramps: Sequence[TrueCramp]) -> int:
    """Entries into CRAMP outside cramps of that leg and the seconds after their relief."""
    said_s = entries_s(track, State.CRAMP)
    inside = [(said_s >= each.onset_s) & (said_s <= each.relief_s + CRAMP_SPARED_S) for each in cramps]
    return int(np.count_nonzero(~np.any(inside, axis=0))) if inside else len(said_s)


def cramp_figures(sessions: Sequence[AthleteSession], artefact: str) -> dict[str, Any]:
    """The contract's figures of CRAMP and RELIEF. artefact : the family of sessions with many artefacts."""
    delays: list[float | None] = []
    reliefs: list[float | None] = []
    for session in sessions:
        tracks = {track.leg: track for track in session.legs}
        known = [cramp for cramp in session.cramps if cramp.leg in tracks]
        delays += [cramp_delay_s(tracks[cramp.leg], cramp) for cramp in known]
        reliefs += [
            relief_delay_s(tracks[cramp.leg], cramp)
            for cramp in known
            if cramp_delay_s(tracks[cramp.leg], cramp) is not None
        ]
    soon = sum(delay is not None and delay <= CRAMP_WITHIN_S for delay in delays)
    confirmed = sum(delay is not None and 0.0 <= delay <= RELIEF_WITHIN_S for delay in reliefs)
    return {
        "cramps": len(delays),
        "within_4_s": soon / len(delays) if delays else None,
        "within_4_s_ci": share_interval(soon, len(delays)),
        "median_delay_s": _median(delays),
        "false": {
            "clean": _false([each for each in sessions if artefact not in each.families]),
            "artefact": _false([each for each in sessions if artefact in each.families]),
        },
        "relief": {
            "cramps": len(reliefs),
            "within_4_s": confirmed / len(reliefs) if reliefs else None,
            "within_4_s_ci": share_interval(confirmed, len(reliefs)),
            "premature": sum(delay is not None and delay < 0.0 for delay in reliefs),
            "median_delay_s": _median(reliefs),
        },
    }


def _false(sessions: Sequence[AthleteSession]) -> dict[str, Any]:
    count = sum(false_cramps(track, each.cramps_of(track.leg)) for each in sessions for track in each.legs)
    hours = sum(each.hours for each in sessions)
    return {
        "hours": hours,
        "per_hour": count / hours if hours else None,
        "per_hour_ci": rate_interval(count, hours),
    }


def _median(delays: Sequence[float | None]) -> float | None:
    known = [delay for delay in delays if delay is not None]
    return float(np.median(known)) if known else None
