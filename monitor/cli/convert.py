"""`crampwatch convert` and `export-bids`: recordings in the formats of other programs, both ways."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.table_options import AngleTable, EmgTable, FootTable, LegSide, ShankTable

if TYPE_CHECKING:
    from monitor.importing.asked import Asked
    from monitor.importing.content import Content

_FILES = typer.Argument(
    metavar="IN... OUT",
    help="What to read (several files of one session, or an EMG-BIDS folder), and last what to write: .xdf .edf .bdf"
    " .csv .parquet .npz .mat",
    show_default=False,
)
_UNIT = typer.Option(help="Unit of EMG channels that do not tell theirs: uV, mV, V, counts.", show_default=False)
_RATE = typer.Option("--rate", min=0.001, help="Samples per second of a file that does not tell.", show_default=False)
_MAP = typer.Option(
    "--map",
    metavar="OLD=NEW",
    help="Take this channel under a new name, SOURCE/OLD where several sources have it; repeatable.",
    show_default=False,
)
_LEG = typer.Option(help="The leg that the files are from, for an .xdf that can be analysed.", show_default=False)


def convert(
    files: Annotated[list[Path] | None, _FILES] = None,
    emg: EmgTable = None,
    shank: ShankTable = None,
    foot: FootTable = None,
    angle: AngleTable = None,
    leg: Annotated[LegSide | None, _LEG] = None,
    athlete: Annotated[str, typer.Option(help="Pseudonym, with --leg.")] = "A1",
    unit: Annotated[str, _UNIT] = "",
    rate_hz: Annotated[float | None, _RATE] = None,
    names: Annotated[list[str] | None, _MAP] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what would be read, and write nothing.")] = False,
) -> None:
    """Turn recordings into another format; which one follows from the name of OUT.

    EDF and BDF hold one stream per file: each gets the sensor's name in its own, and a JSON that tells the rest.

    Example: crampwatch convert gait.c3d --preview
    Example: crampwatch convert trigno.csv leg.xdf --map "EMG 10=GM" --leg left
    """
    from monitor.exporting.formats import write_file
    from monitor.exporting.xdf import team_header
    from monitor.importing.formats import read_files

    tables = {role: path for role, path in (("emg", emg), ("shank", shank), ("foot", foot), ("angle", angle)) if path}
    sources, out = _split(files or [], tables, preview)
    content = read_files([*sources, *tables.values()], asked(unit, rate_hz, names or []))
    if preview:
        show(content)
        return
    assert out is not None
    roles: dict[str, Any] = {tables[role].stem: role for role in ("shank", "foot") if role in tables}
    header = None
    if leg is not None:
        content = content.from_first_sample()
        header = team_header(content, leg.value, athlete, roles)
    if out.suffix.lower() == ".xdf" and out.exists():
        raise typer.BadParameter(f"{out} exists already and is never overwritten", param_hint="OUT")
    for written in write_file(content, out, header):
        typer.echo(f"wrote {written}", err=True)
    for note in content.notes:
        typer.echo(note, err=True)


def _split(files: list[Path], tables: dict[str, Path], preview: bool) -> tuple[list[Path], Path | None]:
    if preview and (files or tables):
        return files, None
    if len(files) < (1 if tables else 2):
        raise typer.BadParameter("give what to read and what to write, or --preview", param_hint="IN OUT")
    return files[:-1], files[-1]


def asked(unit: str, rate_hz: float | None, names: list[str]) -> Asked:
    """What was given on the command line. Raises: BadParameter for a --map that is none."""
    from monitor.importing.asked import Asked

    pairs = [pair.rpartition("=") for pair in names]
    if any(not (old and equals and new) for old, equals, new in pairs):
        raise typer.BadParameter("of the form OLD=NEW, as 'EMG 10=GM'", param_hint="--map")
    return Asked(unit, rate_hz, {old.strip(): new.strip() for old, _, new in pairs})


def show(content: Content) -> None:
    """Print every stream and channel: name, unit, rate, length, what is lost, the range of its numbers."""
    import numpy as np
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    out = Console()
    table = Table("source", "stream", "channel", "unit", "Hz", "s", "lost %", "range", box=SIMPLE_HEAD)
    for chunk in content.streams:
        for number, channel in enumerate(chunk.stream.channels):
            column = chunk.samples[:, number]
            known = column[np.isfinite(column)]
            lost = 100.0 * (1.0 - len(known) / len(column)) if len(column) else 0.0
            span = f"{known.min():.4g} .. {known.max():.4g}" if len(known) else "nothing"
            cells = (chunk.stream.source_id, chunk.stream.name, channel.label, channel.unit or "not told")
            length_s = len(chunk) / chunk.stream.rate_hz
            table.add_row(*map(escape, cells), f"{chunk.stream.rate_hz:.6g}", f"{length_s:.2f}", f"{lost:.2f}", span)
    out.print(escape(f"{content.path}: {content.form}, {content.duration_s:.2f} s"), highlight=False, soft_wrap=True)
    out.print(table)
    for note in (*content.notes, *(f"{at_s:.2f} s: {text}" for at_s, text in content.annotations[:20])):
        out.print(escape(note), highlight=False, soft_wrap=True)


def export_bids(
    file: Annotated[Path, typer.Argument(help="The recording, or any file that convert reads.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="A new folder for the data set.", show_default=False)],
    mains_hz: Annotated[
        float | None,
        typer.Option("--mains", min=40, max=70, help="Power line frequency, Hz.", show_default=False),
    ] = None,
    unit: Annotated[str, _UNIT] = "",
    rate_hz: Annotated[float | None, _RATE] = None,
    names: Annotated[list[str] | None, _MAP] = None,
) -> None:
    """Write an EMG-BIDS and Motion-BIDS data set: BDF+, channels, electrodes, events, scans.

    Example: crampwatch export-bids cramp --out dataset --mains 50
    """
    from monitor import shipped
    from monitor.exporting.bids import write_dataset
    from monitor.importing.formats import read_file

    content = read_file(shipped.recording(file), asked(unit, rate_hz, names or []))
    written = write_dataset(content, out, mains_hz)
    typer.echo(f"wrote {len(written)} files into {out}", err=True)
