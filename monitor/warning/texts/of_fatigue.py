"""What the spectrum says of a calf, and what to bear in mind beside it."""

from __future__ import annotations

import math

from monitor.fatigue.course import CourseSecond, quadrant, recovered
from monitor.fatigue.response import COLD
from monitor.settings import TrendSettings
from monitor.warning.evidence import Evidence


def fatigue(evidence: Evidence) -> str:
    """ "MDF 101 -> 86 Hz (-15 % +- 2) against the baseline at equal angle and effort"."""
    if not evidence.spectral:
        return "fatigue unknown: this sensor's rate or band is too low to show a shift of the spectrum"
    if evidence.compression is None or evidence.baseline_hz is None:
        return "fatigue unknown: too few contractions so far"
    change = round(100 * (evidence.compression - 1)) or 0  # never "-0"
    now_hz = evidence.baseline_hz * evidence.compression
    moved = f"MDF {evidence.baseline_hz:.0f} -> {now_hz:.0f} Hz ({change:+d} %{_doubt(evidence)})"
    if evidence.stale:
        unlike = "" if evidence.beyond is None else f" ({_works(evidence.beyond)} than its baseline knows)"
        moved = f"last known, since then too few contractions that compare{unlike}: {moved}"
    return (
        f"{moved} against the baseline at equal {'angle and effort' if evidence.matched else 'effort, angle unknown'}"
    )


def _doubt(evidence: Evidence) -> str:
    """Half of the reading's 95 % interval, in points; empty = unknown."""
    if evidence.compression_sd is None or evidence.compression is None:
        return ""
    return f" +- {max(1, round(100 * evidence.compression * 1.96 * evidence.compression_sd))}"


def course(second: CourseSecond, level: float | None, settings: TrendSettings) -> str:
    """How the reading goes, in words: "tiring, -1.9 % per min (-2.5 to -1.3)"; empty = nothing is known.

    Where it stands still since the calf works otherwise than in the baseline, that alone.
    """
    if abs(second.beyond - 1) > settings.quadrant_zone:  # not NaN
        works = f"{_works(second.beyond)} than its baseline knows ({second.beyond:.2g} x)"
        return f"the calf {works}: not compared; a new baseline can be begun, best when the calf is fresh"
    parts = [quadrant(second.amplitude, second.at_any_effort, settings)]
    slope = second.all
    if math.isfinite(slope.slope_pct_per_min):
        interval = f"{slope.slope_low:+.1f} to {slope.slope_high:+.1f}"
        parts.append(f"{slope.slope_pct_per_min:+.1f} % per min ({interval}) in five minutes")
    back = None if level is None else recovered(level, second.lowest, settings)
    if back is not None:
        parts.append(f"{100 * back:.0f} % of the decline is gone")
    return ", ".join(part for part in parts if part)


def _works(beyond: float) -> str:
    return "works harder" if beyond > 1 else "works more softly"


COLD_TOO = "falls with cold, too"  # the same in a few words, where the reading stands at a cursor


def fatigue_notes(sensor: str, *, matched: bool | None, baseline: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What to bear in mind beside a fatigue reading.

    sensor : what its band can show, empty = all of it; matched : at equal ankle angle, None = nothing was compared;
    baseline : about a kept one
    """
    unmatched = "without an ankle angle contractions are matched by effort and age alone: the reading is less sure"
    return tuple(note for note in (sensor, unmatched if matched is False else "", *baseline, COLD) if note)
