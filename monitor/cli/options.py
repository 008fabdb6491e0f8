"""Options that several commands share, word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Radio = Annotated[
    str, typer.Option(metavar="SPEC", help="os, tcp:HOST:PORT, usb:0, serial:PORT; os:hci0,os:hci1 = two adapters.")
]
TeamFile = Annotated[
    Path | None,
    typer.Option(metavar="TEAM.toml", help="Who wears which sensors; without it the last team.", show_default=False),
]
Headless = Annotated[bool, typer.Option("--headless", help="Print the state instead of opening a window.")]
Seconds = Annotated[
    float | None, typer.Option(min=1, help="End after so many seconds of the session.", show_default=False)
]
OnWall = Annotated[bool, typer.Option("--wall", help="Open the sideline wall: the squad on tiles.")]
Record = Annotated[Path | None, typer.Option(metavar="FILE", help="Record the session as XDF.", show_default=False)]
StatesAsJson = Annotated[bool, typer.Option("--json", help="State changes as JSON lines.")]
Sound = Annotated[
    bool, typer.Option("--sound", help="Without a window: alerts sound and are spoken, on headphones or loudspeaker.")
]
