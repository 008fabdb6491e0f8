"""`crampwatch evaluate`: sensitivity, lead time and false alarms per hour, against labels or a simulated truth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from monitor.evaluation.run import Result

_FILE = {"metavar": "FILE", "show_default": False}
_FILES = typer.Argument(metavar="[FILES...]", help="Recordings, with --labels.", show_default=False)
_SET = typer.Option("--set", metavar="KEY=VALUE", help="One setting; repeatable.", show_default=False)


def evaluate(
    files: Annotated[list[Path] | None, _FILES] = None,
    labels: Annotated[Path | None, typer.Option(help="CSV: file,leg,start_s,end_s,kind.", **_FILE)] = None,
    simulated: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="So many simulated sessions.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=1000, help="Another seed is another set of sessions.")] = 1,
    minutes: Annotated[float, typer.Option(min=1, max=240, help="Length of a simulated session.")] = 40.0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE.html", help="Also write a page.", show_default=False)
    ] = None,
    quick: Annotated[
        bool, typer.Option(help="The ankle angle as a table brings it, not from motion sensors: half the time.")
    ] = False,
    base_rate: Annotated[float, typer.Option(min=0, help="Cramps per athlete hour that the PPV is stated for.")] = 0.05,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep what is done, and take it up again.", show_default=False),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings, a TOML file of groups.", **_FILE)] = None,
    changes: Annotated[list[str] | None, _SET] = None,
) -> None:
    """How early, how often and how wrongly it warns: against labels, or against the truth of simulated sessions.

    Example: crampwatch evaluate --simulated 500 --seed 1 --jobs 8 --out page.html
    Example: crampwatch evaluate *.xdf --labels labels.csv --json
    """
    from monitor.cli.analyze_more import settings_of
    from monitor.cli.new_file import check_new
    from monitor.settings import Settings

    check_new(out, "the page", ".html")
    _check(files or [], labels, simulated)
    chosen = settings_of(settings, changes or [])
    if labels is not None:
        results: Iterable[Result] = _labelled(files or [], labels, chosen)
        made = {"simulated": False}
    else:
        results, made = _simulated(simulated or 0, seed, minutes, jobs, chosen or Settings(), quick, keep)
    answer = _judged(results, base_rate, seed) | made
    if out is not None:
        from monitor.evaluation.page import write_page

        write_page(out, answer)
    _tell(answer, as_json)
    if answer["failures"]:
        raise typer.Exit(1)


def _check(files: list[Path], labels: Path | None, simulated: int | None) -> None:
    if (simulated is None) == (not files):
        raise typer.BadParameter("give recordings with --labels, or --simulated N", param_hint="FILES")
    if bool(files) != (labels is not None):
        raise typer.BadParameter("recordings and labels belong together", param_hint="--labels")


def _labelled(files: list[Path], labels: Path, settings: Any) -> Iterator[Result]:
    from monitor.errors import CrampwatchError
    from monitor.evaluation.labelled import check_files, labelled_sessions, read_labels
    from monitor.evaluation.run import Failure

    noted = read_labels(labels)
    check_files(noted, files)
    for file in files:
        try:
            yield from labelled_sessions(file, noted, settings)
        except CrampwatchError as error:
            yield Failure(str(file), str(error))


def _simulated(
    n: int, seed: int, minutes: float, jobs: int, settings: Any, quick: bool, keep: Path | None
) -> tuple[Iterator[Result], dict[str, Any]]:
    from rich.console import Console
    from rich.progress import track

    from monitor.evaluation.run import Task, in_order
    from monitor.evaluation.seeds import seeds_of
    from monitor.evaluation.simulated import Laboratory, Table

    seeds = seeds_of(seed, n)
    work = Task(minutes, settings, Table() if quick else Laboratory(), keep)
    console = Console(stderr=True)
    results = track(
        in_order(work, seeds, jobs),
        "Evaluating",
        total=n,
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    made = {"simulated": True, "seeds": [seeds.start, seeds.stop - 1], "minutes": minutes, "quick": quick}
    return iter(results), made | {"config_hash": settings.hash}


def _judged(results: Iterable[Result], base_rate: float, seed: int) -> dict[str, Any]:
    from monitor.analysis import plain
    from monitor.errors import EvaluationError
    from monitor.evaluation.figures import figures
    from monitor.evaluation.tracks import AthleteSession

    every = list(results)
    sessions = [each for each in every if isinstance(each, AthleteSession)]
    failures = [{"name": each.name, "error": each.why} for each in every if not isinstance(each, AthleteSession)]
    if not sessions:
        raise EvaluationError(f"no session could be judged; the first says: {failures[0]['error']}")
    return plain(figures(sessions, base_rate_per_h=base_rate, seed=seed) | {"failures": failures})


def _tell(answer: dict[str, Any], as_json: bool) -> None:
    from monitor.evaluation.told import lines

    for failure in answer["failures"]:
        typer.echo(f"{failure['name']}: {failure['error']}", err=True)
    if as_json:
        typer.echo(json.dumps(answer, allow_nan=False))
        return
    for line in lines(answer):
        typer.echo(line)
