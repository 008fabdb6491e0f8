"""What the pipeline said about one leg over a whole recording, as plain data in the contract's shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.comparing import baseline_notes
from monitor.emg_second import EmgSecond
from monitor.fatigue.course import CourseSecond, Progress, quadrant, recovered
from monitor.leg import Leg, LegSecond
from monitor.warning import texts
from monitor.warning.state import StateChange

_ANGLE_HZ = 100.0  # of the track, at most


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """States, track, gait and ankle of one leg. Times in seconds from the start of the recording."""

    angle_source: str
    angle_note: str
    position_gated: bool
    shortened_s: float | None
    exposure_s_per_min: float | None  # shortened seconds weighted by effort, mean of the minutes with a known angle
    compression_end: dict[str, float | None]  # before the rest at the end, if there is one
    states: list[dict[str, Any]]
    remarks: list[dict[str, Any]]  # questions and answers beside the states
    track: dict[str, Any]
    gait: dict[str, list[Any]]
    contractions: list[list[float]]
    contraction_snr_db: list[float | None]
    fatigue: dict[str, Any]  # the readings at the end, see `_fatigue`
    stance_over_swing: dict[str, float | None]  # by channel, at the end; None = too few strides of walking
    misplaced: dict[str, bool]


def story(leg: Leg, seconds: Sequence[LegSecond]) -> Story:
    """Gather the seconds that `leg` closed."""
    changes: list[StateChange] = [leg.first_change, *(second.change for second in seconds if second.change is not None)]
    states = [change.to_dict() for change in changes]
    gated = leg.angle_source != "none" and 2 * sum(second.gated for second in seconds) > len(seconds)
    seen = any(second.angle is not None and np.isfinite(second.angle.samples).any() for second in seconds)
    shortened_s = sum(second.emg.shortened_s for second in seconds if second.emg is not None)
    labels = leg.path.stream.labels if leg.path else ()
    few = leg.settings.trend.stale_frames
    track = _track(labels, seconds, few)
    pending = leg.angle is not None and leg.angle.pending
    note = "no ankle angle: the recording ended before a calibration was found" if pending else leg.angle_note
    contractions = [each for second in seconds if second.emg is not None for each in second.emg.contractions]
    last = next((second.emg for second in reversed(seconds) if second.emg is not None), None)
    return Story(
        leg.angle_source,
        note,
        gated,
        shortened_s if seen else None,
        _mean([second.emg.exposure_s_per_min for second in seconds if second.emg is not None]) if seen else None,
        {label: _last_reading(seconds, 2 + row, few) for row, label in enumerate(labels)},
        states,
        [{"time_s": s.remark.time_s, "text": s.remark.text} for s in seconds if s.remark is not None],
        track,
        _gait(seconds),
        [[round(each.start_s, 4), round(each.end_s, 4)] for each in contractions],
        [_value(each.snr_db) for each in contractions],
        _fatigue(leg, seconds),
        {label: _value(last.stance_ratio[row]) if last else None for row, label in enumerate(labels)},
        {label: last is not None and bool(last.misplaced[row]) for row, label in enumerate(labels)},
    )


def _reading(emg: EmgSecond | None, which: int, few: float) -> float | None:
    """One of a second's readings; None = unknown: too few contractions so far, or lately (fewer frames than `few`)."""
    if emg is None:
        return None
    level, _, recent = emg.compression[3 * which : 3 * which + 3].tolist()
    return None if recent < few else _value(level)


def _last_reading(seconds: Sequence[LegSecond], which: int, few: float) -> float | None:
    """The last that was known, unless the calf has worked since as its baseline does not know it."""
    for second in reversed(seconds):
        if second.emg is not None and math.isfinite(second.emg.course.beyond):
            return None
        if (reading := _reading(second.emg, which, few)) is not None:
            return reading
    return None


def _track(labels: tuple[str, ...], seconds: Sequence[LegSecond], few: float) -> dict[str, Any]:
    channels = range(len(labels))
    angles = [second.angle for second in seconds if second.angle is not None and len(second.angle)]
    every = math.ceil(angles[0].stream.rate_hz / _ANGLE_HZ - 0.01) if angles else 1  # clocks may be 1 % off
    angle = Chunk.joined(angles)[::every] if angles else None
    return {
        "time_s": [second.time_s for second in seconds],
        "mdf_hz": {labels[c]: [_value(s.emg.mdf_hz[c]) if s.emg else None for s in seconds] for c in channels},
        "compression": {labels[c]: [_reading(s.emg, 2 + c, few) for s in seconds] for c in channels},
        "quiet_ratio": [second.evidence.quiet_ratio for second in seconds],
        "twitches_per_min": [second.evidence.twitches_per_min for second in seconds],
        "score": [second.score for second in seconds],
        "ankle_time_s": [] if angle is None else angle.time_s.round(4).tolist(),
        "ankle_deg": [] if angle is None else [_value(value) for value in angle.samples[:, 0]],
    }


def _interval(progress: Progress, level: float | None) -> tuple[float, float] | None:
    """The 95 % interval of a reading, where it is known."""
    return None if level is None else progress.interval_of(level)


def _fatigue(leg: Leg, seconds: Sequence[LegSecond]) -> dict[str, Any]:
    """Both readings at the end with interval, slope and frames, how they go, notes; and the one of all each second.

    The same keys where no second of EMG was closed.
    """
    last = next((second for second in reversed(seconds) if second.emg is not None), None)
    emg = None if last is None else last.emg
    course, out = CourseSecond.unknown() if emg is None else emg.course, {}
    trend = leg.settings.trend
    for which, (name, progress) in enumerate((("all", course.all), ("plantarflexed", course.plantarflexed))):
        level = _reading(emg, which, trend.stale_frames)
        slope = bool(np.isfinite(progress.slope_pct_per_min))
        out[name] = {
            "compression": level,
            "compression_ci": _interval(progress, level),
            "frames": 0 if emg is None else int(emg.compression[3 * which + 1]),
            "recent_frames": 0 if emg is None else int(emg.compression[3 * which + 2]),
            "slope_pct_per_min": progress.slope_pct_per_min if slope else None,
            "slope_ci": (progress.slope_low, progress.slope_high) if slope else None,
        }
    level, sensor = out["all"]["compression"], "" if leg.path is None else leg.path.response.note
    readings = [_reading(second.emg, 0, trend.stale_frames) for second in seconds]
    return out | {
        "matched_by": None if course.matched is None else "angle and effort" if course.matched else "effort",
        "amplitude": None if level is None else _value(course.amplitude),
        "quadrant": None if level is None else quadrant(course.amplitude, course.at_any_effort, trend) or None,
        "recovered": None if level is None else recovered(level, course.lowest, trend),
        "text": None if last is None else texts.fatigue(last.evidence),
        "course": texts.course(course, level, trend),
        "notes": texts.fatigue_notes(sensor, matched=course.matched, baseline=baseline_notes(leg)),
        "each_second": {
            "compression": readings,
            "compression_ci": [
                s.emg and _interval(s.emg.course.all, level) for s, level in zip(seconds, readings, strict=True)
            ],
            "slope_pct_per_min": [_value(s.emg.course.all.slope_pct_per_min) if s.emg else None for s in seconds],
        },
    }


def _gait(seconds: Sequence[LegSecond]) -> dict[str, list[Any]]:
    """One entry a second, as in the track; None = unknown."""
    names = ("activity", "strides", "cadence_per_min", "stance_fraction", "slope_deg", "roughness_deg")
    return {name: [None if s.gait is None else getattr(s.gait, name) for s in seconds] for name in names}


def _mean(values: Sequence[float]) -> float | None:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else None


def _value(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
