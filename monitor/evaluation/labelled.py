"""Recordings with labels: `file,leg,start_s,end_s,kind`, a line for every cramp that somebody noted."""

from __future__ import annotations

import csv
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from monitor import __version__
from monitor.chunk import Chunk
from monitor.errors import CrampwatchError, EvaluationError
from monitor.evaluation.baselines import WorkingRms, at_random, clock
from monitor.evaluation.keeping import keep, kept
from monitor.evaluation.run import Failure
from monitor.evaluation.seen import own_scores, track_of
from monitor.evaluation.tracks import AthleteSession, LegTrack, TrueCramp
from monitor.events import Decoded
from monitor.exporting.opening import holds_session, open_session
from monitor.keeping import session_from_header
from monitor.leg import Leg, LegSecond
from monitor.leg_tables import load_tables
from monitor.settings import Settings

_COLUMNS = ("file", "leg", "start_s", "end_s", "kind")
_LEGS = ("left", "right")


@dataclass(frozen=True, slots=True)
class Label:
    """One cramp that was noted."""

    file: str
    leg: str
    start_s: float
    end_s: float


def read_labels(path: Path) -> list[Label]:
    """The cramps of a table of labels. Raises: EvaluationError naming the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            names, rows = table.fieldnames or (), list(table)
    except OSError as error:
        raise EvaluationError(f"cannot read the labels {path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvaluationError(f"cannot read the labels {path}: {error}") from error
    if set(_COLUMNS) - set(names):
        raise EvaluationError(f"the labels {path} must have the columns {','.join(_COLUMNS)}")
    return [_label(row, f"{path}, line {number}") for number, row in enumerate(rows, start=2)]


def _label(row: dict[str, str], place: str) -> Label:
    if row["leg"] not in _LEGS:
        raise EvaluationError(f"{place}: the leg must be left or right, not {row['leg']!r}")
    if row["kind"] != "cramp":
        raise EvaluationError(f"{place}: the kind must be cramp, not {row['kind']!r}")
    try:
        start_s, end_s = float(row["start_s"]), float(row["end_s"])
    except ValueError as error:
        raise EvaluationError(f"{place}: start_s and end_s are seconds ({error})") from error
    if not (0.0 <= start_s < end_s < math.inf):
        raise EvaluationError(f"{place}: a cramp starts at 0 s or later and ends after its start")
    return Label(row["file"], row["leg"], start_s, end_s)


def labels_of(labels: Sequence[Label], file: Path) -> list[TrueCramp]:
    """Those of one recording, found by its path as written or by its name."""
    mine = [label for label in labels if label.file == str(file) or Path(label.file).name == file.name]
    return [TrueCramp(label.leg, label.start_s, label.start_s, label.end_s) for label in mine]


def check_files(labels: Sequence[Label], files: Sequence[Path]) -> None:
    """Raises: EvaluationError for a label of a file that was not given, or two files of one name."""
    names = [file.name for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise EvaluationError(f"two recordings are called {twice}; labels would fit both")
    for label in labels:
        if Path(label.file).name not in names:
            raise EvaluationError(f"the labels name {label.file}, which was not given")


def labelled_sessions(file: Path, labels: Sequence[Label], settings: Settings | None) -> list[AthleteSession]:
    """Every athlete of a recording. settings : None = as recorded.

    Raises: EvaluationError, RecordingError, TableError.
    """
    cramps = labels_of(labels, file)
    if holds_session(file):
        played = _recorded(file, settings)
    else:
        played = _table(file, _told_leg(file, cramps), settings or Settings())
    _check_places(file, cramps, played)
    sessions = []
    for athlete in dict.fromkeys(name for name, _, _ in played):
        tracks = tuple(track for name, track, _ in played if name == athlete)
        duration_s = max(until_s for name, _, until_s in played if name == athlete)
        name = f"{file.name} {athlete}".strip()
        sessions.append(AthleteSession(name, athlete or file.stem, duration_s, tracks, tuple(cramps)))
    if len(sessions) > 1 and cramps:
        raise EvaluationError(f"{file} holds {len(sessions)} athletes: labels cannot say whose cramp it was")
    return sessions


def _told_leg(file: Path, cramps: Sequence[TrueCramp]) -> str:
    """The leg that a table's labels say it is from. Raises: EvaluationError where they say both."""
    legs = {cramp.leg for cramp in cramps} or {"left"}  # without a cramp it makes no difference
    if len(legs) > 1:
        raise EvaluationError(f"{file} is a table of one leg, but its labels are of both")
    return legs.pop()


def _check_places(file: Path, cramps: Sequence[TrueCramp], played: _Played) -> None:
    """Raises: EvaluationError for a cramp of a leg that was not recorded, or after the end."""
    legs = {track.leg for _, track, _ in played}
    for cramp in cramps:
        if cramp.leg not in legs:
            there = " and ".join(sorted(legs))
            raise EvaluationError(f"the labels name the {cramp.leg} leg of {file}, which holds the {there}")
        if all(cramp.onset_s >= until_s for _, _, until_s in played):
            raise EvaluationError(
                f"the labels name a cramp at {cramp.onset_s:g} s of {file}, which lasts {played[0][2]:.1f} s"
            )


def judged_file(
    file: Path, labels: Sequence[Label], settings: Settings | None, folder: Path | None = None
) -> list[AthleteSession | Failure]:
    """See `labelled_sessions`; what cannot be judged is a failure that stops nothing.

    folder : where tracks are kept and taken up again, None = nowhere.
    """
    try:
        made_by = "" if folder is None else _made_by(file, labels, settings)
        before = _kept(folder, made_by, file)
        if before:
            return list(before)
        sessions = labelled_sessions(file, labels, settings)
        for number in reversed(range(len(sessions))):  # the first comes last: where it is, all are
            keep(folder, made_by, f"{file.stem}-{number}", sessions[number])
    except CrampwatchError as error:
        return [Failure(str(file), str(error))]
    return list(sessions)


def _kept(folder: Path | None, made_by: str, file: Path) -> list[AthleteSession]:
    sessions: list[AthleteSession] = []
    while (session := kept(folder, made_by, f"{file.stem}-{len(sessions)}")) is not None:
        sessions.append(session)
    return sessions


def _made_by(file: Path, labels: Sequence[Label], settings: Settings | None) -> str:
    """Whatever changes the tracks of a recording; one of another size or time is another."""
    try:
        seen = file.resolve(), file.stat().st_size, file.stat().st_mtime_ns
    except OSError as error:
        raise EvaluationError(f"cannot read {file}: {error.strerror or error}") from error
    cramps = [(cramp.leg, cramp.onset_s, cramp.relief_s) for cramp in labels_of(labels, file)]
    return f"{__version__} {settings.hash if settings is not None else 'as recorded'} {seen} {cramps}"


_Played = list[tuple[str, LegTrack, float]]


def _recorded(file: Path, settings: Settings | None) -> _Played:
    with open_session(file) as source:
        session = session_from_header(source.header, settings=settings, file=str(file))
        seconds: dict[int, list[LegSecond]] = {id(leg): [] for leg in session.legs}
        rms: dict[int, WorkingRms] = {}
        for event in source:
            outcome = session.feed(event)
            for leg, second in outcome.seconds:
                seconds[id(leg)].append(second)
            for chunk in outcome.chunks:
                sensor = event.sensor if isinstance(event, Decoded) else ""
                seat = session.seats.get(chunk.stream.source_id) or session.seats.get(sensor)
                if chunk.stream.name == "emg" and seat is not None:
                    rms.setdefault(id(seat.leg), WorkingRms(chunk.stream)).push(chunk)
        for leg, second in session.finish().seconds:
            seconds[id(leg)].append(second)
        return [
            (leg.athlete, _track(file, leg, seconds[id(leg)], rms.get(id(leg)), source.duration_s), source.duration_s)
            for leg in session.legs
        ]


def _table(file: Path, side: str, settings: Settings) -> _Played:
    tables = load_tables(emg=file)
    emg: Chunk | None = tables.emg
    if emg is None:
        raise EvaluationError(f"{file} holds no EMG")
    leg = Leg("", side, frozenset({"emg"}), settings)
    rms = WorkingRms(emg.stream)
    rms.push(emg)
    leg.push("emg", emg)
    return [("", _track(file, leg, leg.finish(), rms, tables.duration_s), tables.duration_s)]


def _track(file: Path, leg: Leg, seconds: Sequence[LegSecond], rms: WorkingRms | None, duration_s: float) -> LegTrack:
    n = len(seconds)
    seed = zlib.crc32(f"{file.name} {leg.athlete} {leg.leg}".encode())
    scores = own_scores(seconds) | {
        "rms_only": np.full(n, np.nan) if rms is None else rms.score(n),
        "clock": clock(n, duration_s),
        "random": at_random(n, seed),
    }
    return track_of(leg, seconds, scores)
