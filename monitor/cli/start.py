"""`crampwatch` alone: the start window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer

from monitor.cli.running import has_display
from monitor.errors import TeamError


def start() -> None:
    """Ask what to do, do it, and come back to the question when it is done."""
    if not has_display():
        typer.echo(
            "no display here; try `crampwatch demo --headless`, `crampwatch doctor` or `crampwatch --help`", err=True
        )
        raise typer.Exit(1)
    from monitor import shipped
    from monitor.dashboard import run_start_window, start_actions
    from monitor.last_team import last_team

    while True:
        try:
            team = last_team().stem
        except TeamError:
            team = ""
        choice = run_start_window(start_actions(team, shipped.folder("recordings")))
        if choice is None:
            return
        _show(choice.action, choice.path)


def _show(action: str, path: Path | None) -> None:
    """Each session in a process of its own: when it fails, the start window is still there and says why."""
    arguments = {
        "demo": ["demo"],
        "set up": ["setup"],
        "last team": ["live"],
        "wall": ["live", "--wall"],
        "open": ["replay", str(path)],
        "study": ["study", str(path)],
    }[action]
    done = subprocess.run([sys.executable, "-m", "monitor", *arguments], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        from monitor.dashboard import show_sentence

        show_sentence(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{action} failed")
