"""Alerts spoken by a program of the system: never by a shell, never waited for, off until it is wanted."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from monitor.dashboard.speech import Voice, speech_command, spoken_alert
from monitor.snapshot import AlertView

ALERT = AlertView("--help; rm -rf", "left", "CRAMP", 0.0, 1)


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
    voice.say(spoken_alert(ALERT))
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
    assert spoken_alert(AlertView("A7", "left", "WARN", 0.0, 2)).startswith(
        "Attention. Again: A7, left calf: cramp risk"
    )
