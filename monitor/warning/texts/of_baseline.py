"""The baseline: kept, moved, begun anew."""

from __future__ import annotations

import math

from monitor.settings import BaselineSettings


def earlier(day: str, *, placed: bool) -> str:
    """The baseline is of an earlier session. day : empty = not told; placed : the same place was told on both days."""
    when = f"of {day}" if day else "of an earlier session"
    doubt = (
        "another skin temperature shifts it"
        if placed
        else "other places of the electrodes or another skin"
        + (" temperature shift it; a `placement` in the team file tells the places")
    )
    return f"the baseline is {when}: {doubt}"


def not_comparable(what: str, before: str, today: str) -> str:
    """A kept baseline is of another sensor or place."""
    return (
        f"the kept baseline is of another {what} ({before}; today {today}) and not comparable:"
        " this session learns its own"
    )


def not_comparable_signal() -> str:
    """A kept baseline does not fit the signal."""
    return "the kept baseline is of other channels or another rate and not comparable: this session learns its own"


def moved(label: str, leg: str, gain: float) -> str:
    """An electrode sits elsewhere than before. gain : of the amplitude, against the other channels; NaN = unknown."""
    seen = f" (amplitude x {gain:.1f})" if math.isfinite(gain) else ""
    return (
        f"{label} {leg}: the electrode seems to have moved{seen}: its baseline is not compared any more;"
        " begin a new one when the calf is fresh"
    )


REBASED = "the electrodes had moved and this baseline is younger: what the calf had tired before is not in it"


def restarted() -> str:
    """A person ordered a new baseline."""
    return "as asked, the baseline is forgotten and gathered anew from now on"


def frozen(done: bool) -> str:
    """A person ordered that the baseline be kept."""
    kept = "as asked, the baseline stays as it is for the rest of the session"
    return kept if done else "there is no baseline yet that could be kept; ask again when the calf is learnt"


def refitted(n_frames: int, settings: BaselineSettings, *, done: bool) -> str:
    """A person ordered that the fatigue baseline be fitted again. n_frames : of the last minutes."""
    minutes = f"the last {settings.recent_s / 60:.0f} minutes"
    if done:
        return f"as asked, the fatigue baseline is now that of {minutes} ({n_frames} frames): readings begin anew"
    return (
        f"{minutes} hold {n_frames} contraction frames and {settings.usable_frames:.0f} are needed:"
        " the fatigue baseline stays as it is"
    )
