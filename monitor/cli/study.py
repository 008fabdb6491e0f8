"""`crampwatch study`: the scientist's view of recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def study(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Recordings (XDF), or samples by name; the first is shown, the others are a key away.",
            show_default=False,
        ),
    ],
) -> None:
    """Everything about recordings on one timeline: signals, spectra, readings, signs, states; recomputed at will.

    Example: crampwatch study cramp
    """
    from monitor import shipped
    from monitor.dashboard import run_scientist
    from monitor.errors import RecordingError

    paths = [shipped.recording(file) for file in files]
    for path in paths:
        if not path.is_file():
            raise RecordingError(f"there is no recording {path}")
    run_scientist(paths)
