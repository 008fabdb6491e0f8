"""The worked example of the profiles' README, done as it is written: from zero to live."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from cli.running import ENVIRONMENT, crampwatch

from monitor import shipped
from monitor.acquisition.profile_schema import schema_text
from monitor.events import LinkChange, Notification
from monitor.keeping import session_from_header
from monitor.recording.replay import RecordingSource

FOLDER = shipped.folder("firmware_profiles")
README = (FOLDER / "README.md").read_text(encoding="utf-8")
PROFILE, TEAM = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    shlex.split(line.removeprefix("$ crampwatch "))
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
CHECK, SHOW, DECODE_CUT, DECODE, VIRTUAL, LIVE = COMMANDS


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Where the reader sits: the profile and the team file are written."""
    mine = tmp_path / "config" / "crampwatch" / "profiles"
    mine.mkdir(parents=True)
    for path in (mine / "calfie.toml", tmp_path / "calfie.toml"):
        path.write_text(PROFILE, encoding="utf-8")
    (tmp_path / "team.toml").write_text(TEAM, encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def run(desk: Path, command: list[str], **more):
    return crampwatch(*command, cwd=desk, XDG_CONFIG_HOME=str(desk / "config"), **more)


def test_the_profile_is_right_and_shown(desk):
    done = run(desk, CHECK)
    assert (done.returncode, done.stdout.strip()) == (0, "calfie.toml: calfie, 1 packets, 1 golden packets decode")
    done = run(desk, SHOW)
    assert done.returncode == 0 and "Calfie" in done.stdout and "not yet tried on hardware" in done.stdout


def test_packets_are_decoded_and_cut_ones_said_to_be_cut(desk):
    done = run(desk, DECODE)
    packets = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and [packet["lost_before"] for packet in packets] == [0, 5]
    assert packets[0]["fields"] == {"number": 8} and packets[0]["streams"]["emg"]["samples"] == [[0.0, 0.0]] * 5
    done = run(desk, DECODE_CUT)
    assert done.returncode == 1
    assert all("cut packet" in json.loads(line)["error"] for line in done.stdout.splitlines())


def test_a_virtual_one_is_live(desk):
    command = [part.replace("listen:9876", "listen:0") for part in VIRTUAL]
    environment = ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2]), "XDG_CONFIG_HOME": str(desk / "config")}
    sensors = subprocess.Popen(
        [sys.executable, "-m", "monitor", *command], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert sensors.stdout is not None
        where = sensors.stdout.readline().split()[-1]
        done = run(desk, [part.replace("tcp:127.0.0.1:9876", where) for part in LIVE])
    finally:
        sensors.kill()
        sensors.communicate()
    assert done.returncode == 0, done.stderr
    with RecordingSource(desk / "calfie.xdf") as source:
        events = list(source)
        session = session_from_header(source.header)
    assert "live" in {event.link.value for event in events if isinstance(event, LinkChange)}
    assert sum(isinstance(event, Notification) for event in events) > 100
    seat = session.seats["Calfie-1"]
    assert seat.profile is not None and seat.profile.id == "calfie"
    for event in events:
        session.feed(event)
    assert seat.decoder is not None and seat.decoder.errors == 0
    assert seat.decoder.rate_hz == pytest.approx(498.0, rel=0.01)


def test_the_schema_beside_the_profiles_is_true():
    assert (FOLDER / "profile.schema.json").read_text(encoding="utf-8") == schema_text()
    for path in FOLDER.glob("*.toml"):
        assert path.read_text(encoding="utf-8").startswith("#:schema ./profile.schema.json\n"), path
