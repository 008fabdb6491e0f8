"""OpenBCI: the text of its GUI (v4 to v6) and BrainFlow's dump of a board. EXG in uV, acceleration in g, as documented.

Source: docs.openbci.com (OpenBCI Data Format), brainflow.readthedocs.io (Data Format Description).
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.rows import in_places, lines_of, numbers, unwrapped

MARK = "%OpenBCI Raw"
BRAINFLOW_COLUMNS = 33  # Cyton with Daisy: number, 16 channels, 3 of acceleration, 10 others, Unix time, marker, ...
_UNIX_TIME = 30
_EVEN_SHARE = 0.9  # of the steps between package numbers: below it nobody can say which rows are missing
_RATE_DIFFERS = 0.02


def read_gui(path: Path, asked: Asked) -> Content:
    """Text of the OpenBCI GUI. The rate is measured by the time stamps; lost samples by the sample index."""
    lines = lines_of(path)
    facts = dict(re.findall(r"^%([^=\n]+?) = (.+?)\s*$", "\n".join(lines[:12]), re.MULTILINE))
    first = next((n for n, line in enumerate(lines) if line[:1].isdigit() and "," in line), len(lines))
    try:
        n_channels = int(facts["Number of channels"])
        told_hz = float(facts["Sample Rate"].split()[0])
    except (KeyError, ValueError) as error:
        raise TableError(f"the header of {path} is not as the OpenBCI GUI writes it: it lacks {error}") from error
    if lines[first : first + 1] and _is_filler(lines[first]):
        first += 1
    if first + 2 >= len(lines) or not 1 <= n_channels <= 64:
        raise TableError(f"{path} has a header but no rows; export it again")
    n_cells = len(lines[first].split(","))
    stamp = _stamp_column(lines[first].split(","))
    columns = [0, *range(1, n_channels + 4), *([] if stamp is None else [stamp])]
    if max(columns) >= n_cells:
        raise TableError(f"{path} says {n_channels} channels, but its rows have {n_cells} cells; export it again")
    rows = numbers(path, lines[first:], first + 1, ",", columns)
    place = unwrapped(rows[:, 0], 256)
    if (np.diff(place) == 0).any():
        raise TableError(f"{path} repeats a sample index; it is not one board's recording")
    full = in_places(rows[:, 1 : n_channels + 4], place, str(path))
    rate_hz = told_hz if stamp is None else _measured_hz(place, rows[:, -1] / 1000.0, told_hz)
    exg = [Column(f"EXG{n}", "uV", full[:, n]) for n in range(n_channels)]
    acc = [Column(f"acc_{axis}", "g", full[:, n_channels + n]) for n, axis in enumerate("xyz")]
    differs = abs(rate_hz / told_hz - 1) > _RATE_DIFFERS
    note = f"the header says {told_hz:g} samples per second, by the time stamps there are {rate_hz:.2f}"
    return Content(path, "OpenBCI text", streams_of([*exg, *acc], rate_hz, path.name), notes=(note,) if differs else ())


def _is_filler(line: str) -> bool:
    return all(float(cell or 0) == 0 for cell in line.split(",") if re.fullmatch(r"\s*[\d.]*\s*", cell))


def _stamp_column(cells: list[str]) -> int | None:
    """The column with Unix milliseconds (13 digits)."""
    return next((n for n, cell in enumerate(cells) if re.fullmatch(r"\s*1\d{12}(\.\d+)?\s*", cell)), None)


def _measured_hz(place: np.ndarray, time_s: np.ndarray, told_hz: float) -> float:
    """Samples per second by the line through the stamps, which come in bursts; too short a file keeps what it says."""
    if time_s[-1] - time_s[0] < 5.0 or not np.isfinite(time_s).all():
        return told_hz
    slope, _ = np.polyfit(place.astype(np.float64), time_s - time_s[0], 1)
    return 1.0 / float(slope) if slope > 0 else told_hz


def read_brainflow(path: Path, asked: Asked) -> Content:
    """BrainFlow's dump of a Cyton with Daisy (package numbers in steps of 2, 125 samples per second)."""
    lines = lines_of(path)
    rows = numbers(path, lines, 1, ",", [*range(20), _UNIX_TIME])
    steps = np.diff(rows[:, 0].astype(np.int64)) % 256
    even = float(np.mean(steps == 2)) if len(steps) else 0.0
    if even < _EVEN_SHARE:
        raise TableError(
            f"the package numbers of {path} step evenly in {100 * even:.0f} % of its rows only; nobody can say which"
            " samples are missing, so its rate and its spectrum are unknown. Record it again with less loss"
        )
    place = unwrapped(rows[:, 0], 256) // 2
    full = in_places(rows[:, 1:20], place, str(path))
    rate_hz = _measured_hz(place, rows[:, -1], 125.0)
    exg = [Column(f"EXG{n}", "uV", full[:, n]) for n in range(16)]
    acc = [Column(f"acc_{axis}", "g", full[:, 16 + n]) for n, axis in enumerate("xyz")]
    return Content(path, "BrainFlow dump", streams_of([*exg, *acc], rate_hz, path.name))
