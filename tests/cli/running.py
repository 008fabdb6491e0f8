"""Runs the command line as a user does, in a process of its own."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import typer

from monitor.cli import app
from monitor.cli.commands import COMMANDS, whole

ENVIRONMENT = {
    key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
}


def crampwatch(
    *arguments: object, cwd: Path | None = None, timeout_s: float = 100.0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The finished process; no display unless the environment says so."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", *(str(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=timeout_s,
        env=ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])} | environment,
        check=False,
    )


@functools.cache
def whole_program() -> Any:
    """`crampwatch` with every command imported."""
    program: Any = typer.main.get_command(app)
    program.commands = {name: whole(name) for name in COMMANDS}
    return program


def json_lines(text: str) -> list[dict[str, Any]]:
    """Every line as an object."""
    return [json.loads(line) for line in text.splitlines()]


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed call said: one line, no traceback."""
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    return lines[0]
