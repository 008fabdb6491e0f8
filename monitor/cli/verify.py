"""`crampwatch profiles verify`: hold a profile against a sensor."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.option_values import options_of
from monitor.cli.options import Radio

if TYPE_CHECKING:
    from monitor.acquisition.verify import Report

_ID = typer.Argument(metavar="ID", help="The profile's id, as `crampwatch profiles list` names it.", show_default=False)


def verify(
    profile_id: Annotated[str, _ID],
    sensor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its name or address; else the first that fits.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.5, help="How long it streams; let it lie still.")] = 30.0,
    variant: Annotated[str | None, typer.Option(help="Its variant; else its name decides.", show_default=False)] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What the profile leaves open, e.g. mode=24.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where ID.md and ID.json are written.")] = Path(),
    radio: Radio = "os",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check a sensor against its profile: advert, GATT table, MTU, start, counter, rate, loss, scale, alert.

    The report names no device. Send it in, and the profile counts as tried on hardware.
    Example: crampwatch profiles verify umyo --out reports
    """
    import asyncio

    from monitor.acquisition.profile import find
    from monitor.acquisition.radio import adapters_of
    from monitor.acquisition.verify import verify as verified

    options = options_of(option)
    profile = find(profile_id, variant, options)
    there = sys.stdin.isatty() and not as_json
    ask = typer.confirm if there else None
    simulated = radio.startswith("tcp:127.0.0.1")
    spec = adapters_of(radio)[0]
    report = asyncio.run(
        verified(spec, profile, sensor, seconds, ask, variant=variant, options=options, simulated=simulated)
    )
    _write(report, out)
    if as_json:
        typer.echo(json.dumps(report.to_dict()))
    else:
        for check in report.checks:
            typer.echo(f"{check.word:<7} {check.what}: {check.finding}")
    if not report.passed:
        raise typer.Exit(1)


def _write(report: Report, folder: Path) -> None:
    from monitor.errors import CrampwatchError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{report.profile}.md").write_text(report.to_markdown(), encoding="utf-8")
        (folder / f"{report.profile}.json").write_text(json.dumps(report.to_dict(), indent=1), encoding="utf-8")
    except OSError as error:
        raise CrampwatchError(f"cannot write the report to {folder}: {error}") from error
    typer.echo(f"the report is in {folder / report.profile}.md and .json", err=True)
