"""How long a stranger waits, in a fresh environment made from this folder.

    python tests/benchmarks/first_minutes.py [--program crampwatch] [--json]

Prints seconds of wall time: the installation (with what the network takes), the help, the first state of the demo,
the first windows on the screen, a picture of a window in a file. --program measures one that is installed already.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAINTED = Path(__file__).parent / "first_paint.py"
WINDOWS = {"crampwatch": [], "crampwatch replay": ["replay", "electrode-off"], "crampwatch demo": ["demo"]}


def installed_into(folder: Path) -> tuple[Path, float]:
    """The program in an environment of its own, and how long that took."""
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([str(programs / "python"), "-m", "pip", "install", "-q", str(ROOT)], check=True)
    return programs / "crampwatch", time.monotonic() - began_s


def until_first_line(command: Sequence[str], environment: dict[str, str], expected: str = "") -> float:
    """Seconds until it prints something, or first of all what is expected; then it is stopped."""
    began_s = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as running:
        assert running.stdout is not None
        line, waited_s = running.stdout.readline(), time.monotonic() - began_s
        running.terminate()
    assert line, f"{' '.join(command)} printed nothing"
    assert not expected or line.decode().strip() == expected, line
    return waited_s


def until_painted(python: Path, arguments: Sequence[str], environment: dict[str, str], folder: Path) -> float:
    """Seconds until the first window is on the screen; then it ends."""
    command = [str(python), str(PAINTED), *arguments]
    return until_first_line(command, environment | {"XDG_STATE_HOME": str(folder)}, expected="painted")


def first_minutes(program: Sequence[str], folder: Path) -> dict[str, float]:
    """Seconds by what is waited for."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
    found = {"help": until_first_line([*program, "--help"], environment)}
    found["first state of the demo"] = until_first_line([*program, "demo", "--headless"], environment)
    python = Path(program[0]).with_name("python")
    for name, arguments in WINDOWS.items():
        found[f"first window of {name}"] = until_painted(python, arguments, environment, folder)
    began_s = time.monotonic()
    picture = ["replay", "electrode-off", "--from", "10", "--picture", str(folder / "window.png")]
    drawn = subprocess.run([*program, *picture], env=environment, check=False, capture_output=True, text=True)
    if drawn.returncode:
        sys.exit(f"no window can be drawn here ({drawn.stderr.strip()}); `crampwatch doctor` says what is missing")
    found["a picture of a window in a file"] = time.monotonic() - began_s
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", help="an installed crampwatch")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    program = given.program
    with tempfile.TemporaryDirectory() as name:
        folder, waited = Path(name), {}
        if program is None:
            program, waited["installation"] = installed_into(folder / "venv")
        waited |= first_minutes([str(program)], folder)
    if given.json:
        print(json.dumps(waited))
        return
    for what, seconds in waited.items():
        print(f"{what:<36}{seconds:6.1f} s")


if __name__ == "__main__":
    main()
