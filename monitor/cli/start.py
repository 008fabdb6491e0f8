"""`crampwatch` alone: the start window."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import TYPE_CHECKING

import typer

from monitor.cli.running import has_display
from monitor.errors import TeamError

if TYPE_CHECKING:
    from monitor.dashboard import StartChoice


def start() -> None:
    """Ask what to do, do it, and come back to the question when it is done."""
    if not has_display():
        typer.echo(
            "no display here; try `crampwatch demo --headless`, `crampwatch doctor` or `crampwatch --help`", err=True
        )
        raise typer.Exit(1)
    from monitor import shipped
    from monitor.dashboard import run_start_window, start_actions

    while True:
        team, athletes = _known()
        choice = run_start_window(start_actions(team, shipped.folder("recordings"), athletes))
        if choice is None:
            return
        _show(choice, virtual=not team)


def _known() -> tuple[str, tuple[str, ...]]:
    """The last team's name and its athletes; a team file that cannot be read has none, its command says why."""
    from monitor.last_team import last_team
    from monitor.team import load_team

    name, athletes = "", ()
    with contextlib.suppress(TeamError):
        path = last_team()
        name = path.stem
        athletes = tuple(athlete.name for athlete in load_team(path).athletes)
    return name, athletes


def _show(choice: StartChoice, *, virtual: bool) -> None:
    """Each session in a process of its own: when it fails, the start window is still there and says why.

    virtual : there is no team yet. What a test found is told in a window, since nobody sees a terminal.
    """
    arguments = command_of(choice, virtual=virtual)
    tells = subprocess.PIPE if arguments[0] == "test" else None
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *arguments], stdout=tells, stderr=subprocess.PIPE, text=True, check=False
    )
    failed = done.stderr.strip().splitlines()[-1:] or [f"{choice.action} failed"]
    said = failed[0] if done.returncode else (done.stdout or "").strip()
    if said:
        from monitor.dashboard import show_sentence

        show_sentence(said)


def command_of(choice: StartChoice, *, virtual: bool) -> list[str]:
    """The words of the command that does what was chosen."""
    return {
        "demo": ["demo"],
        "set up": ["setup"],
        "last team": ["live"],
        "wall": ["live", "--wall"],
        "open": ["replay", str(choice.path)],
        "study": ["study", str(choice.path)],
        "heel-rise test": [
            *("test", "heel-rise", "--window"),
            *(("--virtual",) if virtual else ()),
            *(("--athlete", choice.athlete) if choice.athlete else ()),
        ],
    }[choice.action]
