"""A recorded leg analysed as a whole: what `analyze` prints, as plain data in the contract's shape.

`load_tables` puts a leg's tables on one clock that starts at 0; `analyse` makes the JSON object of them. The summary of
each channel comes from the span at once, states and track come from the same pipeline as the live session's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

import monitor
from monitor.acquisition.tables import Kind, read_table
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.fatigue.summary import ChannelSummary, summarise
from monitor.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class LegTables:
    """The tables of one leg on one clock, in seconds from the start of the recording.

    file : what the recording is called in the output; leg : left, right or None = not said.
    calibration_s : where the calibration was done, None = to be found.
    """

    file: str
    duration_s: float
    emg: Chunk | None = None
    shank: Chunk | None = None
    foot: Chunk | None = None
    angle: Chunk | None = None
    leg: str | None = None
    calibration_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PipelineResult:
    """What the live pipeline says of the span; the defaults are "nothing is known"."""

    angle_source: str = "none"
    angle_note: str = ""
    position_gated: bool = False
    rms_residual_deg: float | None = None
    shortened_s: float | None = None
    compression_end: dict[str, float | None] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)
    track: dict[str, Any] = field(default_factory=dict)


def load_tables(
    *,
    emg: Path | None = None,
    shank: Path | None = None,
    foot: Path | None = None,
    angle: Path | None = None,
    leg: str | None = None,
    calibration_s: tuple[float, float] | None = None,
) -> LegTables:
    """Read the tables of one leg, at least one. Raises: TableError."""
    kinds: dict[str, tuple[Path | None, Kind]] = {
        "emg": (emg, "emg"),
        "shank": (shank, "imu"),
        "foot": (foot, "imu"),
        "angle": (angle, "angle"),
    }
    chunks = {role: read_table(path, kind) for role, (path, kind) in kinds.items() if path is not None}
    begin_s = min(float(chunk.time_s[0]) for chunk in chunks.values())
    end_s = max(float(chunk.time_s[-1]) + 1 / chunk.stream.rate_hz for chunk in chunks.values())
    shifted = {role: replace(chunk, time_s=chunk.time_s - begin_s) for role, chunk in chunks.items()}
    file = str(next(path for path, _ in kinds.values() if path is not None))
    return LegTables(file, end_s - begin_s, **shifted, leg=leg, calibration_s=calibration_s)


def analyse(
    tables: LegTables, from_s: float | None = None, to_s: float | None = None, settings: Settings | None = None
) -> dict[str, Any]:
    """The contract's object for one recording over one span, ready for JSON: unknown is None, no NaN.

    from_s, to_s : seconds from the start of the recording, None = its start and end.
    Raises: TableError where the span holds nothing of the recording.
    """
    settings = settings or Settings()
    begin_s = max(0.0, from_s or 0.0)
    end_s = min(tables.duration_s, tables.duration_s if to_s is None else to_s)
    if end_s <= begin_s:
        raise TableError(
            f"{tables.file} lasts {tables.duration_s:.1f} s and has nothing between {begin_s:g} and {end_s:g} s;"
            " choose a span inside it"
        )
    result = run_pipeline(tables, (begin_s, end_s), settings)
    channels = [] if tables.emg is None else summarise(tables.emg, begin_s, end_s, gate=settings.gate)
    leg = {
        "athlete": None,
        "leg": tables.leg,
        "angle_source": result.angle_source,
        "angle_note": result.angle_note,
        "position_gated": result.position_gated,
        "channels": [_channel(summary, result.compression_end.get(summary.label)) for summary in channels],
        "ankle": {"rms_residual_deg": result.rms_residual_deg, "shortened_s": result.shortened_s},
        "states": result.states,
        "track": _empty_track(channels) | result.track,
    }
    head = {"crampwatch": monitor.__version__, "config_hash": settings.hash, "file": tables.file}
    span = {"duration_s": tables.duration_s, "from_s": begin_s, "to_s": end_s}
    return plain(head | span | {"legs": [leg]})


def run_pipeline(tables: LegTables, span_s: tuple[float, float], settings: Settings) -> PipelineResult:
    """States, track and ankle of the span, by the pipeline of the live session."""
    return PipelineResult(angle_note="contractions are gated by EMG activity alone")


def plain(value: Any) -> Any:
    """Plain Python data for JSON: numpy numbers become Python's, arrays lists, and what is not finite becomes None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _channel(summary: ChannelSummary, compression_end: float | None) -> dict[str, Any]:
    return {
        "label": summary.label,
        "rate_hz": summary.rate_hz,
        "spectral_use": summary.spectral_use,
        "good_fraction": summary.good_fraction,
        "quality": {
            "railed_s": summary.railed_s,
            "no_contact_s": None,
            "mains_s": None,
            "motion_s": None,
            "lost_s": summary.lost_s,
        },
        "contraction_s": summary.contraction_s,
        "mdf_start_hz": summary.mdf_start_hz,
        "mdf_end_hz": summary.mdf_end_hz,
        "mdf_change_pct": summary.mdf_change_pct,
        "mdf_change_ci": summary.mdf_change_ci,
        "gate": summary.gate,
        "compression_end": compression_end,
        "slope_pct_per_min": summary.slope_pct_per_min,
        "slope_ci": summary.slope_ci,
        "rms_change_pct": summary.rms_change_pct,
        "fatigue": summary.fatigue,
    }


def _empty_track(channels: list[ChannelSummary]) -> dict[str, Any]:
    names = ("time_s", "quiet_ratio", "twitches_per_min", "score", "ankle_time_s", "ankle_deg")
    by_channel = {name: {summary.label: [] for summary in channels} for name in ("mdf_hz", "compression")}
    return {name: [] for name in names} | by_channel
