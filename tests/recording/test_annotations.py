"""Notes of a closed recording: added, taken back, undone; nothing of the session changes by them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import pyxdf
from session_sample import agree, record, session

from monitor.errors import RecordingError
from monitor.importing.formats import read_file
from monitor.recording import amend
from monitor.recording.amend import Note
from monitor.recording.replay import RecordingSource
from monitor.recording.xdf_read import open_recording


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "a.xdf"
    record(path, list(session()))
    return path


def test_notes_are_added_taken_back_and_undone(recorded):
    before = amend.notes_of(recorded)
    assert len(before) == 3
    amend.add(recorded, [Note(1.0, "stretch"), Note(0.5, "slipped é")])
    assert amend.notes_of(recorded) == sorted(
        [*before, Note(1.0, "stretch"), Note(0.5, "slipped é")], key=lambda n: n.time_s
    )
    amend.remove(recorded, before[0])
    assert before[0] not in amend.notes_of(recorded)
    assert "removed" in amend.undo(recorded)
    assert before[0] in amend.notes_of(recorded)
    amend.undo(recorded)
    amend.undo(recorded)
    assert amend.notes_of(recorded) == before
    with pytest.raises(RecordingError, match="nothing was changed"):
        amend.undo(recorded)


def test_the_session_is_what_it_was(recorded):
    before = recorded.read_bytes()
    amend.add(recorded, [Note(1.0, "cramp: A left")])
    amend.remove(recorded, amend.notes_of(recorded)[0])
    assert recorded.read_bytes().startswith(before)
    with RecordingSource(recorded) as source:
        assert agree(list(source), [event for event, _, _ in session()])
        assert source.notes == ()


def test_other_readers_and_exports_see_the_notes(recorded):
    amend.add(recorded, [Note(1.0, "stretch")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        streams, _ = pyxdf.load_xdf(str(recorded))
    (notes,) = [stream for stream in streams if stream["info"]["name"] == ["annotations"]]
    assert ["stretch"] in notes["time_series"]
    assert (1.0, "stretch") in read_file(recorded).annotations


def test_a_note_that_is_cut_takes_nothing_with_it(recorded):
    before, whole = amend.notes_of(recorded), recorded.read_bytes()
    amend.add(recorded, [Note(1.0, "stretch")])
    added = recorded.read_bytes()
    for cut in range(len(whole) + 1, len(added), 7):
        recorded.write_bytes(added[:cut])
        with open_recording(recorded, mend=False) as recording:
            assert len(recording.annotations) in (len(before), len(before) + 1)


@pytest.mark.parametrize("note", [Note(-1.0, "x"), Note(1e9, "x"), Note(np.nan, "x"), Note(1.0, "x" * 20_000)])
def test_a_note_outside_the_session_is_refused(recorded, note):
    with pytest.raises(RecordingError, match="outside"):
        amend.add(recorded, [note])
