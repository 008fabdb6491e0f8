"""Every named scenario plays: through the pipeline, and one of the new ones over the whole radio path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cli.running import crampwatch, json_lines, sentence

from monitor.events import Decoded
from monitor.recording.replay import RecordingSource
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.kit import LegSignals
from monitor.simulation.recorded import session_events, simulated_team
from monitor.simulation.scenario import scenario_names
from monitor.simulation.sessions import RANDOM, session_of


@pytest.mark.parametrize("name", [*scenario_names(), RANDOM])
def test_it_plays_through_the_pipeline(name: str) -> None:
    session = Session(simulated_team(), {}, Settings())
    seconds = [leg for event in session_events(session_of(name, 1), 1, 8.0) for leg, _ in session.feed(event).seconds]
    assert len(seconds) >= 10
    assert all(seat.rate_hz for seat in session.seats.values())


@pytest.mark.parametrize("name", [*scenario_names(), RANDOM])
def test_its_virtual_sensors_have_something_to_send(name: str) -> None:
    signals = LegSignals(Calf(session_of(name, 1), "right", 1), "shank", 1, upper_hz=450.0)
    for source in (signals.emg(1137.3, 1), signals.imu(100.0)):
        source.seek(30.0)
        _, samples = source.read(60)
        assert np.isfinite(samples).all() and samples.std() > 0


@pytest.mark.alone
@pytest.mark.timeout(120)
def test_the_demo_plays_a_random_session_over_the_whole_radio_path() -> None:
    done = crampwatch("demo", "--scenario", "random", "--seed", 5, "--json", "--seconds", 90, "--speed", 8)
    assert done.returncode == 0, done.stderr
    changes = json_lines(done.stdout)
    assert {change["leg"] for change in changes} == {"left", "right"}
    assert "CALIBRATING" in {change["state"] for change in changes}


def test_a_scenario_that_does_not_exist_lists_the_names(tmp_path: Path) -> None:
    done = crampwatch("simulate", "moon-walk", "--out", tmp_path / "a.xdf")
    assert done.returncode == 1
    assert "football-match" in sentence(done)


def test_simulating_is_silent_when_piped_and_writes_what_is_worn(tmp_path: Path) -> None:
    given = ("--minutes", 0.1, "--legs", "right", "--channels", "GM", "--emg-hz", 512, "--imu-hz", 64)
    done = crampwatch("simulate", "rested", "--out", tmp_path / "a.xdf", "--truth", tmp_path / "a.json", *given)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with RecordingSource(tmp_path / "a.xdf") as source:
        streams = {event.chunk.stream for event in source if isinstance(event, Decoded)}
    assert {(stream.source_id, stream.rate_hz, len(stream.channels)) for stream in streams} == {
        ("sim-right-emg", 512.0, 1),
        ("sim-right-shank", 64.0, 6),
        ("sim-right-foot", 64.0, 6),
    }
    assert json.loads((tmp_path / "a.json").read_text())["legs"].keys() == {"right"}


def test_simulating_shows_how_far_it_is_on_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "monitor", "simulate", "rested", "--minutes", "0.1", "--out", tmp_path / "a.xdf"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=False, timeout=60)
    shown = os.read(ours, 100_000).decode()
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0 and done.stdout == b""
    assert "simulating" in shown and "100%" in shown and "wrote" in shown
