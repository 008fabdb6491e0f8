"""What the recording does not do, each in a sentence of its own, and the ways in which a disk can fail it."""

from __future__ import annotations

import errno
import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from session_sample import EMG, HEADER, record, session

from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import RecordingError
from monitor.events import Battery, Decoded, Event, Heartbeat, Marker
from monitor.recording import amend, repair, xdf_seek
from monitor.recording.amend import Note
from monitor.recording.append_file import AppendFile
from monitor.recording.backlog import Backlog, Entry, Lost
from monitor.recording.encoder import SessionEncoder
from monitor.recording.journal import JournalReader
from monitor.recording.recorder import as_lines
from monitor.recording.replay import RecordingSource
from monitor.recording.xdf import Tag, pack_chunk
from monitor.recording.xdf_header import MAX_HEADER_CHARS, parse_xml
from monitor.recording.xdf_index import read_json
from monitor.recording.xdf_read import open_recording
from monitor.recording.xdf_scan import FileBytes

FOREIGN = b"XDF:" + pack_chunk(Tag.FILE_HEADER, b"<info><version>1.0</version></info>")
XML = "<info><name>EMG</name><type>EMG</type><channel_count>1</channel_count><nominal_srate>0</nominal_srate>\
<channel_format>float32</channel_format></info>"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    record(tmp_path / "a.xdf", list(session()))
    return tmp_path / "a.xdf"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Three samples of another program's recorder, the last without a stamp of its own."""
    rows = b"".join(b"\x08" + struct.pack("<df", at_s, at_s) for at_s in (5.0, 6.0)) + b"\x00" + struct.pack("<f", 7.0)
    content = FOREIGN + pack_chunk(Tag.STREAM_HEADER, XML.encode(), 1)
    (tmp_path / "b.xdf").write_bytes(content + pack_chunk(Tag.SAMPLES, b"\x01\x03" + rows, 1))
    return tmp_path / "b.xdf"


def no_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_foreign_file_is_read_and_not_annotated(foreign: Path) -> None:
    with open_recording(foreign) as recording:
        assert [len(chunk) for chunk in recording.chunks("emg")] == [3]
        assert recording.header == {} and recording.annotations == []
    for change in (lambda: amend.add(foreign, [Note(0.5, "x")]), lambda: amend.undo(foreign)):
        with pytest.raises(RecordingError, match="another program's file; convert it first"):
            change()
    assert [len(chunk) for chunk in xdf_seek.chunks_from(foreign, "emg", 0.0)] == [3], "read whole, from its beginning"


def test_a_note_that_is_not_there_is_not_taken_back(recorded: Path) -> None:
    before = recorded.read_bytes()
    with pytest.raises(RecordingError, match="no annotation 'never'"):
        amend.remove(recorded, Note(0.1, "never"))
    assert recorded.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot tell who writes")
def test_what_is_being_recorded_is_not_annotated_and_not_cut(recorded: Path) -> None:
    before = recorded.read_bytes()
    with recorded.open("r+b") as somebody:
        assert repair.claim(somebody)
        with pytest.raises(RecordingError, match="is being recorded right now"):
            amend.add(recorded, [Note(1.0, "x")])
        assert repair.trim(recorded, 100) is None
    assert recorded.read_bytes() == before


def test_a_disk_that_is_full_annotates_nothing_and_cuts_nothing(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = recorded.read_bytes()
    monkeypatch.setattr(os, "fsync", no_disk)
    with pytest.raises(RecordingError, match=r"cannot annotate .*No space left"):
        amend.add(recorded, [Note(1.0, "x")])
    recorded.write_bytes(before)
    assert repair.trim(recorded, 100) is None
    assert recorded.read_bytes() == before
    assert [path.name for path in recorded.parent.iterdir()] == ["a.xdf"], "a copy that is not whole is no copy"


def test_each_torn_original_is_kept_under_a_name_of_its_own(recorded: Path) -> None:
    whole = recorded.read_bytes()
    assert [repair.trim(recorded, 4000 - n) for n in range(2)] == [
        recorded.with_name("a.xdf.torn"),
        recorded.with_name("a.xdf.torn2"),
    ]
    assert recorded.with_name("a.xdf.torn").read_bytes() == whole
    assert recorded.with_name("a.xdf.torn2").read_bytes() == whole[:4000]


def test_a_file_that_was_deleted_meanwhile_is_no_file(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a.xdf")
    file.write(b"here")
    file.sync()
    with pytest.raises(RecordingError, match="never overwritten"):
        AppendFile(tmp_path / "a.xdf")
    if os.name != "nt":
        (tmp_path / "a.xdf").unlink()
        with pytest.raises(FileNotFoundError):
            file.sync()
    file.discard()
    with pytest.raises(RecordingError, match="cannot record to"):
        AppendFile(tmp_path / "no" / "a.xdf")


def test_what_a_disk_never_took_is_counted_and_stands_in_its_place() -> None:
    backlog = Backlog(10**9)
    for at_s in range(3):
        backlog.put(Entry(Heartbeat(float(at_s)), (), ()))
    backlog.give_up(2)
    assert (backlog.n_lost, backlog.n_bytes) == (5, 0)
    backlog.put(Entry(Heartbeat(9.0), (), ()))
    told, kept = backlog.take(10**9, 1e9)
    assert told == Lost(3, 0.0, 2.0) and isinstance(kept, Entry)


def test_a_file_that_shrinks_while_it_is_read_says_so(recorded: Path) -> None:
    file = FileBytes(recorded)
    with recorded.open("r+b") as other:
        other.truncate(100)
    with pytest.raises(RecordingError, match="has become shorter"):
        file.read(0, 200)
    file.close()


def test_texts_are_no_samples_and_samples_no_texts(recorded: Path) -> None:
    with open_recording(recorded) as recording:
        with pytest.raises(RecordingError, match="holds texts, not samples"):
            next(recording.chunks("annotations"))
        with pytest.raises(RecordingError, match="holds samples, not texts"):
            next(recording.texts("imu"))
    with pytest.raises(RecordingError, match="holds texts, not samples"):
        next(xdf_seek.chunks_from(recorded, "annotations", 0.0))


def test_a_state_change_holds_what_json_knows() -> None:
    (line,) = as_lines([{"score": np.float64(0.25), "n": np.int64(3)}], 7.0)
    assert json.loads(line[line.index(b"{") :]) == {"score": 0.25, "n": 3}
    with pytest.raises(TypeError, match="holds set"):
        as_lines([{"score": {1}}], 7.0)


@pytest.mark.parametrize("text", ["[1]", "{", "[" * 100_000])
def test_a_record_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RecordingError, match="no JSON"):
        read_json(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [("<a>", "no XML"), ("<!DOCTYPE a><a/>", "entities"), ("<a>" + " " * MAX_HEADER_CHARS + "</a>", "too long")],
)
def test_a_header_that_is_none_is_refused(text: str, says: str) -> None:
    with pytest.raises(RecordingError, match=says):
        parse_xml(text)


def played(path: Path, events: list[Event]) -> list[Event]:
    """What comes back of them."""
    encoder = SessionEncoder(HEADER)
    content = encoder.take(boundary=True)
    for event in events:
        chunks = (event.chunk,) if isinstance(event, Decoded) else ()
        encoder.add(Entry(event, chunks, ()))
    path.write_bytes(content + encoder.close())
    with RecordingSource(path) as source:
        return list(source)


def test_a_battery_and_a_stream_without_rate_come_back(tmp_path: Path) -> None:
    odd = Stream("steps", 0.0, (Channel("step", "1"),), "table")
    chunk = Chunk(odd, np.array([0.7, 0.9]), np.ones((2, 1), np.float32))
    events = [Battery(0.5, "uMyo <7>", 0.75), Decoded(1.0, "table", chunk)]
    battery, decoded = played(tmp_path / "a.xdf", events)
    assert battery == events[0] and isinstance(decoded, Decoded)
    np.testing.assert_array_equal(decoded.chunk.time_s, chunk.time_s)


@pytest.mark.parametrize("jump_s", [1e7, float("inf")])
def test_a_time_that_no_session_has_is_damage(tmp_path: Path, jump_s: float) -> None:
    with pytest.raises(RecordingError, match="the recording is damaged: after 1 s comes the time"):
        played(tmp_path / "a.xdf", [Marker(1.0, "here"), Marker(1.0 + jump_s, "far")])


def test_an_event_without_its_samples_is_refused() -> None:
    reader = JournalReader(lambda sid, n: Chunk(EMG, np.empty(0), np.empty((0, 2))))
    for line in ('["decoded", "x", "five", 2]', '["dance"]', "7", "{"):
        with pytest.raises(RecordingError):
            reader.event(1.0, line)
