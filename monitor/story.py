"""What the pipeline said about one leg over a whole recording, as plain data in the contract's shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.comparing import baseline_notes
from monitor.fatigue.course import quadrant, recovered
from monitor.leg import Leg, LegSecond
from monitor.warning import texts
from monitor.warning.state import StateChange


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """States, track, gait and ankle of one leg. Times in seconds from the start of the recording."""

    angle_source: str
    angle_note: str
    position_gated: bool
    shortened_s: float | None
    exposure_s_per_min: float | None  # shortened seconds weighted by effort, mean of the minutes with a known angle
    compression_end: dict[str, float | None]
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
    track = _track(labels, seconds)
    ends = {label: next((x for x in reversed(track["compression"][label]) if x is not None), None) for label in labels}
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
        ends,
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


def _track(labels: tuple[str, ...], seconds: Sequence[LegSecond]) -> dict[str, Any]:
    channels = range(len(labels))
    angles = [second.angle for second in seconds if second.angle is not None and len(second.angle)]
    angle = Chunk.joined(angles) if angles else None
    return {
        "time_s": [second.time_s for second in seconds],
        "mdf_hz": {labels[c]: [_value(s.emg.mdf_hz[c]) if s.emg else None for s in seconds] for c in channels},
        "compression": {
            labels[c]: [_value(s.emg.compression[6 + 3 * c]) if s.emg else None for s in seconds] for c in channels
        },
        "quiet_ratio": [second.evidence.quiet_ratio for second in seconds],
        "twitches_per_min": [second.evidence.twitches_per_min for second in seconds],
        "score": [second.score for second in seconds],
        "ankle_time_s": [] if angle is None else angle.time_s.round(4).tolist(),
        "ankle_deg": [] if angle is None else [_value(value) for value in angle.samples[:, 0]],
    }


def _interval(second: LegSecond) -> tuple[float, float] | None:
    """The 95 % interval of the reading of all contractions."""
    level = second.evidence.compression
    return None if second.emg is None or level is None else second.emg.course.all.interval_of(level)


def _fatigue(leg: Leg, seconds: Sequence[LegSecond]) -> dict[str, Any]:
    """Both readings at the end with interval, slope and frames, how they go, notes; and the one of all each second."""
    last = next((second for second in reversed(seconds) if second.emg is not None), None)
    if last is None or last.emg is None or leg.path is None:
        return {}
    course, out = last.emg.course, {}
    for name, progress, first in (("all", course.all, 0), ("plantarflexed", course.plantarflexed, 3)):
        level, frames, recent = last.emg.compression[first : first + 3].tolist()
        known, slope = bool(np.isfinite(level)), bool(np.isfinite(progress.slope_pct_per_min))
        out[name] = {
            "compression": level if known else None,
            "compression_ci": progress.interval_of(level) if known else None,
            "frames": int(frames),
            "recent_frames": int(recent),
            "slope_pct_per_min": progress.slope_pct_per_min if slope else None,
            "slope_ci": (progress.slope_low, progress.slope_high) if slope else None,
        }
    level = last.evidence.compression
    trend = leg.settings.trend
    sensor = leg.path.response.note
    return out | {
        "matched_by": "angle and effort" if course.matched else "effort",
        "amplitude": _value(course.amplitude),
        "quadrant": quadrant(course.amplitude, course.at_any_effort, trend) or None,
        "recovered": None if level is None else recovered(level, course.lowest, trend),
        "text": texts.fatigue(last.evidence),
        "course": texts.course(course, level, trend),
        "notes": texts.fatigue_notes(sensor, matched=course.matched, baseline=baseline_notes(leg)),
        "each_second": {
            "compression": [second.evidence.compression for second in seconds],
            "compression_ci": [_interval(second) for second in seconds],
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
