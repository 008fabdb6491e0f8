"""`crampwatch simulate`: a recording with known truth."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.new_file import check_new
from monitor.unfinished import removed_if_unfinished


class Legs(StrEnum):
    """The legs that wear sensors."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


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
    legs: Annotated[Legs, typer.Option(help="The legs that wear sensors.")] = Legs.BOTH,
    channels: Annotated[
        str, typer.Option(metavar="LABELS", help="EMG channels: GL... over the lateral head, others over the medial.")
    ] = "GM,GL",
    emg_hz: Annotated[float, typer.Option(min=50, max=8000, help="EMG samples per second.")] = 1000.0,
    imu_hz: Annotated[float, typer.Option(min=10, max=1000, help="Motion samples per second.")] = 100.0,
) -> None:
    """Write a simulated session of two calves, and the truth about it.

    At 1024 and 64 samples per second the file is half as large: such stamps follow from each other exactly.

    Example: crampwatch simulate tiring --seed 7 --minutes 10 --out tiring.xdf --truth tiring.json
    """
    from rich.console import Console
    from rich.progress import Progress

    from monitor.simulation.recorded import Worn, write_session
    from monitor.simulation.sessions import session_of
    from monitor.simulation.truth import LEGS

    played = session_of(scenario, seed)
    check_new(out, "the recording")
    check_new(truth, "the truth", ".json")
    worn = Worn(LEGS if legs is Legs.BOTH else (legs.value,), _labels(channels), emg_hz, imu_hz)
    watched = sys.stderr.isatty()
    with removed_if_unfinished(out, truth), Progress(console=Console(stderr=True), disable=not watched) as progress:
        task = progress.add_task(f"simulating {played.title}", total=60 * minutes)
        write_session(played, seed, minutes, out, truth, lambda done_s: progress.update(task, completed=done_s), worn)
    if watched:
        typer.echo(f"wrote {out}" + (f" and {truth}" if truth else ""), err=True)


def _labels(channels: str) -> tuple[str, ...]:
    labels = tuple(label.strip() for label in channels.split(","))
    if not all(labels) or len(set(labels)) < len(labels):
        raise typer.BadParameter("names such as GM,GL, each once", param_hint="--channels")
    return labels
