"""Wrong uses end with one sentence and the right exit code, never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.running import crampwatch, sentence

BAD_TEAM = '[[athletes]]\nname = "A7"\nsensor = 3\n'
BAD_PROFILE = 'schema = 1\n[profile]\nid = "x"\ncolour = "red"\n'
NO_SENSOR = """
[[athletes]]
name = "A7"
[[athletes.sensors]]
match = "uMyo-A7"
profile = "umio"
leg = "left"
roles = ["emg"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.toml").write_text(BAD_TEAM)
    (tmp_path / "profile.toml").write_text(BAD_PROFILE)
    (tmp_path / "unknown-profile.toml").write_text(NO_SENSOR)
    (tmp_path / "empty.xdf").touch()
    (tmp_path / "rubbish.xdf").write_bytes(b"XDF:" + bytes(range(256)))
    (tmp_path / "text.xdf").write_text("hello")
    (tmp_path / "slow.csv").write_text("time_s,GM_uV\n" + "\n".join(f"{i},{i % 5}" for i in range(300)))
    (tmp_path / "taken.xdf").write_text("something of mine")
    return tmp_path


FAILURES = [
    (("replay", "missing.xdf"), "missing.xdf"),
    (("replay", "."), "."),
    (("replay", "empty.xdf"), "empty.xdf"),
    (("replay", "rubbish.xdf"), "rubbish.xdf"),
    (("replay", "text.xdf"), "text.xdf"),
    (("analyze", "missing.csv"), "missing.csv"),
    (("forget", "A7", "missing"), "there is no missing"),
    (("analyze", "missing.xdf"), "missing.xdf"),
    (("analyze", "text.xdf"), "text.xdf"),
    (("analyze", "."), "."),
    (("live", "--team", "missing.toml", "--headless"), "missing.toml"),
    (("live", "--team", "bad.toml", "--headless"), "athletes.0.sensor"),
    (("live", "--team", "unknown-profile.toml", "--headless"), "umio"),
    (("live", "--headless"), "no last team"),
    (("scan", "--seconds", "0.2"), "crampwatch demo"),
    (("scan", "--seconds", "0.2", "--radio", "tcp:127.0.0.1:1"), "127.0.0.1:1"),
    (("scan", "--seconds", "0.2", "--radio", "carrier pigeon"), "carrier pigeon"),
    (("demo", "--scenario", "moonwalk", "--headless"), "moonwalk"),
    (("demo", "--scenario", "tiring", "--headless", "--speed", "500"), "largest that works"),
    (("simulate", "moonwalk", "--out", "x.xdf"), "moonwalk"),
    (("simulate", "tiring", "--minutes", "0.2", "--out", "taken.xdf"), "taken.xdf"),
    (("simulate", "tiring", "--minutes", "0.2", "--out", "no/such/folder/x.xdf"), "no/such/folder"),
    (("simulate", "tiring", "--minutes", "0.2", "--out", "new.xdf", "--truth", "taken.xdf"), "taken.xdf"),
    (("demo", "--headless", "--keep-baseline", "taken.xdf"), "taken.xdf"),
    (("demo", "--headless", "--keep-baseline", "no/such/folder.json"), "no/such"),
    (("replay", "text.xdf", "--picture", "taken.xdf"), "taken.xdf"),
    (("analyze", "slow.csv"), "time_s in seconds"),
    (("virtual", "--profile", "umyo", "--fault", "drip"), "drip"),
    (("profiles", "show", "umio"), "umio"),
    (("profiles", "check", "missing.toml"), "missing.toml"),
]


@pytest.mark.parametrize(
    ("arguments", "names"), FAILURES, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_failure_is_one_sentence(folder: Path, arguments: tuple[str, ...], names: str) -> None:
    nowhere = "unix:path=/nonexistent/bus"
    done = crampwatch(*arguments, cwd=folder, DBUS_SYSTEM_BUS_ADDRESS=nowhere, XDG_STATE_HOME=str(folder / "state"))
    assert done.returncode == 1, done.stdout + done.stderr
    said = sentence(done) if done.stderr.strip() else done.stdout
    assert "Traceback" not in said
    assert names in said
    assert (folder / "taken.xdf").read_text() == "something of mine"


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay",),
        ("replay", "x.xdf", "--speed", "fast"),
        ("demo", "--speed", "-3"),
        ("demo", "--athletes", "0"),
        ("analyze",),
        ("analyze", "x.csv", "--from", "5", "--to", "3"),
        ("dance",),
        ("profiles", "decode", "umyo", "--char", "xyz", "not hex"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = crampwatch(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_display_the_start_window_says_what_to_do() -> None:
    done = crampwatch()
    assert done.returncode == 1
    assert "crampwatch demo" in sentence(done)


def test_the_version_is_told() -> None:
    assert crampwatch("--version").stdout.startswith("crampwatch 0.")


def test_doctor_finds_and_mends(tmp_path: Path) -> None:
    done = crampwatch("doctor", "--json", cwd=tmp_path, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent/bus")
    assert done.returncode == 0, done.stderr
    assert '"what": "Bluetooth", "works": false' in done.stdout
    assert "bluez" in done.stdout.lower()
    assert '"what": "sensor profiles", "works": true' in done.stdout


def test_doctor_counts_no_adapter_where_bluetooth_is_missing(tmp_path: Path) -> None:
    sensor = '[[athletes.sensors]]\nmatch = "Myo"\nprofile = "myo"\nleg = "left"\nroles = ["emg"]\n'
    (tmp_path / "team.toml").write_text(f'[[athletes]]\nname = "A7"\n{sensor}', encoding="utf-8")
    bus = "unix:path=/nonexistent/bus"
    done = crampwatch("doctor", "--team", "team.toml", "--json", cwd=tmp_path, DBUS_SYSTEM_BUS_ADDRESS=bus)
    assert '"what": "links", "works": false' in done.stdout and "you have 0" in done.stdout


def test_every_fault_of_a_profile_is_one_sentence_with_its_line(folder):
    done = crampwatch("profiles", "check", "profile.toml", cwd=folder)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert len(lines) > 3 and all(line.startswith("the profile profile.toml is wrong at ") for line in lines)
    assert "line 4" in lines[0]
