"""`crampwatch season`: a folder of recordings as a season: athletes over time, and conditions within one athlete."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.batch_options import Cluster, Jobs, Keep, shown

_FILE = {"metavar": "FILE", "show_default": False}
_FOLDER = typer.Argument(metavar="FOLDER", help="Its recordings (XDF), and those in folders below.")
_BY = typer.Option(
    "--by", metavar="FIELD", help="Compare what the journal says of this: boots, surface, ...", show_default=False
)
_SETTINGS = typer.Option(help="Settings, a TOML file of groups; without it as recorded.", **_FILE)


def season(
    folder: Annotated[Path, _FOLDER],
    by: Annotated[str | None, _BY] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    table: Annotated[
        Path | None, typer.Option(help="Also write a row per session and leg (.csv, .parquet, .xlsx).", **_FILE)
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Also write a page: one HTML file.", **_FILE)] = None,
    settings: Annotated[Path | None, _SETTINGS] = None,
    jobs: Jobs = 1,
    cluster: Cluster = None,
    keep: Keep = None,
) -> None:
    """How each athlete's sessions go, and whether boots, ground or any journal field makes a difference within one.

    Example: crampwatch season recordings --by boots --jobs 4 --keep done --report season.html
    """
    import monitor
    from monitor.batch import Lost, Workers, in_order
    from monitor.cli.analyze_more import settings_of
    from monitor.cli.new_file import check_new, check_new_tables, write_new
    from monitor.errors import RecordingError
    from monitor.kept_answers import Keeping
    from monitor.season import field_of
    from monitor.season import season as season_of
    from monitor.season_rows import DICTIONARY, in_time, once_each, session_rows
    from monitor.tidy import write
    from monitor.unfinished import is_draft

    check_new_tables({"--table": table})
    check_new(report, "the page", ".html")
    field = None if by is None else field_of(by)
    files = sorted(file for file in folder.rglob("*.xdf") if not is_draft(file))
    if not files:
        raise RecordingError(f"{folder} holds no recording (*.xdf)")
    chosen = settings_of(settings, [])
    work = partial(session_rows, settings=chosen)
    made_by = f"season, first times {monitor.__version__} {chosen.hash if chosen else 'as recorded'}"
    calls = [{"emg": file} for file in files]
    found = in_order(work if keep is None else Keeping(work, keep, made_by), calls, Workers(jobs, cluster))
    answers: list[dict[str, Any]] = []
    for file, told in zip(files, shown(found, "Analysing", len(files)), strict=True):
        answers.append({"file": str(file), "error": told.why} if isinstance(told, Lost) else told)
    rows = in_time([row for answer in answers for row in answer.get("rows", [])])
    answer = season_of(rows, field) | {"failures": [one for one in answers if "error" in one]}
    if table is not None:
        write(table, "sessions", DICTIONARY, ({name: row.get(name) for name in DICTIONARY} for row in rows))
    if report is not None:
        from monitor.report.season import season_page

        write_new(report, "the page", season_page(answer, once_each(rows)[0]))
    _tell(answer, as_json)
    if answer["failures"]:
        raise typer.Exit(1)


def _tell(answer: dict[str, Any], as_json: bool) -> None:
    from monitor.season import lines

    for failure in answer["failures"]:
        typer.echo(f"{failure['file']}: {failure['error']}", err=True)
    if as_json:
        typer.echo(json.dumps(answer, allow_nan=False))
        return
    for line in lines(answer):
        typer.echo(line)
