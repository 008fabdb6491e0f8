"""The tables of one leg on one clock, and the session they make: `analyze` and `replay` feed it the same events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from monitor.acquisition.tables import Kind
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.exporting.events import ContentSource
from monitor.importing.content import Content
from monitor.recording.merge import TICK_S
from monitor.recording.replay import LONGEST_PAUSE_S
from monitor.session import Session
from monitor.settings import Settings
from monitor.team import Athlete, Sensor, Team

SLOWEST_EMG_HZ = 100.0  # below this there is not even an envelope
_ROLES = ("emg", "shank", "foot", "angle")


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

    @property
    def by_role(self) -> dict[str, Chunk]:
        """The tables that there are."""
        return {role: chunk for role in _ROLES if (chunk := getattr(self, role)) is not None}

    def cut(self, from_s: float, to_s: float) -> LegTables:
        """What lies in [from_s, to_s), on the same clock."""
        spans = {
            role: chunk[slice(*map(int, np.searchsorted(chunk.time_s, (from_s, to_s))))]
            for role, chunk in self.by_role.items()
        }
        return replace(self, **spans)


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
    from monitor.importing.parts import read_part  # late: it knows every format

    kinds: dict[str, tuple[Path | None, Kind]] = {
        "emg": (emg, "emg"),
        "shank": (shank, "imu"),
        "foot": (foot, "imu"),
        "angle": (angle, "angle"),
    }
    chunks = {role: read_part(path, kind) for role, (path, kind) in kinds.items() if path is not None}
    for role, chunk in chunks.items():
        pause_s = float(np.diff(chunk.time_s).max()) if len(chunk) > 1 else 0.0
        if pause_s > LONGEST_PAUSE_S:
            raise TableError(f"{kinds[role][0]} has a gap of {pause_s / 3600:.1f} h; cut it into sessions")
    begin_s = min(float(chunk.time_s[0]) for chunk in chunks.values())
    end_s = max(float(chunk.time_s[-1]) + 1 / chunk.stream.rate_hz for chunk in chunks.values())
    shifted = {role: replace(chunk, time_s=chunk.time_s - begin_s) for role, chunk in chunks.items()}
    file = str(next(path for path, _ in kinds.values() if path is not None))
    return LegTables(file, end_s - begin_s, **shifted, leg=leg, calibration_s=calibration_s)


def checked_emg(tables: LegTables) -> Chunk:
    """The EMG of the leg. Raises: TableError where there is none, or none that deserves the name."""
    if tables.emg is None:
        raise TableError(f"no EMG was given with {tables.file}; add --emg TABLE")
    rate_hz = tables.emg.stream.rate_hz
    if rate_hz < SLOWEST_EMG_HZ:
        raise TableError(
            f"{tables.file} holds {rate_hz:g} samples per second, too few for EMG ({SLOWEST_EMG_HZ:g} at least);"
            " is time_s in seconds?"
        )
    return tables.emg


def tables_source(
    tables: LegTables, speed: float | None = None, start_s: float = 0.0, longest_s: float = TICK_S
) -> ContentSource:
    """The events of the tables; each role is a sensor of that name. The others: see `ContentSource`."""
    streams = tuple(
        replace(chunk, stream=replace(chunk.stream, source_id=role)) for role, chunk in tables.by_role.items()
    )
    content = Content(Path(tables.file), "tables", streams)
    return ContentSource(content, speed=speed, start_s=start_s, longest_s=longest_s)


def tables_session(tables: LegTables, settings: Settings, start_s: float = 0.0) -> Session:
    """The session of the tables: one leg of nobody in particular. Raises: TableError where the EMG does not serve."""
    checked_emg(tables)
    # Not validated: a team that people write names its athletes and legs, tables need not.
    sensors = tuple(
        Sensor.model_construct(match=role, profile="table", leg=tables.leg or "", roles=(role,))
        for role in tables.by_role
    )
    team = Team.model_construct(athletes=(Athlete.model_construct(name="", sensors=sensors),))
    return Session(team, {}, settings, calibration_window_s=tables.calibration_s, start_s=start_s)
