"""What a session needs to be built again, written down and read back: for recordings and for stored baselines."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.acquisition.profile import find, restored
from monitor.acquisition.profile_model import Profile
from monitor.context.journal import recorded_journal
from monitor.errors import CrampwatchError, ProfileError, RecordingError
from monitor.session import Session
from monitor.settings import Settings
from monitor.stored import StoredLeg
from monitor.team import Team

Stored = dict[tuple[str, str], StoredLeg]


def stored_to_list(stored: Mapping[tuple[str, str], StoredLeg]) -> list[dict[str, Any]]:
    """Plain data: one entry per leg."""
    return [{"athlete": athlete, "leg": leg} | kept.to_dict() for (athlete, leg), kept in stored.items()]


def stored_from_list(entries: list[dict[str, Any]]) -> Stored:
    """From `stored_to_list`."""
    return {(entry["athlete"], entry["leg"]): StoredLeg.from_dict(entry) for entry in entries}


def load_stored(path: Path) -> Stored:
    """Baselines from a file. Raises: CrampwatchError."""
    try:
        return stored_from_list(json.loads(path.read_text(encoding="utf-8"))["legs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrampwatchError(f"cannot read the baselines in {path}: {error}") from error


def save_stored(path: Path, stored: Mapping[tuple[str, str], StoredLeg], about: str) -> None:
    """Baselines into a file, readable by its owner only. Raises: CrampwatchError."""
    text = json.dumps({"about": about, "legs": stored_to_list(stored)}, allow_nan=False)
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as file:  # mode 0600
            file.write(text + "\n")
        Path(file.name).replace(path)
    except OSError as error:
        raise CrampwatchError(f"cannot write the baselines to {path}: {error}") from error


def session_facts(session: Session, profiles: Mapping[str, Profile]) -> dict[str, Any]:
    """How a session was built, for the header of its recording. profiles: by source_id."""
    said = {} if session.journal is None else {"journal": session.journal.to_dict()}
    return said | {
        "stored": stored_to_list(session.stored_at_start),
        "profile_ids": sorted({profile.id for profile in profiles.values()}),
        "sensor_profiles": {source_id: profile.key for source_id, profile in profiles.items()},
    }


def todays(team: Team, sensors: set[str]) -> dict[str, Profile]:
    """The profiles that these sensors of a team would get today, by source_id. Raises: ProfileError."""
    worn = [sensor for athlete in team.athletes for sensor in athlete.sensors if sensor.match in sensors]
    return {sensor.match: find(sensor.profile, sensor.variant, sensor.options, sensor.match) for sensor in worn}


def session_from_header(
    header: Mapping[str, Any], *, settings: Settings | None = None, start_s: float = 0.0, newest: bool = False
) -> Session:
    """The session that a recording's header describes, before its first event. Raises: RecordingError.

    settings : None = as recorded; start_s : see Session. newest : decode with today's profiles, not the recorded ones.
    """
    if not header.get("team"):
        raise RecordingError(
            "this recording does not say who wore which sensor; make one that does with"
            " `crampwatch convert IN OUT.xdf --leg left`, or give its tables to `crampwatch analyze`"
        )
    try:
        team = Team.model_validate(header["team"])
        kept = {key: restored(entry["profile"]) for key, entry in header["profiles"].items()}
        profiles = {source_id: kept[key] for source_id, key in header.get("sensor_profiles", {}).items()}
        if newest:
            profiles = todays(team, set(profiles))
        settings = settings or Settings.from_dict(header["settings"])
        stored = stored_from_list(header.get("stored", []))
        speed, journal = float(header.get("speed", 1.0)), recorded_journal(header)
        return Session(team, profiles, settings, speed=speed, stored=stored, start_s=start_s, journal=journal)
    except (ProfileError, ValidationError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordingError(f"the header of this recording is damaged: {type(error).__name__} {error}") from error
