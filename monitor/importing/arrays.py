"""MAT and NPZ: arrays by name. Crampwatch's own export tells all; in others samples and rate are looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.child_reader import read_in_child
from monitor.acquisition.table_files import npz_columns
from monitor.acquisition.tables import read_table
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of

_RATE_NAMES = (
    "fs",
    "srate",
    "sfreq",
    "rate_hz",
    "samplingrate",
    "sampling_rate",
    "samplerate",
    "freq",
    "samplerate_hz",
)
_OWN = ".samples"


def read_npz(path: Path, asked: Asked) -> Content:
    """One array per column with time_s, `fs` and `x`, or Crampwatch's export."""
    arrays = npz_columns(path)
    if any(name.endswith(_OWN) for name in arrays):
        texts = {name: array.tolist() for name, array in arrays.items() if array.dtype.kind == "U"}
        return Content(path, "Crampwatch NPZ", own_streams(path, arrays, texts), **_session(path, texts))
    if "time_s" in arrays or {"fs", "x"} <= arrays.keys():
        return Content(path, "NPZ", (read_table(path),))
    return Content(path, "NPZ", foreign_streams(path, arrays, {}, asked))


def read_mat(path: Path, asked: Asked) -> Content:
    """A MAT file up to version 7."""
    with path.open("rb") as file:
        if b"MATLAB 7.3" in file.read(128):
            raise TableError(f"{path} is a MAT file of version 7.3; save it in MATLAB with -v7")
    meta, arrays = read_in_child("mat", path)
    if any(name.endswith(_OWN) for name in arrays):
        streams = own_streams(path, arrays, meta["texts"])
        return Content(path, "Crampwatch MAT", streams, **_session(path, meta["texts"]))
    return Content(path, "MAT", foreign_streams(path, arrays, meta["texts"], asked))


def own_streams(path: Path, arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, Any]) -> tuple[Chunk, ...]:
    """`KEY.samples .time_s .rate_hz .labels .units .signal .source`. Raises: TableError where one is missing."""
    found = []
    for name in arrays:
        if not name.endswith(_OWN):
            continue
        key = name.removesuffix(_OWN)
        try:
            samples = np.asarray(arrays[name])
            time_s = np.atleast_1d(np.asarray(arrays[f"{key}.time_s"], dtype=np.float64))
            labels, units = _list(texts[f"{key}.labels"]), _list(texts[f"{key}.units"])
            channels = tuple(Channel(label, unit.strip()) for label, unit in zip(labels, units, strict=True))
            rate_hz, source = float(arrays[f"{key}.rate_hz"]), str(texts[f"{key}.source"])
            signal = str(texts[f"{key}.signal"])
        except (KeyError, ValueError, TypeError) as error:
            raise TableError(f"{path} lacks {error} of {key}; export it again") from error
        if samples.size != len(time_s) * len(channels) or not samples.size:
            raise TableError(f"the samples of {key} in {path} do not fit their times and labels; export it again")
        rows = samples.reshape(len(time_s), len(channels))
        found.append(Chunk(Stream(signal, rate_hz, channels, source), time_s, rows))
    return tuple(found)


def own_session(path: Path) -> dict[str, Any] | None:
    """Header, annotations and states in Crampwatch's own NPZ or MAT, the samples unread; None of any other file."""
    try:
        if path.suffix.lower() == ".npz":
            return _session(path, {name: str(text) for name, text in npz_columns(path, "crampwatch").items()})
        if path.suffix.lower() == ".mat":
            return _session(path, read_in_child("mat_session", path)[0])
    except (TableError, OSError):
        pass  # where it should be its own, its reader says what is wrong
    return None


def _session(path: Path, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Header, annotations and states of the session that was exported."""
    try:
        told = json.loads(texts["crampwatch"])
        return {
            "header": dict(told["header"]),
            "annotations": tuple((float(at_s), str(text)) for at_s, text in told["annotations"]),
            "states": tuple(dict(state) for state in told["states"]),
            "epoch_s": told["epoch_s"],
        }
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise TableError(f"{path} does not tell its session as Crampwatch writes it: {error!r}") from error


def _list(texts: Any) -> list[str]:
    return [texts] if isinstance(texts, str) else [str(text) for text in texts]


def foreign_streams(
    path: Path, arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, Any], asked: Asked
) -> tuple[Chunk, ...]:
    """The largest array of numbers, at the rate that an array such as `fs` holds or that is given."""
    plain = {name: array for name, array in arrays.items() if array.dtype.kind in "iuf" and array.ndim <= 2}
    rates = [float(a.item()) for n, a in plain.items() if n.split(".")[-1].lower() in _RATE_NAMES and a.size == 1]
    sizes = sorted(((array.size, name) for name, array in plain.items()), reverse=True)
    if not sizes or sizes[0][0] < 3:
        raise TableError(f"{path} holds no array of samples, but {', '.join(arrays) or 'nothing'}")
    if len(sizes) > 1 and sizes[1][0] == sizes[0][0] and plain[sizes[0][1]].ndim == 2:
        raise TableError(f"{path} holds several arrays of one size ({sizes[0][1]}, {sizes[1][1]}); keep one of them")
    largest = [name for size, name in sizes if size == sizes[0][0]][::-1]
    columns: list[Column] = []
    for name in largest:
        rows = np.atleast_2d(plain[name])
        rows = rows.T if rows.shape[0] < rows.shape[1] else rows
        several = rows.shape[1] > 1
        columns += [
            Column(f"{name}{n + 1}" if several else name, _unit(texts), rows[:, n], "emg") for n in range(rows.shape[1])
        ]
    if len(columns) > 10_000:
        raise TableError(f"{path} would have {len(columns)} channels; it holds no samples by time")
    return streams_of(columns, rates[0] if rates else asked.rate_of(str(path)), path.name)


def _unit(texts: Mapping[str, Any]) -> str:
    units = [text for name, text in texts.items() if name.split(".")[-1].lower() in ("unit", "units")]
    return units[0] if units and isinstance(units[0], str) else ""
