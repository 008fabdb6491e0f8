"""`crampwatch fit`: the tables of the score, from simulated sessions or labelled recordings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.new_file import check_new, write_new

if TYPE_CHECKING:
    from monitor.fitting.track import Track


def fit(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILES]...", help="Labelled recordings.", show_default=False)
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="TABLES.json", help="The data file to write.", show_default=False)
    ] = Path("tables.json"),
    labels: Annotated[
        Path | None,
        typer.Option(metavar="LABELS.csv", help="file,leg,start_s,end_s,kind: kind cramp.", show_default=False),
    ] = None,
    simulated: Annotated[int, typer.Option(min=1, help="Simulated sessions to learn from.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The first of them; evaluate with others.")] = 700_000,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that work at the same time.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Fit points and thresholds of the warning, and write them with their date and the figures that they reach.

    Without FILES it learns from simulated sessions: figures of assumptions, never clinical ones. Use the file with
    `crampwatch analyze --settings TABLES.json`.

    Example: crampwatch fit --simulated 200 --out tables.json
    """
    import json

    from monitor.fitting.fit import fit as fitted
    from monitor.settings import Settings

    if bool(files) != (labels is not None):
        raise typer.BadParameter("recordings need labels, and labels need recordings", param_hint="--labels")
    check_new(out, "the tables", ".json")
    settings = Settings()
    if files and labels is not None:
        tracks, facts = _labelled(files, labels, settings)
    else:
        tracks, facts = _simulated(simulated, seed, jobs, settings)
    tables = fitted(tracks, settings.state, facts)
    write_new(out, "the tables", json.dumps({"tables": tables.to_dict()}, indent=1) + "\n")
    figures = tables.facts["figures"]
    typer.echo(json.dumps(tables.facts) if as_json else "\n".join(f"{name}: {each}" for name, each in figures.items()))


def _labelled(files: list[Path], labels: Path, settings: Any) -> tuple[list[Track], dict[str, Any]]:
    from monitor.fitting.labelled import labelled_tracks

    tracks = labelled_tracks(files, labels, settings)
    return tracks, _facts(tracks) | {"simulated": False, "recordings": [file.name for file in files]}


def _simulated(sessions: int, seed: int, jobs: int, settings: Any) -> tuple[list[Track], dict[str, Any]]:
    from functools import partial

    from monitor.batch import Lost, Workers, in_order
    from monitor.cli.batch_options import shown
    from monitor.errors import EvaluationError
    from monitor.fitting.simulated import fitting_track
    from monitor.simulation.ranges import ranges_hash

    seeds, tracks = range(seed, seed + sessions), []
    work = partial(fitting_track, settings=settings)
    for each, track in zip(seeds, shown(in_order(work, seeds, Workers(jobs)), "Simulating", sessions), strict=True):
        if isinstance(track, Lost):
            raise EvaluationError(f"session {each}: {track.why}")
        tracks.append(track)
    span = {"first_seed": seed, "sessions": sessions}
    return tracks, _facts(tracks) | {"simulated": True, "ranges_hash": ranges_hash(), **span}


def _facts(tracks: list[Track]) -> dict[str, Any]:
    import datetime

    import monitor

    return {
        "made": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "by": f"crampwatch fit {monitor.__version__}",
        "leg_hours": round(sum(track.hours for track in tracks), 1),
        "cramps": sum(len(track.cramps_s) for track in tracks),
    }
