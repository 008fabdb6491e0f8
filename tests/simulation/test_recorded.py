import json

import numpy as np
import pytest

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.events import Decoded, Heartbeat
from monitor.recording.replay import RecordingSource
from monitor.simulation.recorded import session_events, simulated_team, write_session
from monitor.simulation.scenario import scenario


def chunks_of(events, sensor: str) -> Chunk:
    return Chunk.joined([event.chunk for event in events if isinstance(event, Decoded) and event.sensor == sensor])


def test_every_sensor_of_the_team_sends_all_its_samples():
    events = list(session_events(scenario("rested"), seed=1, until_s=3.25))
    sensors = [sensor for athlete in simulated_team().athletes for sensor in athlete.sensors]
    assert {event.sensor for event in events if isinstance(event, Decoded)} == {sensor.match for sensor in sensors}
    for sensor in sensors:
        chunk = chunks_of(events, sensor.match)
        assert chunk.stream.source_id == sensor.match
        assert chunk.stream.name == ("emg" if sensor.roles == ("emg",) else "imu")
        np.testing.assert_array_equal(chunk.time_s, np.arange(3.25 * chunk.stream.rate_hz) / chunk.stream.rate_hz)


def test_times_never_fall_and_a_heartbeat_comes_every_half_second():
    events = list(session_events(scenario("rested"), seed=1, until_s=4.0))
    times_s = [event.time_s for event in events]
    assert times_s == sorted(times_s)
    assert [event.time_s for event in events if isinstance(event, Heartbeat)] == [0.5 * n for n in range(1, 9)]
    assert all(event.chunk.time_s[-1] < event.time_s for event in events if isinstance(event, Decoded))


@pytest.mark.parametrize("block_s", [0.1, 0.7])
def test_the_size_of_the_blocks_changes_no_sample(block_s: float):
    whole = list(session_events(scenario("tiring"), seed=2, until_s=5.0, block_s=5.0))
    parts = list(session_events(scenario("tiring"), seed=2, until_s=5.0, block_s=block_s))
    for sensor in ("sim-left-emg", "sim-right-foot"):
        one, other = chunks_of(whole, sensor), chunks_of(parts, sensor)
        np.testing.assert_array_equal(one.samples, other.samples)
        np.testing.assert_array_equal(one.time_s, other.time_s)


def test_a_written_session_replays_as_it_was_simulated(tmp_path):
    path, truth_path, told = tmp_path / "tiring.xdf", tmp_path / "truth.json", []
    write_session(scenario("tiring"), 3, 0.1, path, truth_path, told.append)
    with RecordingSource(path) as source:
        replayed = list(source)
        assert source.header["simulated"] is True
        assert source.header["team"] == simulated_team().model_dump(mode="json")
    simulated = list(session_events(scenario("tiring"), 3, 6.0))
    assert [(type(event), event.time_s) for event in replayed] == [(type(event), event.time_s) for event in simulated]
    for again, event in zip(replayed, simulated, strict=True):
        if isinstance(event, Decoded):
            np.testing.assert_array_equal(again.chunk.samples, event.chunk.samples)
            np.testing.assert_array_equal(again.chunk.time_s, event.chunk.time_s)
    assert told[-1] == 6.0
    assert json.loads(truth_path.read_text())["legs"].keys() == {"left", "right"}


def test_a_recording_that_is_there_already_is_kept(tmp_path):
    path = tmp_path / "mine.xdf"
    path.write_text("mine")
    with pytest.raises(RecordingError, match="mine"):
        write_session(scenario("rested"), 1, 0.1, path)
    assert path.read_text() == "mine"


def test_a_truth_that_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="cannot write the truth"):
        write_session(scenario("rested"), 1, 0.05, tmp_path / "a.xdf", tmp_path / "missing" / "truth.json")
