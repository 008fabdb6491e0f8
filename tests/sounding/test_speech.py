"""Alerts spoken by a program of the system: never by a shell, never waited for, off until it is wanted."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from monitor.sounding.speech import Voice, speech_command, spoken_alert

ALERT = ("--help; rm -rf", "left", "CRAMP", 1)


def program(folder: Path, body: str) -> tuple[str, ...]:
    path = folder / "speak.py"
    path.write_text(f"import sys, time\n{body}\n")
    return (sys.executable, str(path))


def until(condition: object, seconds: float = 20.0) -> bool:
    end_s = time.monotonic() + seconds
    while not condition() and time.monotonic() < end_s:  # type: ignore[operator]
        time.sleep(0.01)
    return bool(condition())  # type: ignore[operator]


def test_a_pseudonym_is_one_argument_and_no_option(tmp_path: Path) -> None:
    out = tmp_path / "said"
    voice = Voice(program(tmp_path, f"open({str(out)!r}, 'w').write(repr(sys.argv[1:]))"), on=True)
    voice.say(spoken_alert(*ALERT))
    assert until(lambda: out.exists() and out.read_text())
    assert out.read_text() == repr(["Attention. --help; rm -rf, left calf: sustained contraction. Cramp?"])
    voice.close()


def test_who_speaks_slowly_holds_nobody_up(tmp_path: Path) -> None:
    voice = Voice(program(tmp_path, "time.sleep(2)"), on=True)
    begun_s = time.thread_time()
    for _ in range(50):
        voice.say("one of many")
    assert time.thread_time() - begun_s < 0.5
    voice.close()


def test_it_is_off_until_it_is_wanted_and_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    voice = Voice(("/nowhere/to/be/found",))
    voice.say("nobody hears this")
    assert voice._thread is None
    voice.on = True
    voice.say("this neither, and nothing breaks")
    voice.close()
    monkeypatch.setenv("PATH", "")
    assert speech_command() == () and "install espeak-ng" in Voice().name
    monkeypatch.undo()


def test_again_is_said_again() -> None:
    assert spoken_alert("A7", "left", "WARN", 2).startswith("Attention. Again: A7, left calf: cramp risk")


@pytest.mark.skipif(sys.platform == "win32", reason="it has a PowerShell of its own")
def test_powershell_reads_what_it_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, out = tmp_path / "powershell", tmp_path / "said"
    body = f"import sys; open({str(out)!r}, 'w').write(repr((sys.argv[-2:], sys.stdin.read())))"
    fake.write_text(f"#!{sys.executable}\n{body}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = Voice(on=True)
    assert voice.found and voice.name == str(fake)
    voice.say(spoken_alert("$(evil) ' ü", "left", "WARN", 1))
    assert until(lambda: out.exists() and out.read_text())
    (option, script), said = eval(out.read_text())
    assert option == "-Command" and "evil" not in script and "ReadToEnd" in script
    assert said == "Attention. $(evil) ' ü, left calf: cramp risk. Ease off and stretch"
    voice.close()
