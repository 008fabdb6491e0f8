from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from session_sample import EMG, HEADER, IMU, agree, record, session

from monitor.errors import RecordingError
from monitor.events import Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.recording import xdf
from monitor.recording.recorder import Recorder
from monitor.recording.replay import RecordingSource
from monitor.recording.xdf_read import open_recording


@pytest.fixture
def recorded(tmp_path):
    puts = list(session())
    record(tmp_path / "a.xdf", puts)
    return tmp_path / "a.xdf", puts


def test_events_come_back_the_same_in_the_same_order(recorded):
    path, puts = recorded
    with RecordingSource(path) as source:
        assert agree(list(source), [event for event, _, _ in puts])
        assert source.header == HEADER
        assert source.notes == ()
        assert source.duration_s == puts[-1][0].time_s


def test_a_source_can_be_played_twice(recorded):
    with RecordingSource(recorded[0]) as source:
        assert agree(list(source), list(source))


def test_decoded_samples_and_state_changes_come_back(recorded):
    path, puts = recorded
    with open_recording(path) as recording:
        for stream in (EMG, IMU):
            chunks = list(recording.chunks(f"uMyo <7> {stream.name}"))
            put = [chunk for _, chunks, _ in puts for chunk in chunks if chunk.stream == stream]
            assert {chunk.stream for chunk in chunks} == {stream}
            found_s, put_s = (np.concatenate([c.time_s for c in which]) for which in (chunks, put))
            np.testing.assert_allclose(found_s, put_s, rtol=0, atol=1.01 * xdf.STAMP_ERROR_S)
            samples = np.concatenate([c.samples for c in put]).astype(np.float32)
            np.testing.assert_array_equal(np.concatenate([c.samples for c in chunks]), samples)
    with RecordingSource(path) as source:
        assert list(source.recorded_changes) == [change for _, _, changes in puts for change in changes]


def test_a_stream_is_found_by_its_signal_or_said_to_be_missing(recorded):
    with open_recording(recorded[0]) as recording:
        assert recording.stream("imu").stream == IMU
        with pytest.raises(RecordingError, match="'uMyo <7> emg'"):
            recording.stream("nothing")


def test_the_file_is_the_owners_alone_and_never_overwritten(recorded):
    path, _ = recorded
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(RecordingError, match="there already"):
        Recorder(path, HEADER)
    assert path.read_bytes() == before


def test_a_folder_that_is_missing_is_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="cannot record to"):
        Recorder(tmp_path / "no" / "a.xdf", HEADER)


def test_nothing_can_be_put_after_the_end(tmp_path):
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    recorder.close()
    recorder.close()
    with pytest.raises(RecordingError, match="closed"):
        recorder.put(Heartbeat(0.5), [], [])


def test_status_tells_size_and_whether_samples_arrive(tmp_path):
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    recorder.put(Heartbeat(0.5), [], [])
    assert recorder.status == "a.xdf 0.0 MB, no samples yet"
    recorder.put(Notification(0.6, "s", "c", bytes(300_000)), [], [])
    recorder.close()
    assert recorder.status == "a.xdf 0.4 MB"


def test_a_growing_file_can_be_read_and_is_not_touched(tmp_path):
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    with RecordingSource(tmp_path / "a.xdf") as source:
        assert source.header == HEADER
        assert list(source) == []
    with (tmp_path / "a.xdf").open("ab") as file:
        file.write(b"\x01")  # an append on its way
    open_recording(tmp_path / "a.xdf").close()
    assert not (tmp_path / "a.xdf.torn").exists()
    recorder.close()


times = st.floats(0.0, 6 * 3600.0, exclude_max=True)  # what lies further apart is damage
texts = st.text()  # lone surrogates are no text
events = st.one_of(
    st.builds(Notification, times, texts, texts, st.binary(max_size=300)),
    st.builds(LinkChange, times, texts, st.sampled_from(Link), texts),
    st.builds(Marker, times, texts),
    st.builds(Heartbeat, times),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(events, max_size=30))
def test_any_event_comes_back_the_same(put: list[Event]):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xdf"
        recorder = Recorder(path, HEADER)
        for event in put:
            recorder.put(event, [], [])
        recorder.close()
        with RecordingSource(path) as source:
            if any(not isinstance(event, Heartbeat) for event in put):
                assert agree(list(source), put)
