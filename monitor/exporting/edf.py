"""EDF+ and BDF+ by edfio: one file per stream, since every device has its own clock and every stream its own rate.

Lost samples are annotated BAD_lost (of one channel alone: BAD_lost@@GM). A JSON file beside each tells what EDF cannot.
Source: EDF+ specification, edfplus.info.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.exporting.files import all_or_none, names_of
from monitor.exporting.grid import Grid, on_grid
from monitor.importing.content import Content, distinct
from monitor.importing.edf import LOST, OWN

_UNITS = {"counts": "", "deg/s": "deg/s"}
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # what ends a text in EDF+, or a cell or line in a table


def write(content: Content, path: Path) -> list[Path]:
    """The files, each with its JSON: PATH for one stream, else PATH with source and signal in the name.

    Raises: TableError, also where edfio is missing or a file is there already.
    """
    streams = [chunk for chunk in distinct(content.streams) if len(chunk) > 2]
    if not streams:
        raise TableError(f"{content.path} holds no stream with samples")
    names = names_of(path, streams)
    with all_or_none([file for name in names for file in (name, name.with_suffix(".json"))]) as written:
        for number, (chunk, name) in enumerate(zip(streams, written[::2], strict=True)):
            grid = on_grid(chunk)
            notes = [(at_s - grid.start_s, text) for at_s, text in content.annotations] if number == 0 else []
            write_grid(name, chunk, grid, notes, content.epoch_s)
            facts = {"SamplingFrequency": grid.rate_hz, OWN: own_facts(content, chunk, grid)}
            name.with_suffix(".json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return names


def own_facts(content: Content, chunk: Chunk, grid: Grid) -> dict[str, Any]:
    """What brings a stream back as it was: see `monitor.importing.edf`."""
    return {
        "signal": chunk.stream.name,
        "source": chunk.stream.source_id,
        "channels": [[channel.label, channel.unit] for channel in chunk.stream.channels],
        "rate_hz": chunk.stream.rate_hz,
        "grid_hz": grid.rate_hz,
        "knots": [list(knot) for knot in grid.knots],
        "n_samples": len(grid.samples),
        "start_s": grid.start_s,
        "epoch_s": content.epoch_s,
        "header": content.header,
        "states": list(content.states),
        "annotations": [list(note) for note in content.annotations],
    }


def write_grid(
    path: Path, chunk: Chunk, grid: Grid, notes: list[tuple[float, str]], epoch_s: float | None, subject: str = "X"
) -> None:
    """One EDF+ or BDF+ file. Raises: TableError without edfio.

    notes : (seconds after the first sample, text); EDF+ knows those before it, too.
    """
    try:
        import edfio
    except ImportError as error:
        raise TableError(f"writing {path.name} needs edfio: pip install 'crampwatch[edf]'") from error
    is_bdf = path.suffix.lower() == ".bdf"
    per_record = max(1, round(grid.rate_hz))
    record_s = float(f"{per_record / grid.rate_hz:.6f}")
    n_records = math.ceil(len(grid.samples) / per_record)
    rate_hz = per_record / record_s
    padded = np.full((n_records * per_record, grid.samples.shape[1]), np.nan)
    padded[: len(grid.samples)] = grid.samples
    whole = Grid(grid.start_s, rate_hz, padded)
    kind: Any = edfio.BdfSignal if is_bdf else edfio.EdfSignal
    signals = [
        _signal(kind, padded[:, n], rate_hz, channel.label, channel.unit)
        for n, channel in enumerate(chunk.stream.channels)
    ]
    began = _began(epoch_s, grid.start_s)
    annotations = [edfio.EdfAnnotation(at_s, None, CONTROLS.sub(" ", text)) for at_s, text in notes]
    annotations += [edfio.EdfAnnotation(*lost) for lost in _lost(whole, [signal.label for signal in signals])]
    file: Any = (edfio.Bdf if is_bdf else edfio.Edf)(
        signals,
        patient=edfio.Patient(code=_ascii(subject).replace(" ", "_") or "X"),
        recording=edfio.Recording(startdate=began.date() if epoch_s else None, equipment_code="Crampwatch"),
        starttime=began.time(),
        data_record_duration=record_s,
        annotations=sorted(annotations, key=lambda note: note.onset),
    )
    file.write(path)


def _signal(kind: Any, samples: np.ndarray, rate_hz: float, label: str, unit: str) -> Any:
    known = samples[np.isfinite(samples)]
    largest = float(np.abs(known).max()) if len(known) else 1.0
    limit = _rounded_up(largest or 1.0)
    filled = np.nan_to_num(samples, nan=0.0)
    shown = _ascii(_UNITS.get(unit, unit))[:8]
    return kind(filled, rate_hz, label=_ascii(label)[:16], physical_dimension=shown, physical_range=(-limit, limit))


def _rounded_up(value: float) -> float:
    """Above the value, and written in eight characters with its sign."""
    if value >= 9_999_999:
        raise TableError(f"samples of {value:g} are beyond what EDF can hold; choose another format")
    places = 5 - max(0, math.floor(math.log10(value)))
    step = 10.0 ** -max(0, min(5, places))
    return round(math.ceil(value / step + 1e-9) * step, 5)


def _lost(grid: Grid, labels: list[str]) -> list[tuple[float, float, str]]:
    spans = [(*run, LOST) for run in grid.lost_runs()]
    for number, label in enumerate(labels):
        spans += [(*run, f"{LOST}@@{label}") for run in grid.lost_runs(number)]
    return [(first / grid.rate_hz, (end - first) / grid.rate_hz, text) for first, end, text in spans]


def _began(epoch_s: float | None, start_s: float) -> datetime.datetime:
    """When the first sample was; EDF knows the years 1985 to 2084."""
    zero = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    if epoch_s and epoch_s > 500_000_000:
        zero = datetime.datetime.fromtimestamp(epoch_s, tz=datetime.UTC)
    return zero + datetime.timedelta(seconds=start_s)


def _ascii(text: str) -> str:
    return _NOT_ASCII.sub("?", text.replace("\N{MICRO SIGN}", "u"))
