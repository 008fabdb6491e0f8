"""Imported tables: anyone's EMG, IMU or ankle angle from a plain file, as one Chunk on the file's own clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.foreign_files import open_signals, plain_npz, wav
from monitor.acquisition.sampling import regular
from monitor.acquisition.scatter import settled
from monitor.acquisition.table_files import Columns, csv_columns, npz_columns, number_columns, parquet_columns
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError

Kind = Literal["emg", "imu", "angle"]

IMU_CHANNELS = (
    *(Channel(f"acc_{axis}", "g") for axis in "xyz"),
    *(Channel(f"gyr_{axis}", "deg/s") for axis in "xyz"),
)
ANGLE_CHANNELS = (Channel("ankle", "deg"),)

_IMU_COLUMNS = ("acc_x_g", "acc_y_g", "acc_z_g", "gyr_x_dps", "gyr_y_dps", "gyr_z_dps")
_EMG_COLUMN = re.compile(r"(?P<label>.+)_(?P<unit>uV|mV|V|counts)")
_PER_UNIT = {"uV": 1.0, "mV": 1e3, "V": 1e6, "counts": 1.0}
_HEADERS = {
    "emg": "time_s,GM_uV,... (units _uV _mV _V _counts)",
    "imu": "time_s," + ",".join(_IMU_COLUMNS),
    "angle": "time_s,ankle_deg",
}


def read_table(path: Path, kind: Kind | None = None) -> Chunk:
    """A file as one Chunk of a stream named after its kind: "emg" (uV or counts), "imu" (g, deg/s) or "angle" (deg).

    path : CSV, NPZ or Parquet with the columns of a plain table; WAV (its first channel), NPZ with `fs` and `x`,
        OpenSignals HDF5 (its EMG channels).
    kind : what it is said to be; None = what its columns say.
    The rate is measured from `time_s`, which is put on straight lines where it tells when samples arrived and not when
    they were; a file without stamps starts at 0. Lost samples are NaN; gaps of more than 5 s have no rows. EMG in mV or
    V comes as uV.
    Raises: TableError, one sentence on what is wrong, where, and what to do.
    """
    reader = _READERS.get(path.suffix.lower())
    try:
        _check_file(path)
        if reader is None:
            raise TableError(f"{path} is of no known kind; give a {', '.join(sorted(_READERS))} file")
        return reader(path, kind)
    except OSError as error:
        raise TableError(
            f"cannot read {path}: {error.strerror or error}; check the file and its permissions"
        ) from error


def _check_file(path: Path) -> None:
    if not path.exists():
        raise TableError(f"there is no file {path}; check its name")
    if not path.is_file():
        raise TableError(f"{path} is no file; give the table itself")
    if not path.stat().st_size:
        raise TableError(f"{path} is empty; export it again")


def _csv(path: Path, kind: Kind | None) -> Chunk:
    return _chunk(path, csv_columns(path), kind, first_row="line 2")


def _parquet(path: Path, kind: Kind | None) -> Chunk:
    return _chunk(path, parquet_columns(path), kind, first_row="row 1")


def _npz(path: Path, kind: Kind | None) -> Chunk:
    arrays = npz_columns(path)
    if "time_s" not in arrays and {"fs", "x"} <= set(arrays):
        _only_emg(path, kind)
        return plain_npz(path, arrays)
    return _chunk(path, number_columns(path, arrays), kind, first_row="row 1")


def _wav(path: Path, kind: Kind | None) -> Chunk:
    """Its first channel: what else such recorders store beside it is no EMG."""
    _only_emg(path, kind)
    found = wav(path)
    only = replace(found.stream, channels=found.stream.channels[:1])
    return Chunk(only, found.time_s, found.samples[:, :1])


def _hdf5(path: Path, kind: Kind | None) -> Chunk:
    _only_emg(path, kind)
    return open_signals(path)


_READERS: dict[str, Callable[[Path, Kind | None], Chunk]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".npz": _npz,
    ".wav": _wav,
    ".h5": _hdf5,
    ".hdf5": _hdf5,
}


def _only_emg(path: Path, kind: Kind | None) -> None:
    if kind not in (None, "emg"):
        raise TableError(f"{path} holds EMG alone; give the {kind} as a table with the columns {_HEADERS[kind]}")


def _chunk(path: Path, columns: Columns, kind: Kind | None, first_row: str) -> Chunk:
    names = list(columns)
    if "time_s" not in columns:
        raise TableError(
            f"{path} has no column 'time_s' but {', '.join(names)[:80]}; name the time in seconds 'time_s'"
        )
    if names[0] != "time_s" and path.suffix.lower() == ".csv":
        raise TableError(f"the first column of {path} is {names[0]!r}; put 'time_s' first")
    names.remove("time_s")
    kind = kind or _kind(names)
    channels, chosen, factors = _CHANNELS[kind](path, names)
    time_s = columns["time_s"]
    _check_time(path, time_s, first_row)
    dtype = np.float32 if kind == "emg" else np.float64
    samples = np.empty((len(time_s), len(chosen)), dtype=dtype)
    with np.errstate(over="ignore"):
        for number, (name, factor) in enumerate(zip(chosen, factors, strict=True)):
            samples[:, number] = columns[name] * factor
    infinite = np.argwhere(np.isinf(samples))
    if len(infinite):
        where = _row(first_row, infinite[0, 0])
        raise TableError(f"column {chosen[infinite[0, 1]]!r} of {path} is infinite at {where}; leave that cell empty")
    rate_hz, time_s, samples = regular(settled(time_s), samples, str(path))
    return Chunk(Stream(kind, rate_hz, channels, path.name), time_s, samples)


def _kind(names: list[str]) -> Kind:
    if any(name in _IMU_COLUMNS for name in names):
        return "imu"
    return "angle" if "ankle_deg" in names else "emg"


_Chosen = tuple[tuple[Channel, ...], list[str], list[float]]


def _emg_channels(path: Path, names: list[str]) -> _Chosen:
    channels, factors = [], []
    for name in names:
        found = _EMG_COLUMN.fullmatch(name)
        if not found:
            raise TableError(f"column {name!r} of {path} is no EMG channel; an EMG table has {_HEADERS['emg']}")
        unit = found["unit"]
        channels.append(Channel(found["label"], "counts" if unit == "counts" else "uV"))
        factors.append(_PER_UNIT[unit])
    labels = [channel.label for channel in channels]
    if not labels or len(set(labels)) != len(labels):
        what = "names a channel twice" if labels else "has no EMG channel"
        raise TableError(f"{path} {what}; an EMG table has {_HEADERS['emg']}")
    return tuple(channels), names, factors


def _imu_channels(path: Path, names: list[str]) -> _Chosen:
    missing = [name for name in _IMU_COLUMNS if name not in names]
    unknown = [name for name in names if name not in _IMU_COLUMNS and not name.startswith("mag_")]
    if missing:
        raise TableError(f"{path} has no column {missing[0]!r}; an IMU table has {_HEADERS['imu']}")
    if unknown:
        raise TableError(f"column {unknown[0]!r} of {path} is not known; an IMU table has {_HEADERS['imu']}")
    return IMU_CHANNELS, list(_IMU_COLUMNS), [1.0] * len(_IMU_COLUMNS)


def _angle_channels(path: Path, names: list[str]) -> _Chosen:
    if names != ["ankle_deg"]:
        raise TableError(f"{path} has the columns {', '.join(names)[:80]}; an angle table has {_HEADERS['angle']}")
    return ANGLE_CHANNELS, names, [1.0]


_CHANNELS: dict[Kind, Callable[[Path, list[str]], _Chosen]] = {
    "emg": _emg_channels,
    "imu": _imu_channels,
    "angle": _angle_channels,
}


def _check_time(path: Path, time_s: NDArray[np.float64], first_row: str) -> None:
    """Finite and rising, else a TableError naming the row."""
    if not len(time_s):
        raise TableError(f"{path} has a header but no rows; export it again")
    unknown = np.flatnonzero(~np.isfinite(time_s))
    if len(unknown):
        raise TableError(f"{_row(first_row, unknown[0])} of {path} has no time; every row needs its time_s")
    stuck = np.flatnonzero(np.diff(time_s) <= 0) + 1
    if len(stuck):
        before, now = time_s[stuck[0] - 1], time_s[stuck[0]]
        raise TableError(
            f"time_s does not rise at {_row(first_row, stuck[0])} of {path} ({before:.10g} s, then {now:.10g} s);"
            " sort the rows, or write the time with more decimals"
        )


def _row(first_row: str, index: np.integer) -> str:
    word, number = first_row.split()
    return f"{word} {int(number) + int(index)}"
