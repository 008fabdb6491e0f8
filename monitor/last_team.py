"""Which team file was used last, so that one click starts it again."""

from __future__ import annotations

import os
from pathlib import Path

from monitor.errors import TeamError


def state_folder() -> Path:
    """Where the user's small files of state are."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "crampwatch"


def _note() -> Path:
    return state_folder() / "last-team"


def remember(path: Path) -> None:
    """Note the team file; a home that cannot be written to is no reason to stop."""
    note = _note()
    try:
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        note.write_text(str(path.resolve()), encoding="utf-8")
    except OSError:
        return


def last_team() -> Path:
    """The team file of the last session. Raises: TeamError if there was none or it is gone."""
    note = _note()
    path = Path(note.read_text(encoding="utf-8").strip()) if note.is_file() else None
    if path is None:
        raise TeamError(
            "there is no last team; write a team file as the README shows, then: crampwatch live --team TEAM.toml"
        )
    if not path.is_file():
        raise TeamError(f"the last team's file {path} is gone; give another one with --team TEAM.toml")
    return path
