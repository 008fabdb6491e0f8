"""Tidy tables as CSV, Parquet or Excel, each with its data dictionary: a sheet of its own, else a CSV beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError
from monitor.unfinished import drafts

Dictionary = Mapping[str, tuple[str, str]]  # column: unit ("" = text), meaning
Rows = list[dict[str, Any]]
SUFFIXES = (".csv", ".parquet", ".xlsx")


def write(path: Path, title: str, dictionary: Dictionary, rows: Iterable[dict[str, Any]]) -> None:
    """A new table, whole or not at all; what is not known is empty.

    Raises: RecordingError if it cannot be written, or with the command that installs what it takes.
    """
    kind = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}[path.suffix.lower()]
    try:
        beside = dictionary_beside(path)
        with drafts(path, *([] if beside is None else [beside]), new=True) as written:
            kind(written[0], title, dictionary, list(rows))
    except OSError as error:
        raise RecordingError(f"cannot write the table {path}: {error.strerror or error}") from error


def dictionary_beside(path: Path) -> Path | None:
    """Where a table's dictionary is written; None = into the table itself."""
    return None if path.suffix.lower() == ".xlsx" else path.with_suffix(".dictionary.csv")


def _dictionary_rows(dictionary: Dictionary) -> list[list[str]]:
    return [["column", "unit", "meaning"], *([name, *said] for name, said in dictionary.items())]


def _write_dictionary(path: Path, dictionary: Dictionary) -> None:
    with path.with_suffix(".dictionary.csv").open("x", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_dictionary_rows(dictionary))


def _csv(path: Path, title: str, dictionary: Dictionary, rows: Rows) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(dictionary)
        table.writerows([["" if cell is None else cell for cell in row.values()] for row in rows])
    _write_dictionary(path, dictionary)


def _parquet(path: Path, title: str, dictionary: Dictionary, rows: Rows) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise RecordingError(f"writing {path.name} needs pyarrow: pip install 'crampwatch[parquet]'") from error
    fields = [
        pyarrow.field(
            name, pyarrow.float64() if unit else pyarrow.string(), metadata={"unit": unit, "meaning": meaning}
        )
        for name, (unit, meaning) in dictionary.items()
    ]
    columns = {
        field.name: [None if row[field.name] is None else _typed(row[field.name], field.type) for row in rows]
        for field in fields
    }
    pyarrow.parquet.write_table(pyarrow.table(columns, schema=pyarrow.schema(fields)), path)
    _write_dictionary(path, dictionary)


def _typed(value: Any, kind: Any) -> Any:
    return str(value) if str(kind) == "string" else float(value)


def _xlsx(path: Path, title: str, dictionary: Dictionary, rows: Rows) -> None:
    try:
        import openpyxl
    except ImportError as error:
        raise RecordingError(f"writing {path.name} needs openpyxl: pip install 'crampwatch[xlsx]'") from error
    book = openpyxl.Workbook()
    for name, lines in (
        (title, [list(dictionary), *(list(r.values()) for r in rows)]),
        ("dictionary", _dictionary_rows(dictionary)),
    ):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.remove(book.worksheets[0])
    book.save(path)
