"""`crampwatch evaluate`: sensitivity, lead time and false alarms per hour, against labels or a simulated truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.batch_options import Cluster, Jobs, Keep, shown

if TYPE_CHECKING:
    from monitor.batch import Workers
    from monitor.evaluation.run import Result
    from monitor.settings import Settings

_FILE = {"metavar": "FILE", "show_default": False}
_FILES = typer.Argument(metavar="[FILES...]", help="Recordings, with --labels.", show_default=False)
_SET = typer.Option("--set", metavar="KEY=VALUE", help="One setting; repeatable.", show_default=False)
_QUICK = typer.Option("--quick", help="The ankle angle as a table brings it, not from motion sensors: half the time.")
_KIT = typer.Option("--kit", help="Also the same sessions through each kit that can be bought.")
_TABLE = typer.Option(help="Also write one row per cramp to this .csv, .parquet or .xlsx.", **_FILE)
_PRECURSORS = typer.Option(
    "--precursors", help="Also the cramps of the first 12 sessions with assumed precursors: none, 41 s, 3 min."
)


def evaluate(
    files: Annotated[list[Path] | None, _FILES] = None,
    labels: Annotated[Path | None, typer.Option(help="CSV: file,leg,start_s,end_s,kind.", **_FILE)] = None,
    simulated: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="So many simulated sessions.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=1000, help="Another seed is another set of sessions.")] = 1,
    minutes: Annotated[float, typer.Option(min=1, max=240, help="Length of a simulated session.")] = 40.0,
    jobs: Jobs = 1,
    cluster: Cluster = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE.html", help="Also write a page.", show_default=False)
    ] = None,
    table: Annotated[Path | None, _TABLE] = None,
    kit: Annotated[bool, _KIT] = False,
    precursors: Annotated[bool, _PRECURSORS] = False,
    quick: Annotated[bool, _QUICK] = False,
    base_rate: Annotated[float, typer.Option(min=0, help="Cramps per athlete hour, for the PPV.")] = 0.05,
    keep: Keep = None,
    settings: Annotated[Path | None, typer.Option(help="Settings, a TOML file of groups.", **_FILE)] = None,
    changes: Annotated[list[str] | None, _SET] = None,
) -> None:
    """How early, how often and how wrongly it warns: against labels, or against the truth of simulated sessions.

    Example: crampwatch evaluate --simulated 500 --seed 1 --jobs 8 --out page.html
    Example: crampwatch evaluate *.xdf --labels labels.csv --json --table cramps.csv
    """
    from monitor import shipped
    from monitor.batch import Workers
    from monitor.cli.analyze_more import settings_of
    from monitor.cli.new_file import check_new, check_new_tables

    files = [shipped.recording(file) for file in files or []]
    check_new(out, "the page", ".html")
    check_new_tables({"--table": table})
    _check(files, labels, simulated, kit or precursors)
    chosen, workers = settings_of(settings, changes or []), Workers(jobs, cluster)
    if labels is not None:
        answer = _against_labels(files, labels, chosen, keep, base_rate, seed, workers)
    else:
        from monitor.evaluation.run import Task
        from monitor.evaluation.seeds import seeds_of
        from monitor.evaluation.whole import evaluate_simulated
        from monitor.settings import Settings

        task = Task(minutes, chosen or Settings(), quick=quick, folder=keep)
        wanted = {"base_rate_per_h": base_rate, "seed": seed, "kits": kit, "precursors": precursors}
        answer = evaluate_simulated(task, seeds_of(seed, simulated or 0), _work(workers), **wanted)
    _tell(answer, as_json, out, table)
    if answer["failures"]:
        raise typer.Exit(1)


def _check(files: list[Path], labels: Path | None, simulated: int | None, more: bool) -> None:
    if (simulated is None) == (not files):
        raise typer.BadParameter("give recordings with --labels, or --simulated N", param_hint="FILES")
    if bool(files) != (labels is not None):
        raise typer.BadParameter("recordings and labels belong together", param_hint="--labels")
    if more and files:
        raise typer.BadParameter("need --simulated", param_hint="--kit, --precursors")


def _against_labels(
    files: list[Path],
    labels: Path,
    settings: Settings | None,
    folder: Path | None,
    base_rate: float,
    seed: int,
    workers: Workers,
) -> dict[str, Any]:
    from monitor.evaluation.labelled import check_files, judged_file, read_labels
    from monitor.evaluation.whole import judged

    noted = read_labels(labels)
    check_files(noted, files)
    work = partial(judged_file, labels=noted, settings=settings, folder=folder)
    answer, _ = judged(_labelled(files, work, workers), base_rate, seed)
    return answer | {"simulated": False}


def _labelled(files: list[Path], work: Callable[[Path], Sequence[Result]], workers: Workers) -> Iterator[Result]:
    from monitor.batch import Lost, in_order
    from monitor.evaluation.run import Failure

    found = shown(in_order(work, files, workers), "Evaluating", len(files))
    for file, sessions in zip(files, found, strict=True):
        yield from [Failure(str(file), sessions.why)] if isinstance(sessions, Lost) else sessions


def _work(workers: Workers) -> Callable[[Callable[[int], Result], Sequence[int], str], Iterator[Result]]:
    """Makes the sessions of seeds."""
    from monitor.evaluation.run import made

    return lambda task, seeds, what: shown(made(task, seeds, workers), what, len(seeds))


def _tell(answer: dict[str, Any], as_json: bool, out: Path | None, table: Path | None) -> None:
    from monitor.analysis import plain
    from monitor.evaluation.told import lines

    answer = plain(answer)
    if out is not None:
        from monitor.evaluation.page import write_page

        write_page(out, answer)
    if table is not None:
        from monitor.evaluation.cramp_rows import write_cramps

        write_cramps(table, answer["by_cramp"])
    for failure in answer["failures"]:
        typer.echo(f"{failure['name']}: {failure['error']}", err=True)
    if as_json:
        typer.echo(json.dumps(answer, allow_nan=False))
        return
    from monitor.evaluation.kit_rows import kit_lines

    for line in (*lines(answer), *kit_lines(answer.get("kits", {}))):
        typer.echo(line)
