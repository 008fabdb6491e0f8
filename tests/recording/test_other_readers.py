"""pyxdf, with its default settings, must read what was recorded: values exactly, stamps within 5 ms."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from session_sample import EMG, HEADER, record, session

from monitor.chunk import Channel, Chunk, Stream
from monitor.events import Decoded, Heartbeat, Marker
from monitor.recording.recorder import Recorder
from monitor.recording.replay import RecordingSource

pyxdf = pytest.importorskip("pyxdf")


def load(path, caplog):
    """All streams by name; the reader must have nothing to complain about."""
    with caplog.at_level(logging.WARNING):
        streams, _ = pyxdf.load_xdf(path)
    assert not caplog.records
    return {stream["info"]["name"][0]: stream for stream in streams}


def test_values_are_exact_and_a_dropout_moves_no_stamp(tmp_path, caplog):
    time_s = 5.0 + np.arange(20_000) / 1000.25
    samples = np.random.default_rng(1).standard_normal((20_000, 2)).astype(np.float32)
    samples[3000:3600] = np.nan
    kept = np.r_[0:9000, 9400:20_000]  # and a hole without rows
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    for rows in np.array_split(kept, 60):
        recorder.put(Heartbeat(float(time_s[rows[-1]])), [Chunk(EMG, time_s[rows], samples[rows])], [])
    recorder.close()
    stream = load(tmp_path / "a.xdf", caplog)["uMyo <7> emg"]
    np.testing.assert_array_equal(stream["time_series"], samples[kept])
    np.testing.assert_allclose(stream["time_stamps"], time_s[kept], atol=0.005)


def test_names_units_and_markers_are_where_readers_look(tmp_path, caplog):
    puts = list(session())
    record(tmp_path / "a.xdf", puts)
    streams = load(tmp_path / "a.xdf", caplog)
    info = streams["uMyo <7> emg"]["info"]
    channels = info["desc"][0]["channels"][0]["channel"]
    assert [(c["label"][0], c["unit"][0], c["type"][0]) for c in channels] == [("GM", "uV", "EMG"), ("GL", "uV", "EMG")]
    assert (info["type"][0], float(info["nominal_srate"][0])) == ("EMG", 1000.25)
    markers = [(event.time_s, event.text) for event, _, _ in puts if isinstance(event, Marker)]
    found = streams["annotations"]
    assert [(t, text) for t, [text] in zip(found["time_stamps"], found["time_series"], strict=True)] == markers
    assert len(streams["states"]["time_series"]) == 4
    assert all(stream["footer"]["info"]["sample_count"] for stream in streams.values())


def test_stamps_that_follow_from_each_other_are_left_out_and_read_the_same(tmp_path, caplog):
    regular, sizes = Stream("emg", 1024.0, (Channel("GM", "uV"),), "uMyo <7>"), []
    samples = np.random.default_rng(1).standard_normal((10_240, 1)).astype(np.float32)
    for name, late_s in (("a.xdf", 0.0), ("b.xdf", 1e-9)):  # b: one sample in each chunk is late by a nanosecond
        time_s = 3.0 + np.arange(10_240) / 1024.0
        time_s[5::256] += late_s
        recorder = Recorder(tmp_path / name, HEADER)
        for rows in np.array_split(np.arange(10_240), 40):
            recorder.put(Decoded(float(time_s[rows[-1]]), "table", Chunk(regular, time_s[rows], samples[rows])), [], [])
        recorder.close()
        with RecordingSource(tmp_path / name) as source:
            chunks = [event.chunk for event in source if isinstance(event, Decoded)]
        np.testing.assert_array_equal(np.concatenate([chunk.time_s for chunk in chunks]), time_s)
        stream = load(tmp_path / name, caplog)["uMyo <7> emg"]
        np.testing.assert_array_equal(stream["time_series"], samples)
        np.testing.assert_allclose(stream["time_stamps"], time_s, atol=1e-6)
        sizes.append((tmp_path / name).stat().st_size)
    assert sizes[0] <= sizes[1] < sizes[0] * 1.1 < 7 * 10_240  # no stamp of its own, and yet the same to the last bit
