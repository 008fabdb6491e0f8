"""Which format a name asks for, and its writer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.errors import TableError
from monitor.exporting import edf, tables, xdf
from monitor.exporting.files import cause
from monitor.importing.content import Content, unknown_units

_WRITERS: dict[str, Callable[[Content, Path], list[Path]]] = {
    ".edf": edf.write,
    ".bdf": edf.write,
    ".csv": tables.write_tables,
    ".parquet": tables.write_tables,
    ".npz": tables.write_arrays,
    ".mat": tables.write_arrays,
}
SUFFIXES = (".xdf", *_WRITERS)


def check(content: Content, path: Path) -> None:
    """Raises: TableError where the name asks for no known format, or a unit of EMG is not known."""
    if path.suffix.lower() not in SUFFIXES:
        raise TableError(f"{path} asks for no known format; end its name in {', '.join(SUFFIXES)}")
    if untold := unknown_units(content.streams):
        raise TableError(
            f"{content.path} does not say in what unit {', '.join(untold)[:100]} came; give --unit uV, mV, V or counts,"
            " or choose channels with --map"
        )


def write_file(content: Content, path: Path, header: dict[str, Any] | None = None) -> list[Path]:
    """The files that were written, all or none. header : of an XDF file, None = its own. Raises: CrampwatchError."""
    check(content, path)
    try:
        if path.exists():
            raise TableError(f"{path} exists already and is never overwritten; choose another name")
        if path.suffix.lower() != ".xdf":
            return _WRITERS[path.suffix.lower()](content, path)
        xdf.write(content, path, header)
        return [path]
    except OSError as error:
        raise TableError(f"cannot write {path}: {cause(error)}") from error
