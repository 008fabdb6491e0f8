"""What is printed to: closed, full, no longer read, a console of few letters."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TextIO

import numpy as np
import pytest
import typer
from cli.running import ENVIRONMENT

from monitor import __main__ as program
from monitor import cli
from monitor.cli.live_run import LiveRun
from monitor.cli.printing import make_ready, say
from monitor.events import Heartbeat
from monitor.recording.xdf_read import open_recording

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's")


@contextmanager
def unread() -> Iterator[TextIO]:
    """A pipe whose reader has gone away."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        yield stream


@contextmanager
def full() -> Iterator[TextIO]:
    with FULL.open("w", encoding="utf-8") as stream:
        yield stream


@contextmanager
def printing_to(broken: Callable[[], AbstractContextManager[TextIO]]) -> Iterator[None]:
    """Standard output is such a stream."""
    usual = sys.stdout, sys.stderr
    with broken() as sys.stdout:
        stream = sys.stdout
        try:
            yield
        finally:
            sys.stdout, sys.stderr = usual  # typer wraps them
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())  # what still waits there is written when it is closed
            os.close(nowhere)


broken_streams = pytest.mark.parametrize("broken", [unread, pytest.param(full, marks=needs_full)])


def ended(*arguments: object, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of `crampwatch` in this process."""
    monkeypatch.setattr(sys, "argv", ["crampwatch", *map(str, arguments)])
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@broken_streams
def test_what_must_go_on_goes_on_and_says_once_that_nothing_more_is_printed(
    broken: Callable[[], AbstractContextManager[TextIO]], capsys: pytest.CaptureFixture[str]
) -> None:
    with printing_to(broken):
        for line in ("one", "two", "three"):
            say(line)
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("nothing more is printed (")


def test_a_session_whose_reader_goes_away_is_recorded_to_its_end(tmp_path: Path) -> None:
    with unread() as stream:
        command = ["demo", "--headless", "--json", "--seconds", "3", "--speed", "10", "--record", "x.xdf"]
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *command],
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])},
            timeout=100,
            check=False,
        )
    assert done.returncode == 0 and done.stderr.count("nothing more is printed") == 1, done.stderr
    with open_recording(tmp_path / "x.xdf") as recording:
        assert recording.sealed and recording.streams


def test_a_gateway_whose_reader_goes_away_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team = '[[athletes]]\nname = "A7"\nsensors = [{match = "u", profile = "umyo", leg = "left", roles = ["emg"]}]\n'
    (tmp_path / "team.toml").write_text(team, encoding="utf-8")
    change = {"time_s": 1.0, "athlete": "A7", "leg": "left", "state": "OK", "reasons": ["no pattern seen"]}
    post = SimpleNamespace(publisher=SimpleNamespace(run="r", hub_is_there=False), lines=tuple)
    monkeypatch.setattr("monitor.acquisition.live.LiveSource", lambda *_, **__: nullcontext())
    monkeypatch.setattr("monitor.network.gateway.Gateway", lambda *_, **__: nullcontext(post))
    monkeypatch.setattr(LiveRun, "play", lambda run, *_: run.watchers[-1].put(Heartbeat(1.0), (), [change] * 3))
    with printing_to(unread):
        command = ("gateway", "--team", tmp_path / "team.toml", "--to", "mqtt://127.0.0.1:9", "--record", "x.xdf")
        assert ended(*command, monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().err.count("nothing more is printed") == 1


@needs_full
@pytest.mark.parametrize("command", ["settings show", "settings show --json", "guide athlete", "profiles list"])
def test_output_that_finds_no_place_is_one_sentence(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with printing_to(full):
        assert ended(*command.split(), monkeypatch=monkeypatch) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("crampwatch: the output cannot be written: ")


@broken_streams
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["for people", "json"])
def test_the_table_that_was_asked_for_is_written_though_the_answers_cannot_be_printed(
    broken: Callable[[], AbstractContextManager[TextIO]],
    form: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for file in files:
        np.savez(file, time_s=np.arange(3000) / 500, GM_uV=np.random.default_rng(1).normal(size=3000))
    out = tmp_path / "t.csv"
    with printing_to(broken):
        assert ended("analyze", *files, *form, "--table", out, monkeypatch=monkeypatch) == 1
    with out.open(encoding="utf-8", newline="") as table:
        assert [row["file"] for row in csv.DictReader(table)] == list(map(str, files))


def test_closed_streams_are_there_and_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    make_ready()
    typer.echo("nobody reads this")
    say("nor this", err=True)
    assert sys.stdin.read() == "" and not any(each.isatty() for each in (sys.stdout, sys.stderr))
    for each in (sys.stdin, sys.stdout, sys.stderr):
        each.close()


def test_a_console_without_a_letter_gets_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    make_ready()
    typer.echo("Łąka, Läufer")
    assert console.buffer.getvalue().split() == [b"\\u0141\\u0105ka,", b"L\xe4ufer"]  # type: ignore[attr-defined]


def test_ctrl_c_while_the_commands_are_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted(ModuleType):
        @property
        def main(self) -> Callable[[], None]:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "monitor.cli", Interrupted("monitor.cli"))
    with pytest.raises(SystemExit) as end:
        program.main()
    assert (end.value.code, capsys.readouterr().err) == (130, "stopped\n")
