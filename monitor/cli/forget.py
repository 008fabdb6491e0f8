"""`crampwatch forget` and `merge`: recordings without an athlete, and of several computers together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.forgetting import Found


def forget(
    athlete: Annotated[str, typer.Argument(metavar="ATHLETE", help="The pseudonym.", show_default=False)],
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDERS]...", help="Where to look; here if none.", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """Find all that is kept about a pseudonym, show it, and delete it.

    Recordings, exports, team files, baselines and results; what others share is written anew without this athlete.
    Reports and other texts that name the pseudonym are listed, for you to look at.

    Example: crampwatch forget A7 ~/recordings ~/teams
    """
    from monitor.errors import CrampwatchError
    from monitor.forgetting import find, named, unread

    for folder in folders or []:
        if not folder.exists():  # a misspelt folder must not read as "nothing is kept"
            raise CrampwatchError(f"there is no {folder}; nothing was looked at")
    found = find(athlete, folders or [Path()])
    closed = ", ".join(map(str, unread(folders or [Path()])))
    if closed:  # must not read as "nothing is kept" either
        typer.echo(f"cannot be read, and may keep something: {closed}", err=True)
    others = named(athlete, folders or [Path()], found)
    for path in others:
        typer.echo(f"look at    {path}  (it names {athlete}, and is left as it is)")
    if not found and closed:
        raise typer.Exit(1)
    if not found:
        typer.echo(f"nothing {'else ' if others else ''}is kept about {athlete!r} there", err=True)
        return
    for each in found:
        typer.echo(f"{'rewrite' if each.shared else 'delete '}  {each.path}  ({each.what})")
    if not yes:
        if not sys.stdin.isatty():
            raise CrampwatchError("nothing was deleted; say --yes to delete what is listed")
        typer.confirm(f"Delete all this about {athlete!r} for ever?", abort=True)
    _forget(found)


def _forget(found: list[Found]) -> None:
    """All of it, whatever fails. Raises: CrampwatchError naming what is left."""
    from monitor.errors import CrampwatchError

    failed = []
    for each in found:
        try:
            each.forget()
        except (OSError, CrampwatchError) as error:
            failed.append(f"{each.path}: {error}")
    if failed:
        raise CrampwatchError(f"not everything could be deleted: {'; '.join(failed)}")
    typer.echo(f"{len(found)} done", err=True)


def merge(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Recordings of one session.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The recording to write (XDF).", show_default=False)],
) -> None:
    """Make one recording of those that several computers made of one session, by the time at which each began.

    Gateways' recordings tell how their clocks stood against a hub's; where no hub joins them, the time of day counts.

    Example: crampwatch merge gateway-1.xdf gateway-2.xdf --out match.xdf
    """
    from monitor.cli.new_file import check_new
    from monitor.rewriting import merge as merge_files
    from monitor.unfinished import removed_if_unfinished

    if len(files) < 2:
        raise typer.BadParameter("give at least two recordings", param_hint="FILES")
    check_new(out, "the recording", ".xdf")
    with removed_if_unfinished(out):
        by_day = merge_files(files, out)
    if by_day:
        names = ", ".join(path.name for path in by_day)
        typer.echo(
            f"by the time of day alone, no hub tells their clocks: {names}; they may be off by what that clock was",
            err=True,
        )
    typer.echo(f"wrote {out}", err=True)
