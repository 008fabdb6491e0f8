"""The columns of a plain table as numbers, whatever file it is in: CSV, NPZ or Parquet."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.child_reader import read_in_child
from monitor.errors import TableError

Columns = dict[str, NDArray[np.float64]]

_LINES_AT_ONCE = 50_000


def csv_columns(path: Path) -> Columns:
    """Each column of a CSV with a header line; an empty cell is NaN. Raises: TableError naming line and column."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            names = _header(path, file.readline())
            blocks = list(_blocks(path, file, names))
    except UnicodeDecodeError as error:
        raise TableError(f"{path} is no UTF-8 text; save it as a CSV with a header line") from error
    rows = np.concatenate(blocks) if blocks else np.empty((0, len(names)))
    return {name: rows[:, number] for number, name in enumerate(names)}


def npz_columns(path: Path, only: str | None = None) -> dict[str, NDArray[np.generic]]:
    """The arrays of an NPZ as they are. only : of them, the one of this name. Raises: TableError."""
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if not isinstance(loaded, np.lib.npyio.NpzFile):
                raise TableError(f"{path} holds one bare array; save it with numpy.savez, one array per column")
            with loaded:
                return {name: loaded[name] for name in loaded.files if only in (None, name)}
    except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise TableError(f"{path} is no NPZ file that can be read; save it anew with numpy.savez") from error


def number_columns(path: Path, arrays: dict[str, NDArray[np.generic]]) -> Columns:
    """Arrays of an NPZ as the columns of one table. Raises: TableError for text, shapes and lengths that do not fit."""
    lengths = {len(array) if array.ndim == 1 else -1 for array in arrays.values()}
    if len(lengths) != 1 or -1 in lengths:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise TableError(f"the columns of {path} must be arrays of one length, but are {shapes}")
    for name, array in arrays.items():
        if array.dtype.kind not in "iuf":
            raise TableError(f"column {name!r} of {path} holds {array.dtype}, not numbers; save it as numbers")
    return {name: array.astype(np.float64) for name, array in arrays.items()}


def parquet_columns(path: Path) -> Columns:
    """Each column of a Parquet file; null is NaN. Raises: TableError, also where pyarrow is not installed."""
    meta, arrays = read_in_child("parquet", path)
    for name in meta["names"]:
        if name not in arrays:
            raise TableError(f"column {name!r} of {path} holds {meta['kinds'][name]}, not numbers; write it as numbers")
    return {name: arrays[name].astype(np.float64) for name in meta["names"]}


def _header(path: Path, line: str) -> list[str]:
    try:
        names = [name.strip() for name in next(csv.reader([line]), [])]
    except csv.Error:
        names = []
    if not names or "\0" in line or any(_number(name) is not None for name in names):
        raise TableError(f"{path} has no header line; its first line must name the columns, time_s first")
    if len(names) == 1 and (";" in line or "\t" in line):
        raise TableError(f"line 1 of {path} is not separated by commas; save it with commas and decimal points")
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise TableError(f"line 1 of {path} names the column {doubled[0]!r} twice; give each its own name")
    return names


def _blocks(path: Path, file: TextIO, names: list[str]) -> Iterator[NDArray[np.float64]]:
    """The rows in blocks of (n, n_columns): at once where all cells are numbers, else cell by cell."""
    line_number = 2
    while lines := list(islice(file, _LINES_AT_ONCE)):
        if any(not line.isspace() for line in lines):
            try:
                rows = np.loadtxt(lines, delimiter=",", comments=None, ndmin=2)
                if rows.shape[1] != len(names):
                    raise ValueError("the number of cells differs from the header's")
            except ValueError:
                rows = _cell_by_cell(path, lines, line_number, names)
            yield rows
        line_number += len(lines)


def _cell_by_cell(path: Path, lines: list[str], line_number: int, names: list[str]) -> NDArray[np.float64]:
    rows = []
    for number, line in enumerate(lines, start=line_number):
        if line.isspace():
            continue
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        if len(cells) != len(names):
            raise TableError(
                f"line {number} of {path} has {len(cells)} cells where the header names {len(names)}; mend that line"
            )
        values = [np.nan if not cell else _number(cell) for cell in cells]
        if None in values:
            column = values.index(None)
            raise TableError(
                f"line {number} of {path} holds {cells[column][:40]!r} in column {names[column]!r}, which is no number;"
                " write a number with a decimal point, or leave the cell empty for a lost sample"
            )
        rows.append(values)
    return np.array(rows, dtype=np.float64)


def _number(cell: str) -> float | None:
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None
