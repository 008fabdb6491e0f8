"""The main job as a user runs it: virtual sensors, real Bluetooth stack, real pipeline, recording, replay, analysis."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from cli.running import ENVIRONMENT, crampwatch, json_lines

from monitor.recording.xdf_read import open_recording
from monitor.simulation.serve import waiting_s

PROMISED = {"time_s", "state", "score", "points", "reasons", "athlete", "leg"}


@pytest.fixture(scope="module")
def tiring(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict], Path]:
    """The state changes that a recorded demo printed, and its recording."""
    path = tmp_path_factory.mktemp("demo") / "tiring.xdf"
    done = crampwatch(
        "demo", "--scenario", "tiring", "--json", "--seconds", 600, "--speed", 10, "--record", path, timeout_s=180
    )
    assert done.returncode == 0, done.stderr
    return json_lines(done.stdout), path


@pytest.mark.alone
@pytest.mark.timeout(240)
def test_the_demo_calibrates_then_sees_no_pattern_then_watches(tiring: tuple[list[dict], Path]) -> None:
    changes, _ = tiring
    for leg in ("left", "right"):
        states = [change["state"] for change in changes if change["leg"] == leg and change["state"] != "NO_SIGNAL"]
        order = [state for i, state in enumerate(states) if i == 0 or state != states[i - 1]]
        assert order[:3] == ["CALIBRATING", "OK", "WATCH"], states
    assert all(set(change) >= PROMISED for change in changes)
    assert all(change["reasons"] for change in changes)


@pytest.mark.timeout(240)
def test_replay_gives_exactly_the_states_of_the_live_session(tiring: tuple[list[dict], Path]) -> None:
    changes, path = tiring
    for speed in ("max", "500"):
        done = crampwatch("replay", path, "--speed", speed, "--json")
        assert done.returncode == 0, done.stderr
        assert json_lines(done.stdout) == changes


@pytest.mark.timeout(240)
def test_analyze_gives_the_same_states_and_a_fatigue(tiring: tuple[list[dict], Path]) -> None:
    changes, path = tiring
    done = crampwatch("analyze", path, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [leg["leg"] for leg in answer["legs"]] == ["left", "right"]
    for leg in answer["legs"]:
        live = [
            {k: v for k, v in change.items() if k not in ("athlete", "leg")}
            for change in changes
            if change["leg"] == leg["leg"]
        ]
        assert leg["states"] == live
        assert leg["angle_source"] == "imu" and leg["position_gated"]
        assert leg["channels"][0]["label"] == "GM"
        # at ten times real speed a hiccup of this machine counts tenfold
        assert leg["channels"][0]["rate_hz"] == pytest.approx(1137.3, rel=0.01)
        assert 0.7 < leg["channels"][0]["compression_end"] < 0.9
        assert len(leg["track"]["time_s"]) == len(leg["track"]["score"]) == len(leg["track"]["mdf_hz"]["GM"])


@pytest.mark.timeout(240)
def test_from_does_not_change_a_state(tiring: tuple[list[dict], Path]) -> None:
    changes, path = tiring
    done = crampwatch("replay", path, "--from", 550, "--speed", "100", "--json")
    assert json_lines(done.stdout) == changes


@pytest.mark.alone
@pytest.mark.timeout(120)
def test_rested_calves_are_not_called_tiring() -> None:
    done = crampwatch("demo", "--scenario", "rested", "--json", "--seconds", 600, "--speed", 10)
    states = [change["state"] for change in json_lines(done.stdout)]
    assert "OK" in states
    assert not {"WATCH", "WARN"} & set(states)


@pytest.mark.alone
@pytest.mark.timeout(240)
def test_the_story_of_the_demo_is_told_in_time() -> None:
    """At ten times real speed, a second of wall time is ten of session time; it starts from a stored baseline."""
    done = crampwatch("demo", "--json", "--seconds", 1120, timeout_s=200)
    assert done.returncode == 0, done.stderr
    changes = json_lines(done.stdout)
    first = {(change["leg"], change["state"]): change["time_s"] for change in reversed(changes)}
    assert first["left", "OK"] <= 150 and first["right", "OK"] <= 150
    assert first["left", "WATCH"] <= 450
    assert first["left", "WARN"] <= 740
    begun_s = waiting_s(10.0)  # while the sensors are connected the athletes stand
    cramp_s, relief_s = (first["left", state] - begun_s for state in ("CRAMP", "RELIEF"))
    assert 1000 <= cramp_s <= 1008, "the cramp's discharge reaches half of its plateau at 1002.5 s of the scenario"
    assert 1043 <= relief_s <= 1050 and first["left", "COOLDOWN"] == first["left", "RELIEF"] + 30
    assert not {state for leg, state in first if leg == "right"} & {"WATCH", "WARN", "CRAMP", "RELIEF", "COOLDOWN"}


@pytest.mark.alone
@pytest.mark.timeout(120)
def test_killing_the_virtual_sensors_shows_no_signal_and_heals(tmp_path: Path) -> None:
    """The recording keeps all that was before and after; the gap in it is NaN."""
    path = tmp_path / "killed.xdf"
    command = [sys.executable, "-m", "monitor", "demo", "--scenario", "rested", "--headless", "--json"]
    command += ["--seconds", "100", "--speed", "4", "--record", str(path)]
    environment = ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as demo:
        time.sleep(10)
        os.kill(_simulator_of(demo.pid), signal.SIGKILL)
        out, error = demo.communicate(timeout=90)
    assert demo.returncode == 0, error
    assert "Traceback" not in error
    changes = json_lines(out)
    for leg in ("left", "right"):
        own = [change for change in changes if change["leg"] == leg]
        lost = next(i for i, change in enumerate(own) if change["reasons"][0] == "no packet for 2 s")
        assert own[lost]["state"] == "NO_SIGNAL"
        assert len(own) > lost + 1, "it never came back"
        assert own[lost + 1]["time_s"] - own[lost]["time_s"] < 50
    with open_recording(path) as recording:
        name = next(info.name for info in recording.streams if info.name.endswith("emg"))
        chunks = list(recording.chunks(name))
    time_s, samples = (np.concatenate([getattr(chunk, part) for chunk in chunks]) for part in ("time_s", "samples"))
    lost_rows = np.isnan(samples[:, 0])
    assert 4 < lost_rows.sum() / 1137 < 40, "the gap is filled with NaN"
    assert np.diff(time_s).max() < 0.5
    replayed = crampwatch("replay", path, "--speed", "max", "--json")
    assert json_lines(replayed.stdout) == changes


def _simulator_of(parent: int) -> int:
    """The child of a process that serves the virtual sensors."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent and b"simulation.serve" in (folder / "cmdline").read_bytes():
                    return int(folder.name)
            except OSError:
                continue
    pytest.skip("the child process cannot be found on this system")
