"""Delsys Trigno: the CSV of EMGworks, a line of facts per channel, then pairs of time and value at several rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from monitor.acquisition.sampling import regular
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.rows import lines_of, numbers

MARK = "Label: "
_LABEL = re.compile(
    r"Label: (?P<label>.+?) Sampling frequency: (?P<rate>\S+) Number of points: (?P<points>\d+)"
    r" start: (?P<start>\S+) Unit: (?P<unit>\S*) Domain Unit: s"
)
_RATE_DIFFERS = 0.01


def read(path: Path, asked: Asked) -> Content:
    """Each sensor's EMG and motion at their own rates, measured by their own time columns."""
    lines = lines_of(path)
    facts = [match for line in lines[:2000] if (match := _LABEL.match(line))]
    first = next((n for n, line in enumerate(lines) if line.startswith("X[s]")), None)
    if not facts or first is None:
        raise TableError(f"{path} has no line of column names after its labels; export it again from EMGworks")
    body = [line for line in lines[first + 1 :] if line.strip()]
    cells = numbers(path, body, first + 2, ",", range(2 * len(facts)))
    clocks: dict[tuple[str, float], list[tuple[Column, np.ndarray]]] = {}
    notes: list[str] = []
    for number, fact in enumerate(facts):
        time_s, value = cells[:, 2 * number], cells[:, 2 * number + 1]
        filled = np.isfinite(time_s) & np.isfinite(value)
        sensor, _, label = fact["label"].partition(": ")
        if filled.sum() < int(fact["points"]):
            notes.append(f"{fact['label']} holds {int(filled.sum())} of the {fact['points']} samples that it says")
        column = Column(label or sensor, fact["unit"], value[filled])
        clocks.setdefault((sensor, float(fact["rate"])), []).append((column, time_s[filled]))
    streams: list[Chunk] = []
    for (sensor, told_hz), group in clocks.items():
        streams += _clock(path, sensor, told_hz, group, notes)
    return Content(path, "Delsys Trigno CSV", tuple(streams), notes=tuple(notes))


def _clock(
    path: Path, sensor: str, told_hz: float, group: Sequence[tuple[Column, np.ndarray]], notes: list[str]
) -> tuple[Chunk, ...]:
    n_rows = min(len(time_s) for _, time_s in group)
    values = np.column_stack([np.asarray(column.samples[:n_rows], dtype=np.float64) for column, _ in group])
    time_s = group[0][1][:n_rows]
    if n_rows < 3 or not (np.diff(time_s) > 0).all():
        raise TableError(f"the times of {sensor} in {path} do not rise; export it again with more decimals")
    rate_hz, stamps_s, full = regular(time_s, values, f"{path} ({sensor})")
    if abs(rate_hz / told_hz - 1) > _RATE_DIFFERS:
        notes.append(f"{sensor} says {told_hz:g} samples per second, by its times there are {rate_hz:.2f}")
    columns = [Column(column.label, column.unit, full[:, n]) for n, (column, _) in enumerate(group)]
    return streams_of(columns, rate_hz, sensor, stamps_s)
