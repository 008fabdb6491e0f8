"""What a heel-rise test tells: repetitions, decline of the spectrum with its interval, balance; plain data for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.conditioning.faults import Quality
from monitor.conditioning.hindsight import quality_of
from monitor.fatigue.activity import HEARD, active_ticks, cut_ticks, railed_samples, tick_level
from monitor.fatigue.mdf import analysis_band_hz
from monitor.fatigue.response import sensor_response
from monitor.fatigue.summary_settings import SummarySettings
from monitor.fatigue.working_frames import Column, working_frames
from monitor.guided.comparing import is_whole
from monitor.guided.decline import Decline, decline_of, difference, together
from monitor.guided.heel_rise import HeelRiseGuide
from monitor.guided.judging import End, Judged
from monitor.guided.rises import Rise
from monitor.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class LegResult:
    """One leg's test. declines: by channel label, None = unknown; found_in: angle or emg.

    sensor: what its EMG sensor's band shows of a shift, empty = all of it. unknown_s: how much of the test
    was without a signal to see rises in.
    """

    leg: str
    found_in: str
    judged: Judged
    end: str
    declines: dict[str, Decline | None]
    sensor: str = ""
    unknown_s: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain data; unknown is None."""
        known = [decline for decline in self.declines.values() if decline is not None]
        whole = together(known)
        rises = self.judged.counted
        heights = [rise.height_deg for rise in rises if rise.height_deg is not None]
        return {
            "repetitions": len(rises),
            "repetitions_from": self.found_in,
            "unknown_s": self.unknown_s,
            "ended": self.end,
            "height_start_deg": self.judged.height_deg,
            "height_end_deg": float(np.median(heights[-3:])) if heights else None,
            "rises_per_min": _rate(rises),
            "mdf_change_pct": whole[0] if whole else None,
            "mdf_change_ci": whole[1] if whole else None,
            "mdf_repeat_ci": whole[2] if whole else None,
            "sensor": self.sensor,
            "channels": [_channel(label, decline) for label, decline in self.declines.items()],
            "gm_share_pct": gm_share_pct(self.declines),
        }


def results_of(guide: HeelRiseGuide, settings: Settings) -> dict[str, LegResult]:
    """The results of a guide that kept the EMG, by leg."""
    return {leg: _leg(guide, leg, settings) for leg in guide.ended}


def balance(results: dict[str, LegResult]) -> dict[str, Any]:
    """Left against right, where both were tested; None = unknown."""
    out: dict[str, Any] = {"repetitions_left_of_right_pct": None, "mdf_change_left_less_right": None}
    out["mdf_change_left_less_right_ci"] = None
    if len(results) < 2:
        return out
    left, right = results["left"], results["right"]
    if right.judged.counted and is_whole(left.unknown_s) and is_whole(right.unknown_s):
        out["repetitions_left_of_right_pct"] = 100.0 * len(left.judged.counted) / len(right.judged.counted)
    pairs = [(left.declines[label], right.declines.get(label)) for label in left.declines]
    both = [difference(a, b) for a, b in pairs if a is not None and b is not None]
    if both:
        half = float(np.sqrt(np.sum([((high - low) / 2) ** 2 for _, (low, high) in both]))) / len(both)
        middle = float(np.mean([apart for apart, _ in both]))
        out["mdf_change_left_less_right"] = middle
        out["mdf_change_left_less_right_ci"] = (middle - half, middle + half)
    return out


def gm_share_pct(declines: dict[str, Decline | None]) -> float | None:
    """Amplitude over the medial head, % of that over both heads; only the person's own earlier value compares."""
    heads: dict[str, list[float]] = {"GM": [], "GL": []}
    for label, decline in declines.items():
        if decline is not None and label[:2] in heads:
            heads[label[:2]].append(decline.rms)
    if not heads["GM"] or not heads["GL"]:
        return None
    medial, lateral = (float(np.mean(heads[head])) for head in ("GM", "GL"))
    return 100.0 * medial / (medial + lateral)


def _leg(guide: HeelRiseGuide, leg: str, settings: Settings) -> LegResult:
    begin_s, end_s, why = guide.ended[leg]
    judged, found_in = guide.judged(leg, begin_s, end_s)
    end = str(judged.end) if judged.end not in (None, End.STOPPED, End.NOT_BEGUN) else why or str(judged.end)
    trace = guide.traces.legs[leg]
    path = trace.leg.path
    unknown_s = trace.unknown_s(begin_s, end_s, found_in)
    if path is None:
        return LegResult(leg, found_in, judged, end, {}, unknown_s=unknown_s)
    declines: dict[str, Decline | None] = dict.fromkeys(path.stream.labels)
    if trace.emg and len(judged.counted) >= settings.guided.least_blocks:
        corner_hz = trace.leg.limits.corner_within(path.response.band_hz[1])
        declines = declines_of(Chunk.joined(trace.emg), judged.counted, settings, corner_hz)
    return LegResult(leg, found_in, judged, end, declines, path.response.note, unknown_s)


def declines_of(
    emg: Chunk, rises: tuple[Rise, ...], settings: Settings, corner_hz: float | None = None
) -> dict[str, Decline | None]:
    """The decline in each channel of a recording from the first to the last of the rises; None = unknown.

    corner_hz : where the sensor's own band ends, None = beyond what is looked at.
    """
    found: dict[str, Decline | None] = dict.fromkeys(emg.stream.labels)
    rate_hz = emg.stream.rate_hz
    summary, band_hz = SummarySettings(), analysis_band_hz(rate_hz)
    if sensor_response(band_hz, corner_hz).use == "none":
        return found
    ticks, codes = cut_ticks(emg.time_s, rate_hz), quality_of(emg, settings.quality)
    inside = (emg.time_s >= rises[0].start_s) & (emg.time_s <= rises[-1].end_s)
    for number, label in enumerate(emg.stream.labels):
        samples = emg.samples[:, number].astype(np.float64)
        good = (codes[:, number] == Quality.GOOD) & ~railed_samples(samples)
        within = inside[ticks.first] & inside[ticks.end - 1]
        level, heard = (tick_level(samples, rows, ticks) for rows in (good, np.isin(codes[:, number], HEARD)))
        active, _ = active_ticks(level, heard, within, settings.gate)
        column = Column(rate_hz, emg.time_s, samples, good & inside)
        frames = working_frames(column, ticks, active, band_hz, summary)
        found[label] = decline_of(frames, rises, settings, corner_hz)
    return found


def _rate(rises: tuple[Rise, ...]) -> float | None:
    if len(rises) < 2:
        return None
    return 60.0 * (len(rises) - 1) / (rises[-1].peak_s - rises[0].peak_s)


def _channel(label: str, decline: Decline | None) -> dict[str, Any]:
    names = ("mdf_start_hz", "mdf_end_hz", "mdf_change_pct", "mdf_change_ci", "repeat_ci", "rms_change_pct", "rms")
    return {"label": label} | {name: getattr(decline, name) if decline else None for name in names}
