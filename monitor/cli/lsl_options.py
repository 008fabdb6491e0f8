"""LSL outlets: their option, the same for `live`, `demo` and `replay`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.engine import Sink
    from monitor.session import Session

Lsl = Annotated[
    bool,
    typer.Option("--lsl", help="Publish EMG, angle, fatigue and states as LSL streams; LSL has no authentication."),
]


def lsl_sinks(wanted: bool, session: Callable[[], Session], speed: float = 1.0) -> tuple[Sink, ...]:
    """The outlets, told of on the terminal; or nothing. Raises: NetworkError where the library is missing."""
    if not wanted:
        return ()
    from monitor.acquisition.lsl_library import OPEN_TO_ALL
    from monitor.network.lsl_outlets import LslOutlets

    outlets = LslOutlets(session, speed)
    typer.echo(OPEN_TO_ALL, err=True)
    return (outlets,)
