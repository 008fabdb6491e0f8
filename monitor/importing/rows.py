"""Rows of numbers in text files, whatever separates them, and counters that wrap."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.errors import TableError

Rows = NDArray[np.float64]

MAX_BYTES = 2_000_000_000  # of a text file; a longer one is no text of a session
_HEAD_BYTES = 20_000


def head_of(path: Path) -> list[str]:
    """The first lines of a text file, bounded; what is no UTF-8 is replaced."""
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES).decode("utf-8-sig", "replace").splitlines()


def lines_of(path: Path) -> list[str]:
    """All lines of a text file. Raises: TableError where it is far too long to be one."""
    n_bytes = path.stat().st_size
    if n_bytes > MAX_BYTES:
        raise TableError(f"{path} holds {n_bytes / 1e9:.1f} GB of text; cut it into sessions")
    return path.read_bytes().decode("utf-8-sig", "replace").splitlines()


def numbers(path: Path, lines: Sequence[str], first_line: int, delimiter: str, columns: Sequence[int]) -> Rows:
    """These columns of the lines as (n, n_columns); an empty cell is NaN.

    first_line : number of the first of the lines in the file, for errors. Raises: TableError naming line and column.
    """
    if not any(lines):
        raise TableError(f"{path} has a header but no rows; export it again")
    try:
        return np.loadtxt(lines, delimiter=delimiter, usecols=tuple(columns), comments=None, ndmin=2)
    except (ValueError, IndexError):
        return _cell_by_cell(path, lines, first_line, delimiter, columns)


def _cell_by_cell(path: Path, lines: Sequence[str], first_line: int, delimiter: str, columns: Sequence[int]) -> Rows:
    rows = []
    for number, line in enumerate(lines, start=first_line):
        if not line.strip():
            continue
        cells = line.split(delimiter)
        if len(cells) <= max(columns):
            raise TableError(f"line {number} of {path} has {len(cells)} cells, fewer than the header; mend that line")
        rows.append([_number(path, number, cells[column]) for column in columns])
    return np.array(rows, dtype=np.float64).reshape(-1, len(columns))


def _number(path: Path, line: int, cell: str) -> float:
    text = cell.strip()
    try:
        return float(text) if text else float("nan")
    except ValueError:
        raise TableError(f"line {line} of {path} holds {text[:40]!r} where a number must stand") from None


def unwrapped(counter: Rows, wraps_at: int) -> NDArray[np.int64]:
    """A counter that starts anew at wraps_at, as one that rises from 0. Steps of 0 stay steps of 0."""
    steps = np.diff(counter.astype(np.int64)) % wraps_at
    return np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)


def in_places(samples: Rows, place: NDArray[np.int64], where: str) -> Rows:
    """Rows at their places, (place[-1] + 1, n); what is missing between is NaN. Raises: TableError if too much is."""
    n_samples = int(place[-1]) + 1 if len(place) else 0
    if n_samples > 20 * len(place) + 1000:
        raise TableError(f"{where} lacks {n_samples - len(place)} of {n_samples} samples by its own counter")
    full = np.full((n_samples, samples.shape[1]), np.nan)
    full[place] = samples
    return full
