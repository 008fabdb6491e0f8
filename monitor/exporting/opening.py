"""A recorded session from whatever file holds it, as a source of events."""

from __future__ import annotations

from pathlib import Path

from monitor.exporting.events import ContentSource
from monitor.recording.replay import RecordingSource

_SESSIONS = {".bdf", ".edf", ".mat", ".npz"}


def open_session(path: Path, speed: float | None = None, start_s: float = 0.0) -> RecordingSource | ContentSource:
    """An XDF recording, or the export of one that tells its session. Raises: CrampwatchError.

    speed : session seconds per wall second, None: as fast as possible; what lies before start_s always is.
    """
    if not path.is_dir() and path.suffix.lower() not in _SESSIONS:
        return RecordingSource(path, speed, start_s)
    from monitor.importing.formats import read_file

    return ContentSource(read_file(path), speed=speed, start_s=start_s)


def holds_session(path: Path) -> bool:
    """Whether a file is a recording of a session, and no table of one leg."""
    if path.suffix.lower() == ".xdf":
        return True
    if path.is_dir():
        return True
    if path.suffix.lower() in (".bdf", ".edf"):
        from monitor.importing.edf import OWN, sidecar

        own = sidecar(path).get(OWN)
        return isinstance(own, dict) and bool((own.get("header") or {}).get("team"))
    from monitor.importing.arrays import own_session

    return bool(((own_session(path) or {}).get("header") or {}).get("team"))
