"""Half a minute of one calf's EMG with rests, as whatever file, to be quick."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from signals import bursts, emg_chunk

from monitor.exporting.formats import write_file
from monitor.exporting.xdf import team_header
from monitor.importing.content import Content

SPANS_S = [(start_s, start_s + 4.0) for start_s in (3.0, 12.0, 18.0, 24.0)]


@cache
def content(leg: Literal["left", "right"] | None = None, athlete: str = "A7") -> Content:
    """leg : worn there; None = a table that does not say."""
    emg = emg_chunk(bursts(30.0, SPANS_S, 100.0, 3.0, seed=5))
    emg = replace(emg, samples=emg.samples.astype(np.float32))  # as sensors' EMG, so that every format keeps it all
    plain = Content(Path("short"), "made", (emg,))
    return plain if leg is None else replace(plain, header=team_header(plain, leg, athlete, {}))


def written(path: Path, leg: Literal["left", "right"] | None = None) -> Path:
    """The file, of the kind that its name says."""
    write_file(content(leg), path)
    return path
