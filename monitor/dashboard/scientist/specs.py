"""From a study to the panels of one leg; other studies (before a change, or other recordings) lie dashed over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from monitor.dashboard.live_plots import ANGLE_RANGE_DEG, EMG_STEPS_UV, SHORTENED_DEG
from monitor.dashboard.scientist.series import Band, Draw, Level, PanelSpec, Series
from monitor.dashboard.states import STATES
from monitor.dashboard.themes import Theme
from monitor.settings import Settings
from monitor.snapshot import Trace
from monitor.study import LegStudy, Study
from monitor.warning.texts import COLD_TOO

EmgKind = Literal["raw", "filtered", "envelope"]
_POINT_NAMES = {"quiet": "quiet EMG", "dose": "shortened"}


def emg_panel(leg: LegStudy, kind: EmgKind, theme: Theme) -> PanelSpec:
    """The EMG in lanes, contractions shaded."""
    trace = {"raw": leg.emg, "filtered": leg.filtered, "envelope": leg.envelope}[kind]
    unit = "µV" if leg.unit == "uV" else leg.unit
    half = _half_range(leg.filtered if kind == "raw" else trace)
    offsets = np.nanmedian(trace.values[::50], axis=0) if kind == "raw" and len(trace.time_s) else None
    series = []
    for lane in range(trace.values.shape[1] if trace.values.ndim > 1 else 0):
        values = trace.values[:, lane] if offsets is None else trace.values[:, lane] - offsets[lane]
        colour = theme.traces[lane % len(theme.traces)]
        series.append(Series(leg.labels[lane], unit, trace.time_s, values, colour, Draw.DENSE, lane))
    low = 0.0 if kind == "envelope" else -half
    title = f"EMG {kind}" + (" (each channel's offset taken off)" if kind == "raw" else "")
    return PanelSpec("emg", title, unit, low, half, tuple(series), lanes=leg.labels, shaded=leg.contractions)


def _half_range(trace: Trace) -> float:
    if not len(trace.time_s):
        return EMG_STEPS_UV[3]
    known = np.abs(trace.values[:: max(1, len(trace.time_s) // 200_000)])
    peak = float(np.nanpercentile(known, 99.9)) if np.isfinite(known).any() else 1.0
    return next((step for step in EMG_STEPS_UV if peak <= step), EMG_STEPS_UV[-1])


def angle_panel(leg: LegStudy, settings: Settings, theme: Theme) -> PanelSpec:
    """The ankle's angle with the zone in which the calf works shortened."""
    curve = Series("ankle", "°", leg.angle.time_s, leg.angle.values, theme.text, Draw.DENSE)
    low, high = ANGLE_RANGE_DEG
    return PanelSpec(
        "angle",
        "Ankle angle, dorsiflexion +",
        "°",
        low,
        high,
        (curve,),
        levels=(Level("shortened", SHORTENED_DEG, theme.traces[0]),),
        shaded=leg.contractions,
        zone=(low, SHORTENED_DEG),
    )


def mdf_panel(leg: LegStudy, settings: Settings, theme: Theme, others: Sequence[tuple[str, LegStudy]]) -> PanelSpec:
    """MDF per channel as dots, the reading as MDF with its interval, the baseline and WATCH's thresholds."""
    seconds = leg.seconds
    series = [
        Series(f"MDF {label}", "Hz", seconds.time_s, seconds.mdf_hz[:, lane], theme.traces[lane % 4], Draw.DOTS)
        for lane, label in enumerate(leg.labels)
    ]
    base = seconds.baseline_hz
    series.append(Series("reading", "Hz", seconds.time_s, seconds.reading * base, theme.text))
    for name, other in others:
        theirs = other.seconds
        values = theirs.reading * theirs.baseline_hz
        series.append(Series(name, "Hz", theirs.time_s, values, theme.traces[1], Draw.DASHED))
    known = base[np.isfinite(base)]
    levels: tuple[Level, ...] = ()
    if len(known):
        watch, clear = settings.trend.watch_level * known[-1], settings.trend.clear_level * known[-1]
        levels = (
            Level("baseline", float(known[-1]), theme.muted),
            Level("WATCH <", float(watch), STATES["WATCH"].colour),
            Level("clear >", float(clear), STATES["OK"].colour),
        )
    low, high = _range([each.values for each in series] + [np.array([level.value for level in levels])], 5.0)
    interval = Band(seconds.time_s, seconds.reading_low * base, seconds.reading_high * base, theme.text)
    title = "Median frequency (MDF), fatigue reading with 95 % interval"
    return PanelSpec("mdf", title, "Hz", low, high, tuple(series), levels=levels, bands=(interval,), **_caution(leg))


def compression_panel(leg: LegStudy, settings: Settings, theme: Theme) -> PanelSpec:
    """The reading as a share of the baseline: of all contractions and of the plantarflexed."""
    seconds, trend = leg.seconds, settings.trend
    series = (
        Series("all contractions", "%", seconds.time_s, 100 * seconds.reading, theme.text),
        Series("plantarflexed", "%", seconds.time_s, 100 * seconds.plantarflexed, theme.traces[0]),
    )
    levels = (
        Level("WATCH <", 100 * trend.watch_level, STATES["WATCH"].colour),
        Level("clear >", 100 * trend.clear_level, STATES["OK"].colour),
    )
    low, high = _range([*(each.values for each in series), np.array([84.0, 104.0])], 2.0)
    interval = Band(seconds.time_s, 100 * seconds.reading_low, 100 * seconds.reading_high, theme.text)
    title = "Spectral compression against the baseline"
    return PanelSpec("compression", title, "%", low, high, series, levels=levels, bands=(interval,), **_caution(leg))


def signs_panel(leg: LegStudy, settings: Settings, theme: Theme) -> PanelSpec:
    """Quiet EMG against its baseline and twitches per minute, with the first thresholds of both."""
    seconds, signs = leg.seconds, settings.signs
    tens = seconds.twitches_per_min / signs.twitch_1
    series = (
        Series("quiet EMG, x baseline", "x", seconds.time_s, seconds.quiet_ratio, theme.traces[0]),
        Series(f"twitches, x {signs.twitch_1:g} per min", "x", seconds.time_s, tens, theme.traces[1]),
    )
    levels = (Level("quiet", signs.quiet_1, theme.traces[0]), Level("twitches", 1.0, theme.traces[1]))
    _, high = _range([*(each.values for each in series), np.array([3.0])], 1.0)
    return PanelSpec("signs", "Signs of the resting calf", "x", 0.0, high, series, levels=levels)


def points_panel(leg: LegStudy, settings: Settings, theme: Theme, others: Sequence[tuple[str, LegStudy]]) -> PanelSpec:
    """Points of every sign and the score, with the score that warns."""
    seconds = leg.seconds
    series = [
        Series(_POINT_NAMES.get(name, name), "points", seconds.time_s, values, theme.traces[i % 4], Draw.STEP)
        for i, (name, values) in enumerate(seconds.points.items())
        if np.isfinite(values).any()
    ]
    series.insert(0, Series("score", "points", seconds.time_s, seconds.score, theme.text, Draw.STEP))
    series += [
        Series(name, "points", other.seconds.time_s, other.seconds.score, theme.traces[1], Draw.DASHED)
        for name, other in others
    ]
    warns = settings.tables.threshold(settings.state.false_alarms_per_h)
    levels = (Level("WARN from", warns, STATES["WARN"].colour),)
    low, high = _range([*(each.values for each in series), np.array([0.0, warns])], 1.0)
    return PanelSpec("points", "Points and score", "points", low, high, tuple(series), levels=levels)


def panels(
    leg: LegStudy, settings: Settings, theme: Theme, kind: EmgKind, others: Sequence[tuple[str, LegStudy]]
) -> list[PanelSpec]:
    """All panels over time of one leg, top to bottom. others: (name, leg) to lie over it."""
    return [
        emg_panel(leg, kind, theme),
        angle_panel(leg, settings, theme),
        mdf_panel(leg, settings, theme, others),
        compression_panel(leg, settings, theme),
        signs_panel(leg, settings, theme),
        points_panel(leg, settings, theme, others),
    ]


def same_leg(leg: LegStudy, studies: Sequence[tuple[str, Study]]) -> list[tuple[str, LegStudy]]:
    """The same side of other studies; of a study of one leg, that one."""
    return [(name, one) for name, each in studies for one in each.legs if one.leg == leg.leg or len(each.legs) == 1]


def _caution(leg: LegStudy) -> dict[str, Any]:
    """What else lowers the reading, at the cursor and at length."""
    return {"caution": COLD_TOO, "notes": leg.fatigue_notes}


def _range(values: Sequence[NDArray[np.floating]], step: float) -> tuple[float, float]:
    known = np.concatenate([each[np.isfinite(each)] for each in values])
    if not len(known):
        return 0.0, 100.0
    low, high = np.percentile(known, [0.5, 99.5])
    low, high = min(low, values[-1].min(initial=low)), max(high, values[-1].max(initial=high))
    return step * np.floor(low / step - 0.2), step * np.ceil(high / step + 0.2)
