"""Which format a file is of, by its name and its first bytes, and its reader."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing import arrays, bids, c3d, edf, open_signals, openbci, plain, simple_text, trigno, xdf, xsens
from monitor.importing.asked import Asked, named, with_unit
from monitor.importing.content import Content
from monitor.importing.rows import head_of

Reader = Callable[[Path, Asked], Content]

_BY_SUFFIX: dict[str, Reader] = {
    ".xdf": xdf.read,
    ".edf": edf.read,
    ".bdf": edf.read,
    ".c3d": c3d.read,
    ".wav": plain.read_wav,
    ".mat": arrays.read_mat,
    ".npz": arrays.read_npz,
    ".parquet": plain.read,
    ".h5": open_signals.read_hdf5,
    ".hdf5": open_signals.read_hdf5,
    ".tsv": bids.read_motion,
    ".anc": simple_text.read_anc,
}
_TEXT_SUFFIXES = (".txt", ".csv")
_BY_BEGINNING: tuple[tuple[str, Reader], ...] = (
    (open_signals.MARK, open_signals.read_text),
    (openbci.MARK, openbci.read_gui),
    (trigno.MARK, trigno.read),
    (simple_text.BIOSPPY_MARK, simple_text.read_biosppy),
    (simple_text.ANC_MARK, simple_text.read_anc),
)


def read_file(path: Path, asked: Asked | None = None) -> Content:
    """A file of any known format, or an EMG-BIDS folder, with what was asked for applied.

    Raises: TableError or RecordingError in one sentence: what is wrong, where, what to do.
    """
    asked = asked or Asked()
    try:
        content = reader_of(path)(path, asked)
    except OSError as error:
        raise TableError(
            f"cannot read {path}: {error.strerror or error}; check the file and its permissions"
        ) from error
    except (ValueError, TypeError, LookupError, ArithmeticError, struct.error) as error:
        raise TableError(f"{path} is not written as its format is: {str(error)[:200]}; export it again") from error
    if not content.streams:
        raise TableError(f"{path} holds no samples")
    return replace(content, streams=with_unit(named(content.streams, asked.names), asked.unit))


def read_files(paths: Iterable[Path], asked: Asked | None = None) -> Content:
    """Several files of one session as one: on the clock of those that tell when they began, else all from 0."""
    contents = [read_file(path, asked) for path in paths]
    first = contents[0]
    if len(contents) == 1:
        return first
    epochs = [content.epoch_s for content in contents]
    origin_s = min(epoch for epoch in epochs if epoch is not None) if None not in epochs else None
    streams: list[Chunk] = []
    notes: list[tuple[float, str]] = []
    for content in contents:
        later_s = content.epoch_s - origin_s if origin_s is not None and content.epoch_s is not None else 0.0
        streams += [replace(chunk, time_s=chunk.time_s + later_s) for chunk in content.streams]
        notes += [(at_s + later_s, text) for at_s, text in content.annotations]
    return Content(
        first.path,
        first.form,
        tuple(streams),
        tuple(sorted(set(notes))),
        next((content.states for content in contents if content.states), ()),
        next((content.header for content in contents if content.header), {}),
        origin_s,
        tuple(note for content in contents for note in content.notes),
    )


def reader_of(path: Path) -> Reader:
    """The reader of a file. Raises: TableError where there is none."""
    if path.is_dir():
        return bids.read_folder
    if not path.exists():
        raise TableError(f"there is no file {path}; check its name")
    if not path.stat().st_size:
        raise TableError(f"{path} is empty; export it again")
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix in _TEXT_SUFFIXES:
        return _text_reader(path)
    raise TableError(f"{path} is of no known kind; give {_known()}")


def _known() -> str:
    return f"a {', '.join(sorted({*_BY_SUFFIX, *_TEXT_SUFFIXES}))} file, or an EMG-BIDS folder"


def _text_reader(path: Path) -> Reader:
    head = head_of(path)
    if not head:
        raise TableError(f"{path} is empty; export it again")
    for mark, reader in _BY_BEGINNING:
        if head[0].startswith(mark):
            return reader
    if any(line.startswith(xsens.COUNTER) for line in head[:60]):
        return xsens.read
    cells = [cell.strip() for cell in head[0].split("\t" if "\t" in head[0] else ",")]
    if all(_is_number(cell) for cell in cells if cell):
        return openbci.read_brainflow if len(cells) == openbci.BRAINFLOW_COLUMNS else simple_text.read_rows
    if path.suffix.lower() == ".txt":
        raise TableError(f"{path} is a text of no known form; call it .csv if it is a table, else give {_known()}")
    return plain.read


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
