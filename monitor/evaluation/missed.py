"""Which cramps were missed, and why: the first reason that is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.evaluation.as_shown import Shown
from monitor.evaluation.definitions import LAST_S, SHORT_S, WEAK
from monitor.evaluation.hits import Outcome
from monitor.evaluation.sweep import no_signal_at
from monitor.evaluation.tracks import LegTrack
from monitor.warning.state import State

REASONS = {
    "no_signal": "no signal from that calf when it came",
    "no_baseline": "the baseline was not yet complete",
    "too_early": "warned, but more than 15 minutes before",
    "sudden": "a sudden cramp: nothing announced it",
    "weak": "a weak precursor, below a third of the strongest",
    "short": "a precursor shorter than 41 s",
    "single_sign": "a precursor of a single sign",
    "unseen": "all signs were there, and were not seen or too late",
    "unknown": "labelled only: nobody knows",
}


def missed(judged: Sequence[Shown]) -> dict[str, int]:
    """How many cramps were missed for each reason, most first."""
    counted: Counter[str] = Counter()
    for shown in judged:
        tracks = {track.leg: track for track in shown.session.legs}
        counted.update(why(found, tracks[found.cramp.leg]) for found in shown.outcomes if not found.hit)
    return dict(counted.most_common())


def why(found: Outcome, track: LegTrack) -> str:
    """The reason for one missed cramp, a key of REASONS."""
    cramp = found.cramp
    if no_signal_at(track, cramp.onset_s):
        return "no_signal"
    last = (track.time_s > cramp.onset_s - LAST_S) & (track.time_s <= cramp.onset_s)
    if track.is_in(State.CALIBRATING)[last].any():
        return "no_baseline"
    if found.too_early:
        return "too_early"
    return _of_precursor(found)


def _of_precursor(found: Outcome) -> str:
    cramp = found.cramp
    if cramp.strength is None:
        return "unknown"
    if cramp.sudden:
        return "sudden"
    if cramp.strength < WEAK:
        return "weak"
    if cramp.precursor_s < SHORT_S:
        return "short"
    return "unseen" if cramp.kind == "all signs" else "single_sign"
