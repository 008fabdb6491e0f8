"""`crampwatch pair`: find sensors, give them to athletes and legs, write the team file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Radio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.acquisition.in_range import InRange
    from monitor.team import Team


def pair(
    athlete: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An athlete's pseudonym; may be given again.")
    ] = None,
    assign: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SENSOR=[ATHLETE/]LEG:ROLE[+ROLE]",
            help="Give a sensor a place without asking, such as uMyo-1L=left:emg+shank; may be given again.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="TEAM.toml", help="The team file to write.")] = Path("team.toml"),
    legs: Annotated[str, typer.Option(metavar="LEGS", help="left,right or one of them.")] = "left,right",
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to look for sensors.")] = 6.0,
    radio: Radio = "os",
) -> None:
    """Find the sensors in range, learn who wears which by shaking and tensing, and write the team file.

    Example: crampwatch pair --athlete A1 --out team.toml
    """
    import asyncio

    from monitor.acquisition.in_range import listen
    from monitor.cli.new_file import check_new
    from monitor.errors import TeamError
    from monitor.last_team import remember
    from monitor.team import save_team

    check_new(out, "the team file", ".toml")
    found = [sensor for sensor in asyncio.run(listen(radio, seconds)) if sensor.profile]
    if not found:
        raise TeamError("no sensor that Crampwatch knows is in range; is it switched on and not connected to a phone?")
    _show(found)
    team = assigned(found, athlete or [], assign) if assign else _asked(found, athlete or [], legs.split(","), radio)
    save_team(team, out)
    remember(out)
    typer.echo(f"{out} is written; next: crampwatch live --team {out}")
    tell_budget(team, radio)


def assigned(found: Sequence[InRange], athletes: Sequence[str], places: Sequence[str]) -> Team:
    """The team that the `--assign` options describe. Raises: typer.BadParameter; TeamError if it makes no team."""
    from monitor.acquisition.pairing import candidates, placed
    from monitor.acquisition.seating import team_of

    _, heard = candidates(found)
    by_name = {name: source_id for source_id, sensor in heard.items() for name in (source_id, sensor.address)}
    seats: dict[str, list[tuple[str, str, list[str]]]] = {name: [] for name in athletes}
    for text in places:
        sensor, _, place = text.rpartition("=")
        who, _, where = place.rpartition("/")
        leg, _, roles = where.partition(":")
        who = who or (athletes[0] if len(athletes) == 1 else "")
        if not sensor or not who or leg not in ("left", "right") or not roles:
            raise typer.BadParameter(f"{text!r} is not SENSOR=[ATHLETE/]LEG:ROLE[+ROLE]", param_hint="--assign")
        if sensor not in by_name:
            raise typer.BadParameter(f"no sensor {sensor!r} is in range", param_hint="--assign")
        source_id = by_name[sensor]
        seats.setdefault(who, []).append((source_id, leg, roles.split("+")))
    return team_of({who: [placed(s, heard[s], leg, roles) for s, leg, roles in given] for who, given in seats.items()})


def _asked(found: Sequence[InRange], athletes: Sequence[str], legs: Sequence[str], radio: str) -> Team:
    """The team that comes out of the conversation."""
    from monitor.acquisition.live import LiveSource
    from monitor.acquisition.pairing import Watching, candidates
    from monitor.acquisition.seating import Seating
    from monitor.acquisition.team_profiles import team_profiles
    from monitor.cli.pair_dialog import Dialog

    everyone, heard = candidates(found)
    profiles = team_profiles(everyone)
    names = list(athletes) or [name for name in _prompt("Who? Pseudonyms, with commas").split(",") if name.strip()]
    with LiveSource(everyone, radio) as source, Watching(source, profiles) as watching:
        seating = Seating(watching, heard, profiles)
        dialog = Dialog(seating, _prompt, typer.echo)
        dialog.connect()
        for name in names:
            dialog.seat(name.strip(), legs)
        return seating.team()


def _prompt(question: str) -> str:
    return typer.prompt(question, default="", show_default=False)


def tell_budget(team: Team, radio: str) -> None:
    """Say how many adapters the team needs, and what to do if there are too few."""
    from monitor.acquisition.link_budget import budget_sentence
    from monitor.acquisition.team_profiles import team_profiles

    typer.echo(budget_sentence(team, team_profiles(team), radio), err=True)


def _show(found: Sequence[InRange]) -> None:
    for sensor in found:
        note = f" - {sensor.note}" if sensor.note else ""
        typer.echo(f"{sensor.name or sensor.address}  {sensor.model} ({sensor.profile}), {sensor.rssi_dbm} dBm{note}")
