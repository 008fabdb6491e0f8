"""Tables without the rows of one athlete: the CSV, Excel and Parquet files that `analyze` and `season` write."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

_COLUMN = "athlete"
Rows = list[list[Any]]
Left = tuple[int, Callable[[Path], object]]


def without_rows(path: Path, athlete: str) -> Left | None:
    """How many rows are of others, and what writes those to a path; None where no row is of this athlete.

    Of an Excel book every sheet counts that has a column athlete, and values alone are kept.
    Raises: OSError, ValueError, KeyError where it is no such table.
    """
    read = {".csv": _csv, ".xlsx": _book, ".parquet": _parquet}.get(path.suffix)
    return None if read is None else read(path, athlete)


def _others(rows: Rows, athlete: str) -> Rows:
    """With its head; all of it where it has no such column."""
    if not rows or _COLUMN not in rows[0]:
        return rows
    column = rows[0].index(_COLUMN)
    return [rows[0], *(row for row in rows[1:] if len(row) <= column or str(row[column]) != athlete)]


def _csv(path: Path, athlete: str) -> Left | None:
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        head = next(lines, [])
        if _COLUMN not in head:  # long tables of samples are not read further
            return None
        rows = [head, *lines]
    kept = _others(rows, athlete)
    return (len(kept) - 1, partial(_write_csv, kept)) if len(kept) < len(rows) else None


def _write_csv(rows: Rows, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _book(path: Path, athlete: str) -> Left | None:
    import openpyxl

    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    kept = {title: _others(rows, athlete) for title, rows in sheets.items()}
    changed = [rows for title, rows in kept.items() if len(rows) < len(sheets[title])]
    return (sum(len(rows) - 1 for rows in changed), partial(_write_book, kept)) if changed else None


def _write_book(sheets: dict[str, Rows], path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _parquet(path: Path, athlete: str) -> Left | None:
    import pyarrow.parquet

    if _COLUMN not in pyarrow.parquet.read_schema(path).names:
        return None
    table = pyarrow.parquet.read_table(path)
    kept = table.filter([name != athlete for name in table[_COLUMN].to_pylist()])
    write = partial(pyarrow.parquet.write_table, kept)
    return (len(kept), write) if len(kept) < len(table) else None
