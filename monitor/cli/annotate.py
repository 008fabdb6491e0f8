"""`crampwatch annotate`: notes in recordings, for scripts and afterwards."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import typer

from monitor.orders import BaselineOrder, baseline_marker


def annotate(
    file: Annotated[Path, typer.Argument(help="A Crampwatch recording (XDF) that is closed.", show_default=False)],
    at_s: Annotated[float | None, typer.Option("--at", min=0, help="Session second.", show_default=False)] = None,
    text: Annotated[str | None, typer.Option("--text", help="What to note, with --at.", show_default=False)] = None,
    baseline: Annotated[
        BaselineOrder | None, typer.Option(help="Order it of a leg's baseline, with --at and --of.", show_default=False)
    ] = None,
    of: Annotated[str | None, typer.Option(metavar="'ATHLETE LEG'", help="Whose.", show_default=False)] = None,
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

    What --baseline orders alone is obeyed whenever the recording is computed again: restart = forget it and gather
    another from there on, freeze = keep it as it is, refit = fit it again from the last five minutes.

    Example: crampwatch annotate run.xdf --at 312.5 --text "cramp left"
    Example: crampwatch annotate run.xdf --at 900 --baseline refit --of "A7 left"
    """
    from monitor.recording import amend
    from monitor.recording.amend import Note

    if (baseline is None) != (of is None):
        raise typer.BadParameter("belong together", param_hint="--baseline, --of")
    if baseline is not None and of is not None:
        text = _order(file, baseline, of)
    if (at_s is None) != (text is None):
        raise typer.BadParameter("belong together", param_hint="--at, --text or --baseline")
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


def _order(file: Path, order: BaselineOrder, of: str) -> str:
    """The note that orders it. Raises: BadParameter where nobody in the recording wears a sensor there."""
    from monitor.recording.xdf_read import open_recording

    with open_recording(file) as recording:
        athletes = (recording.header.get("team") or {}).get("athletes", [])
    known = sorted({f"{athlete['name']} {sensor['leg']}" for athlete in athletes for sensor in athlete["sensors"]})
    if of not in known:
        raise typer.BadParameter(
            f"one of {', '.join(known) or 'nobody: the recording names no team'}", param_hint="--of"
        )
    athlete, _, leg = of.rpartition(" ")
    return baseline_marker(order, athlete, leg)


def _notes(path: Path) -> list:
    from monitor.errors import TableError
    from monitor.recording.amend import Note

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            notes = [Note(float(row["time_s"]), row["text"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise TableError(f"{path} is no CSV with the columns time_s,text: {error}") from error
    if not notes:
        raise TableError(f"{path} holds no notes; it needs the columns time_s,text and a line for each")
    return notes
