"""Reading from a moment on, without what lies before."""

from __future__ import annotations

import numpy as np
import pytest
from session_sample import record, session

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.recording import xdf_seek
from monitor.recording.xdf_read import open_recording


@pytest.mark.parametrize("from_s", [0.0, 0.5, 1.99, 3.9, 100.0])
def test_it_gives_what_reading_all_gives_from_there_on(tmp_path, monkeypatch, from_s):
    monkeypatch.setattr(xdf_seek, "_NEAR_BYTES", 5_000)
    record(tmp_path / "a.xdf", list(session()))
    with open_recording(tmp_path / "a.xdf") as recording:
        whole = Chunk.joined(list(recording.chunks("uMyo <7> emg")))
    found = list(xdf_seek.chunks_from(tmp_path / "a.xdf", "uMyo <7> emg", from_s))
    if from_s > whole.time_s[-1]:
        assert found == []
        return
    first = int(np.searchsorted(whole.time_s, from_s))
    part = Chunk.joined(found)
    np.testing.assert_array_equal(part.samples[-(len(whole) - first) :], whole.samples[first:])
    assert part.time_s[0] <= max(from_s, whole.time_s[0])


def test_an_unknown_stream_is_one_sentence(tmp_path):
    record(tmp_path / "a.xdf", list(session(20)))
    with pytest.raises(RecordingError, match="not exactly one stream"):
        list(xdf_seek.chunks_from(tmp_path / "a.xdf", "nothing", 0.0))
