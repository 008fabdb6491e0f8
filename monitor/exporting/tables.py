"""Streams as CSV, Parquet, NPZ and MAT. CSV and Parquet hold one stream per file, as `analyze --emg ...` reads them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.exporting.columns import columns_of
from monitor.exporting.files import all_or_none, names_of
from monitor.importing.content import Content, distinct


def write_tables(content: Content, path: Path) -> list[Path]:
    """CSV or Parquet, one stream per file, and a CSV with the notes beside them. An empty cell is lost."""
    streams = [chunk for chunk in distinct(content.streams) if len(chunk)]
    names = names_of(path, streams)
    notes = [path.with_name(f"{path.stem}_annotations.csv")] if content.annotations else []
    write = _csv if path.suffix.lower() == ".csv" else _parquet
    with all_or_none([*names, *notes]) as written:
        for name, chunk in zip(written[: len(names)], streams, strict=True):
            write(name, chunk)
        for name in written[len(names) :]:
            _notes(name, content.annotations)
    return [*names, *notes]


def _notes(path: Path, annotations: tuple[tuple[float, str], ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("time_s", "text"))
        lines.writerows((f"{at_s:.6f}", text) for at_s, text in annotations)


def _csv(path: Path, chunk: Chunk) -> None:
    table = columns_of(chunk)
    rows = np.column_stack(list(table.values()))
    head = ",".join(name.replace(",", " ") for name in table)
    digits = ".9g" if chunk.samples.dtype == np.float32 else ".15g"
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        for first in range(0, len(rows), 10_000):
            part = rows[first : first + 10_000].tolist()
            lines = [f"{row[0]:.9f}," + ",".join(["" if x != x else f"{x:{digits}}" for x in row[1:]]) for row in part]
            file.write("\n".join(lines) + "\n")


def _parquet(path: Path, chunk: Chunk) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise TableError(f"writing {path.name} needs pyarrow: pip install 'crampwatch[parquet]'") from error
    facts = {"source": chunk.stream.source_id, "signal": chunk.stream.name, "rate_hz": chunk.stream.rate_hz}
    table = pyarrow.table(columns_of(chunk)).replace_schema_metadata({"crampwatch": json.dumps(facts)})
    pyarrow.parquet.write_table(table, path)


def write_arrays(content: Content, path: Path) -> list[Path]:
    """One NPZ or MAT with all streams: s1.samples, s1.time_s, s1.rate_hz, s1.labels, s1.units, s1.signal, s1.source."""
    found: dict[str, dict[str, Any]] = {}
    for number, chunk in enumerate((c for c in distinct(content.streams) if len(c)), start=1):
        stream = chunk.stream
        found[f"s{number}"] = {
            "samples": chunk.samples,
            "time_s": chunk.time_s,
            "rate_hz": stream.rate_hz,
            "labels": list(stream.labels),
            "units": [channel.unit or " " for channel in stream.channels],
            "signal": stream.name,
            "source": stream.source_id,
        }
    session = json.dumps(
        {
            "header": content.header,
            "annotations": content.annotations,
            "states": content.states,
            "epoch_s": content.epoch_s,
        }
    )
    if path.suffix.lower() == ".npz":
        flat = {f"{key}.{field}": np.asarray(value) for key, fields in found.items() for field, value in fields.items()}
        flat["crampwatch"] = np.asarray(session)
        with all_or_none([path]) as (written,), written.open("wb") as file:  # by name NumPy would write x.NPZ.npz
            np.savez_compressed(file, allow_pickle=False, **flat)
    else:
        from scipy.io import savemat

        cells = {
            key: {
                name: np.array(value, dtype=object) if isinstance(value, list) else value
                for name, value in fields.items()
            }
            for key, fields in found.items()
        }
        with all_or_none([path]) as (written,):
            savemat(written, cells | {"crampwatch": session}, do_compression=True)
    return [path]
