"""Wrong uses of every command end with one sentence and the right exit code, never with a traceback."""

from __future__ import annotations

import builtins
import importlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.running import ENVIRONMENT, crampwatch, sentence, whole_program

from monitor import cli, shipped

COMMAND = whole_program()
Call = Callable[..., "subprocess.CompletedProcess[str]"]
SAMPLE = str(shipped.folder("recordings") / "electrode-off.xdf")
SENSOR = 'match = "uMyo-A7"\nleg = "left"\nroles = ["emg"]\n'
FILES = {
    "bad.toml": '[[athletes]]\nname = "A7"\nsensor = 3\n',
    "team.toml": f'[[athletes]]\nname = "A7"\n[[athletes.sensors]]\nprofile = "umyo"\n{SENSOR}',
    "unknown-profile.toml": f'[[athletes]]\nname = "A7"\n[[athletes.sensors]]\nprofile = "umio"\n{SENSOR}',
    "profile.toml": 'schema = 1\n[profile]\nid = "x"\ncolour = "red"\n',
    "text.xdf": "hello",
    "slow.csv": "time_s,GM_uV\n" + "\n".join(f"{i},{i % 5}" for i in range(300)),
    "emg.csv": "time_s,GM_uV\n" + "\n".join(f"{i / 500},{i % 7}" for i in range(700)),
    "labels.csv": "file,leg,start_s,end_s,kind\n",
    "taken.xdf": "something of mine",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`crampwatch` with these arguments in this very process, in the folder: no display, no Bluetooth, no last team."""
    monkeypatch.chdir(folder)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setattr(os, "umask", lambda mask: mask)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["crampwatch", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        code = end.value.code
        return subprocess.CompletedProcess(arguments, code if isinstance(code, int) else 0, said.out, said.err)

    return run


def words(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else ""


FAILURES = [
    (("replay", "missing.xdf"), "missing.xdf"),
    (("forget", "A7", "missing"), "there is no missing"),
    (("season", "missing"), "missing"),
    (("analyze", "."), "."),
    (("live", "--team", "bad.toml", "--headless"), "athletes.0.sensor"),
    (("live", "--team", "unknown-profile.toml", "--headless"), "umio"),
    (("live", "--headless"), "no last team"),
    (("live", "--team", "team.toml", "--headless", "--seconds", "1"), "crampwatch demo"),
    (("scan", "--seconds", "0.2"), "crampwatch demo"),
    (("scan", "--seconds", "0.2", "--radio", "tcp:127.0.0.1:1"), "127.0.0.1:1"),
    (("scan", "--seconds", "0.2", "--radio", "carrier pigeon"), "carrier pigeon"),
    (("pair", "--athlete", "A1", "--seconds", "0.2", "--out", "new.toml"), "crampwatch demo"),
    (("capture", "X", "--out", "x.jsonl"), "crampwatch demo"),
    (("profiles", "verify", "umyo"), "crampwatch demo"),
    (("test", "heel-rise", "--team", "team.toml"), "crampwatch demo"),
    (("demo", "--scenario", "moonwalk", "--headless"), "moonwalk"),
    (("demo", "--scenario", "tiring", "--headless", "--speed", "500"), "largest that works"),
    (("simulate", "moonwalk", "--out", "x.xdf"), "moonwalk"),
    (("analyze", "slow.csv"), "time_s in seconds"),
    (("analyze", "emg.csv", "--set", "trend.watch_level=9"), "watch_level"),
    (("analyze", "emg.csv", "--from", "99"), "nothing between"),
    (("annotate", SAMPLE, "--undo"), "nothing"),
    (("merge", SAMPLE, SAMPLE, "--out", "m.xdf"), "electrode-off"),
    (("study", "cramp"), "display"),
    (("setup",), "display"),
    (("gateway", "--to", "mqtt://192.0.2.1", "--team", "team.toml"), "192.0.2.1"),
    (("live", "--headless", "--team", "team.toml", "--from", "http://192.0.2.1"), "192.0.2.1"),
    (("virtual", "--profile", "umyo", "--fault", "drip"), "drip"),
    (("virtual", "--profile", "umio"), "umio"),
    (("profiles", "show", "umio"), "umio"),
]


@pytest.mark.parametrize(("arguments", "names"), FAILURES, ids=words)
def test_a_failure_is_one_sentence(call: Call, folder: Path, arguments: tuple[str, ...], names: str) -> None:
    done = call(*arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    said = done.stderr.splitlines()
    assert names in said[-1] and "Traceback" not in done.stderr, done.stderr
    assert len(said) == 1 or said[-1].startswith("crampwatch: "), "what goes before is no failure"
    assert (folder / "taken.xdf").read_text() == "something of mine"


READING = [  # where {} is a file to be read, and how its name ends
    ("replay {} --headless", ".xdf"),
    ("replay {} --headless", ".csv"),
    ("analyze {}", ".xdf"),
    ("analyze {}", ".csv"),
    ("analyze emg.csv --angle {}", ".csv"),
    ("analyze emg.csv --settings {}", ".toml"),
    ("analyze emg.csv --check {}", ".json"),
    ("convert {} out.npz", ".edf"),
    ("convert {} out.npz", ".mat"),
    ("export-bids {} --out bids", ".xdf"),
    ("annotate {}", ".xdf"),
    (f"annotate {SAMPLE} --table {{}}", ".csv"),
    (f"merge {{}} {SAMPLE} --out merged.xdf", ".xdf"),
    ("settings diff {}", ".xdf"),
    ("settings show {}", ".toml"),
    ("evaluate {} --labels labels.csv", ".xdf"),
    (f"evaluate {SAMPLE} --labels {{}}", ".csv"),
    (f"fit {SAMPLE} --labels {{}} --out fitted.json", ".csv"),
    ("live --headless --team {}", ".toml"),
    ("live --headless --team team.toml --journal {}", ".toml"),
    ("gateway --to mqtts://127.0.0.1:1 --team {}", ".toml"),
    ("test heel-rise --team {}", ".toml"),
    ("test heel-rise --replay {}", ".xdf"),
    ("test shortened-hold --replay {}", ".xdf"),
    ("simulate {} --out out.xdf", ".toml"),
    ("profiles check {}", ".toml"),
]
EMPTY_IS_FINE = ("analyze emg.csv --settings", "settings show", "live --headless --team team.toml --journal")
MAY_SAY_MORE = ("profiles check", "analyze emg.csv --check")  # a line for each fault, for each difference


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "rubbish", "text", "unreadable"])
def test_what_cannot_be_read_is_one_sentence_of_every_command(
    call: Call, folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command, suffix in READING:
        name = wrong_file(folder, kind, suffix)
        if kind == "unreadable":
            forbid(name, monkeypatch)
        done = call(*command.format(name).split())
        if kind == "empty" and command.startswith(EMPTY_IS_FINE):
            continue
        said = f"{command.format(name)}: {done.returncode} {done.stderr}"
        assert done.returncode == 1, said
        lines = done.stderr.strip().splitlines()
        assert lines and "Traceback" not in done.stderr and "a fault in the program" not in done.stderr, said
        assert len(lines) == 1 or command.startswith(MAY_SAY_MORE), said


def wrong_file(folder: Path, kind: str, suffix: str) -> str:
    path = folder / f"{kind}{suffix}"
    if kind == "folder":
        path.mkdir(exist_ok=True)
    elif kind != "missing" and not path.exists():
        content = {"empty": b"", "rubbish": bytes(range(256)), "text": b"hello, world\nthis is = no [file\n"}
        path.write_bytes(content.get(kind, b"x"))
    return path.name


def forbid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a file of somebody else, which the tests' own user (root, maybe) could read."""

    def refusing(opens: Callable[..., object]) -> Callable[..., object]:
        def opened(file: object, *more: object, **others: object) -> object:
            if isinstance(file, str | os.PathLike) and Path(file).name == name:
                raise PermissionError(13, "Permission denied", os.fspath(file))
            return opens(file, *more, **others)

        return opened

    for module in (builtins, io, os):
        monkeypatch.setattr(module, "open", refusing(module.open))


WRITING = [  # where {} is a file to be written
    ("analyze emg.csv --table {}", ".csv"),
    ("analyze emg.csv --features {}", ".csv"),
    ("analyze emg.csv --report {}", ".html"),
    ("convert emg.csv {}", ".xdf"),
    ("convert emg.csv {}", ".npz"),
    ("convert emg.csv {}", ".csv"),
    (f"export-bids {SAMPLE} --out {{}}", ""),
    (f"merge {SAMPLE} {SAMPLE} --out {{}}", ".xdf"),
    ("simulate tiring --minutes 0.1 --out {}", ".xdf"),
    ("simulate tiring --minutes 0.1 --legs left --out new.xdf --truth {}", ".json"),
    ("evaluate --simulated 1 --minutes 1 --out {}", ".html"),
    ("fit --simulated 1 --out {}", ".json"),
    ("pair --seconds 0.1 --out {}", ".toml"),
    ("capture X --seconds 0.1 --out {}", ".jsonl"),
    ("capture X --seconds 0.1 --out new.jsonl --profile {}", ".toml"),
    ("replay emg.csv --picture {}", ".png"),
    ("demo --headless --seconds 1 --keep-baseline {}", ".json"),
    ("demo --headless --seconds 1 --record {}", ".xdf"),
    ("test heel-rise --virtual --record {}", ".xdf"),
    ("licences --sbom {}", ".json"),
    ("season . --report {}", ".html"),
    ("season . --table {}", ".csv"),
    ("broker-config --host 127.0.0.1 --out {}", ""),
]
LONG = ("evaluate", "fit", "demo", "test", "simulate")  # where they could write they would begin to work


@pytest.mark.parametrize("kind", ["taken", "folder", "nowhere", "unwritable"])
def test_what_cannot_be_written_is_one_sentence_and_nothing_is_overwritten(call: Call, folder: Path, kind: str) -> None:
    for command, suffix in WRITING:
        path = folder / f"{kind}{suffix}"
        if kind == "taken":
            path.write_text("something of mine", encoding="utf-8")
        elif kind == "folder":
            path.mkdir(exist_ok=True)
            (path / "mine").touch()
        elif kind == "nowhere":
            path = folder / "no" / "such" / path.name
        elif command.startswith(LONG) or not Path("/proc").is_dir():
            continue
        else:
            path = Path("/proc") / path.name  # where not even root can make a file
        if kind == "nowhere" and not suffix:
            continue  # a data set's folders are made
        done = call(*command.format(path).split())
        said = f"{command.format(path)}: {done.returncode} {done.stderr}"
        assert done.returncode in (1, 2), said
        assert done.stderr and "Traceback" not in done.stderr and "a fault in the program" not in done.stderr, said
        if kind == "taken":
            assert path.read_text(encoding="utf-8") == "something of mine", said


MOMENTS = [  # where Ctrl-C comes
    ("analyze emg.csv --report page.html", "monitor.report", "report"),
    ("analyze emg.csv", "monitor.analysis", "analyse_files"),
    ("convert emg.csv out.npz", "monitor.importing.formats", "read_files"),
    (f"export-bids {SAMPLE} --out bids", "monitor.exporting.bids", "write_dataset"),
    ("evaluate --simulated 1 --minutes 1", "monitor.evaluation.run", "simulated_session"),
    ("simulate tiring --minutes 0.1 --out out.xdf", "monitor.simulation.sessions", "session_of"),
    ("simulate tiring --minutes 0.1 --legs left --out out.xdf --truth o.json", "monitor.simulation.recorded", "truth"),
    ("replay emg.csv --headless --speed max", "monitor.replaying", "tables_source"),
    ("forget A7 .", "monitor.forgetting", "find"),
    ("profiles list", "monitor.acquisition.profile", "library"),
    ("profiles show umyo", "monitor.acquisition.profile", "find"),
    ("profiles check profile.toml", "monitor.acquisition.profile", "check_profile"),
    ("profiles schema", "monitor.acquisition.profile_schema", "schema_text"),
    ("profiles decode umyo --char 1234 00", "monitor.acquisition.profile", "find"),
    ("profiles verify umyo", "monitor.acquisition.verify", "verify"),
    ("doctor", "monitor.acquisition.profile", "library"),
    ("demo --headless --seconds 1 --record new.xdf", "monitor.cli.demo", "SimulatorProcess"),
    ("setup", "monitor.dashboard", "run_set_up"),
    ("study cramp", "monitor.dashboard", "run_scientist"),
    ("scan --seconds 0.1", "monitor.acquisition.in_range", "listen"),
    ("pair --seconds 0.1 --out new.toml", "monitor.acquisition.in_range", "listen"),
    ("capture X --seconds 0.1 --out new.jsonl", "monitor.acquisition.capture", "new_capture_file"),
    ("live --headless --team team.toml --record new.xdf", "monitor.acquisition.live", "LiveSource"),
    ("virtual --profile umyo", "monitor.acquisition.profile", "find"),
    ("fit --simulated 1 --out new.json", "monitor.fitting.fit", "fit"),
    ("season . --report new.html", "monitor.season", "season"),
    (f"annotate {SAMPLE} --undo", "monitor.recording.amend", "undo"),
    (f"merge {SAMPLE} {SAMPLE} --out new.xdf", "monitor.rewriting", "merge"),
    ("guide athlete", "monitor.cli.guide", "guides"),
    ("licences --sbom new.json", "monitor.licences", "packages"),
    ("gateway --to mqtts://127.0.0.1:1 --team team.toml", "monitor.team", "load_team"),
    ("broker-config --host 127.0.0.1 --out new", "monitor.network.broker_config", "write_broker_config"),
    (f"test heel-rise --replay {SAMPLE}", "monitor.guided.replaying", "replayed"),
    (f"test shortened-hold --replay {SAMPLE}", "monitor.guided.hold_result", "hold_result"),
    ("settings show", "monitor.settings", "Settings"),
    (f"settings diff {SAMPLE}", "monitor.exporting.opening", "open_session"),
]


@pytest.mark.parametrize(("command", "module", "name"), MOMENTS, ids=lambda value: value)
def test_ctrl_c_says_so_and_leaves_no_half_file(
    call: Call, folder: Path, command: str, module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module(module), name, interrupted)
    done = call(*command.split())
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "stopped"), done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in folder.iterdir()} <= FILES.keys() | {"state"}


def test_ctrl_c_comes_to_every_command() -> None:
    stopped = [command.split() for command, _, _ in MOMENTS]
    for path in every_path(COMMAND):
        assert any(tuple(words[: len(path)]) == path for words in stopped), path


def _heeds_interrupts() -> None:
    """As what a terminal starts; the children of what a shell has put into the background do not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_from_a_terminal() -> None:
    command = [sys.executable, "-m", "monitor", "replay", "electrode-off", "--headless"]
    environment = ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    with subprocess.Popen(command, preexec_fn=_heeds_interrupts, **pipes) as replay:
        assert replay.stdout is not None
        assert "CALIBRATING" in replay.stdout.readline()
        replay.send_signal(signal.SIGINT)
        _, told = replay.communicate(timeout=60)
    assert replay.returncode == 130 and told.splitlines()[-1] == "stopped" and "Traceback" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay",),
        ("replay", "x.xdf", "--speed", "fast"),
        ("demo", "--speed", "-3"),
        ("demo", "--athletes", "0"),
        ("analyze",),
        ("analyze", "x.csv", "--from", "5", "--to", "3"),
        ("convert", "x.csv"),
        ("merge", "x.xdf", "--out", "y.xdf"),
        ("gateway",),
        ("broker-config", "--out", "x"),
        ("annotate", "x.xdf", "--at", "3"),
        ("evaluate",),
        ("guide", "horse"),
        ("live", "--markers-udp", "80"),
        ("dance",),
        ("profiles", "decode", "umyo", "--char", "xyz", "not hex"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_refuses_an_option_that_it_does_not_have(call: Call) -> None:
    for path in every_path(COMMAND):
        done = call(*path, "--no-such-option")
        assert done.returncode == 2 and "Traceback" not in done.stderr, path


def every_path(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield from every_path(command, (*path, name)) if hasattr(command, "commands") else [(*path, name)]


def test_a_file_that_cannot_be_read_is_not_said_to_keep_nothing(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "nothing is kept" in call("forget", "A8", ".").stderr
    forbid("text.xdf", monkeypatch)
    done = call("forget", "A8", ".")
    assert done.returncode == 1 and "text.xdf" in sentence(done) and "nothing is kept" not in done.stderr


def test_without_a_display_the_start_window_says_what_to_do(call: Call) -> None:
    done = call()
    assert done.returncode == 1
    assert "crampwatch demo" in sentence(done)


def test_the_version_is_told() -> None:
    assert crampwatch("--version").stdout.startswith("crampwatch 0.")


def test_doctor_finds_and_mends(call: Call) -> None:
    done = call("doctor", "--json")
    assert done.returncode == 0, done.stderr
    assert '"what": "Bluetooth", "works": false' in done.stdout
    assert "bluez" in done.stdout.lower()
    assert '"what": "sensor profiles", "works": true' in done.stdout


def test_doctor_counts_no_adapter_where_bluetooth_is_missing(call: Call) -> None:
    done = call("doctor", "--team", "team.toml", "--json")
    assert '"what": "links", "works": false' in done.stdout and "you have 0" in done.stdout


def test_every_fault_of_a_profile_is_one_sentence_with_its_line(call: Call) -> None:
    done = call("profiles", "check", "profile.toml")
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert len(lines) > 3 and all(line.startswith("the profile profile.toml is wrong at ") for line in lines)
    assert "line 4" in lines[0]
