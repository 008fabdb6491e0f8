"""`crampwatch simulate`: a recording with known truth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.new_file import check_new


def simulate(
    scenario: Annotated[
        str,
        typer.Argument(
            help="What the athlete does: rested, tiring, cramp-left-calf, sudden-cramp, artefacts, cold-rain, hill-run,"
            " football-match, both-legs, cool-down; or random (each seed another session); or a scenario's TOML file.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The recording to write (XDF).", show_default=False)],
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another athlete.")] = 1,
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Length of the session.")] = 10.0,
    truth: Annotated[
        Path | None, typer.Option(metavar="TRUTH.json", help="Where to write what is true.", show_default=False)
    ] = None,
) -> None:
    """Write a simulated session of two calves, and the truth about it.

    Example: crampwatch simulate tiring --seed 7 --minutes 10 --out tiring.xdf --truth tiring.json
    """
    from rich.console import Console
    from rich.progress import Progress

    from monitor.simulation.recorded import write_session
    from monitor.simulation.sessions import session_of

    played = session_of(scenario, seed)
    check_new(out, "the recording")
    check_new(truth, "the truth", ".json")
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(f"simulating {played.title}", total=60 * minutes)
        write_session(played, seed, minutes, out, truth, lambda done_s: progress.update(task, completed=done_s))
    typer.echo(f"wrote {out}" + (f" and {truth}" if truth else ""), err=True)
