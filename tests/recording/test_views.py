"""Recordings in the hands of MNE and pandas, and what they say where those are missing."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from session_sample import record, session

from monitor.errors import RecordingError
from monitor.recording.header import session_header
from monitor.recording.xdf_read import open_recording


@pytest.fixture
def recording(tmp_path):
    record(tmp_path / "a.xdf", list(session()))
    with open_recording(tmp_path / "a.xdf") as found:
        yield found


def test_a_missing_library_is_named_with_the_command_that_installs_it(recording, monkeypatch):
    monkeypatch.setitem(sys.modules, "mne", None)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(RecordingError, match="pip install"):
        recording.to_mne()
    with pytest.raises(RecordingError, match="pip install"):
        recording.to_frame()


def test_pandas_gets_columns_with_units(recording):
    pytest.importorskip("pandas")
    frame = recording.to_frame("emg")
    assert list(frame.columns) == ["GM_uV", "GL_uV"]
    assert len(frame) == recording.n_samples("uMyo <7> emg")


def test_mne_gets_volts_and_what_was_lost(recording):
    pytest.importorskip("mne")
    raw = recording.to_mne("emg")
    assert raw.get_channel_types() == ["emg", "emg"]
    whole = np.concatenate([chunk.samples for chunk in recording.chunks("uMyo <7> emg")])
    np.testing.assert_allclose(raw.get_data()[:, : len(whole)].T, whole * 1e-6, rtol=1e-6, equal_nan=True)
    assert "BAD_lost" in raw.annotations.description


def test_a_header_names_muscle_and_place_and_leaves_open_what_nobody_told():
    sensor = {"match": "s1", "roles": ["emg"], "channels": ["GM", "mine"]}
    team = {"athletes": [{"name": "A7", "sensors": [sensor]}]}
    header = session_header(title="x", settings={}, team=team, profiles={}, speed=1.0, simulated=False, epoch_s=0.0)
    placed = header["placement"]["s1"]
    assert placed["GM"]["muscle"] == "gastrocnemius medialis" and "bulge" in placed["GM"]["seniam"]
    assert placed["mine"]["muscle"] == "n/a" and placed["GM"]["interelectrode_distance_mm"] is None
