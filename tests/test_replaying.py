"""Playing a recording: pause, step, seek, loop, and states as recorded beside states as recomputed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests_of_sessions import short_recording

from monitor.errors import RecordingError, SettingsError
from monitor.recording import amend
from monitor.replaying import Replay, state_differences


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return short_recording(tmp_path_factory.mktemp("replay") / "a.xdf")


def wait_for(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end_s, "it did not come to pass"
        time.sleep(0.005)


@pytest.fixture
def held(path):
    """A replay that is held at its beginning."""
    replay = Replay(path, speed=1000.0)
    replay.pause()
    replay.start()
    yield replay
    replay.stop()
    replay.join(30)


def now_s(replay: Replay) -> float:
    return replay.session.now_s


def test_held_it_steps_and_then_goes_on_to_the_end(held):
    time.sleep(0.05)
    assert now_s(held) == 0.0
    held.step(3.0)
    wait_for(lambda: now_s(held) == 3.0)
    held.step(0.5)
    wait_for(lambda: now_s(held) == 3.5)
    held.pause(False)
    wait_for(lambda: not held.running)
    assert now_s(held) == held.duration_s


def test_seeking_forth_and_back_computes_what_lies_before(held):
    held.seek(15.0)
    wait_for(lambda: now_s(held) >= 14.5)
    there = held.session
    held.seek(5.0)
    wait_for(lambda: held.session is not there and now_s(held) >= 4.5)
    assert now_s(held) <= 5.5 and held.running
    held.seek(1e9)
    wait_for(lambda: now_s(held) >= held.duration_s - 1)


def test_a_state_does_not_depend_on_how_one_came_there(path, held):
    straight = Replay(path, speed=None)
    straight.run()
    held.seek(12.0)
    wait_for(lambda: now_s(held) >= 11.5)
    held.seek(2.0)
    held.pause(False)
    wait_for(lambda: not held.running)
    assert held.states == straight.states


def test_a_loop_begins_again(path):
    replay = Replay(path, speed=None, loop=True)
    replay.start()
    first = replay.session
    wait_for(lambda: replay.session is not first)
    replay.stop()
    replay.join(30)
    assert not replay.running


def test_recorded_states_are_the_same_or_named(path):
    replay = Replay(path, speed=None)
    replay.run()
    assert replay.recorded and state_differences(replay.recorded, replay.states) == []
    lines = state_differences(replay.recorded, replay.states[:-1])
    assert len(lines) == 1 and lines[0].endswith("(recorded only)")


def test_a_moment_is_noted_in_the_recording_and_undone(tmp_path):
    replay = Replay(short_recording(tmp_path / "a.xdf", 4.0), speed=None)
    replay.run()
    replay.note("cramp left")
    assert [note.text for note in amend.notes_of(tmp_path / "a.xdf")] == ["cramp left"]
    assert "cramp left" in replay.undo_note()
    assert amend.notes_of(tmp_path / "a.xdf") == []


def test_what_cannot_be_played_is_said(path, tmp_path):
    with pytest.raises(RecordingError, match="nothing from 99999 s on"):
        Replay(path, start_s=99999.0)
    replay = Replay(path)
    with pytest.raises(SettingsError):
        replay.set_speed(0.01)
    replay.stop()
