"""Replaying: pace and controls, and files that hold samples alone."""

from __future__ import annotations

import threading
import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from session_sample import ANGLE, EMG, HEADER, record, session

from monitor.chunk import Chunk
from monitor.errors import SettingsError
from monitor.events import Decoded, Heartbeat, Marker, Notification
from monitor.recording import xdf
from monitor.recording.pace import Pace
from monitor.recording.recorder import Recorder
from monitor.recording.replay import RecordingSource
from monitor.recording.xdf_header import signal_stream, text_stream, to_xml
from monitor.recording.xdf_read import open_recording


def timed(source: RecordingSource) -> list[tuple[float, float]]:
    begin_s = time.monotonic()
    return [(event.time_s, time.monotonic() - begin_s) for event in source]


def test_a_replay_keeps_its_pace_after_the_start(tmp_path):
    record(tmp_path / "a.xdf", list(session()))
    with RecordingSource(tmp_path / "a.xdf", speed=4.0, start_s=2.1) as source:
        times = timed(source)
    first_wall_s = next(wall_s for time_s, wall_s in times if time_s >= 2.1)
    assert first_wall_s < 0.3
    late_s = [wall_s - first_wall_s - (time_s - 2.1) / 4 for time_s, wall_s in times if time_s >= 2.1]
    assert min(late_s) > -0.02
    assert np.median(late_s) < 0.1


def test_pause_resume_speed_and_stop(tmp_path):
    record(tmp_path / "a.xdf", list(session()))
    with RecordingSource(tmp_path / "a.xdf", speed=1.0) as source:
        seen: list[float] = []
        thread = threading.Thread(target=lambda: seen.extend(event.time_s for event in source))
        source.pause()
        thread.start()
        time.sleep(0.15)
        assert seen == []
        source.set_speed(None)
        source.resume()
        thread.join(5)
        assert len(seen) > 200 and not thread.is_alive()
    with RecordingSource(tmp_path / "a.xdf", speed=0.001) as source:
        thread = threading.Thread(target=lambda: list(source))
        thread.start()
        source.stop()
        thread.join(5)
        assert not thread.is_alive()


def test_time_stands_still_while_paused():
    pace = Pace(2.0, 0.0)
    assert pace.wait(10.0)
    pace.pause()
    time.sleep(0.3)
    pace.resume()
    begin_s = time.monotonic()
    assert pace.wait(10.2)
    assert 0.06 < time.monotonic() - begin_s < 0.25


@pytest.mark.parametrize("speed", [0.0, -1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none(speed):
    with pytest.raises(SettingsError, match="speed"):
        Pace(speed, 0.0)


def signals(n_s: int = 20) -> list[Chunk]:
    """One second of EMG and of an angle after the other; the angle ends early and the EMG has a hole."""
    rng = np.random.default_rng(2)
    chunks = []
    for second in range(n_s):
        if second not in (8, 9):
            chunks.append(
                Chunk(EMG, second + np.arange(1000) / 1000.25, rng.standard_normal((1000, 2)).astype(np.float32))
            )
        if second < 12:
            chunks.append(Chunk(ANGLE, second + np.arange(50) / 50.0, rng.standard_normal((50, 1)).astype(np.float32)))
    return chunks


def check_decoded(events: list, chunks: list[Chunk]) -> None:
    """All samples, each once, in order of time, in events of at most 1 s beside steady heartbeats."""
    assert all(one.time_s <= other.time_s for one, other in pairwise(events))
    beats = [event.time_s for event in events if isinstance(event, Heartbeat)]
    assert beats == [0.5 * n for n in range(1, len(beats) + 1)] and len(beats) in (40, 41)
    decoded = [event for event in events if isinstance(event, Decoded)]
    for name in ("emg", "angle"):
        found = [event for event in decoded if event.chunk.stream.name == name]
        put = Chunk.joined([chunk for chunk in chunks if chunk.stream.name == name])
        joined = Chunk.joined([event.chunk for event in found])
        np.testing.assert_array_equal(joined.samples, put.samples)
        np.testing.assert_allclose(joined.time_s, put.time_s, atol=1e-9)
        assert all(e.time_s - 0.5 <= e.chunk.time_s[0] <= e.chunk.time_s[-1] <= e.time_s for e in found)


def test_decoded_streams_alone_are_played_in_order_of_time(tmp_path):
    chunks = signals()
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    for chunk in chunks:
        recorder.put(Heartbeat(float(chunk.time_s[-1])), [chunk], [])
    recorder.close()
    with RecordingSource(tmp_path / "a.xdf") as source:
        events = list(source)
        check_decoded(events, chunks)
        assert {event.chunk.stream for event in events if isinstance(event, Decoded)} == {EMG, ANGLE}


def foreign(chunks: list[Chunk]) -> bytes:
    """Another program's file: its own clocks with offsets, stamps left out, no seals."""
    content = bytearray(xdf.MAGIC + xdf.pack_chunk(xdf.Tag.FILE_HEADER, b"<info><version>1.0</version></info>"))
    for sid, stream in ((3, EMG), (9, ANGLE)):
        content += xdf.pack_chunk(
            xdf.Tag.STREAM_HEADER, to_xml(signal_stream(sid, stream, "float32", False)).encode(), sid
        )
    content += xdf.pack_chunk(xdf.Tag.STREAM_HEADER, to_xml(text_stream(4, "keys", "Markers")).encode(), 4)
    for chunk in chunks:
        sid, clock_s = (3, 7000.0) if chunk.stream == EMG else (9, 500.0)
        rows = chunk.samples.astype("<f4")
        stamped = b"\x08" + np.float64(chunk.time_s[0] + clock_s).tobytes() + rows[0].tobytes()
        body = stamped + b"".join(b"\x00" + row.tobytes() for row in rows[1:])
        content += xdf.pack_chunk(xdf.Tag.SAMPLES, xdf.pack_length(len(rows)) + body, sid)
        offset = np.array([chunk.time_s[0] + clock_s, 9000.0 - clock_s]).tobytes()
        content += xdf.pack_chunk(xdf.Tag.CLOCK_OFFSET, offset, sid)
    content += xdf.pack_chunk(xdf.Tag.SAMPLES, xdf.pack_strings([(9003.25, b"stretch")]), 4)
    return bytes(content)


def test_another_programs_file_starts_at_zero_on_one_clock(tmp_path):
    chunks = signals()
    (tmp_path / "a.xdf").write_bytes(foreign(chunks))
    with RecordingSource(tmp_path / "a.xdf") as source:
        events = list(source)
        assert source.header == {} and source.recorded_changes == ()
        assert source.duration_s == pytest.approx(chunks[-1].time_s[-1])
    check_decoded([event for event in events if not isinstance(event, Marker)], chunks)
    assert [event.text for event in events if isinstance(event, Marker)] == ["stretch"]


def test_another_programs_torn_file_is_read_and_not_touched(tmp_path):
    torn = foreign(signals())[:-100]
    (tmp_path / "a.xdf").write_bytes(torn)
    with open_recording(tmp_path / "a.xdf") as recording:
        assert "torn end" in recording.notes[0]
        assert sum(map(len, recording.chunks("angle"))) == 600
    assert (tmp_path / "a.xdf").read_bytes() == torn


def test_memory_stays_flat_however_long_the_file(tmp_path):
    recorder = Recorder(tmp_path / "a.xdf", HEADER)
    noise = np.random.default_rng(0).bytes(60_000)
    for number in range(600):
        recorder.put(Notification(number / 10, "s", "c", noise), [], [])
    recorder.close()
    assert (tmp_path / "a.xdf").stat().st_size > 40_000_000
    tracemalloc.start()
    with RecordingSource(tmp_path / "a.xdf") as source:
        assert sum(1 for _ in source) == 600
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000
