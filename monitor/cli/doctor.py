"""`crampwatch doctor`: what works on this machine, and how to mend what does not."""

from __future__ import annotations

import importlib.util
import platform
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.finding import Finding
from monitor.cli.mends import mend_bluetooth
from monitor.cli.options import Radio


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    team: Annotated[
        Path | None,
        typer.Option(
            metavar="TEAM.toml", help="Whose links are counted; without it the last team's.", show_default=False
        ),
    ] = None,
    radio: Radio = "os",
) -> None:
    """What works on this machine: adapter, window, profiles, folders, optional packages; and how to mend the rest.

    Example: crampwatch doctor --team team.toml
    """
    import dataclasses
    import json

    from monitor.cli.surroundings import sound, surroundings, window

    bluetooth, shown = _bluetooth(), window()
    findings = [
        _python(),
        surroundings(),
        bluetooth,
        _links(team, radio, bluetooth=bluetooth.works is True),
        shown,
        sound(shown=shown.works is True),
        _profiles(),
        _extras(),
        _folder(),
    ]
    if as_json:
        for finding in findings:
            typer.echo(json.dumps(dataclasses.asdict(finding)))
        return
    for finding in findings:
        typer.echo(f"{finding.word:<10}{finding.what:<19}{finding.finding}")
        if finding.mend:
            typer.echo(f"{'':<29}-> {finding.mend}")  # on a line of its own, to be copied


def _python() -> Finding:
    return Finding("Python", True, f"{platform.python_version()} on {platform.system()} {platform.release()}")


def _bluetooth() -> Finding:
    import asyncio

    from monitor.acquisition.radio import open_radio
    from monitor.errors import RadioError

    async def scan_for_a_moment() -> None:
        async with open_radio("os") as radio, radio.scanner(lambda *_: None):
            await asyncio.sleep(0.1)

    try:
        asyncio.run(scan_for_a_moment())
    except RadioError as error:
        return Finding("Bluetooth", False, str(error), mend_bluetooth(str(error)))
    return Finding("Bluetooth", True, "an adapter scans")


def _links(path: Path | None, radio: str, bluetooth: bool) -> Finding:
    """Whether the adapters carry all the sensors of the team. bluetooth: whether the system's own adapter works."""
    from monitor.acquisition.link_budget import advice, link_budget
    from monitor.acquisition.lsl_source import PROFILE as LSL
    from monitor.acquisition.team_profiles import team_profiles
    from monitor.errors import TeamError
    from monitor.last_team import last_team
    from monitor.team import load_team

    try:
        people = load_team(path or last_team())
        if {sensor.profile for athlete in people.athletes for sensor in athlete.sensors} == {LSL}:
            return Finding("links", None, "LSL streams, which need no adapter", "crampwatch live --from lsl:")
        budget = link_budget(people, team_profiles(people), radio)
        if radio == "os" and not bluetooth:
            budget = replace(budget, here=0)
    except TeamError as error:
        return Finding("links", None if path is None else False, str(error))
    return Finding("links", budget.enough, str(budget), advice(budget, radio))


def _profiles() -> Finding:
    from monitor.acquisition.profile import library, user_folder
    from monitor.errors import ProfileError

    found = library()
    bad = [str(entry) for entry in found.values() if isinstance(entry, ProfileError)]
    if bad:
        return Finding("sensor profiles", False, "; ".join(bad), f"correct or remove it (your own: {user_folder()})")
    return Finding("sensor profiles", True, f"{len(found)}: {', '.join(sorted(found))}")


EXTRAS = {  # module: extra, and what one gets
    "paho": ("network", "gateways over MQTT"),
    "aiohttp": ("web", "the page for a phone"),
    "miniaudio": ("sound", "tones"),
    "pyarrow": ("parquet", "Parquet tables"),
    "edfio": ("edf", "EDF, BDF and EMG-BIDS"),
    "ezc3d": ("c3d", "C3D files"),
    "openpyxl": ("xlsx", "Excel tables"),
    "pylsl": ("lsl", "Lab Streaming Layer"),
    "mne": ("mne", "recordings in MNE"),
}


def _extras() -> Finding:
    missing = {extra: what for module, (extra, what) in EXTRAS.items() if importlib.util.find_spec(module) is None}
    if not missing:
        return Finding("optional packages", True, "all are installed")
    said = "; ".join(f"{extra} ({what})" for extra, what in missing.items())
    return Finding(
        "optional packages", None, f"not installed: {said}", f"pip install 'crampwatch[{','.join(missing)}]'"
    )


def _folder() -> Finding:
    import os

    here = Path.cwd()
    if os.access(here, os.W_OK):
        return Finding("recording here", True, f"{here} can be written to")
    return Finding("recording here", False, f"{here} cannot be written to", "go to a folder of your own")
