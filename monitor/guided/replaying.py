"""A recording through the heel-rise test: the same spans as in the live test, or found anew where it holds none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from monitor.errors import RecordingError
from monitor.events import Event, Heartbeat, Marker
from monitor.guided.heel_rise import HeelRiseGuide
from monitor.guided.marks import HEEL_RISE, Mark
from monitor.keeping import session_from_header
from monitor.recording.replay import RecordingSource
from monitor.session import Session
from monitor.settings import Settings


def replayed(path: Path, athlete: str | None = None) -> tuple[HeelRiseGuide, dict[str, Any], Settings]:
    """The guide at the end of a recording, with all that its result needs, the header, the settings.

    athlete : None = the only one.

    Raises: RecordingError, TeamError.
    """
    held = _holds_marks(path)
    with RecordingSource(path) as source:
        session = session_from_header(source.header, file=str(path))
        waiting: list[str] = []
        name = athlete or only_athlete(session)
        guide = HeelRiseGuide(session, name, waiting.append, guides=not held, keep_emg=True)
        for event in source:
            _feed(session, guide, event)
            while waiting:
                _feed(session, guide, Marker(session.now_s, waiting.pop(0)))
        last = session.finish()
        guide.put(Heartbeat(session.now_s), last.chunks, ())
        guide.close(session.now_s)
    return guide, source.header, session.settings


def only_athlete(session: Session) -> str:
    """The athlete of a session that has one. Raises: RecordingError if it has several."""
    names = [athlete.name for athlete in session.team.athletes]
    if len(names) > 1:
        raise RecordingError(f"several people wear sensors ({', '.join(names)}); say who is tested with --athlete")
    return names[0]


def _feed(session: Session, guide: HeelRiseGuide, event: Event) -> None:
    guide.put(event, session.feed(event).chunks, ())


def _holds_marks(path: Path) -> bool:
    """Whether the recording was made by the test itself."""
    with RecordingSource(path) as source:
        kinds = (Mark.read(event.text) for event in source if isinstance(event, Marker))
        return any(mark is not None and mark.kind == HEEL_RISE for mark in kinds)
