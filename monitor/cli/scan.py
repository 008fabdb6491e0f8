"""`crampwatch scan`: the sensors in range."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Radio

if TYPE_CHECKING:
    from monitor.acquisition.in_range import InRange


def scan(
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to listen.")] = 5.0,
    radio: Radio = "os",
    everything: Annotated[bool, typer.Option("--all", help="Also what fits no profile.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per sensor and line.")] = False,
) -> None:
    """Sensors in range: the profile that each matches, its signal strength, its battery where it tells.

    Example: crampwatch scan --seconds 10
    """
    import asyncio

    from monitor.acquisition.in_range import listen

    found = [sensor for sensor in asyncio.run(listen(radio, seconds)) if everything or sensor.profile]
    if as_json:
        import json

        for sensor in found:
            typer.echo(json.dumps(asdict(sensor)))
    elif found:
        _show(found)
    else:
        typer.echo("no sensor in range; is it switched on, near, and not connected to a phone?", err=True)


def _show(found: list[InRange]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "address", "profile", "model", "signal", "battery", "note", box=None, pad_edge=False)
    for sensor in found:
        battery = "unknown" if sensor.battery is None else f"{sensor.battery:.0%}"
        texts = (sensor.name or "-", sensor.address, sensor.profile or "-", sensor.model or "-")
        table.add_row(*texts, f"{sensor.rssi_dbm} dBm", battery, sensor.note)
    Console().print(table)
