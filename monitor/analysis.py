"""A recorded leg analysed as a whole: what `analyze` prints, as plain data in the contract's shape.

`analyse` makes the JSON object of a leg's tables, `analyse_recording` that of a recorded session. The summary of each
channel comes from the span at once, states and track come from the same pipeline as the live session's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import monitor
from monitor.chunk import Chunk
from monitor.context.advice import advice_for, signs_seen
from monitor.context.journal import Journal, recorded_journal
from monitor.errors import TableError
from monitor.events import Decoded, Event
from monitor.exporting.opening import holds_session, open_session
from monitor.fatigue.summary import ChannelSummary, summarise
from monitor.keeping import session_from_header
from monitor.leg import LegSecond
from monitor.leg_tables import LegTables, checked_emg, load_tables, tables_session, tables_source
from monitor.session import Outcome, Session
from monitor.settings import Settings
from monitor.story import Story, story

_STEP_S = 10.0  # what is analysed at once: more costs no less, for it no longer fits into the processor's cache


def analyse_files(
    parts: Mapping[str, Path],
    from_s: float | None = None,
    to_s: float | None = None,
    *,
    settings: Settings | None = None,
    newest: bool = False,
    leg: str | None = None,
    calibration_s: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """The contract's object for a recorded session, or for the tables of one leg.

    parts : file by role ("emg" "shank" "foot" "angle"); a recorded session stands alone, as "emg". leg, calibration_s :
    of tables, see `load_tables`. newest : see `analyse_recording`.
    Raises: RecordingError, TableError.
    """
    if parts.keys() == {"emg"} and holds_session(parts["emg"]):
        return analyse_recording(parts["emg"], from_s, to_s, settings=settings, newest=newest)
    tables = load_tables(**parts, leg=leg, calibration_s=calibration_s)
    return analyse(tables, from_s, to_s, settings=settings)


def analyse(
    tables: LegTables, from_s: float | None = None, to_s: float | None = None, settings: Settings | None = None
) -> dict[str, Any]:
    """The contract's object for one leg's tables over one span, ready for JSON: unknown is None, no NaN.

    from_s, to_s : seconds from the start of the recording, None = its start and end.
    Raises: TableError where the span holds nothing of the recording.
    """
    settings = settings or Settings()
    span = _span(tables.file, tables.duration_s, from_s, to_s)
    emg = checked_emg(tables)
    session = tables_session(tables, settings, start_s=span[0])
    (leg,), seconds = session.legs, []
    for event in tables_source(tables.cut(*span), longest_s=_STEP_S):
        seconds += [second for _, second in session.feed(event).seconds]
    seconds += [second for _, second in session.finish().seconds]
    told = story(leg, seconds)
    legs = [_leg_object(None, tables.leg, told, emg, span, settings)]
    return _object(tables.file, tables.duration_s, span, settings, legs)


def analyse_recording(
    path: Path,
    from_s: float | None = None,
    to_s: float | None = None,
    settings: Settings | None = None,
    newest: bool = False,
) -> dict[str, Any]:
    """The same for a recorded session: all its legs, from the raw bytes if it holds them. settings: None = as recorded.

    newest : decode the bytes with today's profiles, not the recorded ones.
    Raises: RecordingError, TableError.
    """
    with open_session(path) as source:
        span = _span(str(path), source.duration_s, from_s, to_s)
        built = partial(session_from_header, source.header, settings=settings, newest=newest, file=str(path))
        heard = session = built(start_s=span[0])
        if span != (0.0, source.duration_s):  # decodes all and closes nothing: the noise floor is of the whole file
            heard = built(start_s=source.duration_s + 1.0)
        legs = []
        for leg, (seconds, emg) in zip(session.legs, _fed(source, session, heard, span), strict=True):
            told, limits = story(leg, seconds), leg.limits
            legs.append(_leg_object(leg.athlete, leg.leg, told, emg, span, session.settings, limits.corner_hz))
        journal = recorded_journal(source.header)
        hints = [{"time_s": hint.time_s, "athlete": hint.athlete, "text": hint.text} for hint in session.hints]
        return _object(str(path), source.duration_s, span, session.settings, legs, journal) | {"hints": hints}


def _fed(
    events: Iterable[Event], session: Session, heard: Session, span_s: tuple[float, float]
) -> list[tuple[list[LegSecond], Chunk | None]]:
    """Of each leg the seconds that `session` closes in the span, and the EMG of all events, which comes of `heard`."""
    seconds: dict[int, list[LegSecond]] = {id(leg): [] for leg in session.legs}
    emg: dict[int, list[Chunk]] = {id(leg): [] for leg in heard.legs}
    for event in events:
        outcome = heard.feed(event)
        _keep_emg(heard, outcome, emg, event.sensor if isinstance(event, Decoded) else "")
        if heard is not session:
            outcome = session.feed(event) if span_s[0] <= event.time_s <= span_s[1] else Outcome()
        _keep_seconds(outcome, seconds)
    outcome = heard.finish()
    _keep_emg(heard, outcome, emg)
    _keep_seconds(outcome if heard is session else session.finish(), seconds)
    both = zip(seconds.values(), emg.values(), strict=True)
    return [(closed, Chunk.joined(chunks) if chunks else None) for closed, chunks in both]


def _keep_seconds(outcome: Outcome, seconds: dict[int, list[LegSecond]]) -> None:
    for leg, second in outcome.seconds:
        seconds[id(leg)].append(second)


def _keep_emg(session: Session, outcome: Outcome, emg: dict[int, list[Chunk]], sensor: str = "") -> None:
    """sensor: whose samples came decoded; what was decoded here names its own."""
    for chunk in outcome.chunks:
        seat = session.seats.get(chunk.stream.source_id) or session.seats.get(sensor)
        if chunk.stream.name == "emg" and seat is not None:
            emg[id(seat.leg)].append(chunk)


def _span(file: str, duration_s: float, from_s: float | None, to_s: float | None) -> tuple[float, float]:
    begin_s = max(0.0, from_s or 0.0)
    end_s = min(duration_s, duration_s if to_s is None else to_s)
    if end_s <= begin_s:
        raise TableError(
            f"{file} lasts {duration_s:.1f} s and has nothing between {begin_s:g} and {end_s:g} s; "
            "choose a span inside it"
        )
    return begin_s, end_s


def _leg_object(
    athlete: str | None,
    leg: str | None,
    told: Story,
    emg: Chunk | None,
    span_s: tuple[float, float],
    settings: Settings,
    corner_hz: float | None = None,
) -> dict[str, Any]:
    gate, quality = settings.gate, settings.quality
    channels = [] if emg is None else summarise(emg, *span_s, gate=gate, quality=quality, corner_hz=corner_hz)
    return {
        "athlete": athlete,
        "leg": leg,
        "angle_source": told.angle_source,
        "angle_note": told.angle_note,
        "position_gated": told.position_gated,
        "channels": [_channel(summary, told) for summary in channels],
        "ankle": {
            "rms_residual_deg": None,
            "shortened_s": told.shortened_s,
            "exposure_s_per_min": told.exposure_s_per_min,
            "knee": "unseen",
        },
        "fatigue": told.fatigue,
        "states": told.states,
        "remarks": told.remarks,
        "track": told.track,
        "gait": told.gait,
        "contractions": told.contractions,
        "contraction_snr_db": told.contraction_snr_db,
    }


def _object(
    file: str,
    duration_s: float,
    span_s: tuple[float, float],
    settings: Settings,
    legs: list[dict[str, Any]],
    journal: Journal | None = None,
) -> dict[str, Any]:
    head = {"crampwatch": monitor.__version__, "config_hash": settings.hash, "file": file}
    used = {"settings": settings.to_dict()}
    span = {"duration_s": duration_s, "from_s": span_s[0], "to_s": span_s[1]}
    context = {"journal": None if journal is None else journal.to_dict()}
    said = {"advice": _advice(legs, span_s[1] - span_s[0], settings, journal)}
    return plain(head | span | used | {"legs": legs} | context | said)


def _advice(
    legs: list[dict[str, Any]], seconds: float, settings: Settings, journal: Journal | None
) -> list[dict[str, Any]]:
    """What fits what each athlete's legs showed."""
    found = []
    for athlete in dict.fromkeys(leg["athlete"] for leg in legs):
        own = [leg for leg in legs if leg["athlete"] == athlete]
        states = [state["state"] for leg in own for state in leg["states"]]
        shares = [leg["ankle"]["shortened_s"] / seconds for leg in own if leg["ankle"]["shortened_s"] is not None]
        seen = signs_seen(states, max(shares, default=None), settings.signs.dose_fraction)
        for advice in advice_for(seen, journal, athlete):
            found.append({"athlete": athlete, "text": advice.text, "source": advice.source})
    return found


def plain(value: Any) -> Any:
    """Plain Python data for JSON: numpy numbers become Python's, arrays lists, and what is not finite becomes None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _channel(summary: ChannelSummary, told: Story) -> dict[str, Any]:
    return {
        "label": summary.label,
        "rate_hz": summary.rate_hz,
        "spectral_use": summary.spectral_use,
        "good_fraction": summary.good_fraction,
        "quality": {
            "railed_s": summary.railed_s,
            "no_contact_s": summary.no_contact_s,
            "mains_s": summary.mains_s,
            "motion_s": summary.motion_s,
            "lost_s": summary.lost_s,
        },
        "contraction_s": summary.contraction_s,
        "mdf_start_hz": summary.mdf_start_hz,
        "mdf_end_hz": summary.mdf_end_hz,
        "mdf_change_pct": summary.mdf_change_pct,
        "mdf_change_ci": summary.mdf_change_ci,
        "gate": summary.gate,
        "compression_end": told.compression_end.get(summary.label),
        "slope_pct_per_min": summary.slope_pct_per_min,
        "slope_ci": summary.slope_ci,
        "rms_change_pct": summary.rms_change_pct,
        "fatigue": summary.fatigue,
        "mdf_response": summary.mdf_response,
        "compression_change_pct": summary.compression_change_pct,
        "compression_slope_pct_per_min": summary.compression_slope_pct_per_min,
        "stance_over_swing": told.stance_over_swing.get(summary.label),
        "misplaced": told.misplaced.get(summary.label, False),
    }
