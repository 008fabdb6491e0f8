"""`crampwatch settings`: every setting with unit, range and source, and what differs between two sets of them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.settings import Settings

settings_app = typer.Typer(help="The settings: what they are, and what differs.", no_args_is_help=True)

_FILE = typer.Argument(metavar="FILE", help="TOML of settings, a recording, or an analysis' JSON.", show_default=False)
_SET = typer.Option("--set", metavar="KEY=VALUE", help="One setting; repeatable.", show_default=False)


@settings_app.command()
def show(
    file: Annotated[Path | None, _FILE] = None,
    changes: Annotated[list[str] | None, _SET] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, by group and name.")] = False,
) -> None:
    """All settings as TOML that --settings reads, each with its unit, range and source. Without FILE the defaults.

    Example: crampwatch settings show --set trend.watch_level=0.88 > mine.toml
    """
    from monitor.cli.analyze_more import changed

    settings = changed(settings_in(file), changes or [])
    if as_json:
        typer.echo(json.dumps(settings.to_dict()))
        return
    typer.echo(f"# config_hash {settings.hash}")
    for group in settings.groups():
        typer.echo(f"\n[{group}]")
        values = getattr(settings, group)
        for item in dataclasses.fields(values):
            about = item.metadata
            span = f"{about['low']:g} .. {about['high']:g} {about['unit']}".rstrip()
            typer.echo(f"{item.name} = {getattr(values, item.name)!r}  # {span}; {about['source']}")


@settings_app.command()
def diff(
    one: Annotated[Path, _FILE],
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="None: the defaults.", show_default=False)
    ] = None,
) -> None:
    """What differs between two sets of settings; exit code 1 if anything does.

    Example: crampwatch settings diff cramp.xdf mine.toml
    """
    then, these = settings_in(other), settings_in(one)
    before = then.groups()
    lines = [
        f"{group}.{name}: {before[group][name]:g} -> {value:g}"
        for group, values in these.groups().items()
        for name, value in values.items()
        if before[group][name] != value
    ]
    if then.tables.hash != these.tables.hash:
        lines.append(f"the tables of the score: {then.tables.hash} -> {these.tables.hash}")
    for line in lines:
        typer.echo(line)
    if lines:
        raise typer.Exit(1)
    typer.echo("same", err=True)


def settings_in(file: Path | None) -> Settings:
    """The settings that a file holds, whatever it is; None = the defaults. Raises: CrampwatchError."""
    from monitor import shipped
    from monitor.cli.analyze_more import settings_of
    from monitor.errors import SettingsError
    from monitor.settings import Settings

    if file is None:
        return Settings()
    if file.suffix.lower() == ".toml":
        return settings_of(file, []) or Settings()
    if file.suffix.lower() in (".json", ".jsonl"):
        from monitor.cli.analyze_more import earlier

        groups = next((answer["settings"] for answer in earlier(file) if answer.get("settings")), None)
    else:
        from monitor.exporting.opening import open_session

        with open_session(shipped.recording(file)) as source:
            groups = source.header.get("settings")
    if not isinstance(groups, dict) or not all(isinstance(values, dict) for values in groups.values()):
        raise SettingsError(f"{file} holds no settings")
    known = Settings().to_dict()
    kept = {
        group: {n: v for n, v in values.items() if n in known[group]}
        for group, values in groups.items()
        if group in known
    }
    return Settings.from_dict(kept)
