"""One signal of a file, as the tables of a leg are given: EMG, motion or the ankle's angle."""

from __future__ import annotations

from pathlib import Path

from monitor.acquisition.tables import Kind, read_table
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing import arrays, open_signals, plain
from monitor.importing.content import as_angle, unknown_units
from monitor.importing.formats import read_file, reader_of

_PLAIN = (plain.read, plain.read_wav, arrays.read_npz, open_signals.read_hdf5)


def read_part(path: Path, kind: Kind) -> Chunk:
    """The one stream of this kind in a file of any known format. Raises: TableError where there is none, or several."""
    try:
        return _read(path, kind)
    except OSError as error:
        raise TableError(
            f"cannot read {path}: {error.strerror or error}; check the file and its permissions"
        ) from error


def _is_plain(path: Path) -> bool:
    return reader_of(path) in _PLAIN and arrays.own_session(path) is None


def _read(path: Path, kind: Kind) -> Chunk:
    if not path.exists() or not path.is_file() or _is_plain(path):
        return read_table(path, kind)
    content = read_file(path)
    found = content.of(kind)
    if len(found) != 1:
        there = ", ".join(f"{chunk.stream.name} of {chunk.stream.source_id}" for chunk in content.streams)
        what = f"{len(found)} streams" if found else "no stream"
        raise TableError(f"{path} holds {what} of {kind}, but {there[:200]}; choose with `crampwatch convert --map`")
    if untold := unknown_units(found):
        raise TableError(f"{path} does not tell the unit of {untold[0]!r}; give it with `crampwatch convert --unit`")
    return as_angle(found[0]) if kind == "angle" else found[0]
