"""Who works on many recordings or sessions: options of `analyze` and `evaluate`, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import typer

Answer = TypeVar("Answer")

Jobs = Annotated[int, typer.Option(min=1, help="Processes of this machine.")]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Work on a dask cluster: its scheduler, such as tcp://10.0.0.5:8786; the files have the same paths there.",
        show_default=False,
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Keep what is done, and take it up again.", show_default=False),
]


def shown(answers: Iterator[Answer], what: str, n: int) -> Iterator[Answer]:
    """The answers in turn; on a terminal, where there are several, a bar with the time that is left."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    silent = n < 2 or not console.is_terminal
    yield from track(answers, what, total=n, console=console, disable=silent, transient=True)
