"""Tracks of recordings that somebody has labelled, by the same table of labels as an evaluation takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from monitor.evaluation.labelled import check_files, labels_of, read_labels
from monitor.fitting.track import Track, track_of
from monitor.keeping import session_from_header
from monitor.leg import LegSecond
from monitor.recording.replay import RecordingSource
from monitor.settings import Settings


def labelled_tracks(files: Sequence[Path], labels: Path, settings: Settings) -> list[Track]:
    """A track for every leg of every recording. Raises: EvaluationError, RecordingError."""
    read = read_labels(labels)
    check_files(read, files)
    tracks: list[Track] = []
    for file in files:
        cramps = labels_of(read, file)
        athletes: dict[str, int] = {}
        for (athlete, leg), seconds in _seconds(file, settings).items():
            number = athletes.setdefault(athlete, len(tracks))
            own = sorted((cramp.onset_s, cramp.relief_s) for cramp in cramps if cramp.leg == leg)
            tracks.append(track_of(seconds, number, own, [True] * len(own)))
    return tracks


def _seconds(file: Path, settings: Settings) -> dict[tuple[str, str], list[LegSecond]]:
    with RecordingSource(file) as source:
        session = session_from_header(source.header, settings=settings)
        found: dict[tuple[str, str], list[LegSecond]] = defaultdict(list)
        for outcome in (*map(session.feed, source), session.finish()):
            for leg, second in outcome.seconds:
                found[leg.athlete, leg.leg].append(second)
        return found
