"""`pair`, `capture`, `profiles verify` and the link budget, as a user calls them, on virtual sensors."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.running import ENVIRONMENT
from typer.testing import CliRunner

from monitor.acquisition.profile import find
from monitor.cli import app
from monitor.simulation.standalone import standalone
from monitor.team import load_team

RUN = CliRunner()


@pytest.fixture(scope="module")
def radio() -> Iterator[str]:
    """Where two virtual Myos can be reached, in a thread of their own."""
    up, ending, where = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with standalone(find("myo"), 2, "listen:0") as place:
            where.append(place)
            up.set()
            while not ending.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert up.wait(10)
    yield where[0]
    ending.set()
    thread.join()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def called(*words: object):
    return RUN.invoke(app, [str(word) for word in words])


def test_pair_writes_a_team_file_and_counts_the_links(radio, tmp_path):
    out = tmp_path / "team.toml"
    places = ["--athlete", "A1", "--assign", "Myo=left:emg+shank", "--assign", "Myo2=right:emg"]
    done = called("pair", *places, "--seconds", 0.8, "--out", out, "--radio", radio)
    assert done.exit_code == 0, done.output
    assert "from documents, not yet tried on hardware" in done.stdout
    assert "1 player, both legs, 2 sensors: need 1 adapter" in done.stderr
    assert [(s.match, s.leg, s.roles) for s in load_team(out).athletes[0].sensors] == [
        ("Myo", "left", ("emg", "shank")),
        ("Myo2", "right", ("emg",)),
    ]
    again = called("pair", *places, "--seconds", 0.5, "--out", out, "--radio", radio)
    assert again.exit_code == 1
    told = called("doctor", "--json", "--radio", radio).stdout
    links = next(json.loads(line) for line in told.splitlines() if '"links"' in line)
    assert links["works"] and "2 sensors" in links["finding"]


@pytest.mark.parametrize("place", ["Myo=A1:emg", "Myo", "kettle=left:emg"])
def test_a_place_that_is_none_is_wrong_usage(radio, tmp_path, place):
    words = ("pair", "--athlete", "A1", "--assign", place, "--seconds", 0.6, "--out", tmp_path / "t.toml")
    assert called(*words, "--radio", radio).exit_code == 2


def test_capture_and_verify_write_their_files(radio, tmp_path):
    done = called("capture", "Myo", "--out", tmp_path / "c.jsonl", "--seconds", 0.3, "--radio", radio)
    assert done.exit_code == 0, done.output
    assert "#:schema" in done.stdout
    words = ("profiles", "verify", "myo", "--seconds", 1, "--out", tmp_path, "--json", "--radio", radio)
    report = json.loads(called(*words).stdout)
    assert {check["what"] for check in report["checks"]} >= {"advert", "GATT table", "MTU", "start", "stop"}
    assert report["simulated"] is True
    assert (tmp_path / "myo.md").read_text().startswith("# myo: a virtual sensor")


def test_a_terminal_sees_the_links_come_and_what_is_to_be_done(radio, tmp_path):
    pty = pytest.importorskip("pty")
    team = tmp_path / "team.toml"
    sensor = "[[athletes.sensors]]\nmatch = 'Myo'\nprofile = 'myo'\nleg = 'left'\nroles = ['emg', 'shank']\n"
    team.write_text(f"[[athletes]]\nname = 'A1'\n{sensor}", encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "monitor", "live", "--team", team, "--radio", radio, "--headless", "--seconds=4"]
    environment = ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60, env=environment, check=False)
    os.close(theirs)
    told = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.returncode == 0, told
    assert re.search(r"Myo: (searching|connecting|starting)", told), told  # which of them depends on the machine's pace
    assert [words in told for words in ("Myo: live", "ankle: no foot sensor")] == [True] * 2, told
