"""`analyze --table`: one tidy row per file, leg and channel, as CSV, Parquet or Excel, each with a data dictionary."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from monitor.errors import RecordingError

DICTIONARY: dict[str, tuple[str, str]] = {  # column: unit, meaning
    "file": ("", "the recording as it was named"),
    "athlete": ("", "pseudonym; empty = not told"),
    "leg": ("", "left or right; empty = not told"),
    "angle_source": ("", "imu, recorded or none"),
    "label": ("", "EMG channel"),
    "rate_hz": ("Hz", "measured samples per second"),
    "spectral_use": ("", "what the rate can show of the spectrum: good, limited, none"),
    "good_fraction": ("1", "share of samples with good quality"),
    "contraction_s": ("s", "contraction with a good signal in the analysed span"),
    "gate": ("", "emg = contractions found by their EMG; span = no rest was found, all counts"),
    "mdf_start_hz": ("Hz", "median frequency of the first 15 % of the contraction time"),
    "mdf_end_hz": ("Hz", "median frequency of the last 15 % of the contraction time"),
    "mdf_change_pct": ("%", "from start to end"),
    "mdf_change_ci_low": ("%", "lower end of the 95 % interval of the change"),
    "mdf_change_ci_high": ("%", "upper end of the 95 % interval of the change"),
    "compression_end": ("1", "spectral compression at the end against the own baseline; below 1 = tiring"),
    "slope_pct_per_min": ("%/min", "slope of the median frequency"),
    "slope_ci_low": ("%/min", "lower end of the 95 % interval of the slope"),
    "slope_ci_high": ("%/min", "upper end of the 95 % interval of the slope"),
    "rms_change_pct": ("%", "change of the amplitude from start to end"),
    "fatigue": ("", "yes, no or unknown"),
    "config_hash": ("", "changes with any setting"),
    "sha256": ("", "of the first input file"),
    "crampwatch": ("", "version that computed it"),
    "settings": ("", "settings that are not the defaults, as JSON"),
    "command": ("", "the command line"),
}
SUFFIXES = (".csv", ".parquet", ".xlsx")
_INTERVALS = {"mdf_change_ci", "slope_ci"}
_OF_LEG = ("athlete", "leg", "angle_source")


def write_table(path: Path, answers: Iterable[dict[str, Any]]) -> None:
    """The table, and its dictionary: a sheet of its own in Excel, else a CSV beside it.

    Raises: RecordingError if it cannot be written, or with the command that installs what it takes.
    """
    rows = [row for answer in answers for row in _rows(answer)]
    try:
        {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}[path.suffix.lower()](path, rows)
    except OSError as error:
        raise RecordingError(f"cannot write the table {path}: {error}") from error


def _rows(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inputs = answer.get("inputs") or [{}]
    of_file = {
        "file": answer["file"],
        "config_hash": answer.get("config_hash"),
        "sha256": inputs[0].get("sha256"),
        "crampwatch": answer.get("crampwatch"),
        "settings": json.dumps(_changed(answer.get("settings") or {}), sort_keys=True),
        "command": answer.get("command"),
    }
    for leg in answer.get("legs", []):
        for channel in leg["channels"]:
            ends = {f"{name}_{end}": (channel[name] or [None, None])[n] for name in _INTERVALS for n, end in _ENDS}
            known = of_file | {name: leg[name] for name in _OF_LEG} | channel | ends
            yield {name: known.get(name) for name in DICTIONARY}


_ENDS = ((0, "low"), (1, "high"))


def _changed(settings: dict[str, dict[str, float]]) -> dict[str, float]:
    """The values that are not the defaults, by group.name."""
    from monitor.settings import Settings

    usual = Settings().to_dict()
    return {
        f"{group}.{name}": value
        for group, values in settings.items()
        for name, value in values.items()
        if usual.get(group, {}).get(name) != value
    }


def _dictionary_rows() -> list[list[str]]:
    return [["column", "unit", "meaning"], *([name, *said] for name, said in DICTIONARY.items())]


def _write_dictionary(path: Path) -> None:
    with path.with_suffix(".dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_dictionary_rows())


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(DICTIONARY)
        table.writerows([["" if cell is None else cell for cell in row.values()] for row in rows])
    _write_dictionary(path)


def _parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise RecordingError(f"writing {path} needs pyarrow: pip install 'crampwatch[parquet]'") from error
    fields = [
        pyarrow.field(
            name, pyarrow.float64() if unit else pyarrow.string(), metadata={"unit": unit, "meaning": meaning}
        )
        for name, (unit, meaning) in DICTIONARY.items()
    ]
    columns = {
        field.name: [None if row[field.name] is None else _typed(row[field.name], field.type) for row in rows]
        for field in fields
    }
    pyarrow.parquet.write_table(pyarrow.table(columns, schema=pyarrow.schema(fields)), path)
    _write_dictionary(path)


def _typed(value: Any, kind: Any) -> Any:
    return str(value) if str(kind) == "string" else float(value)


def _xlsx(path: Path, rows: list[dict[str, Any]]) -> None:
    try:
        import openpyxl
    except ImportError as error:
        raise RecordingError(f"writing {path} needs openpyxl: pip install 'crampwatch[xlsx]'") from error
    book = openpyxl.Workbook()
    for title, lines in (
        ("channels", [list(DICTIONARY), *(list(r.values()) for r in rows)]),
        ("dictionary", _dictionary_rows()),
    ):
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.remove(book.worksheets[0])
    book.save(path)
