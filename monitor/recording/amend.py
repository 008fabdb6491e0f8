"""Annotations of a recording that is closed: what is added or taken back is appended, nothing in the file is changed.

An addition stands in the stream of annotations, for every XDF reader; taking back is a record of the session stream,
which Crampwatch alone knows. Neither is an event of the session, so no state changes by it; except for what is ordered
of a baseline (`monitor.orders`): whoever computes the recording again obeys that.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from monitor.errors import RecordingError
from monitor.recording import repair, xdf
from monitor.recording.xdf import Tag
from monitor.recording.xdf_index import ANNOTATIONS, SESSION
from monitor.recording.xdf_read import open_recording

_LONGEST = 10_000  # characters of one annotation


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: session seconds and text."""

    time_s: float
    text: str


def notes_of(path: Path) -> list[Note]:
    """What is noted in a recording now, in order of time. Raises: RecordingError."""
    with open_recording(path) as recording:
        _check_own(recording.sealed, path)
        return [Note(*note) for note in recording.annotations]


def add(path: Path, notes: Sequence[Note]) -> None:
    """Note moments of a closed recording. Raises: RecordingError where it is none, or still being recorded."""
    with open_recording(path) as recording:
        _check_own(recording.sealed, path)
        for note in notes:
            if not isfinite(note.time_s) or not 0 <= note.time_s <= recording.duration_s or len(note.text) > _LONGEST:
                raise RecordingError(
                    f"{note.time_s:g} s is outside the {recording.duration_s:.1f} s of {path}, or its text is too long"
                )
    lines = [(note.time_s, note.text.encode("utf-8", "replace")) for note in notes]
    _append(path, [(ANNOTATIONS.sid, lines), (SESSION.sid, [_record("added", note) for note in notes])])


def remove(path: Path, note: Note) -> None:
    """Take an annotation back. Raises: RecordingError where there is none such."""
    if note not in notes_of(path):
        raise RecordingError(f"{path} has no annotation {note.text!r} at {note.time_s:g} s")
    _append(path, [(SESSION.sid, [_record("removed", note)])])


def undo(path: Path) -> str:
    """Undo the newest change made after the session; what was undone, as a sentence. Raises: RecordingError."""
    with open_recording(path) as recording:
        _check_own(recording.sealed, path)
        changes = recording.amendments
    if not changes:
        raise RecordingError(f"nothing was changed in {path} since it was recorded")
    kind, time_s, text = changes[-1]
    note = Note(time_s, text)
    _append(path, [(SESSION.sid, [_record("undone", note)])])
    return f"{kind} at {time_s:g} s is undone: {text}"


def _record(kind: str, note: Note) -> tuple[float, bytes]:
    return note.time_s, json.dumps({"annotation": kind, "time_s": note.time_s, "text": note.text}).encode()


def _check_own(sealed: bool, path: Path) -> None:
    if not sealed:
        raise RecordingError(f"{path} is another program's file; convert it first: crampwatch convert {path} new.xdf")


def _chunks(sid: int, items: list[tuple[float, bytes]]) -> bytes:
    """A clock offset with the texts: without one, readers complain of a stream that had none before."""
    offset = xdf.pack_chunk(Tag.CLOCK_OFFSET, struct.pack("<dd", items[0][0], 0.0), sid)
    return offset + xdf.pack_chunk(Tag.SAMPLES, xdf.pack_strings(items), sid)


def _append(path: Path, texts: Sequence[tuple[int, list[tuple[float, bytes]]]]) -> None:
    """Add texts to streams of a closed file as one sealed append, on the disk when this returns."""
    content = b"".join(_chunks(sid, items) for sid, items in texts if items)
    try:
        with path.open("r+b") as file:
            if not repair.claim(file) and os.name != "nt":
                raise RecordingError(f"{path} is being recorded right now; annotate it when it is closed")
            end = file.seek(0, 2)
            seal = f"{end + len(content)} {zlib.crc32(content):08x}".encode()
            sealed = xdf.pack_chunk(Tag.SAMPLES, xdf.pack_strings([(texts[0][1][0][0], seal)]), xdf.INTEGRITY_SID)
            file.write(content + sealed + xdf.BOUNDARY_CHUNK)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise RecordingError(f"cannot annotate {path}: {error.strerror or error}") from error
