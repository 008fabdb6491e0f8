"""Plain tables (CSV, Parquet) and WAV, as `analyze` reads them; here with all channels, and other units on demand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from monitor.acquisition.foreign_files import wav
from monitor.acquisition.sampling import regular
from monitor.acquisition.scatter import settled
from monitor.acquisition.table_files import Columns, csv_columns, parquet_columns
from monitor.acquisition.tables import read_table
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.units import unit_of

_SUFFIXES = ("uV", "mV", "V", "counts", "g", "dps", "deg")


def read(path: Path, asked: Asked) -> Content:
    """A table with `time_s`: the contract's kinds, or columns of any name whose unit stands behind them or is given."""
    columns = csv_columns(path) if path.suffix.lower() == ".csv" else parquet_columns(path)
    form = "CSV" if path.suffix.lower() == ".csv" else "Parquet"
    try:
        return Content(path, form, (_named_after(read_table(path), path),))
    except TableError:
        if "time_s" not in columns or len(columns) < 2:
            raise
        return Content(path, form, _any_columns(path, columns))


def _named_after(chunk: Chunk, path: Path) -> Chunk:
    """A table's stream is named after its file without the suffix."""
    return replace(chunk, stream=replace(chunk.stream, source_id=path.stem))


def _any_columns(path: Path, columns: Columns) -> tuple[Chunk, ...]:
    """Columns of several kinds in one table, or without units."""
    time_s = columns["time_s"]
    names = [name for name in columns if name != "time_s"]
    if len(time_s) < 3 or not (time_s[1:] > time_s[:-1]).all():
        raise TableError(f"time_s of {path} does not rise; sort the rows, or write the time with more decimals")
    rows = [columns[name] for name in names]
    rate_hz, stamps_s, full = regular(settled(time_s), np.column_stack(rows), str(path))
    found = []
    for number, name in enumerate(names):
        label, _, suffix = name.rpartition("_")
        told = suffix in _SUFFIXES and label
        unit = suffix if told else ""
        signal = "" if unit_of(unit).name not in ("", "counts") else "emg"
        found.append(Column(label if told else name, unit, full[:, number], signal))
    return streams_of(found, rate_hz, path.stem, stamps_s)


def read_wav(path: Path, asked: Asked) -> Content:
    """All channels of a WAV, in counts."""
    return Content(path, "WAV", (wav(path),))
