"""`crampwatch live`: monitor real sensors."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.demo import team_profiles_by_id
from monitor.cli.running import Run, recorder, show_changes, sinks, wants_window, watch


def live(
    team: Annotated[
        Path | None,
        typer.Option(
            metavar="TEAM.toml", help="Who wears which sensors; without it the last team.", show_default=False
        ),
    ] = None,
    radio: Annotated[str, typer.Option(metavar="SPEC", help="os, tcp:HOST:PORT, usb:0 or serial:PORT.")] = "os",
    headless: Annotated[bool, typer.Option("--headless", help="Print the state instead of opening a window.")] = False,
    seconds: Annotated[float | None, typer.Option(min=1, help="End after so many seconds.", show_default=False)] = None,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Record the session as XDF.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="State changes as JSON lines.")] = False,
) -> None:
    """Monitor real sensors: connect, record, show the state of every calf.

    Example: crampwatch live --team team.toml --record today.xdf
    """
    from monitor.acquisition.live import LiveSource
    from monitor.cli.controls import LiveControls
    from monitor.cli.headers import live_header
    from monitor.engine import Engine
    from monitor.last_team import last_team, remember
    from monitor.session import Session
    from monitor.settings import Settings
    from monitor.team import load_team

    path = team or last_team()
    people = load_team(path)
    profiles = team_profiles_by_id(people)
    window = wants_window(headless, as_json)
    session = Session(people, profiles, Settings())
    simulated = radio.startswith("tcp:127.0.0.1")
    with LiveSource(people, radio) as source:
        remember(path)
        header = lambda: live_header(session, profiles, path.stem, 1.0, simulated=simulated, epoch_s=time.time())  # noqa: E731
        with recorder(record, header) as file:
            engine = Engine(
                source,
                session,
                describe=lambda: {"speed": 1.0, "source": "live", "title": path.stem, "simulated": simulated},
                sinks=sinks(file),
                until_s=seconds,
                watched=window,
                on_changes=show_changes(as_json) if not window else None,
                recording=(lambda: file.status) if file else None,
            )
            watch(Run(engine, source.stop, LiveControls(source)), window)
