"""`crampwatch annotate`: notes in recordings, for scripts and afterwards."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import typer


def annotate(
    file: Annotated[Path, typer.Argument(help="A Crampwatch recording (XDF) that is closed.", show_default=False)],
    at_s: Annotated[float | None, typer.Option("--at", min=0, help="Session second.", show_default=False)] = None,
    text: Annotated[str | None, typer.Option("--text", help="What to note, with --at.", show_default=False)] = None,
    table: Annotated[
        Path | None, typer.Option("--table", metavar="CSV", help="Note all of a CSV time_s,text.", show_default=False)
    ] = None,
    remove: Annotated[
        int | None, typer.Option("--remove", min=1, help="Take back note number N.", show_default=False)
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the newest change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The notes as JSON lines.")] = False,
) -> None:
    """Show, add and take back notes of a recording. They are appended; no sample and no state changes by them.

    Example: crampwatch annotate run.xdf --at 312.5 --text "cramp left"
    """
    from monitor.recording import amend
    from monitor.recording.amend import Note

    if (at_s is None) != (text is None):
        raise typer.BadParameter("belong together", param_hint="--at, --text")
    if at_s is not None and text is not None:
        amend.add(file, [Note(at_s, text)])
    if table is not None:
        amend.add(file, _notes(table))
    if remove is not None:
        notes = amend.notes_of(file)
        if remove > len(notes):
            raise typer.BadParameter(f"there are {len(notes)} notes", param_hint="--remove")
        amend.remove(file, notes[remove - 1])
    if undo:
        typer.echo(amend.undo(file), err=True)
    for number, note in enumerate(amend.notes_of(file), start=1):
        told = {"time_s": note.time_s, "text": note.text}
        typer.echo(json.dumps(told) if as_json else f"{number:3d}  {note.time_s:8.2f} s  {note.text}")


def _notes(path: Path) -> list:
    from monitor.errors import TableError
    from monitor.recording.amend import Note

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [Note(float(row["time_s"]), row["text"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise TableError(f"{path} is no CSV with the columns time_s,text: {error}") from error
