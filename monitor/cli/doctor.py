"""`crampwatch doctor`: what works on this machine, and how to mend what does not."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.running import RADIO_HELP


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. works: None = not needed for the main job."""

    what: str
    works: bool | None
    finding: str
    mend: str = ""

    @property
    def word(self) -> str:
        """Works, missing, optional."""
        return "works" if self.works else "missing" if self.works is False else "optional"


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    team: Annotated[
        Path | None,
        typer.Option(
            metavar="TEAM.toml", help="Whose links are counted; without it the last team's.", show_default=False
        ),
    ] = None,
    radio: Annotated[str, typer.Option(metavar="SPEC", help=RADIO_HELP)] = "os",
) -> None:
    """What works on this machine: adapter, window, profiles, folders, optional packages; and how to mend the rest.

    Example: crampwatch doctor --team team.toml
    """
    import dataclasses
    import json

    findings = [look() for look in (_python, _bluetooth, _window, _profiles, _parquet, _folder)]
    findings.insert(2, _links(team, radio, bluetooth=findings[1].works is True))
    if as_json:
        for finding in findings:
            typer.echo(json.dumps(dataclasses.asdict(finding)))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("", "what", box=None, pad_edge=False)
    for column in ("finding", "how to mend"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.word, finding.what, escape(finding.finding), escape(finding.mend))
    Console().print(table)


def _python() -> Finding:
    return Finding("Python", True, f"{platform.python_version()} on {platform.system()} {platform.release()}")


def _bluetooth() -> Finding:
    from monitor.acquisition.radio import open_radio
    from monitor.errors import RadioError

    async def scan_for_a_moment() -> None:
        async with open_radio("os") as radio, radio.scanner(lambda *_: None):
            await asyncio.sleep(0.1)

    try:
        asyncio.run(scan_for_a_moment())
    except RadioError as error:
        return Finding("Bluetooth", False, str(error), _bluetooth_mend())
    return Finding("Bluetooth", True, "an adapter scans")


def _bluetooth_mend() -> str:
    if sys.platform == "linux":
        return (
            "install BlueZ (Debian, Ubuntu, Raspberry Pi OS: apt install bluez; Fedora: dnf install bluez),"
            " then: systemctl start bluetooth"
        )
    if sys.platform == "darwin":
        return "System Settings: switch Bluetooth on and allow it for your terminal (Privacy & Security, Bluetooth)"
    return "Settings, Bluetooth & devices: switch Bluetooth on"


def _links(path: Path | None, radio: str, bluetooth: bool) -> Finding:
    """Whether the adapters carry all the sensors of the team. bluetooth: whether the system's own adapter works."""
    from monitor.acquisition.link_budget import advice, link_budget
    from monitor.acquisition.team_profiles import team_profiles
    from monitor.errors import TeamError
    from monitor.last_team import last_team
    from monitor.team import load_team

    try:
        people = load_team(path or last_team())
        budget = link_budget(people, team_profiles(people), radio)
        if radio == "os" and not bluetooth:
            budget = replace(budget, here=0)
    except TeamError as error:
        return Finding("links", None if path is None else False, str(error))
    return Finding("links", budget.enough, str(budget), advice(budget, radio))


def _window() -> Finding:
    from monitor.cli.running import has_display

    if importlib.util.find_spec("PySide6") is None:
        return Finding("window", False, "Qt (PySide6) is not installed", "pip install 'PySide6-Essentials>=6.10,<6.12'")
    if not has_display():
        return Finding(
            "window", None, "no display here: the state is shown in the terminal", "run it where a screen is"
        )
    return Finding("window", True, "a display is here")


def _profiles() -> Finding:
    from monitor.acquisition.profile import library, user_folder
    from monitor.errors import ProfileError

    found = library()
    bad = [str(entry) for entry in found.values() if isinstance(entry, ProfileError)]
    if bad:
        return Finding("sensor profiles", False, "; ".join(bad), f"correct or remove it (your own: {user_folder()})")
    return Finding("sensor profiles", True, f"{len(found)}: {', '.join(sorted(found))}")


def _parquet() -> Finding:
    if importlib.util.find_spec("pyarrow") is None:
        return Finding("Parquet tables", None, "pyarrow is not installed", "pip install 'crampwatch[parquet]'")
    return Finding("Parquet tables", True, "pyarrow is installed")


def _folder() -> Finding:
    import os

    here = Path.cwd()
    if os.access(here, os.W_OK):
        return Finding("recording here", True, f"{here} can be written to")
    return Finding("recording here", False, f"{here} cannot be written to", "go to a folder of your own")
