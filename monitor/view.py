"""The session as the screens see it: arrays cut to what is shown, unknown as None."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from monitor.chunk import Chunk
from monitor.comparing import baseline_notes
from monitor.contraction.gait import Activity, GaitSecond
from monitor.contraction.shortened import exposure_text
from monitor.events import Link
from monitor.leg import Leg, LegSecond
from monitor.session import Seat, Session
from monitor.settings import GaitSettings, LinkSettings
from monitor.snapshot import AlertView, LegView, LinkView, Reading, Snapshot, Trace
from monitor.warning import texts

_MOST_TREND_POINTS = 1200
_HINT_STANDS_S = 300.0


def leg_view(leg: Leg, *, curves: bool = True) -> LegView:
    """One leg. curves : with the signals of the last ten seconds, which are most of the work."""

    def shown(name: str) -> Chunk | None:
        return leg.shown(name) if curves else None

    emg, ticks = shown("emg") or shown("envelope"), shown("ticks")
    stream = leg.path.stream if leg.path else emg.stream if emg else None
    channels = stream.labels if stream else ()
    machine, trend = leg.machine, leg.settings.trend
    evidence = leg.history[-1].evidence if leg.history else None
    baseline_hz = evidence.baseline_hz if evidence else None
    mdf, fatigue = _trend(leg, leg.history[-1] if leg.history else None, len(channels))
    course, notes = _course(leg)
    return LegView(
        athlete=leg.athlete,
        leg=leg.leg,
        state=str(machine.state),
        since_s=machine.since_s,
        reasons=machine.reasons,
        score=machine.score,
        points=dict(machine.points),
        channels=channels,
        emg_unit=stream.channels[0].unit if stream else "uV",
        emg=Trace(emg.time_s, emg.samples) if emg else Trace.empty(len(channels)),
        envelope=Trace(ticks.time_s, np.sqrt(ticks.samples[:, 0::3])) if ticks else Trace.empty(len(channels)),
        contraction=_column(shown("gate")),
        angle=_column(shown("angle")),
        angle_source=leg.angle_source,
        angle_note=leg.angle_note,
        mdf=mdf,
        trend=fatigue,
        baseline_hz=baseline_hz,
        watch_hz=None if baseline_hz is None else baseline_hz * trend.watch_level,
        clear_hz=None if baseline_hz is None else baseline_hz * trend.clear_level,
        all_contractions=_reading(leg, 0),
        plantarflexed=_reading(leg, 3),
        calibration_fraction=evidence.calibration_fraction if evidence else 0.0,
        quality=evidence.quality if evidence else (),
        gait=gait_text(leg.angle.gait if leg.angle else None, leg.settings.gait),
        course=course,
        fatigue_notes=notes,
        calibrated_share=leg.angle.calibrated_share if leg.angle else None,
        shortened=_shortened(leg.history[-1] if leg.history else None),
    )


def _shortened(newest: LegSecond | None) -> str:
    exposure = newest.emg.exposure_s_per_min if newest is not None and newest.emg is not None else np.nan
    return exposure_text(exposure) if np.isfinite(exposure) else ""


def gait_text(gait: GaitSecond | None, settings: GaitSettings) -> str:
    """What the leg does and on what ground, in words; empty = unknown."""
    if gait is None or gait.activity is Activity.UNKNOWN:
        return ""
    parts = ["moving" if gait.activity is Activity.OTHER else str(gait.activity)]
    if gait.cadence_per_min is not None:
        parts.append(f"{gait.cadence_per_min:.0f} steps per min")
    if gait.slope_deg is not None:
        way = "uphill" if gait.slope_deg > 0 else "downhill"
        level = abs(gait.slope_deg) < settings.level_deg
        parts.append("level" if level else f"{way} {abs(gait.slope_deg):.0f} deg")
    rough_deg = settings.rough_running_deg if gait.activity is Activity.RUNNING else settings.rough_deg
    if gait.roughness_deg is not None and gait.roughness_deg > rough_deg:
        parts.append("rough ground")
    return ", ".join(parts)


def link_view(seat: Seat, now_s: float, limits: LinkSettings) -> LinkView:
    """One sensor's link."""
    roles = ", ".join(" ".join(("EMG", *seat.sensor.channels)) if role == "emg" else role for role in seat.sensor.roles)
    decoder = seat.decoder
    loss, sag = (decoder.loss_fraction(now_s), decoder.rate_sag) if decoder else (None, None)
    return LinkView(
        sensor=seat.sensor.match,
        model=seat.profile.model if seat.profile else "recorded",
        role=f"{seat.athlete} {seat.sensor.leg}: {roles}",
        link=str(seat.link),
        detail=seat.detail,
        age_s=None if seat.newest_s is None else max(0.0, now_s - seat.newest_s),
        rate_hz=decoder.rate_hz if decoder else seat.rate_hz,
        loss_fraction=loss,
        battery=seat.battery,
        warning="; ".join(_link_warnings(seat, loss, sag, limits)),
        rate_sag=sag,
        time_uncertainty_s=decoder.worst_uncertainty_s if decoder else None,
        left_out=decoder.doubled + decoder.late if decoder else 0,
    )


def _link_warnings(seat: Seat, loss: float | None, sag: float | None, limits: LinkSettings) -> Iterator[str]:
    unreadable, why = seat.decoder.unreadable if seat.decoder else (0.0, "")
    if unreadable > limits.unreadable:
        yield f"{unreadable:.0%} of its packets cannot be read: {why}"
    if seat.decoder and seat.decoder.repeated > limits.repeated:
        yield texts.stands_still(seat.decoder.repeated)
    if sag is not None and sag >= limits.rate_sag:
        yield f"the rate sags by {sag:.0%}: samples are lost unseen"
    if seat.battery is not None and seat.battery <= limits.low_battery:
        yield f"battery low: {seat.battery:.0%}"
    wants_short = seat.profile is not None and seat.profile.link.wants_short_interval
    if not wants_short or seat.link is not Link.LIVE or loss is None or loss <= limits.slow_loss:
        return
    interval_s = seat.arrivals.interval_s
    if interval_s is not None and interval_s > limits.slow_interval_s:
        yield f"link too slow: {1000 * interval_s:.0f} ms between packets, {loss:.0%} lost"


def snapshot(
    session: Session,
    *,
    speed: float,
    source: str,
    title: str,
    simulated: bool,
    notes: tuple[str, ...] = (),
    alerts: tuple[AlertView, ...] = (),
    muted: tuple[str, ...] = (),
    away: tuple[tuple[str, str], ...] = (),
    curves: bool = True,
) -> Snapshot:
    """The whole session now. curves : see `leg_view`."""
    return Snapshot(
        time_s=session.now_s,
        speed=speed,
        source=source,
        title=title,
        simulated=simulated,
        notes=(*notes, *(hint.text for hint in session.hints if session.now_s - hint.time_s < _HINT_STANDS_S)),
        legs=tuple(leg_view(leg, curves=curves) for leg in session.legs),
        links=tuple(link_view(seat, session.now_s, session.settings.link) for seat in session.seats.values()),
        markers=tuple(session.markers),
        alerts=alerts,
        muted=muted,
        away=away,
    )


def _column(chunk: Chunk | None) -> Trace:
    return Trace(chunk.time_s, chunk.samples[:, 0]) if chunk else Trace.empty()


@lru_cache(maxsize=256)
def _trend(leg: Leg, newest: LegSecond | None, n_channels: int) -> tuple[Trace, Trace]:
    """The measured MDF and the fatigue reading as MDF, since the start, thinned to what a screen can show.

    It is drawn anew for each `newest` second, not for each frame of the screen.
    """
    if newest is None or not len(leg.trend):
        return Trace.empty(n_channels), Trace.empty()
    baseline_hz = newest.evidence.baseline_hz
    time_s, mdf, reading = leg.trend.thinned(_MOST_TREND_POINTS)
    return Trace(time_s, mdf), Trace(time_s, reading * (np.nan if baseline_hz is None else baseline_hz))


def _reading(leg: Leg, first: int) -> Reading:
    emg = leg.history[-1].emg if leg.history else None
    if emg is None:
        return Reading(None, 0, True)
    compression, frames, recent = emg.compression[first : first + 3].tolist()
    stale = bool(recent < leg.settings.trend.stale_frames)
    if not np.isfinite(compression):
        return Reading(None, int(frames), stale)
    progress = emg.course.all if first == 0 else emg.course.plantarflexed
    slope, low, high = progress.slope_pct_per_min, progress.slope_low, progress.slope_high
    sloping = bool(np.isfinite(slope))
    return Reading(
        compression,
        int(frames),
        stale,
        interval=progress.interval_of(compression),
        slope_pct_per_min=slope if sloping else None,
        slope_interval=(low, high) if sloping else None,
    )


def _course(leg: Leg) -> tuple[str, tuple[str, ...]]:
    """How the reading goes, and what to bear in mind beside it."""
    newest = leg.history[-1] if leg.history else None
    if newest is None or newest.emg is None or leg.path is None:
        return "", baseline_notes(leg)
    sensor = leg.path.response.note
    course = newest.emg.course
    said = texts.course(course, newest.evidence.compression, leg.settings.trend)
    return said, texts.fatigue_notes(sensor, matched=course.matched, baseline=baseline_notes(leg))
