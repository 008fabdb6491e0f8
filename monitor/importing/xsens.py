"""Movella DOT's CSV and Xsens' MT text: one inertial sensor per file. Accelerations in m/s2, angular rates in deg/s.

Source: Movella DOT User Manual (output files), Xsens MT Manager manual (ASCII export).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.rows import in_places, lines_of, numbers, unwrapped

COUNTER = "PacketCounter"
_MATRIX = [f"Mat[{row}][{column}]" for column in "123" for row in "123"]
_SETS = (  # columns, signal, unit, labels; of the alternatives for one signal the first that is there
    (("Acc_X", "Acc_Y", "Acc_Z"), "acc", "m/s2", ("acc_x", "acc_y", "acc_z")),
    (("Gyr_X", "Gyr_Y", "Gyr_Z"), "gyr", "deg/s", ("gyr_x", "gyr_y", "gyr_z")),
    (("FreeAcc_X", "FreeAcc_Y", "FreeAcc_Z"), "free_acc", "m/s2", ("free_x", "free_y", "free_z")),
    (("Quat_W", "Quat_X", "Quat_Y", "Quat_Z"), "quat", "1", ("w", "x", "y", "z")),
    (("Quat_q0", "Quat_q1", "Quat_q2", "Quat_q3"), "quat", "1", ("w", "x", "y", "z")),
)


def read(path: Path, asked: Asked) -> Content:
    """Movement of one sensor. The rate is measured by SampleTimeFine where the file has it, else what it says."""
    lines = lines_of(path)
    first = next((n for n, line in enumerate(lines[:60]) if line.startswith(COUNTER)), None)
    if first is None or first + 3 >= len(lines):
        raise TableError(f"{path} has no rows below a line that begins with {COUNTER}; export it again")
    separator = "\t" if "\t" in lines[first] else ","
    names = [name.strip() for name in lines[first].split(separator)]
    body = [line for line in lines[first + 1 :] if line.strip()]
    told = re.search(r"(?:Update Rate|OutputRate):\D*([\d.]+)", "\n".join(lines[:first]))
    rows = dict(_columns(path, names, body, first + 2, separator))
    place = unwrapped(rows[COUNTER], 65536)
    if not (np.diff(place) > 0).all():
        raise TableError(f"the {COUNTER} of {path} stands still; it is not one sensor's recording")
    rate_hz = _rate_hz(place, rows.get("SampleTimeFine"))
    if rate_hz is None:
        rate_hz = float(told[1]) if told else asked.rate_of(str(path))
    return Content(
        path, "Xsens MT text" if separator == "\t" else "Movella DOT CSV", _streams(path, rows, place, rate_hz)
    )


def _columns(path: Path, names: Sequence[str], body: Sequence[str], line: int, separator: str):
    """The columns that are wanted and hold something."""
    cells = body[0].split(separator)
    wanted = {COUNTER, "SampleTimeFine", *_MATRIX, *(name for labels, *_ in _SETS for name in labels)}
    chosen = [n for n, name in enumerate(names) if name in wanted and n < len(cells) and cells[n].strip()]
    found = numbers(path, body, line, separator, chosen)
    return [(names[column], found[:, n]) for n, column in enumerate(chosen)]


def _rate_hz(place: np.ndarray, fine: np.ndarray | None) -> float | None:
    """By the sensor's own microseconds, which wrap at 2^32."""
    if fine is None or not np.isfinite(fine).all():
        return None
    since_us = unwrapped(fine, 1 << 32)
    return 1e6 * float(place[-1]) / float(since_us[-1]) if since_us[-1] else None


def _streams(path: Path, rows: dict[str, np.ndarray], place: np.ndarray, rate_hz: float) -> tuple[Chunk, ...]:
    found: list[Chunk] = []
    motion: list[Column] = []
    for names, signal, unit, labels in _SETS:
        if set(names) <= rows.keys() and not any(chunk.stream.name == signal for chunk in found):
            full = in_places(np.column_stack([rows[name] for name in names]), place, str(path))
            columns = [Column(label, unit, full[:, n], signal) for n, label in enumerate(labels)]
            motion += columns if signal in ("acc", "gyr") else []
            found += [] if signal in ("acc", "gyr") else streams_of(columns, rate_hz, path.name)
    found += streams_of(motion, rate_hz, path.name)
    if set(_MATRIX) <= rows.keys() and not any(chunk.stream.name == "quat" for chunk in found):
        full = in_places(_quaternions([rows[name] for name in _MATRIX]), place, str(path))
        columns = [Column(label, "1", full[:, n], "quat") for n, label in enumerate("wxyz")]
        found += streams_of(columns, rate_hz, path.name)
    if not found:
        raise TableError(f"{path} holds neither acceleration nor orientation; export it with Acc or Quat columns")
    return tuple(found)


def _quaternions(matrix: Sequence[np.ndarray]) -> np.ndarray:
    """Rotation matrices, given column by column, as (n, 4) unit quaternions w x y z."""
    from scipy.spatial.transform import Rotation

    rotations = np.stack(matrix, axis=1).reshape(-1, 3, 3).transpose(0, 2, 1)
    return Rotation.from_matrix(rotations).as_quat()[:, [3, 0, 1, 2]]
