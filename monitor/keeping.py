"""What a session needs to be built again, written down and read back: for recordings and for stored baselines."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.acquisition.profile import find, restored
from monitor.acquisition.profile_model import Profile
from monitor.comparing import comparable, plain, worn_by
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
    return stored_from_list(_entries(path))


def save_stored(path: Path, stored: Mapping[tuple[str, str], StoredLeg], about: str) -> None:
    """Baselines into a file, readable by its owner only. Raises: CrampwatchError."""
    _write(path, stored_to_list(stored), about)


def kept_for(path: Path, team: Team, profiles: Mapping[str, Profile]) -> Stored:
    """Of a file that may hold several baselines of a leg, the one for what each leg of a team wears today.

    The newest that is comparable, else the newest; nothing where there is no such file. Raises: CrampwatchError.
    """
    if not path.exists():
        return {}
    worn, ranked = worn_by(team, profiles), []
    for entry in _entries(path):
        ((place, kept),) = stored_from_list([entry]).items()
        if place in worn:
            serves = comparable(kept, worn[place])[0] is kept
            ranked.append((serves, kept.worn.made_s or 0.0, place, kept))
    return {place: kept for *_, place, kept in sorted(ranked, key=lambda each: each[:2])}


def keep(path: Path, session: Session, made_s: float) -> None:
    """Add a session's baselines to a file; one of the same leg, channels, sensor and place takes its predecessor's.

    made_s : Unix time now, for those that were learnt in this session. Raises: CrampwatchError.
    """
    learnt = {
        place: kept if kept.worn.made_s is not None else replace(kept, worn=replace(kept.worn, made_s=made_s))
        for place, kept in session.stored().items()
        if kept.emg is not None
    }
    new = stored_to_list(learnt)
    replaced = {_identity(entry) for entry in new}
    old = [entry for entry in _entries(path) if _identity(entry) not in replaced] if path.exists() else []
    _write(path, old + new, "baselines of calves, by athlete, leg, channels, sensor and placement")


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        legs = json.loads(path.read_text(encoding="utf-8"))["legs"]
        stored_from_list(legs)
        return legs
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrampwatchError(f"cannot read the baselines in {path}: {error}") from error


def _identity(entry: Mapping[str, Any]) -> tuple[object, ...]:
    worn = entry.get("worn") or {}
    labels = tuple((entry["emg"] or {}).get("labels", ()))
    return entry["athlete"], entry["leg"], labels, worn.get("profile", ""), plain(worn.get("placement", ""))


def _write(path: Path, legs: list[dict[str, Any]], about: str) -> None:
    text = json.dumps({"about": about, "legs": legs}, allow_nan=False)
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
    header: Mapping[str, Any],
    *,
    settings: Settings | None = None,
    start_s: float = 0.0,
    newest: bool = False,
    file: str = "this recording",
) -> Session:
    """The session that a recording's header describes, before its first event. Raises: RecordingError.

    settings : None = as recorded; start_s : see Session. newest : decode with today's profiles, not the recorded ones.
    file : what the error calls it.
    """
    if not header.get("team"):
        raise RecordingError(
            f"{file} does not say who wore which sensor; make one that does with"
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
        raise RecordingError(f"the header of {file} is damaged: {type(error).__name__} {error}") from error
