"""Any content as a Crampwatch recording."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from monitor.acquisition.tables import ANGLE_CHANNELS
from monitor.errors import RecordingError, TableError
from monitor.exporting.events import ContentSource
from monitor.importing.content import Content
from monitor.recording.backlog import Entry
from monitor.recording.header import session_header
from monitor.recording.recorder import as_lines
from monitor.recording.session_file import SessionFile, problem
from monitor.settings import Settings
from monitor.team import Athlete, LegSide, Role, Sensor, Team
from monitor.unfinished import drafts

_EVENTS_PER_WRITE = 300


def write(content: Content, path: Path, header: dict[str, Any] | None = None) -> None:
    """A new XDF file with all streams, notes and states. Raises: RecordingError if it cannot be written."""
    try:
        with drafts(path, new=True) as (written,):
            _write(content, written, header)
    except OSError as error:
        raise RecordingError(f"cannot write {path}: {problem(error)}") from error


def _write(content: Content, path: Path, header: dict[str, Any] | None) -> None:
    """Raises: OSError, RecordingError."""
    source = ContentSource(content, header)
    file = SessionFile(path, source.header or _header(content, None))
    states = [(float(state.get("time_s", 0.0)), state) for state in content.states]
    events = iter(source)
    try:
        while batch := list(itertools.islice(events, _EVENTS_PER_WRITE)):
            due = as_lines([state for time_s, state in states if time_s <= batch[-1].time_s], 0.0)
            states = states[len(due) :]
            file.write([Entry(event, (), due if event is batch[0] else ()) for event in batch])
        file.finish()
    finally:
        file.close()


def team_header(content: Content, leg: LegSide, athlete: str, roles: dict[str, Role]) -> dict[str, Any]:
    """Who wore what, for content that does not say it: one leg.

    roles : of sources (by source_id); one that is not named plays what it sends: EMG, a measured ankle angle.
    Raises: TableError where there is no EMG, or more than one source of it or of the angle.
    """
    sources: dict[str, set[Role]] = {}
    for chunk in content.streams:
        source = chunk.stream.source_id
        if source in roles:
            sources.setdefault(source, set()).add(roles[source])
        elif chunk.stream.name == "emg":
            sources.setdefault(source, set()).add("emg")
        elif chunk.stream.name == "angle" and chunk.stream.channels == ANGLE_CHANNELS:
            sources.setdefault(source, set()).add("angle")
    emg = [source for source, played in sources.items() if "emg" in played]
    if len(emg) != 1:
        there = ", ".join(map(repr, emg)) or "no EMG"
        raise TableError(
            f"{content.path} holds {there}; one call, one leg: choose its channels with --map SOURCE/LABEL=NEW"
        )
    angles = [source for source, played in sources.items() if "angle" in played]
    if len(angles) > 1:
        raise TableError(
            f"{content.path} holds the ankle's angle {len(angles)} times; choose one with --map SOURCE/LABEL=ankle"
        )
    sensors = tuple(
        Sensor(match=source, profile="imported", leg=leg, roles=tuple(sorted(played)))
        for source, played in sources.items()
    )
    return _header(content, Team(athletes=(Athlete(name=athlete, sensors=sensors),)))


def _header(content: Content, team: Team | None) -> dict[str, Any]:
    return session_header(
        title=content.path.stem,
        settings=Settings().to_dict(),
        team=None if team is None else team.model_dump(mode="json"),
        profiles={},
        speed=1.0,
        simulated=False,
        epoch_s=content.epoch_s or 0.0,
    ) | {"imported_from": content.form}
