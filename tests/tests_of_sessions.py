"""A short recorded session with states in it, as a live one leaves it: the first seconds of a sample."""

from __future__ import annotations

from pathlib import Path

from monitor import shipped
from monitor.recording.replay import RecordingSource
from monitor.rewriting import write_session


def short_recording(path: Path, until_s: float = 20.0) -> Path:
    """Write it. The states are those that the session computes."""
    with RecordingSource(shipped.folder("recordings") / "tiring.xdf") as source:
        write_session((event for event in source if event.time_s <= until_s), source.header, path)
    return path
